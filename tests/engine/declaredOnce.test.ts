// The program itself refuses two resources for one object of the Hub, because only the program sees all providers.
import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";

const HEAD = `const hf = require("pulumi-huggingface");
const pulumi = require("@pulumi/pulumi");
const on = (name, endpoint) => ({ provider: new hf.Provider(name, { tokenEnv: "HF_TOKEN", endpoint }) });
const repo = (name, repo, options, more) => new hf.RepoVisibility(name, { repo, visibility: "private", ...more }, options);
const sso = (name, options) => new hf.SsoConfig(name, { organization: "acme", provider: "oidc", ssoUrl: "https://login.acme.example",
  clientId: "hub", clientSecret: "correct-horse-battery", verifyIssuer: false }, options);
const { FIRST, SECOND } = process.env;
`;

const REVERT = "They would revert each other.";

describe("two resources for one object", function () {
  this.timeout(240_000);
  let hubs: [Hub, Hub];
  let project: Project;

  before(async () => {
    hubs = [await startHub(), await startHub()];
    const [first, second] = hubs;
    project = await createProject({
      name: "once",
      env: {
        HF_ENDPOINT: first.endpoint,
        HF_TOKEN: first.tokens.admin,
        FIRST: first.endpoint,
        SECOND: second.endpoint,
        SECOND_TOKEN: second.tokens.admin,
      },
      program: { "index.js": HEAD },
    });
  });
  after(async () => {
    await project.dispose();
    for (const hub of hubs) await hub.close();
  });

  const refused = async (program: string, pattern: RegExp) => {
    await project.write("index.js", HEAD + program);
    const { code, text } = await project.preview({ allowFailure: true });
    assert.notEqual(code, 0, text);
    assert.match(text, pattern);
  };

  it("are refused for each type of resource, whatever the case of the names", async () => {
    await project.write(
      "index.js",
      `${HEAD}
const refusals = [];
const second = (declare) => {
  try {
    declare();
  } catch ({ message }) {
    refusals.push(message);
  }
};
const acme = { organization: "acme" };
const group = { ...acme, groupId: "0123456789abcdef01234567" };
const setting = (key, space = "acme/demo-space") => ({ space, key, value: "a value" });
const parent = new pulumi.ComponentResource("a:b:C", "c", {}, { providers: [on("three", FIRST).provider] });

repo("a", "acme/llm-private", on("one", FIRST));
// Another provider of the same Hub, and one that a component passes on.
second(() => repo("b", "ACME/llm-private", on("two", FIRST + "/")));
second(() => repo("c", "acme/llm-private", { parent }));
second(() => repo("d", "acme/llm-private"));
sso("a");
second(() => sso("b"));
new hf.OrganizationVisibility("a", acme);
second(() => new hf.OrganizationVisibility("b", { organization: "ACME" }));
new hf.MemberRole("a", { ...acme, user: "rex-read", role: "read" });
second(() => new hf.MemberRole("b", { ...acme, user: "REX-read", role: "write" }));
new hf.ResourceGroupMember("a", { ...group, user: "rex-read", role: "read" });
second(() => new hf.ResourceGroupMember("b", { ...group, user: "REX-read", role: "write" }));
new hf.RepoResourceGroup("a", { repo: "acme/llm", groupId: group.groupId });
second(() => new hf.RepoResourceGroup("b", { repo: "acme/LLM", groupId: group.groupId }));
new hf.SpaceSecret("a", setting("API_KEY"));
second(() => new hf.SpaceSecret("b", setting("API_KEY")));
second(() => new hf.SpaceVariable("b", setting("API_KEY", "ACME/demo-space")));
new hf.SpaceVariable("c", setting("api_key"));
second(() => new hf.SpaceVariable("d", setting("api_key")));
console.log(JSON.stringify(refusals));
`,
    );
    const { diagnostics, text } = await project.preview();
    const printed = diagnostics.find(({ message }) => message.startsWith("["))?.message ?? assert.fail(text);
    const refusal = (type: string, name: string, id: string, first = `${type} "a"`, why = REVERT) =>
      `${type} "${name}": the ${first} of this stack already manages ${id}. ${why} Keep one of the two.`;
    assert.deepEqual(JSON.parse(printed), [
      refusal("RepoVisibility", "b", "ACME/llm-private"),
      refusal("RepoVisibility", "c", "acme/llm-private"),
      refusal("RepoVisibility", "d", "acme/llm-private"),
      refusal("SsoConfig", "b", "acme"),
      refusal("OrganizationVisibility", "b", "ACME"),
      refusal("MemberRole", "b", "acme/REX-read"),
      refusal("ResourceGroupMember", "b", "acme/0123456789abcdef01234567/REX-read"),
      refusal("RepoResourceGroup", "b", "acme/LLM"),
      refusal("SpaceSecret", "b", "acme/demo-space/API_KEY"),
      refusal("SpaceVariable", "b", "ACME/demo-space/API_KEY", 'SpaceSecret "a"', "It cannot be both."),
      refusal("SpaceVariable", "d", "acme/demo-space/api_key", 'SpaceVariable "c"'),
    ]);
  });

  it("stop the run, even if one of the names is only known during the run", () =>
    refused(
      `repo("a", "acme/llm-private", on("one", FIRST)); repo("b", pulumi.output(Promise.resolve("acme/llm-private")));`,
      /RepoVisibility "b": the RepoVisibility "a" of this stack already manages acme\/llm-private/,
    ));
  it("are refused if several arguments name the object", () =>
    refused(
      `const role = (name, user) => new hf.MemberRole(name, { organization: "acme", user, role: "read" });
role("a", "ana"); role("b", "ben"); role("c", pulumi.output(Promise.resolve("Ana")));`,
      /MemberRole "c": the MemberRole "a" of this stack already manages acme\/Ana\. They would revert each other\. Keep one of the two\./,
    ));

  it("are accepted if the types or the Hubs differ, or if one is a look-up", async () => {
    await project.write(
      "index.js",
      `${HEAD}
const second = { provider: new hf.Provider("second", { tokenEnv: "SECOND_TOKEN", endpoint: SECOND }) };
repo("a", "acme/llm-private"); repo("b", "acme/llm-private", second);
sso("c"); sso("d", second);
new hf.SsoCredential("e", { organization: "acme", clientSecret: "correct-horse-battery", replaceExisting: true });
hf.RepoVisibility.get("f", "model/acme/llm-private");`,
    );
    const { steps } = await project.preview();
    assert.equal(steps.filter(({ op }) => op === "create").length, 5);
  });
});

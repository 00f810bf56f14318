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

  it("are refused if two providers point to one Hub, whatever the case of the name", () =>
    refused(
      `repo("a", "acme/llm-private", on("one", FIRST)); repo("b", "ACME/llm-private", on("two", FIRST + "/"));`,
      /RepoVisibility "b": the RepoVisibility "a" of this stack already manages ACME\/llm-private\. They would revert each other\. Keep one of the two\./,
    ));
  it("are refused if a component passes on one provider, and the other resource uses the stack's", () =>
    refused(
      `const parent = new pulumi.ComponentResource("a:b:C", "c", {}, { providers: [on("one", FIRST).provider] });
repo("a", "acme/llm-private", { parent }); repo("b", "acme/llm-private");`,
      /RepoVisibility "b": the RepoVisibility "a" of this stack already manages acme\/llm-private/,
    ));
  it("are refused even if one of the names is only known during the run", () =>
    refused(
      `repo("a", "acme/llm-private", on("one", FIRST)); repo("b", pulumi.output(Promise.resolve("acme/llm-private")));`,
      /RepoVisibility "b": the RepoVisibility "a" of this stack already manages acme\/llm-private/,
    ));
  it("are refused for single sign-on", () =>
    refused(
      `sso("a"); sso("b");`,
      /SsoConfig "b": the SsoConfig "a" of this stack already manages acme\. They would revert each other\. Keep one of the two\./,
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

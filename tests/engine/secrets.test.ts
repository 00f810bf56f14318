import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HubClient } from "../../provider/src/client";
import { makeCertificate } from "../support/certificate";
import { type EchoProxy, startEchoProxy } from "../support/echoProxy";
import {
  createProject,
  type EngineResult,
  type Env,
  type OperationOptions,
  type Project,
} from "../support/engine";
import { startHub, type Hub } from "../support/hub";
import { type Finding, SecretSearch, withoutEngineLog } from "../support/secretSearch";

const random = () => randomBytes(9).toString("hex");

describe("secrets", function () {
  this.timeout(400_000);
  let hub: Hub;
  let proxy: EchoProxy;
  let project: Project;
  let search: SecretSearch;
  let plants: Record<string, string>;
  /** Administrator's tokens, one for each way of giving one. */
  let tokens: Record<"env" | "oldEnv" | "file" | "config" | "configEnv" | "argument" | "argumentEnv", string>;
  const found: Finding[] = [];

  const sso = (name: string, args: string) =>
    `new hf.SsoConfig("${name}", { organization: "acme", adopt: true, ${args} });\n`;
  const oidc = (secret = "e.PLANT_SECRET") =>
    `provider: "oidc", ssoUrl: "https://login.acme.example", clientId: "hub", clientSecret: ${secret}`;
  const lifecycle = (changed = false) => `
const hf = require("pulumi-huggingface");
const e = process.env;
${sso("sso", oidc(changed ? "e.PLANT_SECRET_2" : undefined))}
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci", description: "Build" });
const token = new hf.HubToken("ci", { organization: "acme", serviceAccount: account.accountId, name: "ci",
  permissions: ["${changed ? "org.write" : "org.read"}"]${changed ? ", rotationTriggers: { why: 'now' }" : ""} });
const own = new hf.HubToken("own", { name: "own", role: "read" });
const withToken = new hf.Provider("argument", { token: e.PLANT_ARGUMENT, endpoint: e.HF_ENDPOINT });
const withEnv = new hf.Provider("argumentEnv", { tokenEnv: "PLANT_ARGUMENT_ENV", endpoint: e.HF_ENDPOINT });
new hf.RepoVisibility("a", { repo: "acme/llm-private", visibility: "${changed ? "internal" : "private"}" }, { provider: withToken });
new hf.RepoVisibility("b", { repo: "acme/embeddings", visibility: "${changed ? "internal" : "private"}" }, { provider: withEnv });
module.exports = { token: token.token, own: own.token, me: hf.whoamiOutput({ provider: withToken }).name };
`;
  // Each of these is sent, and comes back in a refusal.
  const refused = `
const hf = require("pulumi-huggingface");
const e = process.env;
${sso("sso", oidc("e.PLANT_SECRET_3"))}
new hf.SsoCredential("credential", { organization: "acme", clientSecret: e.PLANT_SECRET_2, replaceExisting: true });
for (const i of [1, 2, 3, 4, 5, 6]) new hf.HubToken("own" + i, { name: "own" + i, role: "read" });
new hf.RepoVisibility("c", { repo: "acme/speech-base", visibility: "internal" });
`;

  before(async () => {
    hub = await startHub();
    proxy = await startEchoProxy(hub.endpoint);
    search = new SecretSearch();
    const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    const ways = ["oldEnv", "file", "config", "configEnv", "argument", "argumentEnv"] as const;
    tokens = { env: hub.tokens.admin } as typeof tokens;
    for (const way of ways) {
      tokens[way] = (await client.createToken({ name: way, role: "admin" })).token;
    }
    for (const [way, value] of Object.entries(tokens)) search.plant(`administrator's token (${way})`, value);
    plants = {
      // With what JSON, URLs and shells escape.
      PLANT_SECRET: search.plant("client secret", `cs "quo\\te"/+&é<${random()}`),
      PLANT_SECRET_2: search.plant("second client secret", `cs2-${random()}/+=`),
      PLANT_SECRET_3: search.plant("third client secret", `cs3 ${random()}`),
      PLANT_KEY: search.plant("private key", (await makeCertificate()).privateKey),
      PLANT_URL: `https://idp-user:${search.plant("password of ssoUrl", random())}@idp.acme.example/sso`,
      PLANT_ARGUMENT: tokens.argument,
      PLANT_ARGUMENT_ENV: tokens.argumentEnv,
    };
    project = await createProject({
      name: "secrets",
      env: {
        ...plants,
        HF_ENDPOINT: proxy.endpoint,
        HF_TOKEN: tokens.env,
      },
      program: { "index.js": lifecycle() },
    });
  });
  after(async () => {
    await project.dispose();
    await proxy.close();
    await hub.close();
  });

  /** Runs something and looks at once, because the next step may push out what this one left. */
  const run = async (what: "up" | "preview" | "refresh" | "destroy", options: OperationOptions = {}) => {
    const result = await project[what]({ allowFailure: true, ...options });
    for (const [index, value] of [...proxy.madeTokens].entries()) {
      if (!known.has(value)) search.plant(`token ${index} that the Hub made`, value);
      known.add(value);
    }
    found.push(...search.inResult(result), ...(await search.inFiles(project)));
    assert.deepEqual(found.splice(0), []);
    return result;
  };
  const known = new Set<string>();
  const done = ({ code, diagnostics }: EngineResult) =>
    assert.equal(code, 0, diagnostics.map(({ message }) => message).join("\n"));
  const failed = ({ code, text }: EngineResult, reason: RegExp) => {
    assert.notEqual(code, 0, text);
    assert.match(text, reason);
  };

  it("a whole life: none in state, backups, history, streams, JSON and events", async () => {
    await run("preview", { json: true });
    done(await run("up"));
    assert.equal(known.size, 2, "the Hub made two tokens, and they were looked for");
    await project.write("index.js", lifecycle(true));
    await run("preview", { diff: true });
    done(await run("up", { json: true }));
    assert.ok(known.size >= 3, "the rotation made another");
    done(await run("refresh"));
  });

  it("check failures", async () => {
    const long = '"x".repeat(2000)';
    const mistakes: [string, RegExp][] = [
      [
        sso("k", 'provider: "saml", ssoUrl: "https://i.example", certificate: e.PLANT_KEY'),
        /holds a private key/,
      ],
      [
        sso(
          "k",
          `provider: "saml", ssoUrl: e.PLANT_URL + ${long}, certificate: e.PLANT_KEY + ${long}.repeat(6), clientSecrt: e.PLANT_SECRET, clientSecret: { value: e.PLANT_SECRET_2 }`,
        ),
        /ssoUrl: must NOT have more than 2048 characters[^]*certificate: must NOT have more/,
      ],
      [
        sso(
          "k",
          `provider: "saml", ssoUrl: e.PLANT_URL, certificate: e.PLANT_KEY, clientSecret: e.PLANT_SECRET`,
        ),
        /belongs to provider/,
      ],
      // A secret of the program may be anywhere.
      [
        'new hf.RepoVisibility("k", { repo: require("@pulumi/pulumi").secret(e.PLANT_SECRET), visibility: e.PLANT_SECRET_2 });',
        /repo: does not have the right form/,
      ],
    ];
    for (const [mistake, reason] of mistakes) {
      await project.write(
        "index.js",
        `const hf = require("pulumi-huggingface"); const e = process.env;\n${mistake}`,
      );
      failed(await run("preview"), reason);
    }
  });

  it("a Hub that repeats the request in its refusal, or in what is no answer at all", async () => {
    await project.write("index.js", refused);
    // So that one refusal does not spare the others.
    const all = "--continue-on-error";
    await project.setConfig({ "huggingface:maxRetries": "0", "huggingface:timeoutSeconds": "2" });
    for (const manner of ["echo", "garble", "silent"] as const) {
      proxy.manner = manner;
      const before = proxy.mistreated;
      const result = await run("up", { args: [all] });
      failed(result, manner === "echo" ? /answered 400/ : /./);
      assert.ok(proxy.mistreated >= before + 5, `${manner}: ${proxy.mistreated - before} requests`);
    }
    proxy.manner = "pass";
    await project.removeConfig("huggingface:maxRetries", "huggingface:timeoutSeconds");
  });

  it("an endpoint with a password", async () => {
    const endpoint = `http://hub-user:${search.plant("password of the endpoint", random())}@127.0.0.1:9`;
    const program = `const hf = require("pulumi-huggingface"); const e = process.env;\n`;
    await project.write("index.js", `${program}${sso("sso", oidc())}`);
    failed(
      await run("up", { env: { HF_ENDPOINT: endpoint } }),
      /endpoint is refused: it contains a user name or password/,
    );
    await project.write(
      "index.js",
      `${program}new hf.Provider("p", { tokenEnv: "HF_TOKEN", endpoint: require("@pulumi/pulumi").output(process.env.BAD_ENDPOINT) });`,
    );
    failed(
      await run("up", { env: { BAD_ENDPOINT: endpoint } }),
      /the endpoint holds a user name or a password/,
    );
  });

  it("every other way of giving the administrator's token, with a Hub that repeats it", async () => {
    await project.write("index.js", refused);
    proxy.manner = "echo";
    const file = join(project.dir, "token");
    await writeFile(file, tokens.file);
    const byEnvironment: Env[] = [
      { HF_TOKEN: undefined, HUGGING_FACE_HUB_TOKEN: tokens.oldEnv },
      { HF_TOKEN: undefined, HF_TOKEN_PATH: file },
    ];
    for (const env of byEnvironment) failed(await run("up", { env }), /answered 400/);
    await project.setConfig({
      "huggingface:token": { secret: tokens.config },
      "huggingface:endpoint": proxy.endpoint,
    });
    failed(await run("up", { env: { HF_TOKEN: undefined } }), /answered 400/);
    await project.removeConfig("huggingface:token");
    await project.setConfig({ "huggingface:tokenEnv": "PLANT_CONFIG_ENV" });
    failed(await run("up", { env: { PLANT_CONFIG_ENV: tokens.configEnv } }), /answered 400/);
    // The token itself in place of the variable's name. The user has written it in clear, so it is made for this test alone.
    await project.removeConfig("huggingface:tokenEnv", "huggingface:endpoint");
    proxy.manner = "pass";
  });

  it("what our processes write at the highest verbosity", async () => {
    proxy.manner = "echo";
    const result = await project.up({ allowFailure: true, args: ["-v=9", "--logtostderr"] });
    proxy.manner = "pass";
    const ours = withoutEngineLog(result.stderr);
    assert.ok(ours.length < result.stderr.length / 2, "the engine's own log was there and was left out");
    assert.deepEqual([...search.in("stdout", result.stdout), ...search.in("stderr", ours)], []);
  });

  it("destroy", async () => {
    await project.write("index.js", lifecycle(true));
    done(await run("destroy"));
  });

  it("the search finds what leaks, in every place and form", async () => {
    const leak = search.plant("leak", `le "ak"/+&<${random()}`);
    const control = await createProject({
      name: "leak",
      env: { LEAK: leak, HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      config: { "leak:clear": leak },
      program: {
        "index.js": `
const hf = require("pulumi-huggingface");
const leak = process.env.LEAK;
console.log("to stdout: " + leak);
console.error("in base64: " + Buffer.from("Basic:" + leak + ":").toString("base64"));
new hf.RepoVisibility("r", { repo: "acme/llm-private", visibility: "private", acknowledgePublic: leak });
module.exports = { plain: leak, url: "https://u:" + encodeURIComponent(leak) + "@x", hex: Buffer.from(leak).toString("hex"),
  json: JSON.stringify({ leak }), base64url: Buffer.from("x" + leak + "y").toString("base64url") };`,
      },
    });
    try {
      const findings = [
        ...search.inResult(await control.up()),
        ...search.inResult(await control.preview({ json: true })),
        ...search.in("log", withoutEngineLog((await control.up({ args: ["-v=9", "--logtostderr"] })).stderr)),
        ...(await search.inFiles(control)),
      ];
      const places = new Set(findings.map(({ place }) => place));
      const wanted = [
        /^stdout of pulumi up/,
        /^stdout of pulumi preview/,
        /^events of pulumi up/,
        /^events of pulumi preview/,
        /stacks\/.*\.json$/,
        /backups\//,
        /history\//,
        /^Pulumi\.dev\.yaml$/,
      ];
      for (const place of wanted)
        assert.ok(
          [...places].some((each) => place.test(each)),
          `${place} in ${[...places].join("\n")}`,
        );
      const forms = new Set(findings.map(({ form }) => form));
      for (const form of ["plain", "JSON", "JSON in JSON", "URL", "hex", "base64", "base64url"]) {
        assert.ok(forms.has(form), `${form} in ${[...forms].join(", ")}`);
      }
      assert.ok(findings.every(({ secret }) => secret === "leak"));
    } finally {
      await control.dispose();
    }
  });
});

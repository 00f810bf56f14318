import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type EchoProxy } from "../support/echoProxy";
import { createProject, type Env, type Project } from "../support/engine";
import {
  done,
  failed,
  HEAD,
  lifecycle,
  oidc,
  PlantedStack,
  random,
  refused,
  sso,
} from "../support/plantedStack";
import { type SecretSearch, withoutEngineLog } from "../support/secretSearch";

describe("secrets", function () {
  this.timeout(400_000);
  let stack: PlantedStack;
  let proxy: EchoProxy;
  let project: Project;
  let search: SecretSearch;
  const run: PlantedStack["run"] = (...args) => stack.run(...args);

  before(async () => {
    stack = await PlantedStack.start("secrets");
    ({ proxy, project, search } = stack);
  });
  after(() => stack.close());

  it("do not leak over a whole lifecycle: state, backups, history, streams, JSON and events", async () => {
    await run("preview", { json: true });
    done(await run("up"));
    assert.equal(stack.made.size, 2, "the Hub should have made two tokens, which are part of the search");
    await project.write("index.js", lifecycle(true));
    await run("preview", { diff: true });
    done(await run("up", { json: true }));
    assert.ok(stack.made.size >= 3, "the rotation should have made another token");
    done(await run("refresh"));
  });

  it("do not leak in check failures", async () => {
    const long = '"x".repeat(2000)';
    const mistakes: [string, RegExp][] = [
      [
        sso("k", 'provider: "saml", ssoUrl: "https://i.example", certificate: e.PLANT_KEY'),
        /contains a private key/,
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
        /is only for provider/,
      ],
      // A secret of the program may be anywhere.
      [
        'new hf.RepoVisibility("k", { repo: require("@pulumi/pulumi").secret(e.PLANT_SECRET), visibility: e.PLANT_SECRET_2 });',
        /repo: does not have the right form/,
      ],
    ];
    for (const [mistake, reason] of mistakes) {
      await project.write("index.js", `${HEAD}${mistake}`);
      failed(await run("preview"), reason);
    }
  });

  it("do not leak if the Hub repeats the request in a refusal or in a malformed answer", async () => {
    await project.write("index.js", refused);
    // So that one refusal does not hide the others.
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

  it("do not leak from an endpoint with a password", async () => {
    const endpoint = `http://hub-user:${search.plant("password of the endpoint", random())}@127.0.0.1:9`;
    await project.write("index.js", `${HEAD}${sso("sso", oidc())}`);
    failed(
      await run("up", { env: { HF_ENDPOINT: endpoint } }),
      /endpoint is refused: it contains a user name or password/,
    );
    await project.write(
      "index.js",
      `${HEAD}new hf.Provider("p", { tokenEnv: "HF_TOKEN", endpoint: require("@pulumi/pulumi").output(process.env.BAD_ENDPOINT) });`,
    );
    failed(
      await run("up", { env: { BAD_ENDPOINT: endpoint } }),
      /the endpoint contains a user name or password/,
    );
  });

  it("do not leak in any other way to pass the administrator's token, even if the Hub repeats it", async () => {
    await project.write("index.js", refused);
    proxy.manner = "echo";
    const file = join(project.dir, "token");
    await writeFile(file, stack.tokens.file);
    const byEnvironment: Env[] = [
      { HF_TOKEN: undefined, HUGGING_FACE_HUB_TOKEN: stack.tokens.oldEnv },
      { HF_TOKEN: undefined, HF_TOKEN_PATH: file },
    ];
    for (const env of byEnvironment) failed(await run("up", { env }), /answered 400/);
    await project.setConfig({
      "huggingface:token": { secret: stack.tokens.config },
      "huggingface:endpoint": proxy.endpoint,
    });
    failed(await run("up", { env: { HF_TOKEN: undefined } }), /answered 400/);
    await project.removeConfig("huggingface:token");
    await project.setConfig({ "huggingface:tokenEnv": "PLANT_CONFIG_ENV" });
    failed(await run("up", { env: { PLANT_CONFIG_ENV: stack.tokens.configEnv } }), /answered 400/);
    await project.removeConfig("huggingface:tokenEnv", "huggingface:endpoint");
    proxy.manner = "pass";
  });

  it("do not leak into the output of our processes at the highest verbosity", async () => {
    proxy.manner = "echo";
    const result = await project.up({ allowFailure: true, args: ["-v=9", "--logtostderr"] });
    proxy.manner = "pass";
    const ours = withoutEngineLog(result.stderr);
    assert.ok(ours.length < result.stderr.length / 2, "the engine's own log should exist, and is left out");
    assert.deepEqual([...search.in("stdout", result.stdout), ...search.in("stderr", ours)], []);
  });

  it("do not leak in destroy", async () => {
    await project.write("index.js", lifecycle(true));
    done(await run("destroy"));
  });

  it("are found by the search in every place and form", async () => {
    const leak = search.plant("leak", `le "ak"/+&<${random()}`);
    const control = await createProject({
      name: "leak",
      env: { LEAK: leak, HF_ENDPOINT: stack.hub.endpoint, HF_TOKEN: stack.tokens.env },
      config: { "leak:clear": leak },
      program: {
        "index.js": `
const hf = require("pulumi-huggingface");
const { dynamic } = require("@pulumi/pulumi");
const leak = process.env.LEAK;
console.log("to stdout: " + leak);
console.error("in base64: " + Buffer.from("Basic:" + leak + ":").toString("base64"));
new hf.RepoVisibility("r", { repo: "acme/llm-private", visibility: "private", acknowledgePublic: leak });
new dynamic.Resource({ create: async () => ({ id: leak && "id", outs: {} }) }, "d", {});
module.exports = { plain: leak, url: "https://u:" + encodeURIComponent(leak) + "@x", hex: Buffer.from(leak).toString("hex"),
  json: JSON.stringify({ leak }), jsonUrl: encodeURIComponent(JSON.stringify({ leak })),
  json64: Buffer.from(JSON.stringify({ leak })).toString("base64"), base64url: Buffer.from("x" + leak + "y").toString("base64url") };`,
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
        /^handler text$/,
      ];
      for (const place of wanted)
        assert.ok(
          [...places].some((each) => place.test(each)),
          `${place} in ${[...places].join("\n")}`,
        );
      const forms = new Set(findings.map(({ form }) => form));
      for (const form of [
        "plain",
        "JSON",
        "JSON in JSON",
        "URL",
        "URL of JSON",
        "hex",
        "base64",
        "base64 of JSON",
        "base64url",
      ]) {
        assert.ok(forms.has(form), `${form} in ${[...forms].join(", ")}`);
      }
      assert.ok(findings.every(({ secret }) => secret === "leak"));
    } finally {
      await control.dispose();
    }
  });
});

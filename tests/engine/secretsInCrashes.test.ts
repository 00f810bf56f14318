// Looks for secrets after processes were killed in the middle of a request, and after uncaught errors.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Asked } from "../support/echoProxy";
import { createProject, type Project } from "../support/engine";
import { familyOf, kill, processesOf, type Victim } from "../support/family";
import { done, failed, HEAD, lifecycle, PlantedStack, random } from "../support/plantedStack";

const token = ({ method, url }: Asked): boolean => method === "POST" && url.endsWith("/tokens");
const credential = ({ method, url }: Asked): boolean => method === "PUT" && url.includes("/sso");

describe("secrets in crashes", function () {
  this.timeout(600_000);
  let stack: PlantedStack;
  let project: Project;

  before(async () => {
    stack = await PlantedStack.start("crashes", {
      env: { NODE_OPTIONS: `--require ${join(__dirname, "../support/crash.cjs")}` },
    });
    ({ project } = stack);
  });
  after(() => stack.close());
  afterEach(() => {
    stack.proxy.treatment = undefined;
    stack.proxy.manner = "pass";
  });

  /** The steps of a user after a crash. */
  const recover = async () => {
    await stack.pulumi(["cancel", "--yes"]);
    await stack.run("refresh", { args: ["--clear-pending-creates"] });
    done(await stack.run("up"));
  };

  const kills: [Victim, string, (asked: Asked) => boolean, boolean][] = [
    ["handler", "a token is requested", token, false],
    ["handler", "the Hub has made a token", token, true],
    ["handler", "a client secret is sent", credential, false],
    ["program", "the Hub has made a token", token, true],
    ["engine", "the Hub has made a token", token, true],
    ["engine", "the Hub has a client secret", credential, true],
  ];
  for (const [index, [victim, when, which, after]] of kills.entries()) {
    it(`do not leak if the ${victim} is killed when ${when}`, async () => {
      // Each program creates or changes all of its resources.
      await project.write(
        "index.js",
        lifecycle(index % 2 === 1).replace("why: 'now'", `why: 'now ${index}'`),
      );
      const held = stack.hold(which, after);
      const started = project.start("up", {});
      const ended = started.result.then(() => "ended");
      let family: ReturnType<typeof familyOf> = [];
      try {
        assert.notEqual(await Promise.race([held.reached, ended]), "ended", "the request should arrive");
        // The other requests are in progress too.
        await sleep(300);
        family = familyOf(started);
        const pids = processesOf(family, victim);
        assert.ok(pids.length > 0, `there is no ${victim} to kill`);
        for (const pid of pids) kill(pid);
        await sleep(50);
        held.drop();
        const result = await stack.clean(await started.result);
        assert.notEqual(result.code, 0);
      } finally {
        held.drop();
        started.kill();
        for (const { pid } of family) kill(pid);
      }
      await stack.pulumi(["stack", "export"]);
      if (victim === "engine") {
        const { deployment } = await project.state();
        assert.ok(deployment.pending_operations?.length, "something should be interrupted");
      }
      await recover();
    });
  }

  for (const place of ["handler", "program"] as const) {
    it(`do not leak if an uncaught error ends the ${place} in the middle of a request`, async () => {
      const calls = `const client = new hf.HubClient();
client.updateSsoCredential("acme", { clientSecret: e.PLANT_SECRET_2 });
client.createToken({ name: "in-the-program", role: "read" });`;
      for (const ending of ["throw", "exit"]) {
        const changed = lifecycle(true).replace("why: 'now'", `why: '${ending}'`);
        await project.write("index.js", place === "handler" ? changed : `${HEAD}${calls}`);
        const held = stack.hold(({ method }) => method !== "GET", true);
        const result = await stack.run("up", { env: { CRASH: place, CRASH_BY: ending } });
        held.drop();
        assert.notEqual(result.code, 0, result.text);
        if (ending === "throw") assert.match(result.text, /in the middle of a request/);
      }
      await project.write("index.js", lifecycle(true));
      await recover();
    });
  }

  it("do not leak through uncaught errors of the library", async () => {
    await project.setConfig({ "huggingface:maxRetries": "0", "huggingface:timeoutSeconds": "2" });
    // Each error is printed with its stack and all of its properties.
    await project.write(
      "index.js",
      `${HEAD}
const client = new hf.HubClient({ timeoutSeconds: 2, maxRetries: 0 });
const calls = [
  () => client.updateSsoConfig("acme", { provider: "oidc", clientSecret: e.PLANT_SECRET }),
  () => client.updateSsoCredential("acme", { clientSecret: e.PLANT_SECRET_2 }),
  () => client.createToken({ name: "own", role: "read" }),
  () => client.revokeLeakedCredentials([e.PLANT_SECRET_3]),
];
for (const call of calls) {
  call();
  call().catch((error) => setTimeout(() => { throw new Error("thrown later", { cause: error }); }));
}
Promise.any(calls.map((call) => call()));
Promise.all(calls.map((call) => call())).catch((error) => { throw Object.assign(new TypeError("with " + error), { error }); });
hf.whoamiOutput({ provider: new hf.Provider("p", { token: e.PLANT_ARGUMENT, endpoint: e.HF_ENDPOINT }) })
  .apply(() => client.createToken({ name: "own", role: "read" }));
module.exports = async () => {
  // Without the SDK's frames: Node.js takes a minute to color them.
  const stack = "Error: in the end";
  await calls[0]().catch((cause) => { throw Object.assign(new Error(stack, { cause }), { stack }); });
};
`,
    );
    const manners = {
      echo: /answered 400/,
      garble: /cannot be used|AggregateError/,
      silent: /gave no complete answer within 2 s/,
    };
    for (const [manner, reason] of Object.entries(manners)) {
      stack.proxy.manner = manner as keyof typeof manners;
      const result = await stack.run("up");
      failed(result, reason);
      const uncaught = result.stdout.match(/HubError: The Hub|thrown later|AggregateError/g)?.length ?? 0;
      assert.ok(uncaught >= 8, `${uncaught} errors: ${result.text}`);
      if (manner === "echo") assert.match(result.text, /in the end[^]*\[cause\]: HubError/);
    }
    stack.proxy.treatment = ({ method, said }, response) => {
      if (method === "GET") return false;
      response.writeHead(302, { Location: `http://127.0.0.1:9/?${encodeURIComponent(said)}` }).end();
      return true;
    };
    failed(await stack.run("up"), /with a redirect to another origin/);
    stack.proxy.treatment = ({ method, said }, response) => {
      if (method === "GET") return false;
      response.writeHead(200, { "Content-Length": 100_000 });
      response.write(`{"token":"${said}`, () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    failed(await stack.run("up"), /closed the connection before the answer was complete/);
    await project.removeConfig("huggingface:maxRetries", "huggingface:timeoutSeconds");
  });

  it("do not leak in destroy", async () => {
    await project.write("index.js", lifecycle(true));
    // The kills may have left tokens whose values no one has, and which only a person revokes. The account is not
    // deleted with them.
    const client = new HubClient({ endpoint: stack.hub.endpoint, token: stack.hub.tokens.admin });
    const account = (await client.listServiceAccounts("acme")).find(({ name }) => name === "ci");
    const { accessTokens = [] } = await client.getServiceAccount("acme", account?._id ?? "");
    for (const { _id } of accessTokens)
      await client.deleteServiceAccountToken("acme", account?._id ?? "", _id);
    done(await stack.run("destroy"));
  });

  it("are found by the search after a crash: in an uncaught error and in interrupted requests", async () => {
    const leak = stack.search.plant("leak", random());
    const control = await createProject({
      name: "crash-leak",
      env: { LEAK: leak, HF_ENDPOINT: stack.proxy.endpoint, HF_TOKEN: stack.hub.tokens.admin },
      program: {
        "index.js": `${HEAD}
Promise.reject(Object.assign(new Error("uncaught"), { stack: "Error: uncaught", config: { headers: { authorization: "Bearer " + e.LEAK } } }));
new hf.RepoVisibility("r", { repo: "acme/llm-private", visibility: "internal", acknowledgePublic: e.LEAK });`,
      },
    });
    try {
      const uncaught = stack.search.inResult(await control.up({ allowFailure: true }));
      await control.write(
        "index.js",
        `${HEAD}new hf.RepoVisibility("s", { repo: "acme/llm-private", visibility: "internal", acknowledgePublic: e.LEAK });`,
      );
      const held = stack.hold(() => true, true);
      const started = control.start("up", {});
      const ended = started.result.then(() => "ended");
      assert.notEqual(await Promise.race([held.reached, ended]), "ended", "there should be a request");
      started.kill();
      held.drop();
      await started.result;
      const places = [...uncaught, ...(await stack.search.inFiles(control))].map(({ place }) => place);
      for (const place of ["stdout of pulumi up", "events of pulumi up", "pending operations"]) {
        assert.ok(places.includes(place), `${place} in ${places.join("\n")}`);
      }
    } finally {
      await control.dispose();
    }
  });
});

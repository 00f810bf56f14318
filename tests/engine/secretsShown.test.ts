// The engine's output and files when a user puts a secret in the wrong place, uses JSON or --show-secrets, or lists
// the processes.
import assert from "node:assert/strict";
import { handlerText } from "../../provider/src/model/handlerText";
import { type Asked } from "../support/echoProxy";
import { createProject, type EngineFile, type EngineResult, type Project } from "../support/engine";
import { environmentOf, familyOf, processesOf } from "../support/family";
import { done, failed, HEAD, lifecycle, oidc, PlantedStack, random, sso } from "../support/plantedStack";
import { type Finding, type SecretSearch } from "../support/secretSearch";

/** The names of the secrets that were found. */
const namesOf = (findings: Finding[]): string[] => [...new Set(findings.map(({ secret }) => secret))].sort();

describe("shown secrets", function () {
  this.timeout(600_000);
  let stack: PlantedStack;
  let project: Project;
  let search: SecretSearch;
  const run: PlantedStack["run"] = (...args) => stack.run(...args);

  before(async () => {
    stack = await PlantedStack.start("shown");
    ({ project, search } = stack);
    await project.setConfig({
      "huggingface:token": { secret: stack.tokens.config },
      "huggingface:endpoint": stack.proxy.endpoint,
    });
  });
  after(() => stack.close());

  it("do not include ours with --json of each command, and in all commands about the stack", async () => {
    await run("preview", { json: true });
    done(await run("up", { json: true }));
    assert.equal(stack.made.size, 2);
    done(await run("refresh", { json: true }));
    await project.write("index.js", lifecycle(true));
    await run("preview", { json: true, diff: true });
    done(await run("up", { json: true }));
    done(await run("refresh", { json: true, previewOnly: true }));
    const commands = [
      ["stack", "export"],
      ["stack", "output", "--json"],
      ["stack", "output", "token"],
      ["stack", "history", "--json"],
      ["stack", "history", "--full-dates"],
      ["stack", "--show-urns", "--show-ids"],
      ["config", "--json"],
      ["about"],
    ];
    for (const command of commands) {
      const { code, text } = await stack.pulumi(command);
      assert.equal(code, 0, text);
    }
  });

  it("with --show-secrets are those that the stack has made or received, but no token of the environment", async () => {
    const outputs = await project.outputs<{ token: string; own: string }>({ showSecrets: true });
    const current = namesOf([outputs.token, outputs.own].flatMap((value) => search.in("output", value)));
    assert.equal(current.length, 2);
    assert.equal(stack.made.size, 3, "the rotation should have made another token");
    const shows = async (args: string[], secrets: string[]) => {
      const result = await project.pulumi([...args, "--show-secrets"]);
      assert.deepEqual(namesOf(search.inResult(result)), secrets.sort(), args.join(" "));
    };
    await shows(["stack", "output", "--json"], current);
    await shows(
      ["stack", "export"],
      [
        ...current,
        "second client secret",
        "second secret of a Space",
        "second secret variable",
        "administrator's token (argument)",
        "administrator's token (config)",
      ],
    );
    await shows(["config", "--json"], ["administrator's token (config)"]);
    await shows(["stack", "history", "--json"], ["administrator's token (config)"]);
    const stored = new Set(await namesIn(project, search, ["stack", "export", "--show-secrets"]));
    for (const options of [{ json: true }, { diff: true }]) {
      const result = await project.preview({ ...options, showSecrets: true, refresh: true });
      for (const name of namesOf(search.inResult(result))) assert.ok(stored.has(name), name);
    }
    assert.deepEqual(await search.inFiles(project), []);
  });

  it("are not in the handler text, which is the constant unencrypted line", async () => {
    const { deployment } = await project.state({ showSecrets: true });
    const ours = (deployment.resources ?? []).filter(({ type }) => type.includes("dynamic/huggingface:"));
    assert.ok(ours.length >= 6);
    for (const { type, inputs, outputs } of ours) {
      const text = handlerText(type.slice(type.lastIndexOf(":") + 1));
      assert.equal(inputs?.["__provider"], text);
      assert.equal(outputs?.["__provider"], text);
      assert.deepEqual(search.in("handler text", text), []);
    }
  });

  /** The arguments of all processes of a command, and the variables added to its environment. */
  const processes = async (of: Project, which: (asked: Asked) => boolean) => {
    const held = stack.hold(which, false);
    const started = of.start("up");
    const ended = started.result.then(() => "ended");
    try {
      assert.notEqual(await Promise.race([held.reached, ended]), "ended", "something should be sent");
      const family = familyOf(started);
      for (const victim of ["engine", "handler", "program"] as const) {
        assert.ok(processesOf(family, victim).length > 0, `there should be a process of the ${victim}`);
      }
      const given = new Set(Object.entries(of.env).map(([name, value]) => `${name}=${value}`));
      const programs = processesOf(family, "program");
      const findings = family.flatMap(({ pid, command }) => [
        ...search.in("arguments", command),
        ...environmentOf(pid)
          .filter((variable) => !given.has(variable))
          // The engine passes the program its configuration in this variable.
          .filter((variable) => !programs.includes(pid) || !variable.startsWith("PULUMI_CONFIG="))
          .flatMap((variable) => search.in("environment", variable)),
      ]);
      await held.goOn();
      return { findings, result: await started.result };
    } finally {
      held.drop();
      started.kill();
    }
  };

  it("are not in arguments and environment of the processes, in the middle of a request", async () => {
    await project.write("index.js", lifecycle(true).replace("why: 'now'", "why: 'again'"));
    const { findings, result } = await processes(project, ({ method }) => method !== "GET");
    assert.deepEqual(findings, []);
    done(await stack.clean(result));
  });

  describe("from unencrypted stack configuration", () => {
    /** Everything except the configuration itself: the user's file, and the engine's copy of it for each update. */
    const besides = async (result: EngineResult): Promise<Finding[]> => {
      const events = result.events.map(({ preludeEvent: _, ...event }) => event);
      const shown = ({ path, text }: EngineFile) => {
        if (/^Pulumi\..*\.yaml$/.test(path)) return "";
        if (!path.endsWith(".history.json")) return text;
        const { config: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
        return JSON.stringify(rest);
      };
      return [...search.inResult({ ...result, events }), ...(await search.inFiles(project, shown))];
    };
    const uses = {
      resource: 'new hf.RepoVisibility("c", { repo: "acme/speech-base", visibility: "internal" });',
      function: 'hf.getMyOrgRole("acme");',
      "function with a provider":
        'hf.getMyOrgRoleOutput("acme", { provider: new hf.Provider("p", { tokenEnv: "HF_TOKEN" }) });',
    };
    after(async () => {
      await project.removeConfig("huggingface:tokenEnv");
      await project.setConfig({
        "huggingface:token": { secret: stack.tokens.config },
        "huggingface:endpoint": stack.proxy.endpoint,
      });
    });

    const refuses = async (config: Record<string, string>, reason: RegExp) => {
      await project.setConfig(config);
      for (const [use, program] of Object.entries(uses)) {
        await project.write("index.js", HEAD + program);
        for (const what of ["preview", "up"] as const) {
          const result = await project[what]({ allowFailure: true });
          if (use !== "function with a provider" || reason.source.includes("endpoint"))
            failed(result, reason);
          assert.deepEqual(await besides(result), [], `${use}, ${what}`);
        }
      }
    };

    it("do not include a password in the endpoint", async () => {
      const endpoint = `http://hub-user:${search.plant("password of the stack's endpoint", random())}@127.0.0.1:9`;
      await refuses({ "huggingface:endpoint": endpoint }, /endpoint .*contains a user name or password/);
      // An encrypted endpoint leads to the same error.
      await project.removeConfig("huggingface:endpoint");
      await project.setConfig({ "huggingface:endpoint": { secret: endpoint } });
      const result = await project.up({ allowFailure: true });
      failed(result, /endpoint .*contains a user name or password/);
      assert.deepEqual(await besides(result), []);
      await project.setConfig({ "huggingface:endpoint": stack.proxy.endpoint });
    });

    it("do not include a token in place of the variable's name", async () => {
      const mistaken = search.plant("token as tokenEnv", `hf_${random()}${random()}`);
      await project.removeConfig("huggingface:token");
      await refuses({ "huggingface:tokenEnv": mistaken }, /tokenEnv looks like a token/);
    });

    it("do not include the token", async () => {
      await project.removeConfig("huggingface:tokenEnv");
      await refuses(
        { "huggingface:token": search.plant("unencrypted token", `hf_${random()}${random()}`) },
        /huggingface:token is unencrypted in the stack's configuration/,
      );
    });
  });

  it("do not include a token in place of the variable's name in the program", async () => {
    const mistaken = search.plant("token as the argument tokenEnv", `hf_${random()}${random()}`);
    for (const value of ["e.MISTAKEN", 'require("@pulumi/pulumi").output(e.MISTAKEN)']) {
      await project.write(
        "index.js",
        `${HEAD}new hf.Provider("p", { tokenEnv: ${value}, endpoint: e.HF_ENDPOINT });`,
      );
      failed(await run("up", { env: { MISTAKEN: mistaken } }), /tokenEnv looks like a token/);
    }
  });

  it("do not include URLs with a password", async () => {
    for (const property of ["ssoUrl", "metadataUrl"]) {
      const others = property === "ssoUrl" ? "" : 'ssoUrl: "https://i.example", ';
      await project.write(
        "index.js",
        HEAD + sso("u", `provider: "saml", ${others}certificate: "x", ${property}: e.PLANT_URL`),
      );
      failed(await run("up"), new RegExp(`${property}: must not contain a user name or a password`));
    }
    await project.write(
      "index.js",
      HEAD +
        sso(
          "u",
          oidc()
            .replace("https://", "https://u:${e.PLANT_SECRET_3}@")
            .replaceAll(/"(https[^"]*)"/g, "`$1`"),
        ),
    );
    failed(await run("up"), /must not contain/);
  });

  it("do not include ours in destroy --json", async () => {
    await project.write("index.js", lifecycle(true));
    done(await run("destroy", { json: true }));
  });

  it("would be found by the search in each of these places", async () => {
    const leak = search.plant("leak", random());
    const control = await createProject({
      name: "shown-leak",
      env: { HF_ENDPOINT: stack.proxy.endpoint, HF_TOKEN: stack.hub.tokens.admin },
      config: { "shown-leak:clear": leak, "shown-leak:secret": { secret: leak } },
      program: {
        "index.js": `
const hf = require("pulumi-huggingface");
const { dynamic, Config } = require("@pulumi/pulumi");
const leak = new Config().require("clear");
require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)", leak],
  { env: { ...process.env, MORE: leak }, stdio: "ignore" }).unref();
new dynamic.Resource({ create: async () => ({ id: leak && "id", outs: {} }) }, "d", {});
new hf.RepoVisibility("r", { repo: "acme/llm-private", visibility: "internal", acknowledgePublic: leak });
module.exports = { leak };`,
      },
    });
    try {
      const { findings, result } = await processes(control, () => true);
      done(result);
      const outputs: EngineResult[] = [
        await control.preview({ json: true }),
        await control.up({ json: true }),
        await control.refresh({ json: true }),
        await control.pulumi(["stack", "export"]),
        await control.pulumi(["stack", "output", "--json"]),
        await control.pulumi(["stack", "history", "--json"]),
        await control.pulumi(["config", "--json"]),
        await control.destroy({ json: true }),
      ];
      const shown = outputs.flatMap((output) =>
        search.in(output.command.split(" ").slice(0, 3).join(" "), output.stdout),
      );
      const places = [...findings, ...shown, ...(await search.inFiles(control))].map(({ place }) => place);
      const wanted = [
        "arguments",
        ...(process.platform === "linux" ? ["environment"] : []),
        "handler text",
        "pulumi preview --json",
        "pulumi up --yes",
        "pulumi refresh --yes",
        "pulumi stack export",
        "pulumi stack output",
        "pulumi stack history",
        "pulumi config --json",
        "pulumi destroy --yes",
        "Pulumi.dev.yaml",
      ];
      for (const place of wanted) assert.ok(places.includes(place), `${place} in ${places.join("\n")}`);
    } finally {
      await control.dispose();
    }
  });
});

/** The names of the secrets in the output of a command. */
async function namesIn(project: Project, search: SecretSearch, command: string[]): Promise<string[]> {
  return namesOf(search.inResult(await project.pulumi(command)));
}

// What the command `adopt` chooses, refuses and writes, on the local Hub and without the engine.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ImportEntry } from "../../cli/src/adopt/entries";
import { USUAL_KINDS } from "../../cli/src/adopt/kinds";
import { projectIn, writeFiles } from "../../cli/src/adopt/project";
import { type Questions } from "../../cli/src/adopt/prompts";
import { type Reader, readOnly } from "../../cli/src/adopt/reader";
import { selector } from "../../cli/src/adopt/selection";
import { survey } from "../../cli/src/adopt/survey";
import { createProgram } from "../../cli/src/program";
import { HubClient, HubError } from "../../provider/src/client";
import { ownerOf } from "../../provider/src/rules/mark";
import { type Hub, startHub } from "../support/hub";
import { makeFolder, makeTerminal, runAdopt } from "./adoptHelpers";

describe("the command adopt", () => {
  let hub: Hub;
  let client: HubClient;
  let place: ReturnType<typeof makeFolder>;
  beforeEach(async () => {
    hub = await startHub();
    client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    place = makeFolder();
  });
  afterEach(async () => {
    place.remove();
    await hub.close();
  });

  const run = (
    options: Parameters<typeof runAdopt>[1] | object = {},
    others: Parameters<typeof runAdopt>[2] = {},
  ) => runAdopt(hub, { out: place.folder, ...options }, others);

  /** The resources in the import file. */
  const entries = (): ImportEntry[] =>
    (JSON.parse(place.files()["import.json"] ?? "{}") as { resources: ImportEntry[] }).resources;
  const names = (): string[] =>
    entries()
      .map(({ name }) => name)
      .sort();

  describe("without a terminal", () => {
    it("refuses to guess what to adopt, and asks the Hub nothing", async () => {
      await assert.rejects(
        run(),
        /Nothing was chosen, and there is no terminal to ask on.*--all or --kinds.*repositories, /,
      );
      await assert.rejects(run({ yes: true }, { questions: {} as Questions }), /Nothing was chosen/);
      assert.equal(hub.store.requests.length, 0);
      assert.deepEqual(place.files(), {});
    });

    for (const [what, options, message, organization] of [
      [
        "an unknown kind",
        { kinds: "repositories,repos" },
        /--kinds: "repos" is not a kind\. Allowed: repositories, /,
      ],
      ["a path as an organization", { all: true }, /The organization must be the name/, "acme/.."],
      ["an empty reason", { all: true, reason: " " }, /--reason must have 1 to 500 characters/],
      ["a project that is not a name", { all: true, project: "a b" }, /--project must have/],
      ["a stack that is not a name", { all: true, stack: "dev; rm" }, /--stack must be the name/],
      [
        "a variable that is not set",
        { all: true, tokenEnv: "NOT_SET_ANYWHERE" },
        /environment variable .* is not set/,
      ],
    ] as [string, object, RegExp, string?][]) {
      it(`refuses ${what} before it asks the Hub`, async () => {
        await assert.rejects(run(options, { organization: organization ?? "acme" }), message);
        assert.equal(hub.store.requests.length, 0);
        assert.deepEqual(place.files(), {});
      });
    }

    it("fails with a token that the Hub refuses", async () => {
      await assert.rejects(run({ all: true }, { token: "hf_wrongwrongwrongwrong" }), /401|token/);
      assert.deepEqual(place.files(), {});
    });

    it("fails if nothing is selected", async () => {
      await assert.rejects(
        run({ all: true, include: ["nothing*"] }),
        /There is nothing to adopt in acme\. Check --include/,
      );
      assert.deepEqual(place.files(), {});
    });
  });

  describe("with existing files", () => {
    it("overwrites none, and says so before it asks the Hub", async () => {
      writeFileSync(join(place.folder, "index.ts"), "mine");
      await assert.rejects(
        run({ kinds: "members" }),
        /already has index\.ts, and nothing was written\..*--out.*--force/,
      );
      assert.equal(hub.store.requests.length, 0);
      assert.deepEqual(place.files(), { "index.ts": "mine" });
    });

    it("writes none if a file of one kind exists", async () => {
      writeFileSync(join(place.folder, "members.ts"), "mine");
      await assert.rejects(run({ kinds: "members" }), /already has members\.ts/);
      assert.deepEqual(place.files(), { "members.ts": "mine" });
      await run({ kinds: "repositories", include: ["acme/llm"] });
      assert.equal(place.files()["members.ts"], "mine");
    });

    it("treats a folder with the name of a file like a file", async () => {
      mkdirSync(join(place.folder, "import.json"));
      await assert.rejects(run({ kinds: "members" }), /already has import\.json/);
      assert.deepEqual(readdirSync(place.folder), ["import.json"]);
    });

    it("overwrites the program with --force, but never the files of the project", async () => {
      writeFileSync(join(place.folder, "index.ts"), "mine");
      writeFileSync(join(place.folder, "Pulumi.yaml"), "name: 'their-project' # mine\nruntime: nodejs\n");
      await run({ kinds: "members", force: true });
      const { "index.ts": index, "Pulumi.yaml": yaml, "package.json": manifest } = place.files();
      assert.match(index ?? "", /import "\.\/members";/);
      assert.match(yaml ?? "", /# mine/);
      assert.match(manifest ?? "", /"name": "their-project"/);
    });

    it("refuses a Pulumi.yaml without a name that it can read", async () => {
      writeFileSync(join(place.folder, "Pulumi.yaml"), "{ name: flow, runtime: nodejs }\n");
      await assert.rejects(run({ kinds: "members" }), /no line `name:` that can be read.*--project/);
      await run({ kinds: "members", project: "flow" });
    });

    it("warns that names may differ from those in the stack, if it overwrites an earlier program", async () => {
      assert.match(await run({ kinds: "members" }), /The preview shows no changes/);
      const printed = await run({ kinds: "members", force: true });
      assert.match(printed, /An earlier program was overwritten\. Read the preview before `pulumi up`/);
      assert.doesNotMatch(printed, /The preview shows no changes/);
    });

    for (const name of ["Pulumi.yml", "Pulumi.json"]) {
      it(`refuses ${name}, beside which Pulumi would ignore Pulumi.yaml or the other way round`, async () => {
        writeFileSync(join(place.folder, name), "name: other");
        await assert.rejects(run({ kinds: "members" }), new RegExp(`${name} must be a Pulumi\\.yaml`));
        assert.deepEqual(Object.keys(place.files()), [name]);
      });
    }

    it("treats a link to nothing like a file", async () => {
      const outside = join(place.folder, "outside.ts");
      symlinkSync(outside, join(place.folder, "index.ts"));
      await assert.rejects(run({ kinds: "members" }), /already has index\.ts/);
      await run({ kinds: "members", force: true });
      assert.ok(!existsSync(outside));
    });

    it("writes no file if one of them cannot be written", () => {
      mkdirSync(join(place.folder, "b.ts"));
      const files = new Map([
        ["a.ts", "new"],
        ["b.ts", "new"],
      ]);
      writeFileSync(join(place.folder, "a.ts"), "mine");
      assert.throws(() => writeFiles(place.folder, files, true), /already has b\.ts/);
      assert.throws(() => writeFiles(place.folder, new Map([...files, ["no/c.ts", ""]]), true), /ENOENT/);
      assert.deepEqual(readdirSync(place.folder).sort(), ["a.ts", "b.ts"]);
      assert.equal(readFileSync(join(place.folder, "a.ts"), "utf8"), "mine");
    });

    for (const project of ["123", "1e3", "no", "True", "-", "null"]) {
      it(`writes the name ${project} as a text in YAML, and reads it again`, async () => {
        await run({ kinds: "members", project });
        assert.match(place.files()["Pulumi.yaml"] ?? "", new RegExp(`^name: "${project}"\n`));
        assert.equal(projectIn(place.folder), project);
      });
    }

    it("creates a folder that does not exist", async () => {
      const out = join(place.folder, "new", "folder");
      await run({ kinds: "members", out });
      assert.deepEqual(readdirSync(out).sort(), [
        ...["Pulumi.yaml", "import.json", "index.ts", "members.ts", "package.json", "tsconfig.json"],
      ]);
    });
  });

  describe("selects", () => {
    it("by patterns of names, with and without a kind", async () => {
      await run({
        kinds: "repositories,members",
        include: ["ACME/llm*", "members:ad?-admin"],
        exclude: ["*-private", "*-public"],
      });
      assert.deepEqual(names(), [
        "MemberRole ada-admin",
        "RepoVisibility model-llm",
        "RepoVisibility model-llm-gated",
      ]);
    });

    it("all usual kinds, and others only if they are named", async () => {
      const printed = await run({ all: true });
      assert.ok(!USUAL_KINDS.includes("own-tokens"));
      assert.doesNotMatch(printed, /tokens of the user/);
      assert.ok(names().includes("RepoVisibility model-llm"));
      assert.ok(!names().some((name) => name.startsWith("OrganizationVisibility")));
    });

    it("only gates that are not open, because each costs a request in a refresh", async () => {
      await run({ kinds: "repositories", include: ["acme/llm", "acme/llm-gated"], reason: "Product page" });
      const text = place.files()["repositories.ts"] ?? "";
      assert.equal(text.match(/gated: "manual"/g)?.length, 1);
      assert.doesNotMatch(text, /gated: false/);
      assert.match(text, /acknowledgePublic: "Product page"/);
    });

    it("the gate of a repository that only one of the Hub's two lists has", async () => {
      hub.inject({ path: "/api/models", effect: { status: 200, body: [] } });
      await run({ kinds: "repositories", include: ["acme/llm-gated"] });
      assert.match(place.files()["repositories.ts"] ?? "", /gated: "manual"/);
    });

    it("own tokens, but not the one of this run", async () => {
      await client.createToken({ name: "laptop", role: "read" });
      const printed = await run({ kinds: "own-tokens" });
      assert.ok(names().includes("HubToken user-laptop"));
      assert.match(printed, /: this run uses it/);
    });
  });

  describe("on a terminal", () => {
    /** A person who answers these things, and what was asked. */
    function person(answers: Partial<Questions>): { questions: Questions; asked: string[] } {
      const asked: string[] = [];
      return {
        asked,
        questions: {
          kinds: (counts) => {
            asked.push(`kinds ${[...counts.keys()].length}`);
            return answers.kinds?.(counts) ?? Promise.resolve(["members"]);
          },
          objects: (kind, found) => {
            asked.push(`objects ${kind}`);
            return answers.objects?.(kind, found) ?? Promise.resolve(found);
          },
          reason: (count, proposal) => {
            asked.push(`reason ${count}`);
            return answers.reason?.(count, proposal) ?? Promise.resolve(proposal);
          },
          confirm: (question) => {
            asked.push(question.replace(/ to .*/, ""));
            return answers.confirm?.(question) ?? Promise.resolve(true);
          },
        },
      };
    }

    it("asks for kinds, objects, a reason and an approval", async () => {
      const { questions, asked } = person({
        kinds: () => Promise.resolve(["repositories", "members"]),
        objects: (kind, found) =>
          Promise.resolve(
            kind === "members" ? found : found.filter(({ subject }) => subject === "acme/llm-gated"),
          ),
        reason: () => Promise.resolve("They told me"),
      });
      await run({}, { questions });
      assert.deepEqual(asked.slice(1), [
        "objects repositories",
        "objects members",
        "reason 1",
        "Write 7 files",
      ]);
      assert.match(place.files()["repositories.ts"] ?? "", /acknowledgePublic: "They told me"/);
      assert.equal(names().filter((name) => name.startsWith("RepoVisibility")).length, 1);
    });

    it("asks only what the options leave open", async () => {
      const { questions, asked } = person({});
      await run({ kinds: "repositories", reason: "Known" }, { questions });
      assert.deepEqual(asked, ["Write 6 files"]);
    });

    it("writes nothing without the approval", async () => {
      const { questions } = person({ confirm: () => Promise.resolve(false) });
      assert.match(await run({ kinds: "members" }, { questions }), /Nothing was written/);
      assert.deepEqual(place.files(), {});
    });

    it("asks nothing with --yes", async () => {
      const { questions, asked } = person({});
      await run({ all: true, yes: true }, { questions });
      assert.deepEqual(asked, []);
    });
  });

  describe("leaves out", () => {
    const account = async (name: string, description?: string): Promise<string> =>
      (await client.createServiceAccount("acme", { name, ...(description && { description }) }))._id;

    it("what has the mark of another resource, unless --marked takes it over", async () => {
      const id = await account("ci", "Build [0123abcd-4567]");
      const printed = await run({ kinds: "service-accounts,members", include: ["ci", "ada-admin"] });
      assert.match(printed, /ci \(service-accounts\): it has the mark of another resource.*--marked/);
      assert.deepEqual(names(), ["MemberRole ada-admin"]);
      await run({ kinds: "service-accounts", include: ["ci"], marked: true, force: true });
      const [entry] = entries();
      assert.equal(entry?.id, `acme/${id}`);
      assert.deepEqual([entry?.inputs["owner"], entry?.inputs["description"]], ["0123abcd", "Build"]);
    });

    it("what a resource cannot declare, with the reason in one safe line", async () => {
      const id = await account("ci");
      const long = `${"x".repeat(85)}\u001b[31m\nnew line`;
      await client.createServiceAccountToken("acme", id, { displayName: long, permissions: ["org.read"] });
      await client.createServiceAccountToken("acme", id, { displayName: "fine", permissions: ["org.read"] });
      const printed = await run({ kinds: "tokens", include: ["ci/*"] });
      const [line = ""] = printed.split("\n").filter((each) => each.includes("xxx"));
      assert.match(line, /x\?\[31m\?new line of ci \(tokens\): name: /);
      assert.ok(!printed.includes("\u001b"));
      assert.deepEqual(names(), ["HubToken ci-fine", "HubTokenPredecessors ci-fine"]);
    });

    it("a variable that contains a token, and never writes it", async () => {
      const space = "acme/customer-portal";
      const value = `hf_${"a1b2c3d4".repeat(4)}`;
      await client.setSpaceVariable(space, { key: "PUBLISHED", value });
      await client.setSpaceVariable(space, { key: "MODEL", value: "acme/llm" });
      const printed = await run({ kinds: "spaces" });
      assert.match(printed, /variable PUBLISHED of acme\/customer-portal \(spaces\): .*contains a token/);
      assert.ok(![printed, ...Object.values(place.files())].some((text) => text.includes(value)));
      assert.ok(names().includes("SpaceVariable customer-portal-MODEL"));
    });

    it("what has a token in its name or description, and never writes or prints it", async () => {
      const value = `hf_${"a1b2c3d4".repeat(4)}`;
      const id = await account("ci", `uses ${value}`);
      await client.createServiceAccountToken("acme", id, { displayName: value, permissions: ["org.read"] });
      await client.createServiceAccountToken("acme", await account(value), {
        displayName: "fine",
        permissions: ["org.read"],
      });
      await client.createResourceGroup("acme", { name: "Research", description: value });
      await client.setSpaceSecret("acme/demo-space", { key: "S", value: "x", description: value });
      const printed = await run({ all: true, secretsFromConfig: true });
      for (const text of [printed, ...Object.values(place.files())]) {
        assert.ok(!text.toLowerCase().replace(/-/g, "_").includes(value));
      }
      assert.match(printed, /Not adopted \(6\)/);
      assert.match(printed, /ci \(service-accounts\): it contains a token of the Hub/);
    });

    it("a kernel, whose settings the Hub's API cannot change", async () => {
      const repo = [...hub.store.repositories.values()].find(({ type }) => type === "kernel");
      if (!repo) return;
      assert.match(
        await run({ kinds: "repositories" }),
        /the Hub's API cannot change the settings of a kernel/,
      );
    });
  });

  it("reports what the Hub does not show, or fails if the command names it", async () => {
    await hub.close();
    hub = await startHub({ profile: "public" });
    const printed = await run({ all: true });
    assert.match(printed, /The Hub did not show\n {2}single sign-on: /);
    assert.ok(names().length > 5);
    place.remove();
    place = makeFolder();
    await assert.rejects(
      run({ kinds: "sso" }),
      /The Hub does not show single sign-on: .*Nothing was written/,
    );
    assert.deepEqual(place.files(), {});
  });

  describe("with a token that may not see everything", () => {
    it("says that objects may be missing", async () => {
      await client.createResourceGroup("acme", { name: "Secret project" });
      const printed = await run({ all: true }, { token: hub.tokens.write });
      assert.ok(!names().some((name) => name.includes("secret")));
      assert.match(
        printed,
        /The Hub may not show everything\n.* acme is write, not admin\. Objects, and parts of/,
      );
    });

    it("does not say so to an administrator", async () => {
      assert.doesNotMatch(await run({ all: true }), /may not show everything/);
    });

    it("does not declare the visibility of the organization, which needs an administrator", async () => {
      const kinds = "organization-visibility";
      await assert.rejects(
        run({ kinds }, { token: hub.tokens.write }),
        /needs the token of an administrator/,
      );
      assert.deepEqual(place.files(), {});
    });
  });

  describe("fails", () => {
    /** Reads without trying again. */
    const impatient = (): Pick<Reader, "ask" | "know"> => {
      const own = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin, maxRetries: 0 });
      return { ask: (question) => question(own), know: () => undefined };
    };
    for (const [what, kind, path, effect] of [
      ["if the Hub does not answer a list", "members", /\/members$/, { status: 503 }],
      ["if the Hub breaks the connection", "members", /\/members$/, "refuse"],
      ["if a list cannot be understood", "members", /\/members$/, { status: 200, body: { members: [] } }],
      ["if the Hub does not answer about one Space", "spaces", /\/variables$/, { status: 503 }],
    ] as const) {
      it(what, async () => {
        hub.inject({ path, effect, times: 10 });
        await assert.rejects(
          survey(impatient() as Reader, "acme", [kind], () => undefined),
          HubError,
        );
      });
    }

    it("not if the Hub answers a request that it does not know with a web page", async () => {
      hub.inject({ path: /\/sso$/, effect: { status: 200, body: "<html></html>" } });
      const { hidden } = await survey(impatient() as Reader, "acme", ["sso"], () => undefined);
      assert.deepEqual(
        hidden.map(({ kind }) => kind),
        ["sso"],
      );
    });

    it("not if the Hub refuses a list", async () => {
      hub.inject({ path: /\/members$/, effect: { status: 403 } });
      const { hidden } = await survey(impatient() as Reader, "acme", ["members"], () => undefined);
      assert.deepEqual(
        hidden.map(({ kind }) => kind),
        ["members"],
      );
    });
  });

  it("declares an object once that two pages of a list have", async () => {
    const all = await client.listMembers("acme");
    const body = [...all, ...all.slice(0, 1)];
    hub.inject({ path: "/api/organizations/acme/members", effect: { status: 200, body } });
    await run({ kinds: "members" });
    assert.deepEqual(names(), all.map(({ user }) => `MemberRole ${user}`).sort());
  });

  it("prints the commands with which Pulumi uses the same Hub and the same variable", async () => {
    const printed = await run({ kinds: "members" });
    const commands = [...printed.matchAll(/^ {2}(pulumi .*)$/gm)].map(([, command]) => command);
    assert.deepEqual(commands.slice(0, 3), [
      "pulumi stack init dev",
      `pulumi config set huggingface:endpoint ${hub.endpoint}`,
      "pulumi config set huggingface:tokenEnv ADOPT_TEST_TOKEN",
    ]);
  });

  it("stores the marks of the resources that the program will have in that stack", async () => {
    await client.createServiceAccount("acme", { name: "Build bot" });
    await run({ kinds: "service-accounts", include: ["build*"], project: "p", stack: "me/p/production" });
    const [entry] = entries();
    assert.equal(entry?.logicalName, "build-bot");
    assert.equal(entry?.inputs["owner"], ownerOf("p", "production", "ServiceAccount", "build-bot"));
    assert.equal(entry?.outputs["owner"], entry?.inputs["owner"]);
    assert.equal(entry?.outputs["__endpoint"], hub.endpoint);
    assert.equal(entry?.outputs["stateVersion"], 1);
    assert.equal(entry?.outputs["__provider"], entry?.inputs["__provider"]);
    assert.ok(!("__importId" in (entry?.inputs ?? {})));
  });

  it("prints the commands in which the names of folders are quoted", async () => {
    const printed = await run({ kinds: "members", out: join(place.folder, "it's here"), stack: "me/dev" });
    assert.match(printed, /^ {2}cd '.*it'\\''s here'$/m);
    assert.match(printed, /^ {2}pulumi stack init me\/dev$/m);
    assert.match(
      printed,
      /^ {2}pulumi import --file import\.json --yes --protect=false --generate-code=false$/m,
    );
    assert.match(printed, /Pulumi CLI 3\.254\.0 or newer/);
  });

  it("sends only GET requests", async () => {
    await run({ all: true, kinds: "own-tokens,organization-visibility" });
    assert.deepEqual([...new Set(hub.store.requests.map(({ method }) => method))], ["GET"]);
  });

  it("has no way to change the Hub", async () => {
    const reading = readOnly(client);
    await assert.rejects(reading.createServiceAccount("acme", { name: "x" }), /adopt only reads the Hub/);
    await assert.rejects(reading.updateRepoSettings("acme/llm", { visibility: "public" }), /only reads/);
    assert.equal((await reading.getRepo("acme/llm")).id, "acme/llm");
    assert.equal(reading.endpoint, hub.endpoint);
  });

  it("has a complete help", async () => {
    const { terminal, printed } = makeTerminal();
    const command = createProgram(terminal).commands.find((each) => each.name() === "adopt");
    command?.configureOutput({ writeOut: (text) => void terminal.out.write(text) }).outputHelp();
    await new Promise((resolve) => setImmediate(resolve));
    assert.match(printed(), /Examples:\n {2}pulumi-huggingface adopt acme\n/);
    for (const option of [
      "--kinds",
      "--all",
      "--include",
      "--exclude",
      "--marked",
      "--token-env",
      "own-tokens",
    ])
      assert.ok(printed().includes(option), option);
  });
});

describe("a pattern of names", () => {
  for (const [pattern, subject, expected] of [
    ["acme/*", "acme/llm", true],
    ["acme/?lm", "ACME/LLM", true],
    ["llm", "acme/llm", false],
    ["repositories:acme/llm", "acme/llm", true],
    ["members:acme/llm", "acme/llm", false],
    ["a.c", "abc", false],
    ["*", "", true],
    ["**a*", "bab", true],
    ["?", "🤖", true],
  ] as const) {
    it(`${pattern} ${expected ? "selects" : "does not select"} "${subject}"`, () =>
      assert.equal(selector([pattern], [])({ kind: "repositories", subject }), expected));
  }

  it("takes no long time, however many stars it has", () => {
    const started = performance.now();
    assert.equal(
      selector([`${"*a".repeat(200)}b`], [])({ kind: "members", subject: "a".repeat(5000) }),
      false,
    );
    assert.ok(performance.now() - started < 2000);
  });
});

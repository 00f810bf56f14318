// What a drift check reads from a stack: providers and tokens, the Hub, damaged and foreign resources, and the exit code.
import assert from "node:assert/strict";
import { exitCodeOf } from "../../cli/src/drift/report";
import { FORMATS } from "../../cli/src/drift/formats/index";
import { opened, readStack } from "../../cli/src/drift/stack";
import { tokenVariables } from "../../cli/src/drift/credentials";
import { colorsOf, type Terminal } from "../../cli/src/terminal";
import * as repositories from "../../local-hub/src/store/repositories";
import { ACME, type HandChange, member, repository, setting, token } from "../support/driftObjects";
import { DriftStack, type Exported, sealed, TOKEN_ENV, urnOf } from "../support/driftStack";
import { startScriptedServer } from "../support/scriptedServer";

const ACCOUNT = "65bb00000000000000000001";
const llm = repository("model", "llm");
const data = repository("dataset", "data");
const mia = member("mia", "read");
const ci = token("ci", { permissions: ["org.read"] }, { accountId: ACCOUNT });
const variable = setting("variable", "space");

const toRepo =
  (update: repositories.RepositoryUpdate, repo = "llm"): HandChange =>
  (store, actor) => {
    const found = store.repository(`${ACME}/${repo}`);
    if (found) repositories.updateRepository(store, found, update, actor);
  };

/** Runs with other environment variables. */
async function withEnv<T>(env: Record<string, string | undefined>, run: () => Promise<T>): Promise<T> {
  const before = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]));
  const set = (values: Record<string, string | undefined>): void => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  set(env);
  try {
    return await run();
  } finally {
    set(before);
  }
}

const onName =
  (name: string, change: (resource: Exported) => Exported) =>
  (all: Exported[]): Exported[] =>
    all.map((each) => (each.urn.endsWith(`::${name}`) ? change(each) : each));

describe("drift check of a stack", () => {
  let stack: DriftStack;
  let requests: () => number;

  beforeEach(async () => {
    stack = await DriftStack.start([llm, data, mia, ci, variable]);
    requests = () => stack.hub.store.requests.length;
  });
  afterEach(() => stack.close());

  it("only reads", async () => {
    stack.byHand("eve", llm.name, toRepo({ visibility: "public" }));
    const contents = (): string =>
      JSON.stringify([...stack.hub.store.snapshot()].filter(([table]) => !/Tokens|audit/.test(table)));
    const [before, from] = [contents(), requests()];
    assert.equal((await stack.check()).drifts.length, 1);
    assert.equal(contents(), before);
    const asked = stack.hub.store.requests.slice(from);
    assert.ok(asked.length > 0);
    assert.deepEqual(
      asked.filter(({ method }) => method !== "GET"),
      [],
    );
  });

  it("reads an empty stack", async () => {
    for (const deployment of [{}, null, { resources: [] }, { manifest: {} }]) {
      const report = await stack.checkText(JSON.stringify({ version: 3, deployment }));
      assert.deepEqual([report.resources, report.drifts, exitCodeOf(report)], [0, [], 0]);
    }
  });

  it("refuses anything that is not a stack", () => {
    for (const text of ["", "error", "[]", "null", '{"version":4}', '"text"']) {
      assert.throws(() => readStack(text), { name: "ConfigurationError" }, text);
    }
  });

  it("skips look-ups, pending deletions and other packages", async () => {
    const edit = (all: Exported[]): Exported[] => [
      ...all.slice(0, 1),
      { ...(all[1] as Exported), delete: true },
      { ...(all[2] as Exported), external: true },
      { ...(all[3] as Exported), outputs: { ...(all[3] as Exported).outputs, __lookup: true } },
      { ...(all[4] as Exported), type: "pulumi-nodejs:dynamic:Resource" },
      {
        urn: "urn:pulumi:dev::drift::pulumi:pulumi:Stack::drift-dev",
        type: "pulumi:pulumi:Stack",
      } as Exported,
    ];
    assert.equal((await stack.check({ edit })).resources, 1);
  });

  it("refuses a resource type of a later release", async () => {
    const edit = onName(llm.name, (each) => ({
      ...each,
      type: "pulumi-nodejs:dynamic/huggingface:Firewall",
    }));
    const from = requests();
    await assert.rejects(stack.check({ edit }), /type Firewall, which this release does not know/);
    assert.equal(requests(), from);
  });

  it("reports the others if the state of one resource is damaged or newer", async () => {
    stack.byHand("eve", data.name, (store, actor) => {
      const found = store.repository(`${ACME}/data`, "dataset");
      if (found) repositories.updateRepository(store, found, { visibility: "public" }, actor);
    });
    const damages: ((each: Exported) => Exported)[] = [
      (each) => ({ ...each, outputs: { ...each.outputs, applied: "damaged" } }),
      (each) => ({ ...each, outputs: { ...each.outputs, stateVersion: 99 } }),
      (each) => ({ ...each, outputs: {} }),
      (each) => ({ ...each, outputs: { ...each.outputs, repo: 7 } }),
      (each) => ({ ...each, inputs: {} }),
      (each) => ({ ...each, id: "damaged" }),
      (each) => ({ ...each, id: "damaged", outputs: { ...each.outputs, repo: sealed("acme/llm") } }),
      (each) => ({ ...each, outputs: { ...each.outputs, applied: [1], repoType: null } }),
    ];
    for (const [index, damage] of damages.entries()) {
      const report = await stack.check({ edit: onName(llm.name, damage) });
      assert.ok(
        report.drifts.some(({ name }) => name === data.name),
        String(index),
      );
      assert.equal(exitCodeOf(report), 3);
    }
  });

  it("has an exit code for each result", async () => {
    assert.equal(exitCodeOf(await stack.check()), 0);
    const drift = { category: "changed" } as const;
    const exposed = { category: "exposed" } as const;
    const remark = {} as never;
    const codes: [object[], never[], never[], number][] = [
      [[], [], [], 0],
      [[drift], [], [], 2],
      [[{ category: "tightened" }], [], [], 2],
      [[exposed], [], [], 3],
      [[drift, exposed], [remark], [remark], 3],
      [[drift], [remark], [], 1],
      [[drift], [], [remark], 1],
      [[], [remark], [], 1],
      [[], [], [remark], 1],
    ];
    for (const [drifts, failures, notCompared, code] of codes) {
      assert.equal(exitCodeOf({ drifts, failures, notCompared } as never), code);
    }
  });

  for (const status of [401, 403, 429, 500, 503]) {
    it(`names what it could not read if the Hub answers ${status}`, async () => {
      stack.byHand("eve", variable.name, variable.hand[0] as HandChange);
      const body = { error: "refused" };
      const path = new RegExp(`service-accounts/${ACCOUNT}`);
      stack.hub.inject({
        method: "GET",
        path,
        effect: { status, body, headers: { "retry-after": "0" } },
        times: 20,
      });
      const report = await stack.check();
      assert.deepEqual(
        report.failures.map(({ name }) => name),
        ["ci"],
      );
      assert.equal(exitCodeOf(report), 1);
      assert.deepEqual(
        report.drifts.map(({ name }) => name),
        [variable.name],
      );
    });
  }

  it("sends few requests if the Hub refuses the token", async () => {
    process.env["WRONG_TOKEN"] = `hf_${"x".repeat(34)}`;
    const settings = { "huggingface:endpoint": stack.hub.endpoint, "huggingface:tokenEnv": "WRONG_TOKEN" };
    const before = requests();
    const report = await stack.check({
      settings,
      edit: (all) =>
        all.flatMap((each) =>
          Array.from({ length: 100 }, (_, index) => ({ ...each, urn: `${each.urn}-${index}` })),
        ),
    });
    delete process.env["WRONG_TOKEN"];
    assert.ok(report.resources >= 300, `${report.resources} resources`);
    assert.equal(report.failures.length, report.resources);
    assert.equal(exitCodeOf(report), 1);
    // Only what was already being read.
    assert.ok(requests() - before <= 100, `${requests() - before} requests`);
  });

  it("names everything that it could not read if the Hub is down", async () => {
    const down = await startScriptedServer({ status: 500, body: {} });
    await down.close();
    const settings = {
      "huggingface:endpoint": down.endpoint,
      "huggingface:tokenEnv": TOKEN_ENV,
      "huggingface:maxRetries": "0",
    };
    const report = await stack.check({ settings });
    assert.equal(report.failures.length, report.resources);
    assert.deepEqual(report.drifts, []);
    assert.equal(exitCodeOf(report), 1);
  });

  describe("and another Hub", () => {
    it("is refused before anything is sent, whatever the token comes from", async () => {
      const other = await startScriptedServer({ status: 404, body: {} });
      try {
        for (const settings of [{}, { "huggingface:tokenEnv": TOKEN_ENV }]) {
          const env = { HF_ENDPOINT: other.endpoint, HF_TOKEN: stack.hub.tokens.admin };
          await withEnv(env, () =>
            assert.rejects(stack.check({ settings }), /Nothing was sent|comes from HF_ENDPOINT/),
          );
        }
        assert.deepEqual(other.requests, []);
      } finally {
        await other.close();
      }
    });

    it("is read if the program has set it", async () => {
      const edit = onName(llm.name, (each) => ({
        ...each,
        outputs: { ...each.outputs, __endpoint: "http://127.0.0.1:9" },
      }));
      assert.deepEqual((await stack.check({ edit })).failures, []);
    });

    it("is the one of the environment if it is the same", async () => {
      const env = { HF_ENDPOINT: stack.hub.endpoint, HF_TOKEN: stack.hub.tokens.admin };
      const report = await withEnv(env, () => stack.check({ settings: {} }));
      assert.deepEqual([report.failures, report.drifts], [[], []]);
    });
  });

  describe("and its tokens", () => {
    it("needs a variable for an encrypted one", async () => {
      const settings = {
        "huggingface:endpoint": stack.hub.endpoint,
        "huggingface:token": sealed(stack.hub.tokens.admin),
      };
      const from = requests();
      await assert.rejects(stack.check({ settings }), /--token-env main=VARIABLE/);
      assert.equal(requests(), from);
      const report = await stack.check({ settings, tokenEnv: [`main=${TOKEN_ENV}`] });
      assert.deepEqual([report.failures, report.drifts], [[], []]);
      assert.ok(!JSON.stringify(report).includes(stack.hub.tokens.admin));
    });

    it("uses a decrypted one without a variable", async () => {
      const token = sealed(stack.hub.tokens.admin, true);
      const settings = { "huggingface:endpoint": stack.hub.endpoint, "huggingface:token": token };
      assert.deepEqual((await stack.check({ settings, showSecrets: true })).failures, []);
    });

    it("names an unknown provider, and those of the stack", async () => {
      await assert.rejects(
        stack.check({ tokenEnv: [`other=${TOKEN_ENV}`] }),
        /provider other, .* It has: main\./,
      );
    });

    it("refuses a wrong form and a token, without repeating it", () => {
      const token = "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH";
      for (const option of [
        "main",
        "=VARIABLE",
        "main=",
        "main=a b",
        "main=$X",
        `main=${token}`,
        token,
        `${token}=`,
      ]) {
        assert.throws(
          () => tokenVariables([option]),
          (error: Error) => error.name === "ConfigurationError" && !error.message.includes(token),
          option,
        );
      }
      assert.deepEqual(
        [...tokenVariables(["a=b=VARIABLE", "c=TWO"])],
        [
          ["a=b", "VARIABLE"],
          ["c", "TWO"],
        ],
      );
    });

    it("fails for a variable that is not set, and without any token", async () => {
      const endpoint = { "huggingface:endpoint": stack.hub.endpoint, "huggingface:maxRetries": "0" };
      const from = requests();
      await assert.rejects(
        stack.check({ settings: { ...endpoint, "huggingface:tokenEnv": "NOT_SET" } }),
        /NOT_SET/,
      );
      const env = {
        HF_TOKEN: undefined,
        HUGGING_FACE_HUB_TOKEN: undefined,
        HF_TOKEN_PATH: "/nowhere",
        HF_HOME: "/nowhere",
      };
      const report = await withEnv(env, () => stack.check({ settings: endpoint }));
      assert.equal(report.failures.length, report.resources);
      assert.match(report.failures[0]?.message ?? "", /token/);
      assert.equal(requests(), from);
    });

    it("uses the token of each resource's own provider, also if its name has colons", async () => {
      const second = "urn:pulumi:dev::drift::pulumi:providers:pulumi-nodejs::second::one";
      const settings = { "huggingface:endpoint": stack.hub.endpoint, "huggingface:tokenEnv": "SECOND_TOKEN" };
      const edit = (all: Exported[]): Exported[] => [
        {
          urn: second,
          id: "1f1f",
          type: "pulumi:providers:pulumi-nodejs",
          inputs: settings,
          outputs: {},
          provider: "",
        },
        ...onName(llm.name, (each) => ({ ...each, provider: `${second}::1f1f` }))(all),
      ];
      const env = { SECOND_TOKEN: stack.hub.tokens.outsider };
      const from = requests();
      const report = await withEnv(env, () => stack.check({ edit }));
      assert.equal(report.resources, 5);
      const used = new Set(stack.hub.store.requests.slice(from).map(({ tokenId }) => tokenId));
      assert.equal(used.size, 2);
      await assert.rejects(
        withEnv(env, () => stack.check({ edit, tokenEnv: ["third=SECOND_TOKEN"] })),
        /It has: .*second::one/,
      );
    });
  });

  it("opens secrets of any form", () => {
    assert.deepEqual(opened({ a: [sealed({ b: 1 }, true)], c: sealed("x"), d: null }), {
      a: [{ b: 1 }],
      c: "[encrypted in the state]",
      d: null,
    });
  });
});

describe("drift report with hostile names", () => {
  const HOSTILE = [
    "\u001b[31mred\u001b[0m",
    "a\nb\r\n::error title=x::y",
    "::error::owned",
    "##vso[task.setvariable variable=x]y",
    "\u009b2J\u202e\u2028\u0007",
  ];
  const terminal = {
    out: process.stdout,
    err: process.stderr,
    colors: colorsOf({}, {}),
  } as unknown as Terminal;

  it("prints each as harmless text in the table", async () => {
    const stack = await DriftStack.start([llm, mia]);
    try {
      for (const text of HOSTILE) {
        stack.byHand(text, llm.name, toRepo({ visibility: "public" }));
        stack.byHand(text, mia.name, mia.hand[4] as HandChange);
        const edit = (all: Exported[]): Exported[] =>
          all.map((each) => ({ ...each, urn: urnOf("MemberRole", text) }));
        const report = await stack.check({ edit });
        const printed = FORMATS.table(report, terminal);
        // eslint-disable-next-line no-control-regex -- control characters are what must not be printed
        assert.doesNotMatch(printed, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028]/);
        assert.doesNotMatch(printed, /^\s*::/m);
        assert.doesNotMatch(printed, /##(?:vso)?\[/);
        assert.equal(report.drifts.length, 2);
        stack.byHand(text, llm.name, toRepo({ visibility: "private" }));
      }
    } finally {
      await stack.close();
    }
  });

  it("has no control characters in the values of the report", async () => {
    const stack = await DriftStack.start([ci]);
    try {
      for (const text of HOSTILE) {
        stack.byHand("eve", "ci", (store, _actor, { outputs }) => {
          const found = store.serviceAccountTokens.get(String(outputs["tokenId"]));
          if (found)
            store.tables.serviceAccountTokens.put(found.id, { ...found, displayName: text, permissions: [] });
        });
        const { drifts } = await stack.check();
        assert.ok(drifts.length > 0);
        // eslint-disable-next-line no-control-regex -- control characters are what must not be printed
        const control = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2028]/;
        for (const { applied, onHub, object } of drifts) {
          for (const each of [applied, onHub, object]) assert.doesNotMatch(each, control);
        }
      }
    } finally {
      await stack.close();
    }
  });
});

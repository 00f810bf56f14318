// What a RepoVisibility decides where the Hub or the state is at an edge, on a Hub in memory.
import assert from "node:assert/strict";
import { type Gated, type RepoType, type Visibility } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { repoVisibilityDefinition as definition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { inMemory } from "../support/inMemory";

type State = Parameters<typeof definition.update>[1];
type Inputs = Parameters<typeof definition.create>[0];

const inputsWith = (changes: Partial<Inputs> = {}): Inputs => ({
  owner: "0123abcd",
  repo: "acme/llm",
  repoType: "model",
  visibility: "private",
  onDestroy: "retain",
  ...changes,
});
const stateWith = (changes: Partial<State> = {}): State => {
  const { visibility, gated, acknowledgePublic } = { ...inputsWith(), ...changes };
  return {
    ...inputsWith(),
    applied: { visibility, gated, reason: acknowledgePublic },
    status: "active",
    ...changes,
  };
};

interface Stored {
  /** `undefined`: the Hub does not say. */
  visibility?: Visibility;
  gated?: Gated;
  /** The name that the Hub answers with. */
  id?: string;
  /** What it answers with in place of anything. */
  error?: Error;
}

/** A Hub with one repository, the status with which it refuses to list it, if it does, and what was sent to it. */
function hubWith({ visibility, gated, id = "acme/llm", error }: Stored, refusal?: number) {
  const sent: object[] = [];
  const asked: string[] = [];
  const { context, said } = inMemory({
    listRepositories: (_organization: string, { type }: { type: RepoType }) =>
      refusal === undefined
        ? Promise.resolve(error || id !== "acme/llm" ? [] : [{ id, type, visibility: visibility as string }])
        : Promise.reject(hubError({ what: "no listing", status: refusal })),
    getRepo(repo: string) {
      asked.push(repo);
      return error
        ? Promise.reject(error)
        : Promise.resolve({ id, ...(visibility && { private: visibility !== "public" }), gated });
    },
    updateRepoSettings(repo: string, settings: object) {
      sent.push({ repo, ...settings });
      return Promise.resolve();
    },
    whoami: () => Promise.resolve({ name: "acme", orgs: [], auth: { accessToken: { role: "write" } } }),
  });
  return { context, said, sent, asked };
}

const MISSING =
  "warn the repository is not on the Hub. Nothing is sent: create it, or take this resource out of the program. What is known of it " +
  "is kept, so that one that comes back narrower is not widened by itself.";

describe("a repository's visibility: what is refused", () => {
  const reasons = (changes: Partial<Inputs>): string[] =>
    (definition.check?.(inputsWith(changes), undefined, inMemory({}).context) ?? []).map(
      ({ property, reason }) => `${property}: ${reason}`,
    );

  it("a visibility that the type has not, with those that it has", () => {
    const acknowledgePublic = "product page";
    for (const [repoType, visibility, allowed] of [
      ["bucket", "protected", "private, public"],
      ["bucket", "internal", "private, public"],
      ["dataset", "protected", "private, internal, public"],
      ["model", "protected", "private, internal, public"],
    ] as const) {
      assert.deepEqual(reasons({ repoType, visibility, acknowledgePublic }), [
        `visibility: "${visibility}" is not for a ${repoType}; allowed: ${allowed}`,
      ]);
    }
  });
  it("the short form beside the long one, and gating of what cannot be gated", () => {
    assert.deepEqual(reasons({ private: true }), [
      "private: is the short form of visibility: give one of the two",
    ]);
    for (const repoType of ["space", "bucket"] as const) {
      assert.deepEqual(reasons({ repoType, gated: "auto" }), [
        `gated: is not for a ${repoType}: only models and datasets can be gated`,
      ]);
    }
    for (const repoType of ["model", "dataset"] as const)
      assert.deepEqual(reasons({ repoType, gated: "auto" }), []);
  });
  it("nothing of what is right, and nothing of what is not known yet", () => {
    const acknowledgePublic = "product page";
    for (const [repoType, visibility] of [
      ["space", "protected"],
      ["space", "internal"],
      ["model", "internal"],
      ["dataset", "internal"],
      ["bucket", "public"],
    ] as const) {
      assert.deepEqual(reasons({ repoType, visibility, acknowledgePublic }), []);
    }
    assert.deepEqual(reasons({ visibility: "internal" }), []);
    for (const changes of [
      { repoType: UNKNOWN, gated: "auto" },
      { repoType: UNKNOWN, visibility: "internal" },
      { visibility: UNKNOWN },
      { owner: UNKNOWN },
    ]) {
      assert.deepEqual(reasons(changes as Partial<Inputs>), []);
    }
  });
  it("an opening without a reason", () => {
    assert.deepEqual(reasons({ repoType: "space", visibility: "protected" }), [
      'acknowledgePublic: is required with visibility "protected": say why outsiders may see acme/llm',
    ]);
  });
  it("a reason is asked for also where the repository is not known yet", () =>
    assert.deepEqual(reasons({ repo: UNKNOWN, visibility: "public" }), [
      'acknowledgePublic: is required with visibility "public": say why outsiders may see the repository',
    ]));
});

describe("a repository's visibility: a bucket of which the Hub says neither", () => {
  const bucket = (changes: Partial<Inputs> = {}) => inputsWith({ repoType: "bucket", ...changes });
  const open = { visibility: "public", acknowledgePublic: "product page" } as const;
  const untold =
    /^The Hub does not say whether bucket acme\/llm is private: .* the permission org\.read\)\.$/;

  it("is made private, which needs no knowledge", async () => {
    const hub = hubWith({}, 403);
    await definition.create(bucket(), hub.context);
    await definition.update("id", stateWith({ repoType: "bucket" }), bucket(), hub.context);
    const destroyed = stateWith({ repoType: "bucket", onDestroy: "private" });
    await definition.delete("id", destroyed, hub.context);
    assert.deepEqual(
      hub.sent.map((each) => (each as Inputs).visibility),
      ["private", "private", "private"],
    );
    assert.deepEqual(
      hub.said.filter((line) => line.startsWith("warn")),
      [],
    );
  });
  it("is not opened, and not looked up as if that were known", async () => {
    const hub = hubWith({}, 403);
    const state = stateWith({ repoType: "bucket", ...open });
    await assert.rejects(definition.create(bucket(open), hub.context), { message: untold });
    await assert.rejects(definition.update("id", state, bucket(open), hub.context), { message: untold });
    await assert.rejects(definition.read("bucket/acme/llm", undefined, hub.context), { message: untold });
    assert.deepEqual(hub.sent, []);
  });
  it("counts as open in a refresh if it is to be private, so that each `up --refresh` closes it", async () => {
    const hub = hubWith({}, 403);
    let state = stateWith({ repoType: "bucket" });
    for (let night = 1; night <= 2; night++) {
      // A preview in between must not make it forgotten.
      for (let look = 0; look < 2; look++) {
        const read = await definition.read("bucket/acme/llm", state, hub.context);
        assert.equal(read?.inputs.visibility, "public");
        state = read?.state;
      }
      assert.match(
        hub.said.at(-1) ?? "",
        /^warn The Hub does not say .* `pulumi up --refresh` makes it private\.$/,
      );
      state = await definition.update("id", state, bucket(), hub.context);
      assert.equal(hub.sent.length, night);
    }
    assert.ok(hub.sent.every((each) => (each as Inputs).visibility === "private"));
  });
  it("stays as it was known in a refresh if it may be open: nothing would be closed by a guess", async () => {
    const hub = hubWith({}, 403);
    const read = await definition.read(
      "bucket/acme/llm",
      stateWith({ repoType: "bucket", ...open }),
      hub.context,
    );
    assert.equal(read?.inputs.visibility, "public");
    assert.match(
      hub.said.join(),
      /^warn The Hub does not say whether bucket acme\/llm is private.*org\.read\)\.$/,
    );
  });
  it("is told by the organization's listing", async () => {
    const { context } = inMemory({
      listRepositories: () => Promise.resolve([{ id: "acme/llm", type: "bucket", visibility: "private" }]),
    });
    const read = await definition.read("bucket/acme/llm", stateWith({ repoType: "bucket" }), context);
    assert.equal(read?.state.visibility, "private");
  });
});

describe("a repository's visibility: the short form", () => {
  const prepare = (inputs: object) => definition.prepare?.({ ...inputs }, inMemory({}).context);

  it("becomes the long one, and is left for the check where both or neither can be meant", () => {
    const rest = { repo: "acme/llm" };
    for (const [inputs, prepared] of [
      [{ private: true }, { visibility: "private" }],
      [{ private: false }, { visibility: "public" }],
      [{ private: UNKNOWN }, { visibility: UNKNOWN }],
      [{ private: "yes" }, { private: "yes" }],
      [{}, {}],
      [
        { private: true, visibility: "internal" },
        { private: true, visibility: "internal" },
      ],
    ]) {
      assert.deepEqual(prepare({ ...rest, ...inputs }), { ...rest, ...prepared });
    }
  });
});

describe("a repository's visibility: what a creation does", () => {
  it("sends what differs, and nothing where nothing does", async () => {
    for (const [stored, inputs, sent] of [
      [{ visibility: "private" }, {}, []],
      [
        { visibility: "internal", gated: false },
        { gated: "auto" },
        [{ repo: "acme/llm", repoType: "model", visibility: "private", gated: "auto" }],
      ],
    ] as [Stored, Partial<Inputs>, object[]][]) {
      const hub = hubWith(stored);
      const { id, state } = await definition.create(inputsWith(inputs), hub.context);
      assert.equal(id, "model/acme/llm");
      assert.deepEqual(hub.sent, sent);
      assert.deepEqual(state.applied, { visibility: "private", gated: inputs.gated, reason: undefined });
      assert.equal(state.status, "active");
    }
  });
  it("fails where there is no such repository", async () => {
    const error = hubError({ what: "gone", status: 404 });
    await assert.rejects(definition.create(inputsWith(), hubWith({ visibility: "private", error }).context), {
      message:
        "There is no model acme/llm on the Hub. RepoVisibility sets who sees a repository and does not create one: create it, or mend repo or repoType.",
    });
  });
  it("finds it in whatever case it is written, and takes no other type and no other name for it", async () => {
    const entries = [
      { id: "acme/llm", type: "dataset", visibility: "public" },
      { id: "acme/llm-2", type: "model", visibility: "public" },
      { id: "Acme/LLM", type: "model", visibility: "private" },
    ];
    const { context, sent, asked } = hubWith({ visibility: "public" });
    Object.assign(context.client, { listRepositories: () => Promise.resolve(entries) });
    await definition.create(inputsWith(), context);
    assert.deepEqual([sent, asked], [[], []]);
    const renamed = hubWith({ visibility: "private", id: "Acme/LLM" }, 403);
    await definition.create(inputsWith(), renamed.context);
    assert.equal(renamed.sent.length, 1);
  });
});

describe("a repository's visibility: declared twice in one run", () => {
  // What a run declares is kept for the life of the process: each run of this test is about resources of its own.
  let runs = 0;
  const refused = (owner: string, repo: string): string[] =>
    (
      definition.check?.(
        inputsWith({ owner: `${owner}${runs}`, repo: `globex/${repo}-${runs}` }),
        undefined,
        inMemory({}).context,
      ) ?? []
    ).map(({ property, reason }) => `${property}: ${reason}`);

  it("is what another one declares now, and not what it declared before", () => {
    runs++;
    const twice = (repo: string) => [
      `repo: another RepoVisibility of this stack declares globex/${repo}-${runs} too. Two would undo each other: keep one`,
    ];
    assert.deepEqual(refused("a", "one"), []);
    assert.deepEqual(refused("a", "one"), [], "the same again");
    assert.deepEqual(refused("c", "other"), []);
    assert.deepEqual(refused("b", "one"), twice("one"));
    assert.deepEqual(refused("b", "ONE"), twice("ONE"), "whatever the case");
    assert.deepEqual(refused("a", "two"), [], "it changed its mind");
    assert.deepEqual(refused("b", "one"), []);
    assert.deepEqual(refused("b", "two"), twice("two"));
    assert.deepEqual(refused("b", "other"), twice("other"));
  });
});

describe("a repository's visibility: what a preview says", () => {
  const diff = (state: State, inputs: Inputs, changed: string[] = []) => {
    const { context, said } = inMemory({});
    return { ...definition.diff?.(state, inputs, changed, context), said };
  };

  it("nothing, where nothing is to do", () => {
    const { changes, replaces, said } = diff(stateWith(), inputsWith());
    assert.deepEqual([changes, replaces, said], [false, [], []]);
  });
  it("something to do, where the program takes over what somebody did: the decision has to be kept", () => {
    const { changes, said } = diff(stateWith({ applied: { visibility: "internal" } }), inputsWith());
    assert.deepEqual([changes, said], [true, []]);
    assert.equal(diff(stateWith(), inputsWith({ onDestroy: "private" }), ["onDestroy"]).changes, true);
  });
  it("that it is missing, unless another one takes its place", () => {
    assert.deepEqual(diff(stateWith({ status: "missing" }), inputsWith()).said, [MISSING]);
    const other = diff(stateWith({ status: "missing" }), inputsWith({ repo: "acme/other" }), ["repo"]);
    assert.deepEqual([other.replaces, other.said], [["repo"], []]);
  });
  it("of one that is missing nothing to do again and again, but for what has to become narrower", () => {
    const pending = (applied: State["applied"], changes: Partial<Inputs>) =>
      diff(stateWith({ status: "missing", ...changes, applied }), inputsWith(changes)).changes;
    const open = { visibility: "public", acknowledgePublic: "x" } as const;
    assert.equal(pending({ visibility: "private" }, open), false, "wider");
    assert.equal(pending({ visibility: "public", reason: "y" }, open), false, "for another reason");
    assert.equal(
      pending({ visibility: "private", gated: "manual" }, { gated: "auto" }),
      false,
      "a looser gate",
    );
    assert.equal(pending({ visibility: "private", gated: "auto" }, {}), false, "a gate left alone");
    assert.equal(pending({ visibility: "public", reason: "x" }, {}), true, "narrower");
    assert.equal(pending({ visibility: "private", gated: "auto" }, { gated: "manual" }), true);
    assert.equal(pending({ visibility: "private" }, { gated: "auto" }), true, "not known whether tighter");
    assert.equal(pending({ visibility: "private" }, { gated: false }), false, "the loosest gate");
  });
  it("that `up` will refuse, unless another one takes its place", () => {
    const narrowed = stateWith({ visibility: "private", applied: { visibility: "internal" } });
    const [warning, ...more] = diff(narrowed, inputsWith({ visibility: "internal" }), ["visibility"]).said;
    assert.match(warning ?? "", /^warn `pulumi up` will refuse this\. acme\/llm was made private on the Hub/);
    assert.deepEqual(more, []);
    const other = inputsWith({ repo: "acme/other", visibility: "internal" });
    assert.deepEqual(diff(narrowed, other, ["repo", "visibility"]).said, []);
  });
});

describe("a repository's visibility: what an update does", () => {
  async function update(stored: Stored, state: State, inputs: Inputs, refusal?: number) {
    const { context, said, sent, asked } = hubWith(stored, refusal);
    const next = await definition.update("x", state, inputs, context);
    return { next, said, sent, asked };
  }

  it("nothing and without a word, where the Hub holds what is declared", async () => {
    for (const gated of [undefined, false, "auto", "manual"] as const) {
      const { said, sent, next, asked } = await update(
        { visibility: "private", gated },
        stateWith({ gated }),
        inputsWith({ gated }),
      );
      assert.deepEqual([said, sent], [[], []]);
      assert.deepEqual(next, { ...stateWith({ gated }), gated: next.gated });
      assert.equal(next.gated, gated);
      assert.equal(asked.length, gated === undefined ? 0 : 1, "the listing tells all but gating");
    }
  });
  it("of somebody's doing it speaks only where that is not what is declared: it may be that of a run that was cut off", async () => {
    const open = { visibility: "public", acknowledgePublic: "x" } as const;
    const cutOff = stateWith({ ...open, applied: { visibility: "private" } });
    const { said, sent, next } = await update({ visibility: "public" }, cutOff, inputsWith(open));
    assert.deepEqual([said, sent], [[], []]);
    assert.equal(next.applied.visibility, "public");
  });
  it("what the Hub does not tell exactly is sent only to make it private", async () => {
    const internal = { visibility: "internal" } as const;
    const kept = await update({ visibility: "private" }, stateWith(internal), inputsWith(internal), 403);
    assert.deepEqual(kept.sent, []);
    const closed = await update({ visibility: "private" }, stateWith(), inputsWith(), 403);
    assert.deepEqual(closed.sent, [
      { repo: "acme/llm", repoType: "model", visibility: "private", gated: undefined },
    ]);
    const open = { visibility: "public", acknowledgePublic: "x" } as const;
    assert.deepEqual((await update(open, stateWith(open), inputsWith(open), 403)).sent, []);
  });
  it("too wide is narrowed, and too narrow is not widened, whatever else is refused", async () => {
    const open = { visibility: "public", gated: "manual", acknowledgePublic: "x" } as const;
    const { context, sent, said } = hubWith({ visibility: "private", gated: "auto" });
    await assert.rejects(definition.update("x", stateWith(open), inputsWith(open), context), {
      message:
        "acme/llm was made private on the Hub since it was last public by this program, and it is not made public again by itself: somebody " +
        'may have had a reason. Declare visibility: "private" to keep it so, or give a new reason in acknowledgePublic to widen it again.',
    });
    assert.deepEqual(sent, [{ repo: "acme/llm", repoType: "model", visibility: undefined, gated: "manual" }]);
    assert.deepEqual(said, ["warn somebody made it private on the Hub since this program made it public."]);
    const again = inputsWith({ ...open, acknowledgePublic: "y" });
    const widened = await update({ visibility: "private", gated: "manual" }, stateWith(open), again);
    assert.deepEqual(widened.sent, [
      { repo: "acme/llm", repoType: "model", visibility: "public", gated: undefined },
    ]);
    assert.equal(widened.next.applied.reason, "y");
  });
  it("gating that somebody tightened stays, while the visibility is refused too", async () => {
    const open = { visibility: "public", gated: "auto", acknowledgePublic: "x" } as const;
    const { context, sent } = hubWith({ visibility: "private", gated: "manual" });
    await assert.rejects(
      definition.update("x", stateWith(open), inputsWith(open), context),
      /^LifecycleError: acme\/llm was made private/,
    );
    assert.deepEqual(sent, []);
  });
  it("a reason that is gone is no new reason", async () => {
    const open = { visibility: "public", acknowledgePublic: "x" } as const;
    const without = inputsWith({ visibility: "internal" });
    await assert.rejects(
      update({ visibility: "private" }, stateWith(open), without),
      /was made private on the Hub since it was last public .* not made internal again by itself/,
    );
  });
  it("gating that the program loosens is loosened", async () => {
    const { sent } = await update(
      { visibility: "private", gated: "auto" },
      stateWith({ gated: "auto" }),
      inputsWith({ gated: false }),
    );
    assert.deepEqual(sent, [{ repo: "acme/llm", repoType: "model", visibility: undefined, gated: false }]);
  });
  it("a change of the program is sent without a warning", async () => {
    const { said, sent } = await update(
      { visibility: "private" },
      stateWith(),
      inputsWith({ visibility: "internal" }),
    );
    assert.deepEqual(sent, [
      { repo: "acme/llm", repoType: "model", visibility: "internal", gated: undefined },
    ]);
    assert.deepEqual(said, []);
  });
  it("gating that somebody loosened is put back, from each step to each", async () => {
    for (const [declared, found] of [
      ["auto", false],
      ["manual", false],
      ["manual", "auto"],
    ] as const) {
      const { sent } = await update(
        { visibility: "private", gated: found },
        stateWith({ gated: declared }),
        inputsWith({ gated: declared }),
      );
      assert.deepEqual(sent, [
        { repo: "acme/llm", repoType: "model", visibility: undefined, gated: declared },
      ]);
    }
  });
  it("gating that somebody tightened stays, from each step to each", async () => {
    for (const [declared, found] of [
      [false, "auto"],
      [false, "manual"],
      ["auto", "manual"],
    ] as const) {
      await assert.rejects(
        update(
          { visibility: "private", gated: found },
          stateWith({ gated: declared }),
          inputsWith({ gated: declared }),
        ),
        {
          message:
            `Access to acme/llm was made gated: "${found}" on the Hub since, and it is not loosened to ${JSON.stringify(declared)} again by itself. ` +
            "Declare what it is now, or give a new reason in acknowledgePublic.",
        },
      );
    }
  });
  it("is kept as missing where it is gone", async () => {
    const gone = hubError({ what: "gone", status: 404 });
    const { next, said, sent } = await update(
      { visibility: "private", error: gone },
      stateWith(),
      inputsWith({ visibility: "internal" }),
    );
    assert.deepEqual([said, sent], [[MISSING], []]);
    assert.deepEqual(
      [next.status, next.visibility, next.applied.visibility],
      ["missing", "internal", "private"],
    );
  });
});

describe("a repository's visibility: what a refresh finds", () => {
  const read = async (stored: Stored, state: State | undefined, refusal?: number) => {
    const { context, said, asked } = hubWith(stored, refusal);
    return { found: await definition.read("model/acme/llm", state, context), said, asked };
  };

  it("what the listing tells, and asks for gating only where it is declared", async () => {
    const { found, said, asked } = await read({ visibility: "internal" }, stateWith());
    assert.deepEqual(found, {
      inputs: inputsWith({ visibility: "internal" }),
      state: { ...stateWith({ visibility: "internal" }), applied: stateWith().applied },
    });
    assert.deepEqual([said, asked], [[], []]);
    const gated = await read({ visibility: "internal", gated: "auto" }, stateWith({ gated: "manual" }));
    assert.deepEqual([gated.found?.inputs.gated, gated.asked], ["auto", ["acme/llm"]]);
  });
  it("by its id alone, also gating that nobody declared", async () => {
    const { found, asked } = await read({ visibility: "internal", gated: "auto" }, undefined);
    assert.deepEqual(found?.inputs, {
      repo: "acme/llm",
      repoType: "model",
      visibility: "internal",
      gated: "auto",
      onDestroy: "retain",
    });
    assert.deepEqual(found?.state.applied, { visibility: "internal", gated: "auto", reason: undefined });
    assert.deepEqual(asked, ["acme/llm"]);
    const gone = hubError({ what: "gone", status: 404 });
    const { context } = hubWith({ visibility: "private", error: gone });
    assert.equal(await definition.read("model/acme/llm", undefined, context), undefined);
  });
  it("a Space by its id alone, which has no gating to be asked for", async () => {
    const { context, asked } = hubWith({ visibility: "protected" });
    const found = await definition.read("space/acme/llm", undefined, context);
    assert.deepEqual([found?.inputs.visibility, found?.inputs.gated, asked], ["protected", undefined, []]);
  });
  it("what the Hub tells of one, where it may not be listed; any other refusal is an error", async () => {
    for (const status of [402, 403, 404]) {
      const { found, said } = await read({ visibility: "public" }, stateWith(), status);
      assert.deepEqual([found?.inputs.visibility, said], ["public", []]);
      assert.equal(
        (await read({ visibility: "private" }, stateWith(), status)).found?.inputs.visibility,
        "private",
      );
    }
    for (const status of [401, 500]) {
      await assert.rejects(read({ visibility: "public" }, stateWith(), status), { status });
    }
  });
  it("that internal and protected cannot be told from private there, and says so", async () => {
    for (const visibility of ["internal", "protected"] as const) {
      const { found, said } = await read({ visibility: "private" }, stateWith({ visibility }), 403);
      assert.equal(found?.inputs.visibility, visibility);
      assert.deepEqual(said, [
        `warn these credentials may not list the organization's repositories, so whether this one is still ${visibility} or private cannot be told.`,
      ]);
    }
    const { found, said } = await read({ visibility: "private" }, stateWith({ visibility: "public" }), 403);
    assert.deepEqual([found?.inputs.visibility, said], ["private", []]);
  });
  it("that it is gone: kept as missing, and said", async () => {
    const error = hubError({ what: "gone", status: 404 });
    const { found, said } = await read({ visibility: "private", error }, stateWith());
    assert.deepEqual(found, { inputs: inputsWith(), state: stateWith({ status: "missing" }) });
    assert.deepEqual(said, [MISSING]);
  });
  it("an error, where one that is listed cannot be asked for", async () => {
    const { context } = hubWith({ visibility: "private" });
    const error = hubError({ what: "hidden", status: 404 });
    Object.assign(context.client, { getRepo: () => Promise.reject(error) });
    await assert.rejects(definition.read("x", stateWith({ gated: "auto" }), context), error);
  });
  it("a visibility that this release does not know is an error", async () => {
    await assert.rejects(read({ visibility: "galactic" as Visibility }, stateWith()), {
      message:
        'The Hub says that acme/llm is "galactic", which this release does not know, so it cannot tell what is wider. Install a later release.',
    });
  });
  it("an id of another form is refused", async () => {
    for (const id of [
      "acme/llm",
      "kernel/acme/x",
      "model/acme",
      "model/acme/a/b",
      "x model/acme/a",
      "model//a",
    ]) {
      await assert.rejects(definition.read(id, undefined, inMemory({}).context), {
        message: `"${id}" is not the id of a repository's visibility. It has the form repoType/namespace/name, such as model/acme/llm.`,
      });
    }
  });
  it("gating that is declared, and of which the Hub says nothing, is not taken for none", async () => {
    const untold =
      /^The Hub does not say whether model acme\/llm is gated, .* declare gated: "manual", or leave gated out\./;
    const hub = hubWith({ visibility: "public" });
    const state = stateWith({ visibility: "public", gated: "auto", acknowledgePublic: "x" });
    const inputs = inputsWith({ visibility: "public", acknowledgePublic: "x", gated: "auto" });
    await assert.rejects(definition.update("x", state, inputs, hub.context), { message: untold });
    await assert.rejects(definition.create({ ...inputs, gated: false }, hub.context), { message: untold });
    assert.deepEqual(hub.sent, []);
    const kept = await definition.read("x", state, hub.context);
    assert.equal(kept?.inputs.gated, "auto");
    assert.match(hub.said.at(-1) ?? "", /^warn The Hub does not say whether model acme\/llm is gated/);
    const found = await definition.read("model/acme/llm", undefined, hub.context);
    assert.equal(found?.inputs.gated, undefined);
  });
  it("gating of which the Hub says nothing is sent if it lets the fewest in, and counts as open until then", async () => {
    const hub = hubWith({ visibility: "private" });
    const inputs = inputsWith({ gated: "manual" });
    const state = stateWith({ gated: "manual" });
    await definition.create(inputs, hub.context);
    const read = await definition.read("x", state, hub.context);
    assert.equal(read?.inputs.gated, false);
    assert.match(hub.said.at(-1) ?? "", /^warn The Hub does not say .* `pulumi up --refresh` sends it\.$/);
    await definition.update("x", read?.state, inputs, hub.context);
    assert.deepEqual(
      hub.sent.map((each) => (each as { gated?: Gated }).gated),
      ["manual", "manual"],
    );
  });
  it("what is not told of the gating does not keep a repository open", async () => {
    const inputs = inputsWith({ visibility: "private", gated: "auto" });
    const state = stateWith({ visibility: "public", gated: "auto", acknowledgePublic: "x" });
    for (const step of [
      (hub: ReturnType<typeof hubWith>) => definition.update("x", state, inputs, hub.context),
      (hub: ReturnType<typeof hubWith>) => definition.create(inputs, hub.context),
    ]) {
      const hub = hubWith({ visibility: "public" });
      await assert.rejects(step(hub), /is gated/);
      assert.deepEqual(hub.sent, [
        { repo: "acme/llm", repoType: "model", visibility: "private", gated: undefined },
      ]);
    }
  });
  it("of two things that are not told, what lets the fewest in is sent and the other refused", async () => {
    const open = { visibility: "public", acknowledgePublic: "x" } as const;
    for (const [stored, inputs, sent, refused] of [
      [{}, { gated: "auto" }, [{ visibility: "private", gated: undefined }], /is gated/],
      [{}, { ...open, gated: "manual" }, [{ visibility: undefined, gated: "manual" }], /is private/],
      [
        { gated: "auto" },
        { ...open, gated: "manual" },
        [{ visibility: undefined, gated: "manual" }],
        /is private/,
      ],
      [{ gated: "auto" }, { ...open, gated: false }, [], /is private/],
    ] as [Stored, Partial<Inputs>, object[], RegExp][]) {
      const hub = hubWith(stored, 403);
      await assert.rejects(definition.create(inputsWith(inputs), hub.context), refused);
      assert.deepEqual(
        hub.sent,
        sent.map((each) => ({ repo: "acme/llm", repoType: "model", ...each })),
      );
    }
  });
  it("gating that is not declared is not taken into the state, although the Hub tells it", async () => {
    const { context } = hubWith({ visibility: "private", gated: "manual" }, 403);
    const read = await definition.read("x", stateWith(), context);
    assert.equal(read?.inputs.gated, undefined);
    assert.equal(read?.state.gated, undefined);
  });
});

describe("a repository's visibility: what a destroy does", () => {
  async function destroy(stored: Stored, refusal?: number, onDestroy: "private" | "retain" = "private") {
    const { context, said, sent } = hubWith(stored, refusal);
    await definition.delete("x", stateWith({ onDestroy }), context);
    return { said, sent };
  }
  const made = {
    said: ['info made the repository private (onDestroy is "private").'],
    sent: [{ repo: "acme/llm", repoType: "model", visibility: "private" }],
  };

  it("makes it private, and says so", async () =>
    assert.deepEqual(await destroy({ visibility: "internal" }), made));
  it("nothing, where it is private or gone, or unless it is declared", async () => {
    const nothing = { said: [], sent: [] };
    assert.deepEqual(await destroy({ visibility: "private" }), nothing);
    const error = hubError({ what: "gone", status: 404 });
    assert.deepEqual(await destroy({ visibility: "public", error }), nothing);
    assert.deepEqual(await destroy({ visibility: "public" }, undefined, "retain"), nothing);
  });
  it("makes it private, where the Hub only tells that it is not public", async () =>
    assert.deepEqual(await destroy({ visibility: "private" }, 403), made));
  it("leaves one that was moved, and does not swallow any other error", async () => {
    const { said, sent } = await destroy({ visibility: "public", id: "acme/renamed" });
    assert.deepEqual(said, [
      'warn left as it is: model acme/llm was moved to acme/renamed on the Hub. Declare repo: "acme/renamed", or take this resource out of ' +
        "the program; nothing was changed.",
    ]);
    assert.deepEqual(sent, []);
    const error = hubError({ what: "down", status: 503 });
    await assert.rejects(destroy({ visibility: "private", error }), error);
  });
});

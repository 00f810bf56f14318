// What a RepoVisibility decides where the Hub or the state is at an edge, on a Hub in memory.
import assert from "node:assert/strict";
import { type Gated, type RepoType, type Visibility } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { repoVisibilityDefinition as definition } from "../../provider/src/resources/repoVisibility";
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
  visibility: Visibility;
  gated?: Gated;
  /** The name that the Hub answers with. */
  id?: string;
  /** What it answers with in place of anything. */
  error?: Error;
}

/** A Hub with one repository, which may be listed or not, and what was sent to it. */
function hubWith({ visibility, gated, id = "acme/llm", error }: Stored, listed = true) {
  const sent: object[] = [];
  const { context, said } = inMemory({
    listRepositories: (_organization: string, { type }: { type: RepoType }) =>
      listed
        ? Promise.resolve(error || id !== "acme/llm" ? [] : [{ id, type, visibility }])
        : Promise.reject(hubError({ what: "not for you", status: 403 })),
    getRepo: () =>
      error
        ? Promise.reject(error)
        : Promise.resolve({ _id: "1", id, private: visibility !== "public", gated }),
    updateRepoSettings(repo: string, settings: object) {
      sent.push({ repo, ...settings });
      return Promise.resolve();
    },
    whoami: () => Promise.resolve({ name: "acme", orgs: [] }),
  });
  return { context, said, sent };
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
  it("a reason is asked for also where the repository is not known yet", () =>
    assert.deepEqual(reasons({ repo: UNKNOWN, visibility: "public" }), [
      'acknowledgePublic: is required with visibility "public": say why outsiders may see the repository',
    ]));
});

describe("a repository's visibility: declared twice in one run", () => {
  const refused = (owner: string, repo: string): boolean =>
    (definition.check?.(inputsWith({ owner, repo }), undefined, inMemory({}).context) ?? []).length > 0;

  it("is what another one declares now, and not what it declared before", () => {
    assert.equal(refused("aaaaaaaa", "globex/one"), false);
    assert.equal(refused("cccccccc", "globex/other"), false);
    assert.equal(refused("aaaaaaaa", "globex/two"), false, "it changed its mind");
    assert.equal(refused("bbbbbbbb", "globex/one"), false);
    assert.equal(refused("bbbbbbbb", "globex/two"), true);
    assert.equal(refused("bbbbbbbb", "globex/other"), true);
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
  it("that it is missing, unless another one takes its place", () => {
    assert.deepEqual(diff(stateWith({ status: "missing" }), inputsWith()).said, [MISSING]);
    const other = diff(stateWith({ status: "missing" }), inputsWith({ repo: "acme/other" }), ["repo"]);
    assert.deepEqual([other.replaces, other.said], [["repo"], []]);
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
  async function update(stored: Stored, state: State, inputs: Inputs) {
    const { context, said, sent } = hubWith(stored);
    const next = await definition.update("x", state, inputs, context);
    return { next, said, sent };
  }

  it("nothing and without a word, where the Hub holds what is declared", async () => {
    const { said, sent, next } = await update({ visibility: "private" }, stateWith(), inputsWith());
    assert.deepEqual([said, sent], [[], []]);
    assert.deepEqual(next, stateWith());
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
  it("no gating on the Hub is none, where some is declared", async () => {
    const { context } = hubWith({ visibility: "private" });
    const read = await definition.read("x", stateWith({ gated: "auto" }), context);
    assert.equal(read?.inputs.gated, false);
    assert.equal(read?.state.applied.gated, "auto");
  });
  it("gating that is not declared is not taken into the state, although the Hub tells it", async () => {
    const { context } = hubWith({ visibility: "private", gated: "manual" }, false);
    const read = await definition.read("x", stateWith(), context);
    assert.equal(read?.inputs.gated, undefined);
    assert.equal(read?.state.gated, undefined);
  });
});

describe("a repository's visibility: what a destroy does", () => {
  async function destroy(stored: Stored, listed = true) {
    const { context, said, sent } = hubWith(stored, listed);
    await definition.delete("x", stateWith({ onDestroy: "private" }), context);
    return { said, sent };
  }
  const made = {
    said: ['info made the repository private (onDestroy is "private").'],
    sent: [{ repo: "acme/llm", repoType: "model", visibility: "private" }],
  };

  it("makes it private, and says so", async () =>
    assert.deepEqual(await destroy({ visibility: "internal" }), made));
  it("nothing, where it is private", async () =>
    assert.deepEqual(await destroy({ visibility: "private" }), { said: [], sent: [] }));
  it("makes it private, where the Hub only tells that it is not public", async () =>
    assert.deepEqual(await destroy({ visibility: "private" }, false), made));
  it("leaves one that was moved, and does not swallow any other error", async () => {
    const { said, sent } = await destroy({ visibility: "public", id: "acme/renamed" });
    assert.match(said.join(), /^warn left as it is: model acme\/llm was moved to acme\/renamed/);
    assert.deepEqual(sent, []);
    const error = hubError({ what: "down", status: 503 });
    await assert.rejects(destroy({ visibility: "private", error }), error);
  });
});

// What a RepoVisibility keeps of a run that fails or sees only a part, and how it handles answers to a change, on a Hub in
// memory.
import assert from "node:assert/strict";
import { hubError } from "../../provider/src/client/errors";
import { entryOf } from "../../provider/src/client/auditLog";
import { type RepoSettingsUpdate } from "../../provider/src/client/types";
import { UnfinishedError } from "../../provider/src/model/definition";
import { withoutUndefined } from "../../provider/src/model/plain";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { possiblyHeld } from "../../provider/src/resources/repoVisibility/decisions";
import { repoVisibilityDefinition as definition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { type RepoVisibilityState as State } from "../../provider/src/resources/repoVisibility/model";
import { inMemory } from "../support/inMemory";
import { inputsWith, open, stateWith } from "../support/repoVisibility";

const NOW = "2026-01-10T00:00:00.000Z";
const BEFORE = "2026-01-01T00:00:00.000Z";
const UNREPORTED = /^warn this is a different repository from the one that this program last set/;

interface Repo {
  visibility: string;
  gated?: unknown;
  /** What identifies the repository. */
  identity?: string;
}

/** What happens on the Hub after a change, and the answer. */
type Change = (settings: RepoSettingsUpdate, stored: { repo?: Repo }) => object;

/** A Hub with one repository, whether its listing shows it, and what happens after each change. */
function hubWith(repo: Repo, changes: Change[] = [], { lists = true }: { lists?: boolean } = {}) {
  const stored: { repo?: Repo } = { repo };
  const sent: object[] = [];
  const asked: string[] = [];
  const left = [...changes];
  const surroundings = inMemory({
    listRepositories: (_organization: string, { type }: { type: string }) =>
      Promise.resolve(
        lists && stored.repo ? [{ id: "acme/llm", type, visibility: stored.repo.visibility }] : [],
      ),
    listReposOf: () => Promise.resolve([{ _id: stored.repo?.identity, id: "acme/llm" }]),
    getRepo(name: string) {
      asked.push(name);
      if (!stored.repo) return Promise.reject(hubError({ what: "no repository", status: 404 }));
      const { visibility, gated, identity } = stored.repo;
      return Promise.resolve({ id: name, _id: identity, private: visibility !== "public", gated });
    },
    updateRepoSettings(_repo: string, settings: RepoSettingsUpdate) {
      sent.push(withoutUndefined(settings));
      const change = left.shift();
      return Promise.resolve().then(() => (change ? change(settings, stored) : settings));
    },
    whoami: () => Promise.resolve({ name: "acme", orgs: [], auth: { accessToken: { role: "write" } } }),
    streamAuditLogs() {
      throw hubError({ what: "no audit log", status: 403 });
    },
  });
  return { ...surroundings, sent, asked };
}

const refuses: Change = () => {
  throw hubError({ what: "The Hub does not take this.", status: 400 });
};
const done: Change = (settings, stored) => {
  stored.repo = { ...(stored.repo as Repo), ...withoutUndefined(settings) };
  return {};
};
const ignored: Change = () => ({});
const deleted: Change = (_settings, stored) => {
  delete stored.repo;
  return {};
};

describe("an update of a RepoVisibility that fails", () => {
  const failed = async (hub: ReturnType<typeof hubWith>, state: State, declared: object) => {
    const error = await definition.update("x", state, inputsWith(declared), hub.context).then(
      () => assert.fail("it did not fail"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof UnfinishedError, String(error));
    return { message: error.message, kept: withoutUndefined(error.state) as State };
  };

  it("does not count a change that the Hub refuses as tried", async () => {
    const { message, kept } = await failed(hubWith({ visibility: "private" }, [refuses]), stateWith(), {
      visibility: "internal",
    });
    assert.match(message, /does not take this/);
    assert.deepEqual([kept.tried, kept.applied?.visibility], [undefined, "private"]);
  });

  it("counts as applied what it narrowed before the Hub refused the rest", async () => {
    const state = stateWith({ visibility: "internal", gated: "manual", appliedAt: BEFORE });
    const hub = hubWith({ visibility: "public", gated: "manual" }, [done, refuses]);
    const { kept } = await failed(hub, state, { gated: "auto" });
    assert.deepEqual(hub.sent, [
      { repoType: "model", visibility: "private" },
      { repoType: "model", gated: "auto" },
    ]);
    assert.deepEqual(kept.applied, { visibility: "private", gated: "manual" });
    assert.equal(kept.appliedAt, NOW);
    assert.deepEqual(kept.seen, { visibilities: ["private"], gates: ["manual"] });
  });

  it("counts a narrowed visibility as applied even if nothing was applied before", async () => {
    const hub = hubWith({ visibility: "public", gated: "auto" }, [done, refuses]);
    const { kept } = await failed(hub, stateWith({ applied: undefined }), { gated: "manual" });
    assert.deepEqual(kept.applied, { visibility: "private" });
  });

  it("keeps what the Hub has for each facet, and when the visibility was applied", async () => {
    const state = stateWith({ ...open, gated: "auto", appliedAt: BEFORE });
    const gate = await failed(hubWith({ visibility: "private", gated: false }), state, {
      ...{ ...open, gated: "auto" },
    });
    assert.match(gate.message, /acme\/llm was made private on the Hub/);
    assert.deepEqual(gate.kept.seen, { visibilities: ["private"], gates: ["auto"] });
    assert.equal(gate.kept.appliedAt, BEFORE, "so that the search for who narrowed it still starts then");
    const narrowed = await failed(
      hubWith({ visibility: "public", gated: "manual" }),
      stateWith({ gated: "auto" }),
      { gated: "auto" },
    );
    assert.match(narrowed.message, /has gated: "manual"/);
    assert.deepEqual(narrowed.kept.seen, { visibilities: ["private"], gates: ["manual"] });
  });

  it("counts as applied from now on what it found as declared before the Hub refused the rest", async () => {
    const state = stateWith({ gated: "manual", appliedAt: BEFORE });
    const { kept } = await failed(hubWith({ ...open, gated: "manual" }, [refuses]), state, {
      ...{ ...open, gated: "auto" },
    });
    assert.deepEqual([kept.applied, kept.appliedAt], [{ visibility: "public", gated: "manual" }, NOW]);
    const other = stateWith({ applied: undefined, unreported: true, appliedAt: undefined });
    const gate = await failed(hubWith({ visibility: "private", gated: "auto" }), other, {
      ...{ ...open, gated: "auto" },
    });
    assert.deepEqual(gate.kept.applied, { gated: "auto" });
  });

  it("keeps nothing about a gate that is not declared, so that a first one may still be opened", async () => {
    const { kept } = await failed(
      hubWith({ visibility: "private", gated: "manual" }),
      stateWith(open),
      inputsWith(open),
    );
    assert.deepEqual(kept.seen, { visibilities: ["private"] });
  });

  for (const [title, declared, change, message] of [
    [
      "ignores a change of the gate",
      { gated: "auto" },
      ignored,
      'gated "auto" was sent, and the Hub has gated "manual"',
    ],
    [
      "ignores a change of both",
      { visibility: "internal", gated: "auto" },
      ignored,
      'visibility internal and gated "auto" was sent, and the Hub has visibility private and gated "manual"',
    ],
    [
      "only makes it internal",
      { visibility: "internal", gated: "auto" },
      () => ({ visibility: "internal" }),
      'visibility internal and gated "auto" was sent, and the Hub has visibility private and gated "manual"',
    ],
  ] as [string, object, Change, string][]) {
    it(`reports what was sent and what the Hub has if the Hub ${title}`, async () => {
      const hub = hubWith({ visibility: "private", gated: "manual" }, [change]);
      const state = stateWith({ gated: "manual" });
      assert.equal(
        (await failed(hub, state, declared)).message,
        `The Hub accepted a change of model acme/llm but did not make it: ${message}. Run \`pulumi up\` again; if that does not help, change it on the Hub.`,
      );
    });
  }

  it("reports that the repository is gone since the change", async () => {
    const hub = hubWith({ visibility: "private" }, [deleted]);
    const { message } = await failed(hub, stateWith(), { visibility: "internal" });
    assert.equal(
      message,
      "model acme/llm no longer exists on the Hub after it was changed. Check the Hub and run `pulumi up` again.",
    );
  });
});

describe("what a failed run may have seen, according to a later look,", () => {
  it("is the whole view or each possible value, each with and without the gate", () => {
    const view = { visibilities: ["private", "internal"], gates: ["auto"] } as const;
    const [first, second] = view.visibilities.map((each) => [each]);
    assert.deepEqual(possiblyHeld(stateWith({ gated: "auto" }), view), [
      view,
      { visibilities: view.visibilities },
      ...[{ visibilities: first }, { visibilities: first, gates: ["auto"] }],
      ...[{ visibilities: second }, { visibilities: second, gates: ["auto"] }],
    ]);
    const ungated = possiblyHeld(stateWith(), { visibilities: ["private"] });
    assert.deepEqual(ungated, Array(3).fill({ visibilities: ["private"] }));
  });
});

describe("an update of a RepoVisibility", () => {
  it("asks for the repository itself and for its gate if the answer to a change does not contain them", async () => {
    const hub = hubWith({ visibility: "private", gated: "manual" }, [done]);
    const inputs = inputsWith({ gated: "auto" });
    const next = await definition.update("x", stateWith({ gated: "manual" }), inputs, hub.context);
    assert.deepEqual(next.applied, { visibility: "private", gated: "auto" });
    assert.equal(hub.asked.length, 2);
    const space = hubWith({ visibility: "public" }, [done]);
    const repoType = { repoType: "space" };
    await definition.update("x", stateWith(repoType), inputsWith(repoType), space.context);
    assert.equal(space.asked.length, 2);
  });

  it("names who changed it after the program applied it, but not before that or after it was seen", async () => {
    const eventAt = (createdAt: string) =>
      entryOf({
        ...{ _id: createdAt, type: "repo.update_settings", createdAt, author: { user: "bob" }, message: "" },
        data: { visibility: "public", repo: { name: "acme/llm", type: "model" } },
      });
    for (const [at, author] of [
      ["2026-01-05T00:00:00.000Z", " (by bob at 2026-01-05T00:00:00.000Z, according to the audit log)"],
      ["2025-12-31T00:00:00.000Z", ""],
      ["2026-01-11T00:00:00.000Z", ""],
    ] as const) {
      const { context, said } = hubWith({ visibility: "public" });
      // eslint-disable-next-line @typescript-eslint/require-await -- a stream with nothing to wait for
      const streamAuditLogs = async function* () {
        yield eventAt(at);
      };
      Object.assign(context.client, { streamAuditLogs });
      await definition.update("x", stateWith({ appliedAt: BEFORE }), inputsWith(), context);
      assert.deepEqual(said, [
        `warn someone made it public on the Hub after this program set it to private${author}.`,
      ]);
    }
  });

  it("keeps the identity of the repository, even if the Hub does not show it", async () => {
    for (const [known, told] of [
      ["first", undefined],
      [undefined, "first"],
      ["first", "first"],
    ]) {
      const hub = hubWith({ visibility: "public", identity: told });
      const next = await definition.update("x", stateWith({ identity: known }), inputsWith(), hub.context);
      assert.equal(next.identity, "first");
    }
  });

  it("reports another repository, as its preview does", async () => {
    const state = stateWith({ unreported: true });
    const preview = inMemory({});
    definition.diff?.(state, inputsWith(), [], preview.context);
    const update = hubWith({ visibility: "private" });
    await definition.update("x", state, inputsWith(), update.context);
    for (const { said } of [preview, update]) {
      assert.equal(said.length, 1);
      assert.match(said[0] ?? "", UNREPORTED);
    }
  });

  it("is not judged by its preview while an argument is not known yet", () => {
    const narrowed = stateWith({ applied: { visibility: "internal", gated: "auto" }, gated: "manual" });
    for (const declared of [
      { visibility: UNKNOWN },
      { visibility: "internal", gated: UNKNOWN },
      { visibility: "internal", gated: "auto", acknowledgePublic: UNKNOWN },
    ]) {
      const { context, said } = inMemory({});
      const result = definition.diff?.(narrowed, inputsWith(declared), [], context);
      assert.deepEqual([result?.changes, said], [false, []], JSON.stringify(Object.keys(declared)));
    }
  });
});

describe("the refresh of a RepoVisibility", () => {
  const HIDDEN = { lists: false };
  const refresh = async (repo: Repo, state: State) => {
    const { context, said } = hubWith(repo, [], HIDDEN);
    const found = await definition.read("x", state, context);
    const { visibility, gated, seen } = (found?.state ?? {}) as State;
    return { visibility, gated, seen, said: said.length };
  };
  const both = ["private", "internal"];
  const gates = ["manual", "auto", false];
  const ofGate = (visibilities: string[]) => ({ visibilities, gates });

  for (const [title, repo, changes, expected] of [
    ["shows what was applied", {}, { visibility: "internal" }, { visibility: "internal", seen: both }],
    [
      "shows what was last kept if nothing counts as applied",
      {},
      { visibility: "internal", applied: undefined },
      { visibility: "internal", seen: both },
    ],
    [
      "shows the narrowest value if nothing is kept",
      {},
      { visibility: undefined, applied: undefined },
      { visibility: "private", seen: both },
    ],
    [
      "shows the widest value if what was applied is not possible",
      {},
      open,
      { visibility: "internal", seen: both },
    ],
  ] as [string, Partial<Repo>, object, { visibility: string; seen: string[] }][]) {
    it(`${title}, and keeps every possible value`, async () =>
      assert.deepEqual(await refresh({ visibility: "private", ...repo }, stateWith(changes)), {
        ...{ visibility: expected.visibility, gated: undefined, said: 1 },
        seen: { visibilities: expected.seen },
      }));
  }

  for (const [title, changes, expected] of [
    ["as applied", { gated: "manual", applied: { visibility: "private", gated: "auto" } }, "auto"],
    ["as last kept if nothing counts as applied", { gated: "manual", applied: undefined }, "manual"],
    ["as applied if it is not kept", { applied: { visibility: "private", gated: "auto" } }, "auto"],
  ] as const) {
    it(`shows an unknown gate ${title}`, async () => {
      const found = await refresh({ visibility: "private" }, stateWith(changes));
      assert.deepEqual([found.visibility, found.gated, found.seen], ["private", expected, ofGate(both)]);
    });
  }

  it("shows a gate that is visible, although the visibility is not", async () => {
    const found = await refresh({ visibility: "private", gated: "manual" }, stateWith({ gated: "auto" }));
    assert.deepEqual([found.gated, found.seen], ["manual", { visibilities: both, gates: ["manual"] }]);
  });

  it("keeps possible values only if something is not seen exactly", async () => {
    const state = stateWith({ seen: { visibilities: ["private", "internal"] }, gated: "auto" });
    const { context, said } = hubWith({ visibility: "private", gated: "manual" });
    const found = await definition.read("x", state, context);
    assert.deepEqual([found?.state.gated, found?.state.seen, said], ["manual", undefined, []]);
    const untold = hubWith({ visibility: "private" });
    const doubt = await definition.read("x", stateWith({ gated: "auto" }), untold.context);
    assert.deepEqual(withoutUndefined(doubt?.state.seen), ofGate(["private"]));
  });

  it("logs nothing in a look-up that sees everything exactly", async () => {
    const exact = hubWith({ visibility: "internal", gated: false });
    await definition.read("model/acme/llm", undefined, exact.context);
    assert.deepEqual(exact.said, []);
  });
});

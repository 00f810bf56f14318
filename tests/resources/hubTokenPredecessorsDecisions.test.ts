// What is revoked after a rotation or an interrupted creation, case by case, on a Hub in memory.
import assert from "node:assert/strict";
import { type HubClient } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { sameData } from "../../provider/src/model/plain";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { defaultsOf, validate } from "../../provider/src/model/validate";
import { hubTokenPredecessorsDefinition as definition } from "../../provider/src/resources/hubTokenPredecessors/lifecycle";
import {
  hubTokenPredecessorsModel as model,
  type PredecessorsInputs,
  type PredecessorsState,
} from "../../provider/src/resources/hubTokenPredecessors/model";
import { noteStrays } from "../../provider/src/resources/hubTokenPredecessors/strays";
import { inMemory } from "../support/inMemory";

const OWNER = "0123abcd";
const ACCOUNT = "0123456789abcdef01234567";
const NOW = new Date("2026-01-10T00:00:00.000Z");
const hoursAgo = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

interface Token {
  id: string;
  name?: string;
  lastUsedAt?: string;
  /** Default: 100 hours ago. */
  createdAt?: string;
}

const mark = (random: string): string => `ci [${OWNER}-${random}]`;

/** A Hub with these tokens, or without the account; records revocations, logs and claims. */
function accountWith(tokens: Token[] | undefined, claims: string[] = []) {
  let live = [...(tokens ?? [])];
  const revoked: string[] = [];
  const methods: Partial<Record<keyof HubClient, unknown>> = {
    getServiceAccount: () =>
      tokens === undefined
        ? Promise.reject(hubError({ what: "gone", status: 404 }))
        : Promise.resolve({
            accessTokens: live.map(({ id, name, lastUsedAt, createdAt }) => ({
              ...{ _id: id, displayName: name ?? mark("0001") },
              ...{ createdAt: createdAt ?? hoursAgo(100), lastUsedAt: lastUsedAt ?? null },
            })),
          }),
    listServiceAccounts: () => Promise.resolve([]),
    deleteServiceAccountToken(_organization: string, _account: string, id: string) {
      revoked.push(id);
      live = live.filter((token) => token.id !== id);
      return Promise.resolve();
    },
  };
  return { ...inMemory(methods, { now: NOW, claims: new Set(claims) }), methods, revoked };
}

/** Records what the refresh of the same run has seen, as if earlier runs had found these strays. */
const noteRefresh = (context: LifecycleContext, strays: PredecessorsState["strays"] = []) =>
  noteStrays(strays, context, strays);

const inputsWith = (changes: Partial<PredecessorsInputs> = {}): PredecessorsInputs => ({
  organization: "acme",
  serviceAccount: ACCOUNT,
  owner: OWNER,
  tokenId: "current",
  status: "active",
  predecessors: [],
  overlapHours: 24,
  idleMinutes: 60,
  ...changes,
});
const stateWith = (changes: Partial<PredecessorsState> = {}): PredecessorsState => ({
  ...inputsWith(),
  pending: [],
  strays: [],
  ...changes,
});
const old = (tokenId: string, hours = 48) => ({ tokenId, supersededAt: hoursAgo(hours) });
const stray = (tokenId: string, changes: Partial<PredecessorsState["strays"][number]> = {}) => ({
  ...{ tokenId, hubName: mark("0001"), createdAt: hoursAgo(100), used: false },
  ...changes,
});
const usedStray = (tokenId: string, hours: number) =>
  stray(tokenId, { used: true, lastUsedAt: hoursAgo(hours) });

const UNUSED = `${mark("0001")} (4 days old, never used)`;
const NOT_REVOKED =
  "An interrupted creation may have left them, or another stack may manage them, so they are not revoked. If no one needs them, revoke them on the Hub.";
const found = (outlook: string, ...names: string[]) =>
  `warn found ${names.length} token(s) with this resource's mark that are not in its state: ${names.join(", ")}. ${outlook}`;
const FOUND = (...names: string[]) => found(NOT_REVOKED, ...names);
const REVOKED_LATER = (...names: string[]) =>
  found(
    "A later `pulumi up --refresh` revokes those that were never used, once they are older than 24 h (revokeStrays).",
    ...names,
  );

describe("HubTokenPredecessors, when it is created,", () => {
  it("finds and reports every unknown token with the mark", async () => {
    const { context, revoked, said } = accountWith(
      [
        { id: "current" },
        { id: "pred" },
        { id: "lost" },
        { id: "used", lastUsedAt: hoursAgo(1) },
        { id: "foreign", name: "ci [99999999-0001]" },
        { id: "plain", name: "ci" },
        { id: "claimed" },
      ],
      ["claimed"],
    );
    const { id, state } = await definition.create(
      inputsWith({ predecessors: [old("pred"), old("pred"), old("gone"), old("current")] }),
      context,
    );
    assert.equal(id, `acme/${ACCOUNT}/${OWNER}/predecessors`);
    assert.deepEqual(state.pending, [old("pred")]);
    assert.deepEqual(state.strays, [stray("lost"), usedStray("used", 1)]);
    assert.deepEqual(revoked, []);
    assert.deepEqual(said, [FOUND(UNUSED, `${mark("0001")} (4 days old, last used 1 h ago)`)]);
  });
  it("names at most ten strays, with their age and last use", () => {
    const ages: [string, string | undefined, string][] = [
      ["1", hoursAgo(0), "0 min old, never used"],
      ["2", hoursAgo(-1), "0 min old, never used"],
      ["3", hoursAgo(0.99), "59 min old, never used"],
      ["4", hoursAgo(1), "1 h old, never used"],
      ["5", hoursAgo(47.9), "47 h old, never used"],
      ["6", hoursAgo(48), "2 days old, never used"],
      ["7", hoursAgo(71), "2 days old, never used"],
      ["8", undefined, "of unknown age, never used"],
    ];
    const { context, said } = inMemory({}, { now: NOW });
    const strays = ages.map(([id, createdAt]) => ({ ...stray(id), createdAt }));
    const more = ["used", "9", "10", "11"].map((id) => stray(id, { used: id === "used" }));
    definition.diff?.(stateWith({ strays: [...strays, ...more] }), inputsWith(), [], context);
    const lives = [...ages.map(([, , life]) => life), "4 days old, used", "4 days old, never used"];
    const names = lives.map((life) => `${mark("0001")} (${life})`).join(", ");
    assert.deepEqual(said, [
      `warn found 12 token(s) with this resource's mark that are not in its state: ${names}, …. ${NOT_REVOKED}`,
    ]);
  });
  it("finds nothing if the account is gone", async () => {
    const { context } = accountWith(undefined);
    const { state } = await definition.create(inputsWith({ predecessors: [old("pred")] }), context);
    assert.deepEqual([state.pending, state.strays], [[], []]);
  });
  it("looks at the user's own tokens if the token is one of them", async () => {
    const { context } = accountWith([]);
    const client = {
      whoami: () => Promise.resolve({ name: "alice" }),
      listTokens: () => Promise.resolve([]),
    };
    const own = inputsWith({ organization: undefined, serviceAccount: undefined });
    const { id, state } = await definition.create(own, {
      ...context,
      client: client as unknown as HubClient,
    });
    assert.equal(id, `user/${OWNER}/predecessors`);
    assert.equal(state.user, "alice");
  });
});

describe("HubTokenPredecessors, in a preview,", () => {
  const diff = (
    state: PredecessorsState,
    claims: string[] = [],
    changed: string[] = [],
    inputs: Partial<PredecessorsInputs> = {},
    isRefreshed = false,
  ) => {
    const { context, said } = accountWith([], claims);
    if (isRefreshed) noteRefresh(context, state.strays);
    const result = definition.diff?.(state, inputsWith(inputs), changed, context);
    return { ...result, said, claimed: context.claims };
  };
  it("shows a replacement for another account", () => {
    const { changes, replaces } = diff(stateWith(), [], ["serviceAccount", "tokenId"]);
    assert.deepEqual([changes, replaces], [true, ["serviceAccount"]]);
  });
  for (const [title, tokens, state, inputs] of [
    ["a revocation", [{ id: "current" }, { id: "old" }], { pending: [old("old")] }, {}],
    ["a revoked stray", [{ id: "lost" }], { strays: [stray("lost")] }, { revokeStrays: true }],
    ["a rotation", [{ id: "old" }, { id: "new" }], {}, { tokenId: "new", predecessors: [old("old", 0)] }],
    ["another setting and a stray that is found", [{ id: "lost" }], {}, { idleMinutes: 5 }],
  ] as [string, Token[], Partial<PredecessorsState>, Partial<PredecessorsInputs>][]) {
    it(`shows as unknown everything that an update changes beyond the arguments: ${title}`, async () => {
      const { context } = accountWith(tokens);
      const [before, wanted] = [
        stateWith({ revokeStrays: inputs.revokeStrays, ...state }),
        inputsWith(inputs),
      ];
      noteRefresh(context, before.strays);
      const result = definition.diff?.(before, wanted, Object.keys(inputs), context);
      assert.ok(result?.changes);
      const next = await definition.update("x", before, wanted, context);
      const told = [...result.changed, ...result.renews];
      const outputs = [...Object.keys(model.fields), ...Object.keys(model.outputs)] as (keyof typeof next)[];
      const differing = outputs.filter((name) => !sameData(before[name], next[name]));
      assert.ok(differing.length > 0);
      assert.deepEqual(
        differing.filter((name) => !told.includes(name)),
        [],
      );
    });
  }
  it("has nothing to do during an overlap", () => {
    const { changes, replaces, renews, said } = diff(stateWith({ pending: [old("pred", 23)] }));
    assert.deepEqual([changes, replaces, renews, said], [false, [], [], []]);
  });
  it("has something to do after an overlap", () => {
    const due = diff(stateWith({ pending: [old("a", 23), old("pred", 24)] }));
    assert.deepEqual([due.changes, due.changed, due.renews], [true, [], ["pending", "strays"]]);
  });
  it("reports strays without an update, and whether a later run revokes them", () => {
    const state = stateWith({ strays: [stray("lost"), usedStray("used", 5)] });
    const names = [UNUSED, `${mark("0001")} (4 days old, last used 5 h ago)`];
    const { changes, said } = diff(state);
    assert.deepEqual([changes, said], [false, [FOUND(...names)]]);
    const revoking = diff(state, [], [], { revokeStrays: true });
    assert.deepEqual([revoking.changes, revoking.said], [false, [REVOKED_LATER(...names)]]);
  });
  for (const [what, strays, inputs, changes] of [
    ["by default", [stray("a")], { revokeStrays: undefined }, false],
    ["if the program forbids it", [stray("a")], { revokeStrays: false }, false],
    ["if the program's setting is not known yet", [stray("a")], { revokeStrays: UNKNOWN as never }, false],
    ["that is as old as the overlap", [stray("a", { createdAt: hoursAgo(24) })], {}, true],
    ["that is younger", [stray("a", { createdAt: hoursAgo(23.9) })], {}, false],
    ["if the overlap is not known yet", [stray("a")], { overlapHours: UNKNOWN as never }, false],
    ["that was used", [stray("a", { used: true })], {}, false],
    ["from a state without times", [stray("a", { createdAt: undefined })], {}, false],
    ["whose time cannot be read", [stray("a", { createdAt: "yesterday" })], {}, false],
    ["next to a used one", [stray("b", { used: true }), stray("a")], {}, true],
  ] as [string, PredecessorsState["strays"], Partial<PredecessorsInputs>, boolean][]) {
    it(`revokes ${changes ? "a" : "no"} stray ${what}`, () => {
      const wanted = { revokeStrays: true, ...inputs };
      assert.equal(diff(stateWith({ strays }), [], [], wanted, true).changes, changes);
      assert.equal(diff(stateWith({ strays }), [], [], wanted).changes, false, "without a refresh");
    });
  }
  it("revokes no stray while the clocks differ", () => {
    const { context } = accountWith([]);
    const state = stateWith({ strays: [stray("a")] });
    noteRefresh(context, state.strays);
    const compare = () => definition.diff?.(state, inputsWith({ revokeStrays: true }), [], context).changes;
    assert.equal(compare(), true);
    Object.defineProperty(context, "runnerNow", { value: new Date(NOW.getTime() + 3_600_000) });
    assert.equal(compare(), false);
  });
  it("does not treat a token that another resource claims as a stray, and claims its own", () => {
    const { changes, said, claimed } = diff(
      stateWith({ strays: [stray("a"), usedStray("b", 1)], pending: [old("pred", 1)] }),
      ["a", "b"],
      [],
      { revokeStrays: true },
      true,
    );
    assert.deepEqual([changes, said], [false, []]);
    assert.deepEqual([...claimed].sort(), ["a", "b", "current", "pred"]);
  });
});

describe("HubTokenPredecessors, in a refresh,", () => {
  it("is not found by its id alone", async () =>
    assert.equal(await definition.read("x", undefined, accountWith([]).context), undefined));
  it("reports strays in one line, and keeps what is known about them", async () => {
    const { context, said, revoked } = accountWith([
      { id: "current" },
      { id: "pred" },
      { id: "known" },
      { id: "was used" },
      { id: "new", name: mark("0002") },
    ]);
    const state = stateWith({
      pending: [old("pred"), old("gone")],
      strays: [stray("known", { createdAt: undefined }), usedStray("was used", 9), stray("no more")],
      revokeStrays: true,
    });
    const read = await definition.read("x", state, context);
    assert.deepEqual(read?.state.pending, [old("pred")]);
    assert.deepEqual(read?.state.strays, [
      stray("known"),
      stray("was used", { used: true }),
      stray("new", { hubName: mark("0002") }),
    ]);
    assert.deepEqual(said, [
      REVOKED_LATER(UNUSED, `${mark("0001")} (4 days old, used)`, `${mark("0002")} (4 days old, never used)`),
    ]);
    assert.deepEqual(revoked, []);
    assert.deepEqual(
      Object.keys(read?.inputs ?? {}).sort(),
      Object.keys(inputsWith({ revokeStrays: true })).sort(),
    );
    assert.ok(context.claims.has("current") && context.claims.has("pred"));
  });
  it("finds a stray before the update of the same run, which does not revoke it", async () => {
    const { context, said, revoked } = accountWith([{ id: "known" }, { id: "new", name: mark("0002") }]);
    const inputs = inputsWith({ revokeStrays: true });
    const read = await definition.read("x", stateWith({ ...inputs, strays: [stray("known")] }), context);
    const state = read?.state as PredecessorsState;
    assert.equal(definition.diff?.(state, inputs, [], context).changes, true, "because of the other stray");
    const next = await definition.update("x", state, inputs, context);
    assert.deepEqual(revoked, ["known"]);
    assert.deepEqual(next.strays, [stray("new", { hubName: mark("0002") })]);
    assert.equal(definition.diff?.(next, inputs, [], context).changes, false);
    await definition.delete("x", next, context);
    assert.deepEqual(revoked, ["known"]);
    assert.deepEqual(said, [
      REVOKED_LATER(UNUSED, `${mark("0002")} (4 days old, never used)`),
      `info revoked the stray token ${mark("0001")}, which was never used.`,
    ]);
  });
  it("keeps nothing if the account is gone", async () => {
    const read = await definition.read(
      "x",
      stateWith({ pending: [old("pred")] }),
      accountWith(undefined).context,
    );
    assert.deepEqual(read?.state.pending, []);
  });
});

describe("HubTokenPredecessors, in an update,", () => {
  async function update(
    tokens: Token[] | undefined,
    state: Partial<PredecessorsState>,
    inputs: Partial<PredecessorsInputs> = {},
    claims: string[] = [],
    isRefreshed = false,
  ) {
    const { context, revoked, said } = accountWith(tokens, claims);
    if (isRefreshed) noteRefresh(context, state.strays);
    const next = await definition.update("x", stateWith(state), inputsWith(inputs), context);
    return { next, revoked, said, claims: context.claims };
  }

  it("revokes an idle predecessor after its overlap if an earlier run has recorded it", async () => {
    const { next, revoked, said, claims } = await update(
      [{ id: "current" }, { id: "old", lastUsedAt: hoursAgo(1) }, { id: "fresh" }, { id: "told now" }],
      { pending: [old("old"), old("fresh", 1), old("gone")] },
      { predecessors: [old("told now"), old("old")] },
    );
    assert.deepEqual(revoked, ["old"]);
    assert.deepEqual(next.pending, [old("fresh", 1), old("told now")]);
    assert.deepEqual(said, [
      `info revoked the predecessor ${mark("0001")}.`,
      `info the predecessor ${mark("0001")} stays valid at least until ${hoursAgo(-23)}.`,
    ]);
    assert.ok(claims.has("current") && claims.has("fresh"));
  });
  it("keeps a predecessor while its successor is not on the Hub", async () => {
    const { next, revoked, said } = await update([{ id: "old" }], { pending: [old("old")] });
    assert.deepEqual([revoked, next.pending], [[], [old("old")]]);
    assert.deepEqual(said, [
      `warn the predecessor ${mark("0001")} stays valid: its successor is not on the Hub. If no one needs the predecessor, revoke it on the Hub.`,
    ]);
  });
  it("waits for a predecessor that is in use", async () => {
    const { next, revoked, said } = await update(
      [{ id: "current" }, { id: "old", lastUsedAt: hoursAgo(0.5) }],
      {
        pending: [old("old")],
      },
    );
    assert.deepEqual(revoked, []);
    assert.deepEqual(next.pending, [old("old")]);
    assert.deepEqual(said, [
      `warn the predecessor ${mark("0001")} was used 30 min ago, so it stays valid for now. Give its users the successor; a later ` +
        "`pulumi up` revokes it once it has been idle for 60 min.",
    ]);
  });
  it("never touches the current token, whatever the state contains", async () => {
    const { next, revoked } = await update([{ id: "current" }], {
      pending: [old("current")],
      strays: [stray("current")],
    });
    assert.deepEqual(revoked, []);
    assert.deepEqual([next.pending, next.strays], [[], []]);
  });
  const STRAYS = [
    { id: "current" },
    { id: "lost" },
    { id: "used", lastUsedAt: hoursAgo(50) },
    { id: "new", name: mark("0002") },
    { id: "young", createdAt: hoursAgo(23), name: mark("0003") },
    { id: "held" },
    { id: "both" },
  ];
  const RECORDED: Partial<PredecessorsState> = {
    strays: ["lost", "used", "young", "held", "gone", "both"].map((id) => stray(id)),
    pending: [old("both")],
  };
  const YOUNG = stray("young", { hubName: mark("0003"), createdAt: hoursAgo(23) });
  const OTHERS = [usedStray("used", 50), stray("new", { hubName: mark("0002") })];
  const YOUNG_NAME = `${mark("0003")} (23 h old, never used)`;
  const NEW_NAME = `${mark("0002")} (4 days old, never used)`;
  const OTHER_NAMES = [`${mark("0001")} (4 days old, last used 2 days ago)`, NEW_NAME];
  it("revokes no stray by default, and reports them in one line", async () => {
    const { next, revoked, said } = await update(STRAYS, RECORDED, {}, ["held"]);
    assert.deepEqual(revoked, ["both"]);
    assert.deepEqual(next.strays, [YOUNG, stray("lost"), ...OTHERS]);
    assert.deepEqual(said.slice(1), [FOUND(YOUNG_NAME, UNUSED, ...OTHER_NAMES)]);
  });
  it("revokes a recorded stray that is old enough and was never used if the program asks for it", async () => {
    const { next, revoked, said } = await update(STRAYS, RECORDED, { revokeStrays: true }, ["held"], true);
    assert.deepEqual(revoked, ["both", "lost"]);
    assert.deepEqual(next.strays, [YOUNG, ...OTHERS]);
    assert.deepEqual(said.slice(1), [
      `info revoked the stray token ${mark("0001")}, which was never used.`,
      // The refresh has reported the used one.
      REVOKED_LATER(YOUNG_NAME, NEW_NAME),
    ]);
  });
  it("revokes no stray without a refresh, because only a refresh shows the tokens of all resources", async () => {
    const { next, revoked, said } = await update(STRAYS, RECORDED, { revokeStrays: true }, ["held"]);
    assert.deepEqual(revoked, ["both"]);
    assert.deepEqual(next.strays, [YOUNG, stray("lost"), ...OTHERS]);
    assert.deepEqual(said.slice(1), [REVOKED_LATER(YOUNG_NAME, UNUSED, ...OTHER_NAMES)]);
  });
  it("revokes no stray that another resource claims in the meantime", async () => {
    const { context, methods, revoked } = accountWith([{ id: "one" }, { id: "two" }]);
    const { deleteServiceAccountToken: revoke } = methods as unknown as {
      deleteServiceAccountToken: (...args: string[]) => Promise<void>;
    };
    Object.assign(context.client, {
      deleteServiceAccountToken(...args: string[]) {
        context.claims.add("two");
        return revoke(...args);
      },
    });
    const inputs = inputsWith({ revokeStrays: true });
    const state = stateWith({ strays: [stray("one"), stray("two")] });
    noteRefresh(context, state.strays);
    await definition.update("x", state, inputs, context);
    assert.deepEqual(revoked, ["one"]);
  });
  for (const [what, hubHours, runnerHours, hubTimeIsKnown = true] of [
    ["is over by one clock only", 0, -0.05],
    ["is over by two clocks, which differ", 1, 0],
    ["is over by this machine's clock, and the Hub does not send its own time", 0, 0, false],
  ] as const) {
    it(`revokes neither predecessor nor stray if their time ${what}`, async () => {
      const createdAt = hoursAgo(24);
      const { context, revoked, said } = accountWith([
        { id: "current" },
        { id: "old" },
        { id: "one", createdAt },
      ]);
      for (const [name, hours] of [
        ["now", hubHours],
        ["runnerNow", runnerHours],
      ] as const) {
        Object.defineProperty(context, name, { value: new Date(NOW.getTime() + hours * 3_600_000) });
      }
      Object.assign(context, { hubTimeIsKnown });
      const state = stateWith({
        pending: [old("old", 24)],
        strays: [stray("one", { createdAt })],
      });
      noteRefresh(context, state.strays);
      await definition.update("x", state, inputsWith({ revokeStrays: true }), context);
      assert.deepEqual(revoked, []);
      const untold = said.filter((line) => line.endsWith(" stays valid: the Hub did not send its time."));
      assert.equal(untold.length, hubTimeIsKnown ? 0 : 2, "one for each token");
    });
  }
  it("judges a predecessor by the time in the Hub's answer", async () => {
    const { context, methods, revoked } = accountWith([
      { id: "current" },
      { id: "old", lastUsedAt: hoursAgo(0.5) },
      { id: "fresh" },
    ]);
    let asked = false;
    const { getServiceAccount } = methods as { getServiceAccount: () => Promise<unknown> };
    Object.assign(context.client, {
      getServiceAccount() {
        asked = true;
        return getServiceAccount();
      },
    });
    // The machine's clock is two days ahead.
    Object.defineProperty(context, "now", {
      get: () => (asked ? NOW : new Date(NOW.getTime() + 2 * 86_400_000)),
    });
    const state = stateWith({ pending: [old("old"), old("fresh", 1)] });
    await definition.update("x", state, inputsWith(), context);
    assert.deepEqual(revoked, []);
  });
  it("leaves a user's own token that someone created under the name of a predecessor", async () => {
    for (const [createdAt, revoked] of [
      [hoursAgo(100), true],
      [hoursAgo(10), false],
    ] as const) {
      const { context, said } = accountWith([]);
      const own = { organization: undefined, serviceAccount: undefined };
      const settings = { role: "read", expiresAt: null, lastUsed: null };
      let live = [
        { ...settings, name: "current", createdAt: hoursAgo(50) },
        { ...settings, name: mark("0002"), createdAt },
      ];
      Object.assign(context.client, {
        whoami: () => Promise.resolve({ name: "alice" }),
        listTokens: () => Promise.resolve(live),
        revokeToken: (name: string) => Promise.resolve((live = live.filter((each) => each.name !== name))),
      });
      const state = stateWith({ ...own, pending: [old(mark("0002"))] });
      const next = await definition.update("x", state, inputsWith(own), context);
      assert.deepEqual([live.length === 1, next.pending], [revoked, []]);
      assert.deepEqual(said, revoked ? [`info revoked the predecessor ${mark("0002")}.`] : []);
    }
  });
  it("keeps a predecessor whose successor is known to be revoked, and then has nothing to do", async () => {
    for (const status of ["revoked", "missing"] as const) {
      const { next, revoked, said } = await update(
        [{ id: "current" }, { id: "old" }],
        { pending: [old("old")] },
        { status },
      );
      assert.deepEqual([revoked, next.pending], [[], [old("old")]]);
      assert.deepEqual(said, [
        `warn the predecessor ${mark("0001")} stays valid: its successor is ${status}. If no one needs the predecessor, revoke it on the Hub.`,
      ]);
      assert.equal(
        definition.diff?.(next, inputsWith({ status }), [], accountWith([]).context).changes,
        false,
      );
    }
  });
  it("revokes a predecessor whose successor has expired", async () => {
    const { revoked } = await update([{ id: "old" }], { pending: [old("old")] }, { status: "expired" });
    assert.deepEqual(revoked, ["old"]);
  });
  it("uses the later time if its token has restarted an overlap, and revokes nothing in that run", async () => {
    const settings = { overlapHours: 0, idleMinutes: 0 };
    const listed = [{ id: "current" }, { id: "old" }, { id: "new" }];
    const again = await update(
      listed,
      { ...settings, pending: [old("old"), old("gone")] },
      { ...settings, tokenId: "new", predecessors: [old("old", 0), old("current", 0)] },
    );
    assert.deepEqual([again.revoked, again.next.pending], [[], [old("old", 0), old("current", 0)]]);
    const earlier = await update(
      listed,
      { pending: [old("old")] },
      { tokenId: "new", predecessors: [old("old", 72), old("current", 0)] },
    );
    assert.deepEqual([earlier.revoked, earlier.next.pending], [["old"], [old("current", 0)]]);
  });
  it("revokes nothing if the account is gone", async () => {
    const { next, revoked } = await update(undefined, { pending: [old("old")], strays: [stray("lost")] });
    assert.deepEqual([revoked, next.pending, next.strays], [[], [], []]);
  });
});

describe("HubTokenPredecessors, in a destroy,", () => {
  /** A Hub that does not show which tokens exist. */
  const untold: Partial<HubClient> = {
    getServiceAccount: () => Promise.resolve({ _id: ACCOUNT, user: "u", name: "n", createdAt: "" }),
    whoami: () => Promise.resolve({ type: "user", id: "1", name: "ada", orgs: [] }),
  };

  const TOKENS = [
    { id: "current" },
    { id: "old" },
    { id: "told" },
    { id: "lost" },
    { id: "used", lastUsedAt: hoursAgo(1) },
    { id: "new", name: mark("0002") },
    { id: "held" },
  ];
  const STATE: Partial<PredecessorsState> = {
    pending: [old("old")],
    predecessors: [old("told"), old("old"), old("gone")],
    strays: [stray("lost"), stray("held")],
  };
  const LEFT =
    `info did not revoke 2 predecessor(s): ${mark("0001")}, ${mark("0001")}. They are revoked when their token is deleted. If you keep the token, ` +
    "revoke them on the Hub.";
  const [USED, NEW] = [
    `${mark("0001")} (4 days old, last used 1 h ago)`,
    `${mark("0002")} (4 days old, never used)`,
  ];
  it("revokes nothing: the token revokes its predecessors, and strays are only reported", async () => {
    const { context, revoked, said } = accountWith(TOKENS, ["held"]);
    await definition.delete("x", stateWith(STATE), context);
    assert.deepEqual(revoked, []);
    assert.deepEqual(said, [LEFT, FOUND(UNUSED, USED, NEW)]);
  });
  it("revokes recorded strays that were never used if the program asks for it, but not those that it has just found", async () => {
    const { context, revoked, said } = accountWith(TOKENS, ["held"]);
    noteRefresh(context, STATE.strays);
    await definition.delete("x", stateWith({ ...STATE, revokeStrays: true }), context);
    assert.deepEqual(revoked, ["lost"]);
    assert.deepEqual(said, [
      LEFT,
      `info revoked the stray token ${mark("0001")}, which was never used.`,
      FOUND(USED, NEW),
    ]);
  });
  it("fails if the Hub cannot be asked which tokens are left", async () => {
    const { context } = accountWith([]);
    const down = hubError({ what: "down", status: 503 });
    Object.assign(context.client, { getServiceAccount: () => Promise.reject(down) });
    await assert.rejects(async () => definition.delete("x", stateWith(STATE), context), down);
  });
  it("logs nothing if nothing is left", async () => {
    const { context, said } = accountWith([{ id: "current" }]);
    await definition.delete("x", stateWith(STATE), context);
    assert.deepEqual(said, []);
  });
  it("revokes no stray without a refresh", async () => {
    const { context, revoked, said } = accountWith(TOKENS, ["held"]);
    await definition.delete("x", stateWith({ ...STATE, revokeStrays: true }), context);
    assert.deepEqual(revoked, []);
    assert.deepEqual(said, [LEFT, FOUND(UNUSED, USED, NEW)]);
  });
  it("succeeds if the Hub does not show which tokens exist, and warns that strays cannot be looked for", async () => {
    const { context, revoked, said } = accountWith([{ id: "old" }, { id: "lost" }]);
    Object.assign(context.client, untold);
    await definition.delete("x", stateWith({ ...STATE, revokeStrays: true }), context);
    assert.deepEqual(revoked, []);
    assert.equal(said.length, 1);
    assert.match(
      said[0] ?? "",
      /^warn cannot look for strays that an interrupted creation may have left\. The Hub does not list/,
    );
  });
  it("revokes nothing if the account is gone", async () => {
    const { context, revoked } = accountWith(undefined);
    await definition.delete("x", stateWith({ pending: [old("old")] }), context);
    assert.deepEqual(revoked, []);
  });
});

describe("the arguments of HubTokenPredecessors", () => {
  const whole = { ...inputsWith(), predecessors: [old("a")] };
  const failures = (changes: object) =>
    validate(structuredClone(definition.schema), [], { ...whole, ...changes }).map(
      ({ property, reason }) => `${property}: ${reason}`,
    );
  it("are what a HubToken passes", () => {
    assert.deepEqual(failures({}), []);
    assert.deepEqual(failures({ organization: undefined, serviceAccount: undefined }), []);
    assert.deepEqual(failures({ owner: undefined }), ["owner: is required: set by the library"]);
  });
  it("may lack what a failed token does not pass, and then nothing is created", async () => {
    assert.deepEqual(failures({ tokenId: undefined, predecessors: undefined }), []);
    const failed = { ...inputsWith(), tokenId: "", predecessors: [] };
    await assert.rejects(
      definition.create(failed, {} as LifecycleContext),
      /HubToken that this resource belongs to failed/,
    );
  });
  for (const [changes, reason] of [
    [{ other: 1 }, /^: unknown property "other"/],
    [{ tokenId: 1 }, /^tokenId: must be string/],
    [{ predecessors: {} }, /^predecessors: must be array, not object; the output predecessors of a HubToken/],
    [{ predecessors: [1] }, /: item 0: must be object, not number; a token and when it was superseded/],
    [{ predecessors: [{ tokenId: "a" }] }, /: item 0: must have required property 'supersededAt'/],
    [{ predecessors: [{ supersededAt: hoursAgo(1) }] }, /: item 0: must have required property 'tokenId'/],
    [{ predecessors: [{ ...old("a"), tokenId: 1 }] }, /: item 0.tokenId: must be string.*; the Hub's id or/],
    [{ predecessors: [{ ...old("a"), supersededAt: 1 }] }, /supersededAt: must be string, .*; a time in ISO/],
    [{ predecessors: [{ ...old("a"), supersededAt: "x" }] }, /supersededAt: does not have the right form/],
    [{ overlapHours: -1 }, /^overlapHours: must be >= 0; hours, 0 to 8760/],
    [{ overlapHours: 8761 }, /^overlapHours: must be <= 8760/],
    [{ overlapHours: "1" }, /^overlapHours: must be number/],
    [{ idleMinutes: -1 }, /^idleMinutes: must be >= 0; minutes, 0 to 525600/],
    [{ idleMinutes: 525_601 }, /^idleMinutes: must be <= 525600/],
    [{ idleMinutes: "1" }, /^idleMinutes: must be number/],
    [{ revokeStrays: "yes" }, /^revokeStrays: must be boolean, not string; true or false/],
  ] as const) {
    it(`refuse ${JSON.stringify(changes)}`, () => assert.match(failures(changes).join("\n"), reason));
  }
  it("replace the resource for another place, and label it with its owner's mark", () => {
    assert.deepEqual(definition.replaceOn, ["organization", "serviceAccount"]);
    assert.deepEqual([definition.type, definition.secrets], ["HubTokenPredecessors", []]);
    assert.equal(definition.followsOwner, true);
    assert.equal(definition.sharedObject?.("x", stateWith()), "x");
    const absent = { tokenId: "", status: "active", predecessors: [] };
    assert.deepEqual(defaultsOf(definition.schema), { overlapHours: 24, idleMinutes: 60, ...absent });
    assert.equal(definition.label({ owner: OWNER, organization: "acme" }), `[${OWNER}] of acme`);
    assert.equal(definition.label({}), "[]");
  });
  it("are read back from a state, which is refused if it is damaged", () => {
    const good = stateWith({ pending: [old("a")], strays: [stray("b")] });
    definition.stateReader?.({ ...good, organization: "", user: "alice", revokeStrays: true }, "");
    // The format of 0.1.0.
    const before = [{ tokenId: "b", hubName: mark("0001"), used: false }];
    definition.stateReader?.({ ...good, endedWithToken: true, strays: before }, "");
    for (const changes of [
      { owner: "" },
      { user: 1 },
      { tokenId: undefined },
      { pending: [{ tokenId: "a" }] },
      { pending: [{ supersededAt: hoursAgo(1) }] },
      { predecessors: {} },
      { predecessors: [{ ...old("a"), tokenId: "" }] },
      { strays: [{ tokenId: "a", hubName: "b" }] },
      { strays: [{ tokenId: "a", used: true }] },
      { strays: [{ hubName: "b", used: true }] },
      { strays: [{ ...stray("a"), createdAt: 1 }] },
      { strays: [{ ...stray("a"), lastUsedAt: 1 }] },
    ]) {
      assert.throws(() => definition.stateReader?.({ ...good, ...changes }, ""), { name: "ShapeError" });
    }
  });
});

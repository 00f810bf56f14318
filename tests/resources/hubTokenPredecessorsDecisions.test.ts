// What is revoked after a rotation or an interrupted creation, decision by decision, on a Hub in memory.
import assert from "node:assert/strict";
import { type HubClient } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { sameData } from "../../provider/src/model/plain";
import { defaultsOf, validate } from "../../provider/src/model/validate";
import { hubTokenPredecessorsDefinition as definition } from "../../provider/src/resources/hubTokenPredecessors/lifecycle";
import {
  hubTokenPredecessorsModel as model,
  type PredecessorsInputs,
  type PredecessorsState,
} from "../../provider/src/resources/hubTokenPredecessors/model";
import { inMemory } from "../support/inMemory";

const OWNER = "0123abcd";
const ACCOUNT = "0123456789abcdef01234567";
const NOW = new Date("2026-01-10T00:00:00.000Z");
const hoursAgo = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

interface Token {
  id: string;
  name?: string;
  lastUsedAt?: string;
}

const mark = (random: string): string => `ci [${OWNER}-${random}]`;

/** A Hub with these tokens, or without the account, and what is said and claimed. */
function accountWith(tokens: Token[] | undefined, claims: string[] = []) {
  let live = [...(tokens ?? [])];
  const revoked: string[] = [];
  const methods: Partial<Record<keyof HubClient, unknown>> = {
    getServiceAccount: () =>
      tokens === undefined
        ? Promise.reject(hubError({ what: "gone", status: 404 }))
        : Promise.resolve({
            accessTokens: live.map(({ id, name, lastUsedAt }) => ({
              ...{ _id: id, displayName: name ?? mark("0001") },
              ...{ createdAt: hoursAgo(100), lastUsedAt: lastUsedAt ?? null },
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

const inputsWith = (changes: Partial<PredecessorsInputs> = {}): PredecessorsInputs => ({
  organization: "acme",
  serviceAccount: ACCOUNT,
  owner: OWNER,
  tokenId: "current",
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
const stray = (tokenId: string, used = false) => ({ tokenId, hubName: mark("0001"), used });

const FOUND =
  /^warn found the token ci \[0123abcd-0001\], .* is in no state: .* The next `pulumi up` revokes it if it was never used/;
const USED =
  /^warn the token ci \[0123abcd-0001\] .* was used: someone has its value\. It is not touched; find out who uses it, and revoke it on the Hub\.$/;

describe("HubTokenPredecessors, when it is created,", () => {
  it("finds and reports every token with the mark that is not known", async () => {
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
    assert.deepEqual(state.strays, [stray("lost"), stray("used", true)]);
    assert.deepEqual(revoked, []);
    assert.equal(said.length, 2);
    assert.match(said[0] ?? "", FOUND);
    assert.match(said[1] ?? "", USED);
  });
  it("finds nothing if the account is gone", async () => {
    const { context } = accountWith(undefined);
    const { state } = await definition.create(inputsWith({ predecessors: [old("pred")] }), context);
    assert.deepEqual([state.pending, state.strays], [[], []]);
  });
  it("looks at the user's own tokens, if the token is one", async () => {
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
  const diff = (state: PredecessorsState, claims: string[] = [], changed: string[] = []) => {
    const { context, said } = accountWith([], claims);
    return { ...definition.diff?.(state, inputsWith(), changed, context), said, claimed: context.claims };
  };
  it("shows another resource for another account", () => {
    const { changes, replaces } = diff(stateWith(), [], ["serviceAccount", "tokenId"]);
    assert.deepEqual([changes, replaces], [true, ["serviceAccount"]]);
  });
  for (const [title, tokens, state, inputs] of [
    ["a revocation", [{ id: "old" }], { pending: [old("old")] }, {}],
    ["a stray that is revoked", [{ id: "lost" }], { strays: [stray("lost")] }, {}],
    ["a rotation", [{ id: "old" }, { id: "new" }], {}, { tokenId: "new", predecessors: [old("old", 0)] }],
    ["another setting, and a stray that is found", [{ id: "lost" }], {}, { idleMinutes: 5 }],
  ] as [string, Token[], Partial<PredecessorsState>, Partial<PredecessorsInputs>][]) {
    it(`shows as unknown all that an update changes beside the arguments: ${title}`, async () => {
      const { context } = accountWith(tokens);
      const [before, wanted] = [stateWith(state), inputsWith(inputs)];
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
  it("has something to do after an overlap, and for a stray that was never used", () => {
    const due = diff(stateWith({ pending: [old("a", 23), old("pred", 24)] }));
    assert.deepEqual([due.changes, due.changed, due.renews], [true, [], ["pending", "strays"]]);
    assert.equal(diff(stateWith({ strays: [stray("used", true), stray("lost")] })).changes, true);
  });
  it("reports a stray that was used each time, without an update", () => {
    const { changes, said } = diff(stateWith({ strays: [stray("used", true)] }));
    assert.equal(changes, false);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", USED);
    assert.deepEqual(diff(stateWith({ strays: [stray("lost")] })).said, []);
  });
  it("takes nothing for a stray that another resource holds, and claims its own", () => {
    const { changes, said, claimed } = diff(
      stateWith({ strays: [stray("a"), stray("b", true)], pending: [old("pred", 1)] }),
      ["a", "b"],
    );
    assert.deepEqual([changes, said], [false, []]);
    assert.deepEqual([...claimed].sort(), ["a", "b", "current", "pred"]);
  });
});

describe("HubTokenPredecessors, in a refresh,", () => {
  it("is not found by its id alone", async () =>
    assert.equal(await definition.read("x", undefined, accountWith([]).context), undefined));
  it("reports strays that are new or were used, and keeps those that were known", async () => {
    const { context, said, revoked } = accountWith([
      { id: "current" },
      { id: "pred" },
      { id: "known" },
      { id: "was used" },
      { id: "new" },
    ]);
    const state = stateWith({
      pending: [old("pred"), old("gone")],
      strays: [stray("known"), stray("was used", true), stray("no more")],
    });
    const read = await definition.read("x", state, context);
    assert.deepEqual(read?.state.pending, [old("pred")]);
    assert.deepEqual(read?.state.strays, [stray("known"), stray("was used", true), stray("new")]);
    assert.equal(said.length, 2);
    assert.match(said[0] ?? "", USED);
    assert.match(said[1] ?? "", FOUND);
    assert.deepEqual(revoked, []);
    assert.deepEqual(
      Object.keys(read?.inputs ?? {}).sort(),
      Object.keys(inputsWith({ endedWithToken: undefined })).sort(),
    );
    assert.ok(context.claims.has("current") && context.claims.has("pred"));
  });
  it("has nothing left if the account is gone", async () => {
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
  ) {
    const { context, revoked, said } = accountWith(tokens, claims);
    const next = await definition.update("x", stateWith(state), inputsWith(inputs), context);
    return { next, revoked, said, claims: context.claims };
  }

  it("revokes an idle predecessor after its overlap, if an earlier run has recorded it", async () => {
    const { next, revoked, said, claims } = await update(
      [{ id: "current" }, { id: "old", lastUsedAt: hoursAgo(1) }, { id: "fresh" }, { id: "told now" }],
      { pending: [old("old"), old("fresh", 1), old("gone")] },
      { predecessors: [old("told now"), old("old")] },
    );
    assert.deepEqual(revoked, ["old"]);
    assert.deepEqual(next.pending, [old("fresh", 1), old("told now")]);
    assert.deepEqual(said, [
      `info revoked the predecessor ${mark("0001")}.`,
      `info the predecessor ${mark("0001")} stays valid until ${hoursAgo(-23)} at least.`,
    ]);
    assert.ok(claims.has("current") && claims.has("fresh"));
  });
  it("waits for a predecessor that is in use", async () => {
    const { next, revoked, said } = await update([{ id: "old", lastUsedAt: hoursAgo(0.5) }], {
      pending: [old("old")],
    });
    assert.deepEqual(revoked, []);
    assert.deepEqual(next.pending, [old("old")]);
    assert.deepEqual(said, [
      `warn the predecessor ${mark("0001")} was used 30 min ago, so it stays valid for now. Give its users the successor; a later ` +
        "`pulumi up` revokes it once it has been idle for 60 min.",
    ]);
  });
  it("never touches the current token, whatever the state says of it", async () => {
    const { next, revoked } = await update([{ id: "current" }], {
      pending: [old("current")],
      strays: [stray("current")],
    });
    assert.deepEqual(revoked, []);
    assert.deepEqual([next.pending, next.strays], [[], []]);
  });
  it("revokes a recorded stray that was never used, once, and no other", async () => {
    const { next, revoked, said } = await update(
      [
        { id: "lost" },
        { id: "used", lastUsedAt: hoursAgo(500) },
        { id: "new" },
        { id: "held" },
        { id: "both" },
      ],
      {
        strays: [stray("lost"), stray("used"), stray("held"), stray("gone"), stray("both")],
        pending: [old("both")],
      },
      {},
      ["held"],
    );
    assert.deepEqual(revoked, ["both", "lost"]);
    assert.deepEqual(next.strays, [stray("used", true), stray("new")]);
    assert.equal(said.length, 4);
    assert.equal(
      said[1],
      `info revoked the stray token ${mark("0001")}: an interrupted creation had left it, never used.`,
    );
    assert.match(said[2] ?? "", USED);
    assert.match(said[3] ?? "", FOUND);
  });
  it("revokes nothing if the account is gone", async () => {
    const { next, revoked } = await update(undefined, { pending: [old("old")], strays: [stray("lost")] });
    assert.deepEqual([revoked, next.pending, next.strays], [[], [], []]);
  });
});

describe("HubTokenPredecessors, in a destroy,", () => {
  /** A Hub that does not say which tokens there are. */
  const untold: Partial<HubClient> = {
    getServiceAccount: () => Promise.resolve({ _id: ACCOUNT, user: "u", name: "n", createdAt: "" }),
    whoami: () => Promise.resolve({ type: "user", id: "1", name: "ada", orgs: [] }),
  };

  it("revokes predecessors and recorded strays; others are left by a destroy that finds them first", async () => {
    const { context, revoked, said } = accountWith(
      [
        { id: "current" },
        { id: "old" },
        { id: "told" },
        { id: "lost" },
        { id: "used", lastUsedAt: hoursAgo(1) },
        { id: "new" },
        { id: "held" },
      ],
      ["held"],
    );
    await definition.delete(
      "x",
      stateWith({
        pending: [old("old")],
        predecessors: [old("told"), old("old")],
        strays: [stray("lost"), stray("held")],
      }),
      context,
    );
    assert.deepEqual(revoked, ["old", "told", "lost"]);
    assert.equal(said.length, 2);
    assert.match(said[0] ?? "", USED);
    assert.match(
      said[1] ?? "",
      /^warn the token .* is not known to this stack\. It is not touched; if nothing holds it, revoke it on the Hub\.$/,
    );
  });
  it("revokes what is known as its own if the Hub does not say which tokens there are", async () => {
    const { context, revoked, said } = accountWith([{ id: "old" }, { id: "older" }, { id: "lost" }]);
    Object.assign(context.client, untold);
    const state = stateWith({
      pending: [old("old")],
      predecessors: [old("old"), old("older"), old("current")],
      strays: [stray("lost")],
    });
    await definition.delete("x", state, context);
    assert.deepEqual(revoked, ["old", "older"]);
    assert.equal(said.length, 1);
    assert.match(
      said[0] ?? "",
      /^warn strays that an interrupted creation may have left cannot be looked for\. The Hub shows no list/,
    );
  });
  it("leaves predecessors to the token's own deletion, if that is protected", async () => {
    const { context, revoked } = accountWith([{ id: "old" }, { id: "lost" }]);
    const state = stateWith({ pending: [old("old")], strays: [stray("lost")], endedWithToken: true });
    await definition.delete("x", state, context);
    assert.deepEqual(revoked, ["lost"]);
    Object.assign(context.client, untold);
    await definition.delete("x", state, context);
    assert.deepEqual(revoked, ["lost"]);
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
  it("are what a HubToken gives", () => {
    assert.deepEqual(failures({}), []);
    assert.deepEqual(failures({ organization: undefined, serviceAccount: undefined }), []);
    assert.deepEqual(failures({ owner: undefined, tokenId: undefined, predecessors: undefined }), [
      "owner: is required: set by the library",
      "tokenId: is required: the current token",
      "predecessors: is required: the output predecessors of a HubToken",
    ]);
  });
  for (const [changes, reason] of [
    [{ other: 1 }, /^: unknown property "other"/],
    [{ tokenId: "" }, /^tokenId: must NOT have fewer than 1 characters; the current token/],
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
    [{ endedWithToken: "yes" }, /^endedWithToken: must be boolean, not string; true or false/],
  ] as const) {
    it(`refuse ${JSON.stringify(changes)}`, () => assert.match(failures(changes).join("\n"), reason));
  }
  it("replace the resource in another place, and name it by its owner's mark", () => {
    assert.deepEqual(definition.replaceOn, ["organization", "serviceAccount"]);
    assert.deepEqual([definition.type, definition.secrets], ["HubTokenPredecessors", []]);
    assert.equal(definition.followsOwner, true);
    assert.deepEqual(defaultsOf(definition.schema), { overlapHours: 24, idleMinutes: 60 });
    assert.equal(definition.label({ owner: OWNER, organization: "acme" }), `[${OWNER}] of acme`);
    assert.equal(definition.label({}), "[]");
  });
  it("are read back from a state, which is refused if it is damaged", () => {
    const good = stateWith({ pending: [old("a")], strays: [stray("b")] });
    definition.stateReader?.({ ...good, organization: "", user: "alice", endedWithToken: true }, "");
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
    ]) {
      assert.throws(() => definition.stateReader?.({ ...good, ...changes }, ""), { name: "ShapeError" });
    }
  });
});

// What is revoked after a rotation or a creation that was cut off, decision by decision, on a Hub in memory.
import assert from "node:assert/strict";
import { type HubClient } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { validate } from "../../provider/src/model/validate";
import { hubTokenPredecessorsDefinition as definition } from "../../provider/src/resources/hubTokenPredecessors";
import { inMemory } from "../support/inMemory";

const ACCOUNT = "0123456789abcdef01234567";
const OWNER = "0123abcd";
const NOW = new Date("2026-01-10T00:00:00.000Z");
const hoursAgo = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

interface Token {
  id: string;
  name?: string;
  lastUsedAt?: string;
}

const mark = (random: string): string => `ci [${OWNER}-${random}]`;

/** A Hub with these tokens, or without the account, and what is said and claimed. */
function surroundings(tokens: Token[] | undefined, claims: string[] = []) {
  const live = [...(tokens ?? [])];
  const revoked: string[] = [];
  const methods = {
    getServiceAccount: () =>
      tokens === undefined
        ? Promise.reject(hubError({ what: "gone", status: 404 }))
        : Promise.resolve({
            accessTokens: live.map(({ id, name, lastUsedAt }) => ({
              _id: id,
              displayName: name ?? mark("0001"),
              createdAt: hoursAgo(100),
              lastUsedAt: lastUsedAt ?? null,
            })),
          }),
    listServiceAccounts: () => Promise.resolve([]),
    deleteServiceAccountToken(_organization: string, _account: string, id: string) {
      revoked.push(id);
      live.splice(0, live.length, ...live.filter((token) => token.id !== id));
      return Promise.resolve();
    },
  };
  return { ...inMemory(methods, { now: NOW, claims: new Set(claims) }), revoked };
}

type State = Parameters<typeof definition.update>[1];
type Inputs = Parameters<typeof definition.create>[0];

const inputsWith = (changes: Partial<Inputs> = {}): Inputs => ({
  organization: "acme",
  serviceAccount: ACCOUNT,
  owner: OWNER,
  tokenId: "current",
  predecessors: [],
  overlapHours: 24,
  idleMinutes: 60,
  ...changes,
});
const stateWith = (changes: Partial<State> = {}): State => ({
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
  /^warn the token ci \[0123abcd-0001\] .* was used: somebody has its value\. It is not touched; find out who uses it, and revoke it on the Hub\.$/;

describe("strays: what a creation finds", () => {
  it("is every token with the mark that is not known, said each", async () => {
    const { context, revoked, said } = surroundings(
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
  it("is nothing where the account is gone", async () => {
    const { context } = surroundings(undefined);
    const { state } = await definition.create(inputsWith({ predecessors: [old("pred")] }), context);
    assert.deepEqual([state.pending, state.strays], [[], []]);
  });
  it("is that of the user, for a user's own tokens", async () => {
    const { context } = surroundings([]);
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

describe("strays: what a preview says", () => {
  const diff = (state: State, claims: string[] = []) => {
    const { context, said } = surroundings([], claims);
    return { ...definition.diff?.(state, inputsWith(), [], context), said, claimed: context.claims };
  };
  it("nothing to do where nothing is due", () => {
    const { changes, replaces, said } = diff(stateWith({ pending: [old("pred", 23)] }));
    assert.deepEqual([changes, replaces, said], [false, [], []]);
  });
  it("something to do where an overlap is over, or a stray was never used", () => {
    assert.equal(diff(stateWith({ pending: [old("a", 23), old("pred", 24)] })).changes, true);
    assert.equal(diff(stateWith({ strays: [stray("used", true), stray("lost")] })).changes, true);
  });
  it("a stray that was used is told of each time, and no reason for an update", () => {
    const { changes, said } = diff(stateWith({ strays: [stray("used", true)] }));
    assert.equal(changes, false);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", USED);
    assert.deepEqual(diff(stateWith({ strays: [stray("lost")] })).said, []);
  });
  it("what another resource holds is no stray; what is its own is claimed", () => {
    const { changes, said, claimed } = diff(
      stateWith({ strays: [stray("a"), stray("b", true)], pending: [old("pred", 1)] }),
      ["a", "b"],
    );
    assert.deepEqual([changes, said], [false, []]);
    assert.deepEqual([...claimed].sort(), ["a", "b", "current", "pred"]);
  });
});

describe("strays: what a refresh finds", () => {
  it("nothing by the id alone", async () =>
    assert.equal(await definition.read("x", undefined, surroundings([]).context), undefined));
  it("what is new or was used is told of, what was known is kept", async () => {
    const { context, said, revoked } = surroundings([
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
  it("nothing is left where the account is gone", async () => {
    const read = await definition.read(
      "x",
      stateWith({ pending: [old("pred")] }),
      surroundings(undefined).context,
    );
    assert.deepEqual(read?.state.pending, []);
  });
});

describe("strays: what an update ends", () => {
  async function update(
    tokens: Token[] | undefined,
    state: Partial<State>,
    inputs: Partial<Inputs> = {},
    claims: string[] = [],
  ) {
    const { context, revoked, said } = surroundings(tokens, claims);
    const next = await definition.update("x", stateWith(state), inputsWith(inputs), context);
    return { next, revoked, said, claims: context.claims };
  }

  it("a predecessor after its overlap, idle, that an earlier run has recorded", async () => {
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
  it("not one that is in use", async () => {
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
  it("never the current token, whatever the state says of it", async () => {
    const { next, revoked } = await update([{ id: "current" }], {
      pending: [old("current")],
      strays: [stray("current")],
    });
    assert.deepEqual(revoked, []);
    assert.deepEqual([next.pending, next.strays], [[], []]);
  });
  it("a recorded stray that was never used, once, and no other", async () => {
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
      `info revoked the stray token ${mark("0001")}: a creation that was cut off had left it, never used.`,
    );
    assert.match(said[2] ?? "", USED);
    assert.match(said[3] ?? "", FOUND);
  });
  it("nothing where the account is gone", async () => {
    const { next, revoked } = await update(undefined, { pending: [old("old")], strays: [stray("lost")] });
    assert.deepEqual([revoked, next.pending, next.strays], [[], [], []]);
  });
});

describe("strays: what a deletion ends", () => {
  /** A Hub that does not say which tokens there are. */
  const untold: Partial<HubClient> = {
    getServiceAccount: () => Promise.resolve({ _id: ACCOUNT, user: "u", name: "n", createdAt: "" }),
    whoami: () => Promise.resolve({ type: "user", id: "1", name: "ada", orgs: [] }),
  };

  it("predecessors and recorded strays; what was used, held or never recorded stays", async () => {
    const { context, revoked, said } = surroundings(
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
  it("what is known as the resource's own, although the Hub does not say which tokens there are", async () => {
    const { context, revoked, said } = surroundings([{ id: "old" }, { id: "older" }, { id: "lost" }]);
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
  it("no predecessor that the token's own deletion ends", async () => {
    const { context, revoked } = surroundings([{ id: "old" }, { id: "lost" }]);
    const state = stateWith({ pending: [old("old")], strays: [stray("lost")], endedWithToken: true });
    await definition.delete("x", state, context);
    assert.deepEqual(revoked, ["lost"]);
    Object.assign(context.client, untold);
    await definition.delete("x", state, context);
    assert.deepEqual(revoked, ["lost"]);
  });
  it("nothing where the account is gone", async () => {
    const { context, revoked } = surroundings(undefined);
    await definition.delete("x", stateWith({ pending: [old("old")] }), context);
    assert.deepEqual(revoked, []);
  });
});

describe("strays: the arguments", () => {
  const failures = (changes: object) =>
    validate(structuredClone(definition.schema), [], { ...inputsWith(), ...changes }).map(
      ({ property, reason }) => `${property}: ${reason}`,
    );
  it("are what a HubToken gives", () => {
    assert.deepEqual(failures({ predecessors: [old("a")] }), []);
    assert.deepEqual(failures({ organization: undefined, serviceAccount: undefined }), []);
  });
  it("are refused by name where they are not", () => {
    assert.deepEqual(failures({ owner: undefined, tokenId: undefined, predecessors: undefined }), [
      "owner: is required: set by the library",
      "tokenId: is required: the current token",
      "predecessors: is required: the output predecessors of a HubToken",
    ]);
    for (const [changes, reason] of [
      [{ other: 1 }, /^: unknown property "other"/],
      [{ tokenId: "" }, /^tokenId: must NOT have fewer than 1 characters; the current token/],
      [{ tokenId: 1 }, /^tokenId: must be string/],
      [
        { predecessors: {} },
        /^predecessors: must be array, not object; the output predecessors of a HubToken/,
      ],
      [
        { predecessors: [1] },
        /^predecessors: item 0: must be object, not number; a token and when it was superseded/,
      ],
      [
        { predecessors: [{ tokenId: "a" }] },
        /^predecessors: item 0: must have required property 'supersededAt'/,
      ],
      [
        { predecessors: [{ supersededAt: hoursAgo(1) }] },
        /^predecessors: item 0: must have required property 'tokenId'/,
      ],
      [{ predecessors: [{ ...old("a"), tokenId: 1 }] }, /^predecessors: item 0.tokenId: must be string/],
      [
        { predecessors: [{ ...old("a"), supersededAt: 1 }] },
        /^predecessors: item 0.supersededAt: must be string, not number; a time in ISO 8601/,
      ],
      [
        { predecessors: [{ ...old("a"), supersededAt: "yesterday" }] },
        /^predecessors: item 0.supersededAt: does not have the right form; a time/,
      ],
      [{ overlapHours: -1 }, /^overlapHours: must be >= 0; hours, 0 to 8760/],
      [{ overlapHours: 8761 }, /^overlapHours: must be <= 8760/],
      [{ overlapHours: "1" }, /^overlapHours: must be number/],
      [{ idleMinutes: -1 }, /^idleMinutes: must be >= 0; minutes, 0 to 525600/],
      [{ idleMinutes: 525_601 }, /^idleMinutes: must be <= 525600/],
      [{ idleMinutes: "1" }, /^idleMinutes: must be number/],
    ] as const) {
      assert.match(failures(changes).join("\n"), reason);
    }
  });
  it("mean a new object in another place; the name says whose it is", () => {
    assert.deepEqual(definition.replaceOn, ["organization", "serviceAccount"]);
    assert.equal(definition.type, "HubTokenPredecessors");
    assert.deepEqual(definition.secrets, []);
    assert.equal(definition.followsOwner, true);
    assert.equal(definition.schema.properties["overlapHours"]?.["default"], 24);
    assert.equal(definition.schema.properties["idleMinutes"]?.["default"], 60);
    assert.equal(definition.label({ owner: OWNER, organization: "acme" }), `[${OWNER}] of acme`);
    assert.equal(definition.label({}), "[]");
  });
  it("a damaged state is seen", () => {
    const good = stateWith({ pending: [old("a")], strays: [stray("b")] });
    definition.stateReader?.(good, "");
    for (const changes of [
      { owner: "" },
      { tokenId: undefined },
      { pending: [{ tokenId: "a" }] },
      { pending: [{ supersededAt: hoursAgo(1) }] },
      { predecessors: {} },
      { strays: [{ tokenId: "a", hubName: "b" }] },
      { strays: [{ tokenId: "a", used: true }] },
      { strays: [{ hubName: "b", used: true }] },
    ]) {
      assert.throws(() => definition.stateReader?.({ ...good, ...changes }, ""), { name: "ShapeError" });
    }
  });
});

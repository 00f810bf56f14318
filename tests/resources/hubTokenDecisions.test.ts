// What a HubToken decides, sends and says, decision by decision, on a Hub in memory.
import assert from "node:assert/strict";
import { hubError } from "../../provider/src/client/errors";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { changedProperties } from "../../provider/src/model/diff";
import { sameData } from "../../provider/src/model/plain";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { checkFailures } from "../../provider/src/resources/hubToken/checks";
import { hubTokenDefinition as definition } from "../../provider/src/resources/hubToken/lifecycle";
import { hubTokenModel } from "../../provider/src/resources/hubToken/model";
import { type TokenReach } from "../../provider/src/rules/permissions";
import { inMemory } from "../support/inMemory";

const OWNER = "0123abcd";
const ACCOUNT = "0123456789abcdef01234567";
const NOW = new Date("2026-03-01T00:00:00.000Z");
const daysAgo = (days: number): string => new Date(NOW.getTime() - days * 86_400_000).toISOString();
const CREATED = daysAgo(40);
const MARKED = `ci [${OWNER}-0001]`;
const repoId = (digit: string): string => digit.repeat(24);

type State = Parameters<typeof definition.update>[1];
type Inputs = Parameters<typeof definition.create>[0];

const reachWith = (changes: Partial<TokenReach> = {}): TokenReach => ({
  permissions: ["org.read"],
  repoPermissions: [],
  repoIds: [],
  endpointPatterns: [],
  skipNetworkSecurity: false,
  ...changes,
});
const settings = { overlapHours: 24, idleMinutes: 60, recreateIfInvalid: false };
const inputsWith = (changes: Partial<Inputs> = {}): Inputs => ({
  owner: OWNER,
  organization: "acme",
  serviceAccount: ACCOUNT,
  name: "ci",
  permissions: ["org.read"],
  ...settings,
  ...changes,
});
const ownInputs = (changes: Partial<Inputs> = {}): Inputs => ({
  owner: OWNER,
  name: "mine",
  ...settings,
  ...changes,
});
const stateWith = (changes: Partial<State> = {}): State => ({
  ...inputsWith(),
  token: "hf_value_old1",
  tokenId: "current",
  hubName: MARKED,
  last4: "old1",
  createdAt: CREATED,
  expiryEnforced: false,
  status: "active",
  applied: { reach: reachWith() },
  predecessors: [],
  ...changes,
});
const ownState = (changes: Partial<State> = {}): State => {
  const hubName = `mine [${OWNER}-0001]`;
  const { reach: _reach, ...applied } = stateWith().applied;
  return {
    ...ownInputs(),
    token: "hf_value_old1",
    tokenId: hubName,
    hubName,
    last4: "old1",
    createdAt: CREATED,
    expiryEnforced: false,
    status: "active",
    user: "alice",
    applied,
    predecessors: [],
    ...changes,
  };
};

/** A token as the Hub lists it for a service account. */
interface Listed extends Partial<TokenReach> {
  _id: string;
  displayName?: string;
  last4?: string;
  createdAt?: string;
  expiration?: string;
}

interface Surroundings extends Partial<LifecycleContext> {
  /** What the Hub itself answers in place of what is usual. */
  methods?: object;
}

/** A Hub with these tokens of the account, or without the account, and what was sent to it. */
function accountWith(tokens: Listed[] | undefined, { methods, ...changes }: Surroundings = {}) {
  const held = (tokens ?? []).map((token) => ({
    displayName: MARKED,
    last4: "old1",
    createdAt: CREATED,
    lastUsedAt: null,
    ...reachWith(),
    ...token,
  }));
  const sent: unknown[][] = [];
  const surroundings = inMemory(
    {
      getServiceAccount: () =>
        tokens === undefined
          ? Promise.reject(hubError({ what: "gone", status: 404 }))
          : Promise.resolve({ accessTokens: held }),
      listServiceAccounts: () => Promise.resolve([]),
      createServiceAccountToken(_organization: string, _account: string, request: object) {
        sent.push(["issue", request]);
        held.push({ _id: "new", ...request } as unknown as (typeof held)[0]);
        return Promise.resolve({
          token: "hf_value_new2",
          tokenInfo: { _id: "new", createdAt: NOW.toISOString() },
        });
      },
      updateServiceAccountToken(_organization: string, _account: string, id: string, request: object) {
        sent.push(["change", id, request]);
        return Promise.resolve();
      },
      deleteServiceAccountToken(_organization: string, _account: string, id: string) {
        if (!tokens || !held.some(({ _id }) => _id === id))
          return Promise.reject(hubError({ what: "gone", status: 404 }));
        sent.push(["revoke", id]);
        return Promise.resolve();
      },
      getRepo: (repo: string, repoType: string) => Promise.resolve({ _id: `id of ${repoType} ${repo}` }),
      ...methods,
    },
    { now: NOW, ...changes },
  );
  return { ...surroundings, sent, held };
}

/** A Hub with these tokens of a user, and what was sent to it. */
function userWith(
  tokens: { name: string; role?: string; expiresAt?: string; createdAt?: string }[],
  { methods, ...changes }: Surroundings = {},
) {
  const sent: unknown[][] = [];
  const surroundings = inMemory(
    {
      whoami: () => Promise.resolve({ name: "alice" }),
      listTokens: () =>
        Promise.resolve(
          tokens.map((token) => ({ role: "read", createdAt: CREATED, expiresAt: null, ...token })),
        ),
      createToken(request: { expiresAt?: string }) {
        sent.push(["issue", request]);
        const { expiresAt } = request;
        return Promise.resolve({ token: "hf_value_new2", createdAt: NOW.toISOString(), expiresAt });
      },
      revokeToken(name: string) {
        sent.push(["revoke", name]);
        return Promise.resolve();
      },
      ...methods,
    },
    { now: NOW, ...changes },
  );
  return { ...surroundings, sent };
}

/** As it is kept: what is undefined is left out. */
const kept = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const HOW_TO_WIDEN = "Declare what it can do now, or, to widen it again, change rotationTriggers.";
const refusal = (parts: string) =>
  `The token ${MARKED} was narrowed on the Hub since (${parts}), and the program still asks for what was taken away. It is not ` +
  `widened again automatically, because someone may have narrowed it on purpose. ${HOW_TO_WIDEN}`;
const NEW_NAME = `ci [${OWNER}-0f0f]`;
const request = (changes: Partial<TokenReach> = {}, displayName = NEW_NAME) => ({
  displayName,
  ...reachWith(changes),
});
/** What a change sends: patterns only if they are others. */
const changeTo = (changes: Partial<TokenReach>, displayName: string) => {
  const { endpointPatterns, ...others } = request(changes, displayName);
  return { ...others, ...(changes.endpointPatterns && { endpointPatterns }) };
};

describe("the check of a HubToken", () => {
  const checked = (inputs: Partial<Inputs>, previous?: Inputs) => {
    const { context, said } = inMemory({}, { now: NOW });
    const failures = checkFailures(inputs as Inputs, previous, context);
    return { said, failures: failures.map(({ property, reason }) => `${property}: ${reason}`) };
  };
  const END = NOW.toISOString();
  const PASSED = `expiresAt: has passed (it is ${END} now); give a later moment`;
  const BELONGS_TO_ACCOUNT =
    "belongs to a service account's token: give organization and serviceAccount too, or leave it out";
  const BELONGS_TO_USER =
    "belongs to a user's own token; a service account's token has permissions, and the Hub sets its end";
  const TOGETHER = "is required for a service account's token: organization and serviceAccount go together";
  const NEEDS_PERMISSIONS = "repoPermissions: is required with repos: what may the token do in them?";
  const NEEDS_REPOS = "repos: is required with repoPermissions: in which repositories do they hold?";
  const BAD_NAME = "name: must not have / or \\: the Hub finds a user's own token by its name";
  const [permissions, repos, repoPermissions] = [["org.read"], ["acme/m"], ["repo.write"]];
  const unknown = UNKNOWN as never;
  const ofAccount = {
    ...{ permissions, repos: [], repoPermissions: [] },
    ...{ endpointPatterns: [], skipNetworkSecurity: false },
  };

  for (const [title, inputs, failures, previous] of [
    ["takes a user's own token", ownInputs(), []],
    ["takes a service account's token", inputsWith({ name: "a/b\\c" }), []],
    [
      "refuses what belongs to a service account in a user's own token",
      ownInputs(ofAccount),
      Object.keys(ofAccount).map((property) => `${property}: ${BELONGS_TO_ACCOUNT}`),
    ],
    ["refuses a slash in the name of a user's own token", ownInputs({ name: "a/b" }), [BAD_NAME]],
    ["refuses a backslash in the name of a user's own token", ownInputs({ name: "a\\b" }), [BAD_NAME]],
    ["waits for a name that is not known yet", ownInputs({ name: unknown }), []],
    [
      "needs an organization with a service account",
      inputsWith({ organization: undefined }),
      [`organization: ${TOGETHER}`],
    ],
    [
      "needs a service account with an organization",
      inputsWith({ serviceAccount: undefined }),
      [`serviceAccount: ${TOGETHER}`],
    ],
    [
      "needs the permissions of a service account's token",
      inputsWith({ permissions: undefined }),
      ["permissions: is required for a service account's token; permissionSets has ready-made sets"],
    ],
    [
      "refuses what belongs to a user's own token in a service account's",
      inputsWith({ role: "read", expiresAt: "2027-01-01T00:00:00Z" }),
      [`role: ${BELONGS_TO_USER}`, `expiresAt: ${BELONGS_TO_USER}`],
    ],
    ["takes repositories with permissions in them", inputsWith({ repos, repoPermissions }), []],
    ["needs permissions in repositories", inputsWith({ repos }), [NEEDS_PERMISSIONS]],
    ["needs no permissions for no repositories", inputsWith({ repos: [] }), []],
    ["waits for repositories that are not known yet", inputsWith({ repos: unknown }), []],
    ["takes an empty list of permissions in repositories", inputsWith({ repos, repoPermissions: [] }), []],
    ["waits for permissions in repositories", inputsWith({ repos, repoPermissions: unknown }), []],
    ["needs repositories with permissions in them", inputsWith({ repoPermissions }), [NEEDS_REPOS]],
    ["needs one repository at least", inputsWith({ repoPermissions, repos: [] }), [NEEDS_REPOS]],
    ["waits for the repositories of permissions", inputsWith({ repoPermissions, repos: unknown }), []],
    ["needs no repositories for no permissions", inputsWith({ repoPermissions: [] }), []],
    ["needs none for permissions that are not known yet", inputsWith({ repoPermissions: unknown }), []],
    ...["2027-02-30T00:00:00Z", "2027-02-28T25:00:00Z", "2027-13-01T00:00:00Z"].map(
      (expiresAt): [string, Inputs, string[]] => [
        `refuses an end that no calendar has (${expiresAt})`,
        ownInputs({ expiresAt }),
        [`expiresAt: is not a date that exists: ${expiresAt}`],
      ],
    ),
    [
      "takes the last day of a leap year's February",
      ownInputs({ expiresAt: "2028-02-29T23:30:00-05:00" }),
      [],
    ],
    ["waits for an end that is not known yet", ownInputs({ expiresAt: unknown }), []],
    ["refuses an end that has passed", ownInputs({ expiresAt: END }), [PASSED]],
    ["takes an end in a millisecond", ownInputs({ expiresAt: "2026-03-01T00:00:00.001Z" }), []],
    [
      "refuses an end that has passed and is another than before",
      ownInputs({ expiresAt: END }),
      [PASSED],
      ownInputs({ expiresAt: "2026-03-01T00:00:00.001Z" }),
    ],
    ["refuses one that is new", ownInputs({ expiresAt: END }), [PASSED], ownInputs()],
    [
      "refuses one in place of an unknown one",
      ownInputs({ expiresAt: END }),
      [PASSED],
      ownInputs({ expiresAt: UNKNOWN }),
    ],
  ] as [string, Inputs, string[], Inputs?][]) {
    it(title, () => assert.deepEqual(checked(inputs, previous), { failures, said: [] }));
  }
  it("only warns of an end that has passed and was sent before, however it is written", () =>
    assert.deepEqual(
      checked(ownInputs({ expiresAt: END }), ownInputs({ expiresAt: "2026-03-01T01:00:00+01:00" })),
      {
        failures: [],
        said: [`warn expiresAt (${END}) has passed. Declare a later moment to get a new token.`],
      },
    ));
  it("warns of a declared end as early as a rotation would come", () => {
    const expiresAt = "2026-03-08T00:00:00Z";
    const said = (rotateBeforeDays?: number) => checked(ownInputs({ expiresAt, rotateBeforeDays })).said;
    assert.deepEqual(said(7), [
      `warn the token ends at ${expiresAt}. Declare a later expiresAt to get a successor; a rotation alone would end at the same moment.`,
    ]);
    assert.deepEqual([said(6), said()], [[], []]);
  });
});

describe("the preview of a HubToken", () => {
  const diff = (
    state: State,
    inputs: Inputs,
    changed: string[] = [],
    context: Partial<LifecycleContext> = {},
  ) => {
    const memory = inMemory({}, { now: NOW, ...context });
    const { changes, replaces } = definition.diff?.(state, inputs, changed, memory.context) ?? {};
    return { changes, replaces, said: memory.said, claims: [...memory.context.claims] };
  };
  const nothing = { changes: false, replaces: [], said: [], claims: ["current"] };
  const due = { rotateEveryDays: 40 };
  const gone = (status: string) => [
    `warn the token is ${status} on the Hub. It is not issued again automatically: set recreateIfInvalid, or change a rotation trigger.`,
  ];
  const ends = { expiresAt: "2026-03-08T00:00:00Z", expiryEnforced: true };
  const ended = { expiresAt: NOW.toISOString(), expiryEnforced: true };
  const again = { recreateIfInvalid: true };
  const both = { permissions: ["org.read", "org.write"] };
  const end = "2027-01-01T00:00:00Z";
  const sameEnd = "2027-01-01T01:00:00+01:00";
  const triggers = (value: unknown) => ({ rotationTriggers: value as Record<string, string> });

  for (const [title, state, inputs, expected] of [
    ["shows nothing to do", {}, {}, false],
    ["shows a successor that is due", {}, due, true],
    ["shows none before it is due", {}, { rotateEveryDays: 41 }, false],
    ["shows none while the age is not known yet", {}, { rotateEveryDays: UNKNOWN as never }, false],
    ["shows one that is due before an end that the Hub has set", ends, { rotateBeforeDays: 7 }, true],
    ["shows none before that", ends, { rotateBeforeDays: 6 }, false],
    ["shows none by the clock for a revoked token", { status: "revoked" }, due, false],
    ["shows none by the clock for a missing token", { status: "missing" }, due, false],
    ["shows none for a revoked token whose end has come", { ...ended, status: "revoked" }, due, false],
    ["shows none for an expired token if none is due", ended, {}, false],
    ["shows one by the clock for an expired token", ended, due, true],
    ["shows a new token for a revoked one, if declared", { status: "revoked" }, again, true],
    ["shows a new token for a missing one, if declared", { status: "missing" }, again, true],
    ["shows a new token for an expired one, if declared", { status: "expired" }, again, true],
    ["shows none for an active one", {}, again, false],
    ["waits for recreateIfInvalid", { status: "revoked" }, { recreateIfInvalid: UNKNOWN as never }, false],
    ["shows that a narrowing is to be kept", { applied: { reach: reachWith(both) } }, {}, true],
    [
      "shows no such thing if it ended",
      { applied: { reach: reachWith(both) }, status: "revoked" },
      {},
      false,
    ],
    ["takes no triggers for the same as an empty object", {}, triggers({}), false],
    ["takes an empty object for the same as no triggers", triggers({}), {}, false],
    ["takes equal triggers for the same", triggers({ a: "1" }), triggers({ a: "1" }), false],
    ["shows a successor for another trigger", triggers({ a: "1" }), triggers({ a: "2" }), true],
    ["shows a successor for a trigger less", triggers({ a: "1" }), {}, true],
    ["shows a successor for a new trigger", {}, triggers({ a: "1" }), true],
    ["shows a successor for a trigger that is not known yet", {}, triggers({ a: UNKNOWN }), true],
    ["shows no successor for another name or role", {}, { name: "other", role: "write" }, false],
  ] as [string, Partial<State>, Partial<Inputs>, boolean][]) {
    it(`of a service account ${title}`, () =>
      assert.equal(diff(stateWith(state), inputsWith(inputs)).changes, expected));
  }
  for (const [title, state, inputs, expected] of [
    ["shows nothing to do", {}, {}, false],
    ["shows a successor for another name", {}, { name: "other" }, true],
    ["shows a successor for another role", {}, { role: "write" }, true],
    ["shows a successor for the default role", { role: "write" }, {}, true],
    ["takes no role for the default", {}, { role: "read" }, false],
    ["takes the default for no role", { role: "read" }, {}, false],
    ["shows a successor for an end", {}, { expiresAt: end }, true],
    ["shows a successor for no end any more", { applied: { expiresAt: end } }, {}, true],
    ["shows one for an unknown end", { applied: { expiresAt: end } }, { expiresAt: UNKNOWN }, true],
    ["compares ends as moments", { applied: { expiresAt: end } }, { expiresAt: sameEnd }, false],
    [
      "does not rotate before an end that was declared",
      { ...ends, applied: { expiresAt: ends.expiresAt } },
      { expiresAt: ends.expiresAt, rotateBeforeDays: 7 },
      false,
    ],
  ] as [string, Partial<State>, Partial<Inputs>, boolean][]) {
    it(`of a user's own token ${title}`, () =>
      assert.equal(diff(ownState(state), ownInputs(inputs)).changes, expected));
  }
  it("claims the token and its predecessors", () => {
    const predecessors = [{ tokenId: "old", supersededAt: CREATED }];
    assert.deepEqual(diff(stateWith({ predecessors }), inputsWith()).claims, ["current", "old"]);
  });
  it("shows an update for a changed argument, and a new object for another account", () => {
    assert.deepEqual(diff(stateWith(), inputsWith(), ["permissions"]), { ...nothing, changes: true });
    assert.deepEqual(diff(stateWith(), inputsWith(), ["serviceAccount"]).replaces, ["serviceAccount"]);
  });
  it("does not count an end that is only written in another way", () => {
    const state = ownState({ applied: { expiresAt: end } });
    const inputs = ownInputs({ expiresAt: sameEnd });
    assert.equal(diff(state, inputs, ["expiresAt"]).changes, false);
    assert.equal(diff(state, inputs, ["expiresAt", "idleMinutes"]).changes, true);
  });
  it("shows no successor while the stack defers rotations", () =>
    assert.deepEqual(diff(stateWith(), inputsWith(due), [], { behaviour: { rotation: "defer" } }), nothing));
  it("warns of a token that the Hub does not accept, unless it gets a successor", () => {
    for (const status of ["revoked", "missing"] as const) {
      assert.deepEqual(diff(stateWith({ status }), inputsWith(due)).said, gone(status));
      assert.deepEqual(diff(stateWith({ status }), inputsWith(again)).said, []);
    }
    assert.deepEqual(diff(stateWith(ended), inputsWith()).said, gone("expired"));
    assert.deepEqual(diff(stateWith({ ...ended, status: "revoked" }), inputsWith()).said, gone("revoked"));
    assert.deepEqual(diff(stateWith(ended), inputsWith(due)).said, []);
  });
  it("warns of a value that is not known, until there is a successor", () => {
    const imported = stateWith({ token: undefined });
    assert.match(
      diff(imported, inputsWith()).said.join(),
      /^warn the value of this token is not known, .* Until then `pulumi up` fails if something uses it\.$/,
    );
    assert.deepEqual(diff(imported, inputsWith(due)).said, []);
  });
  for (const [title, inputs, said, changed, status] of [
    [
      "an update will refuse to widen",
      {},
      [`warn \`pulumi up\` will refuse this. ${refusal("permissions, repoIds")}`],
    ],
    ["but not of what the program adds", { permissions: ["org.read", "job.write"], repos: ["acme/new"] }, []],
    ["but not of what is not declared", { permissions: undefined, repos: undefined }, []],
    ["but not if a trigger changed", triggers({ a: "1" }), []],
    ["but not if a successor is due", due, []],
    ["but not while something is unknown", { name: UNKNOWN }, []],
    ["but not of a replacement", {}, [], ["serviceAccount"]],
    ["but not of a revoked token", {}, gone("revoked"), [], "revoked"],
  ] as [string, Partial<Inputs>, string[], string[]?, State["status"]?][]) {
    it(`warns ${title === "an update will refuse to widen" ? `that ${title}` : `of a refusal, ${title}`}`, () => {
      const wide = { ...both, repos: ["acme/new", repoId("a")] };
      const applied = { reach: reachWith({ ...both, repoIds: [repoId("a")] }) };
      const state = stateWith({ applied, status: status ?? "active" });
      assert.deepEqual(diff(state, inputsWith({ ...wide, ...inputs }), changed).said, said);
    });
  }
  it("warns that an update will refuse a new token that would end in the past", () => {
    const state = ownState({ ...ended, applied: { expiresAt: ended.expiresAt } });
    const inputs = ownInputs({ expiresAt: ended.expiresAt, ...again });
    const { changes, said } = diff(state, inputs);
    assert.equal(changes, true);
    assert.match(
      said.join(),
      /^warn `pulumi up` will refuse this\. A new token is needed .* Declare a later/,
    );
  });
});

describe("the outputs that a preview of a HubToken shows as unknown", () => {
  const OWN_TOKENS = [{ name: ownState().hubName, role: "read" }];
  const OUTPUTS = [...Object.keys(hubTokenModel.outputs), ...Object.keys(hubTokenModel.fields)];
  const wide = { permissions: ["org.read", "org.write"], endpointPatterns: ["a"] };
  const applied = { reach: reachWith(wide) };
  const listed = (changes: Partial<Listed> = {}): Listed[] => [{ _id: "current", ...changes }];
  const moved = listed({ displayName: "by hand", expiration: daysAgo(-9) });
  const predecessors = [{ tokenId: "old", supersededAt: CREATED }];
  const trigger = { rotationTriggers: { now: "1" } };

  for (const [title, context, state, inputs, contains, lacks] of [
    [
      "a trigger",
      accountWith(listed()),
      stateWith(),
      inputsWith(trigger),
      "token predecessors",
      "permissions",
    ],
    [
      "a rotation by the clock that withholds what was taken away",
      accountWith(listed({ endpointPatterns: ["b"] })),
      stateWith({ ...wide, applied }),
      inputsWith({ ...wide, rotateEveryDays: 40 }),
      "token permissions endpointPatterns rotateAt",
      "role name",
    ],
    [
      "a revoked token that is issued again",
      accountWith([]),
      stateWith({ status: "revoked" }),
      inputsWith({ recreateIfInvalid: true }),
      "token status",
      "role",
    ],
    [
      "another setting, and a revocation that no refresh has seen",
      accountWith([]),
      stateWith({ recreateIfInvalid: true }),
      inputsWith({ recreateIfInvalid: true, idleMinutes: 5 }),
      "token tokenId",
      "idleMinutes",
    ],
    [
      "a user's own token with another name",
      userWith(OWN_TOKENS),
      ownState(),
      ownInputs({ name: "other", expiresAt: "2027-01-01T00:00:00Z" }),
      "token tokenId expiresAt",
      "permissions",
    ],
    [
      "a token whose permissions change",
      accountWith(listed()),
      stateWith(),
      inputsWith({ permissions: ["org.write"] }),
      "hubName",
      "token tokenId last4 createdAt predecessors",
    ],
    [
      "a token that was renamed and got an end, with another schedule",
      accountWith(moved),
      stateWith({ predecessors }),
      inputsWith({ rotateBeforeDays: 5 }),
      "hubName expiresAt expiryEnforced rotateAt predecessors",
      "token tokenId",
    ],
    [
      "a token that is found to be revoked",
      accountWith([]),
      stateWith(),
      inputsWith({ idleMinutes: 5 }),
      "status",
      "token tokenId predecessors",
    ],
  ] as [string, ReturnType<typeof accountWith>, State, Inputs, string, string][]) {
    it(`are all that an update changes beside the arguments: ${title}`, async () => {
      const changed = changedProperties(definition, state, inputs);
      const result = definition.diff?.(state, inputs, changed, context.context);
      assert.ok(result?.changes);
      const next = await definition.update("x", state, inputs, context.context);
      const value = (from: State, name: string) => (from as unknown as Record<string, unknown>)[name];
      const differing = OUTPUTS.filter((name) => !sameData(value(state, name), value(next, name)));
      const told = [...result.changed, ...result.renews];
      assert.deepEqual(
        differing.filter((name) => !told.includes(name)),
        [],
      );
      for (const name of contains.split(" ")) assert.ok(result.renews.includes(name), name);
      for (const name of lacks.split(" ")) assert.ok(!result.renews.includes(name), name);
    });
  }
  it("are none without an update, and those of a new token too while an argument is not known yet", () => {
    const renews = (inputs: Inputs, changed: string[] = []) =>
      definition.diff?.(stateWith(), inputs, changed, inMemory({}, { now: NOW }).context).renews ?? [];
    assert.deepEqual(renews(inputsWith()), []);
    const unknown = renews(inputsWith({ rotateEveryDays: UNKNOWN as never }), ["rotateEveryDays"]);
    for (const name of ["token", "predecessors", "permissions"]) assert.ok(unknown.includes(name), name);
  });
});

describe("a token: what a creation does", () => {
  it("asks for what is declared, under a marked name, and keeps all that came of it", async () => {
    const { context, sent } = accountWith([]);
    const inputs = inputsWith({
      repos: ["acme/m", "datasets/acme/d", repoId("7")],
      repoPermissions: ["repo.write"],
      endpointPatterns: ["acme/*"],
      skipNetworkSecurity: true,
      rotateEveryDays: 30,
    });
    const { id, state } = await definition.create(inputs, context);
    const repoIds = ["id of model acme/m", "id of dataset acme/d", repoId("7")];
    const reach = {
      permissions: ["org.read"],
      repoPermissions: ["repo.write"],
      repoIds,
      endpointPatterns: ["acme/*"],
      skipNetworkSecurity: true,
    };
    assert.equal(id, `acme/${ACCOUNT}/${OWNER}`);
    assert.deepEqual(sent, [["issue", { displayName: NEW_NAME, ...reach }]]);
    assert.deepEqual([...context.claims], ["new"]);
    assert.deepEqual(kept(state), {
      ...inputs,
      token: "hf_value_new2",
      tokenId: "new",
      hubName: NEW_NAME,
      last4: "new2",
      createdAt: NOW.toISOString(),
      rotateAt: "2026-03-31T00:00:00.000Z",
      expiryEnforced: false,
      status: "active",
      repoIds,
      applied: { reach },
      predecessors: [],
    });
  });
  it("keeps the value although the answer has no time in it: then it was issued now", async () => {
    const methods = {
      createServiceAccountToken: () =>
        Promise.resolve({ token: "hf_value_new2", tokenInfo: { _id: "new", createdAt: "yesterday" } }),
    };
    const { state } = await definition.create(inputsWith(), accountWith([], { methods }).context);
    assert.deepEqual([state.token, state.createdAt], ["hf_value_new2", NOW.toISOString()]);
    const rotated = await definition.update(
      "x",
      stateWith(),
      inputsWith({ rotationTriggers: { now: "1" } }),
      accountWith([{ _id: "current" }], { methods }).context,
    );
    assert.deepEqual([rotated.token, rotated.createdAt], ["hf_value_new2", NOW.toISOString()]);
  });
  it("of a service account asks for nothing that is not declared", async () => {
    const { context, sent } = accountWith([]);
    const { state } = await definition.create(inputsWith({ permissions: undefined }), context);
    const reach = reachWith({ permissions: [] });
    assert.deepEqual(sent, [["issue", { displayName: NEW_NAME, ...reach }]]);
    assert.deepEqual(state.applied.reach, reach);
  });
  it("of a user's own: with its role and its end", async () => {
    const { context, sent } = userWith([]);
    const inputs = ownInputs({ role: "write", expiresAt: "2027-01-01T01:00:00+01:00" });
    const { id, state } = await definition.create(inputs, context);
    const hubName = `mine [${OWNER}-0f0f]`;
    assert.equal(id, `user/${OWNER}`);
    assert.deepEqual(sent, [
      ["issue", { name: hubName, role: "write", expiresAt: "2027-01-01T00:00:00.000Z" }],
    ]);
    assert.deepEqual(kept(state), {
      ...inputs,
      token: "hf_value_new2",
      tokenId: hubName,
      hubName,
      last4: "new2",
      createdAt: NOW.toISOString(),
      expiryEnforced: true,
      status: "active",
      user: "alice",
      applied: { expiresAt: inputs.expiresAt },
      predecessors: [],
    });
  });
  it("asks for the end that the Hub has set, where the rotation goes by it, and only there", async () => {
    const end = "2026-05-01T00:00:00.000Z";
    for (const rotateBeforeDays of [undefined, 5]) {
      let asked = 0;
      const hub = accountWith([{ _id: "other", expiration: daysAgo(-9) }], {
        methods: {
          getServiceAccount() {
            asked++;
            const accessTokens = hub.held.map((each) => ({ ...each }));
            for (const each of accessTokens) if (each._id === "new") each.expiration = end;
            return Promise.resolve({ accessTokens });
          },
        },
      });
      const { state } = await definition.create(inputsWith({ rotateBeforeDays }), hub.context);
      const told = rotateBeforeDays !== undefined;
      assert.equal(asked, told ? 1 : 0);
      assert.deepEqual([state.expiresAt, state.expiryEnforced], [told ? end : undefined, told]);
      assert.equal(state.rotateAt, told ? "2026-04-26T00:00:00.000Z" : undefined);
    }
  });
  it("does not ask for an end that the answer told already", async () => {
    const expiresAt = "2027-01-01T00:00:00.000Z";
    const { context } = userWith([], { methods: { listTokens: () => assert.fail() } });
    const { state } = await definition.create(ownInputs({ expiresAt, rotateBeforeDays: 5 }), context);
    assert.deepEqual([state.expiresAt, state.expiryEnforced], [expiresAt, true]);
  });
  it("needs the owner's mark", async () => {
    const { context, sent } = accountWith([]);
    await assert.rejects(definition.create(inputsWith({ owner: undefined }), context), {
      message: "The HubToken has no owner's mark. Declare it with the class HubToken, which sets it.",
    });
    assert.deepEqual(sent, []);
  });
});

describe("a token: what a refresh finds", () => {
  const read = async (tokens: Listed[] | undefined, state: State, now = NOW) => {
    const { context, said } = accountWith(tokens, { now });
    const found = await definition.read("x", state, context);
    assert.ok(found);
    return { inputs: kept(found.inputs), state: kept(found.state) as State, said, claims: context.claims };
  };

  it("what was kept, where nothing changed", async () => {
    const state = stateWith({ predecessors: [{ tokenId: "old", supersededAt: CREATED }] });
    const old = { _id: "old", displayName: "by hand", permissions: [] };
    const found = await read([old, { _id: "current" }], state);
    assert.deepEqual(found.inputs, inputsWith());
    assert.deepEqual(found.state, state);
    assert.deepEqual([found.said, [...found.claims]], [[], ["current", "old"]]);
  });
  it("another name, with the mark or without it", async () => {
    for (const [displayName, name] of [
      [`other [${OWNER}-0002]`, "other"],
      ["by hand", "by hand"],
    ] as const) {
      const { state } = await read([{ _id: "current", displayName }], stateWith());
      assert.deepEqual([state.name, state.hubName], [name, displayName]);
    }
  });
  it("what it can do, in the words of the program where they mean the same", async () => {
    const declared: Partial<State> = {
      permissions: ["org.write", "org.read"],
      repos: ["acme/b", "acme/a"],
      repoIds: [repoId("b"), repoId("a")],
      repoPermissions: ["repo.write", "repo.content.read"],
      endpointPatterns: ["b", "a"],
      skipNetworkSecurity: false,
    };
    const same = {
      _id: "current",
      permissions: ["org.read", "org.write"],
      repoIds: [repoId("a"), repoId("b")],
      repoPermissions: ["repo.content.read", "repo.write"],
      endpointPatterns: ["a", "b"],
    };
    const state = stateWith(declared);
    assert.deepEqual((await read([same], state)).state, state);
    const other = {
      _id: "current",
      permissions: ["org.write", "job.write"],
      repoIds: [repoId("c"), repoId("b")],
      repoPermissions: ["repo.write"],
      endpointPatterns: ["d", "c"],
      skipNetworkSecurity: true,
    };
    const found = await read([other], state);
    assert.deepEqual(found.state, {
      ...state,
      permissions: ["job.write", "org.write"],
      repos: ["acme/b", repoId("c")],
      repoIds: [repoId("b"), repoId("c")],
      repoPermissions: ["repo.write"],
      endpointPatterns: ["c", "d"],
      skipNetworkSecurity: true,
    });
  });
  it("nothing that is not declared, where there is nothing; and what is there, where there is", async () => {
    assert.deepEqual((await read([{ _id: "current" }], stateWith())).state, stateWith());
    const found = await read(
      [{ _id: "current", repoIds: [repoId("a")], skipNetworkSecurity: true }],
      stateWith(),
    );
    assert.deepEqual(found.state.repos, [repoId("a")]);
    assert.equal(found.state.skipNetworkSecurity, true);
    const bypassed = stateWith({ skipNetworkSecurity: true });
    assert.equal((await read([{ _id: "current" }], bypassed)).state.skipNetworkSecurity, false);
    const short = stateWith({ repoIds: [repoId("a"), repoId("b")], repos: ["acme/a"] });
    const named = await read([{ _id: "current", repoIds: [repoId("b")] }], short);
    assert.deepEqual(named.state.repos, [repoId("b")], "by its id, where no name is known");
    const unnamed = stateWith({ repoIds: [repoId("a"), repoId("b")] });
    const left = await read([{ _id: "current", repoIds: [repoId("b")] }], unnamed);
    assert.deepEqual(left.state.repos, [repoId("b")]);
  });
  it("the end that the Hub has set, and when a successor is due", async () => {
    const expiration = "2026-05-01T00:00:00Z";
    const state = stateWith({ rotateBeforeDays: 5 });
    const found = await read([{ _id: "current", expiration }], state);
    assert.deepEqual(found.state, {
      ...state,
      expiresAt: expiration,
      expiryEnforced: true,
      rotateAt: "2026-04-26T00:00:00.000Z",
    });
    assert.deepEqual(found.inputs, inputsWith({ rotateBeforeDays: 5 }), "it was not declared");
    const gone = await read([{ _id: "current" }], stateWith({ expiresAt: expiration, expiryEnforced: true }));
    assert.deepEqual([gone.state.expiresAt, gone.state.expiryEnforced], [undefined, false]);
  });
  it("whether it holds: told, and never forgotten", async () => {
    const ended = { expiresAt: daysAgo(1), expiryEnforced: true };
    for (const [tokens, changes, status] of [
      [undefined, {}, "missing"],
      [[], {}, "revoked"],
      [[], ended, "expired"],
      [[], { ...ended, status: "revoked" }, "revoked"],
      [[{ _id: "current", last4: "xxxx" }], {}, "revoked"],
      [[{ _id: "current", last4: "xxxx", expiration: daysAgo(1) }], {}, "revoked"],
      [[{ _id: "current", expiration: NOW.toISOString() }], {}, "expired"],
      [[{ _id: "current", expiration: NOW.toISOString() }], { status: "revoked" }, "expired"],
    ] as [Listed[] | undefined, Partial<State>, string][]) {
      const found = await read(tokens, stateWith(changes));
      assert.equal(found.state.status, status);
      assert.deepEqual(found.said, [`warn the token ${MARKED} is ${status} on the Hub.`]);
      assert.equal(found.state.token, "hf_value_old1");
    }
    for (const [tokens, changes] of [
      [[{ _id: "current", expiration: daysAgo(-1) }], ended],
      [[{ _id: "current" }], { status: "revoked" }],
      [[{ _id: "current" }], { last4: undefined }],
      [[{ _id: "current", last4: undefined }], {}],
    ] as [Listed[], Partial<State>][]) {
      const found = await read(tokens, stateWith(changes));
      assert.deepEqual([found.state.status, found.said], ["active", []]);
    }
  });
  it("of one that does not hold: not its name, and what it can do only where that goes beyond the program", async () => {
    const displayName = `other [${OWNER}-0002]`;
    const [narrow, wide] = [["org.read"], ["org.read", "org.write"]];
    const seen = reachWith({ permissions: [] });
    for (const [declared, permissions, shown] of [
      [wide, narrow, wide],
      [narrow, wide, wide],
    ]) {
      const state = stateWith({ permissions: declared, seen });
      const { state: found } = await read(
        [{ _id: "current", last4: "xxxx", displayName, permissions }],
        state,
      );
      assert.deepEqual(found, { ...state, status: "revoked", hubName: displayName, permissions: shown });
    }
    const back = await read([{ _id: "current" }], stateWith({ status: "revoked", seen }));
    assert.deepEqual(back.state, stateWith(), "what was last seen counts no more, once it holds again");
  });
  it("a user's own: its role and its end, where they are declared", async () => {
    const expiresAt = "2027-01-01T01:00:00+01:00";
    const onHub = { name: ownState().hubName, role: "write", expiresAt: "2027-01-01T00:00:00.000Z" };
    const run = async (state: State, token = onHub) =>
      kept((await definition.read("x", state, userWith([token]).context))?.state) as State;
    const declared = ownState({ role: "read", expiresAt, expiryEnforced: true, applied: { expiresAt } });
    assert.deepEqual(await run(declared), { ...declared, role: "write" });
    const ended = await run(declared, { ...onHub, expiresAt: daysAgo(1) });
    assert.deepEqual([ended.status, ended.role], ["expired", "write"]);
    const plain = await run(ownState());
    assert.equal(plain.role, undefined);
    assert.deepEqual([plain.expiresAt, plain.expiryEnforced], [onHub.expiresAt, true]);
    const { inputs } = (await definition.read("x", declared, userWith([onHub]).context)) ?? {};
    assert.equal(inputs?.expiresAt, expiresAt);
  });
});

describe("a token: what is found by an id", () => {
  const own = { name: `mine [${OWNER}-0001]`, role: "write", expiresAt: "2027-01-01T00:00:00.000Z" };

  it("the newest with the mark, with all that the Hub tells of it", async () => {
    const { context } = accountWith([
      { _id: "older", createdAt: daysAgo(50) },
      {
        _id: "newer",
        displayName: `ci [${OWNER}-0002]`,
        permissions: ["org.write", "org.read"],
        repoIds: [repoId("b"), repoId("a")],
        repoPermissions: ["repo.write", "repo.content.read"],
        endpointPatterns: ["b", "a"],
        skipNetworkSecurity: true,
        expiration: "2026-05-01T00:00:00Z",
      },
    ]);
    const found = await definition.read(`acme/${ACCOUNT}/${OWNER}`, undefined, context);
    const reach = {
      permissions: ["org.read", "org.write"],
      repoPermissions: ["repo.content.read", "repo.write"],
      endpointPatterns: ["a", "b"],
      skipNetworkSecurity: true,
    };
    const repoIds = [repoId("a"), repoId("b")];
    assert.deepEqual(kept(found?.inputs), { ...inputsWith(), ...reach, repos: repoIds });
    assert.deepEqual(kept(found?.state), {
      ...inputsWith(),
      ...reach,
      repos: repoIds,
      repoIds,
      tokenId: "newer",
      hubName: `ci [${OWNER}-0002]`,
      last4: "old1",
      createdAt: CREATED,
      expiresAt: "2026-05-01T00:00:00Z",
      expiryEnforced: true,
      status: "active",
      applied: { reach: { ...reach, repoIds } },
      predecessors: [],
    });
  });
  it("one by the Hub's id or by its name, and none for anything else", async () => {
    const tokens = [
      { _id: "one", displayName: "by hand" },
      { _id: "two", displayName: "other" },
    ];
    const idOf = async (slot: string, hub = accountWith(tokens)) =>
      (await definition.read(`acme/${ACCOUNT}/${slot}`, undefined, hub.context))?.state.tokenId;
    assert.equal(await idOf("one"), "one");
    assert.equal(await idOf("other"), "two");
    assert.equal(await idOf("a name/with a slash", accountWith([])), undefined);
    assert.equal(await idOf("one", accountWith(undefined)), undefined);
  });
  it("a user's own, with its role and its end", async () => {
    const found = await definition.read(`user/${OWNER}`, undefined, userWith([own]).context);
    const inputs = ownInputs({ role: "write", expiresAt: own.expiresAt });
    assert.deepEqual(kept(found?.inputs), inputs);
    assert.deepEqual(kept(found?.state), {
      ...inputs,
      tokenId: own.name,
      hubName: own.name,
      createdAt: CREATED,
      expiryEnforced: true,
      status: "active",
      user: "alice",
      applied: { expiresAt: own.expiresAt },
      predecessors: [],
    });
  });
  it("one whose end has come", async () => {
    const ended = { ...own, expiresAt: daysAgo(1) };
    const found = await definition.read(`user/${OWNER}`, undefined, userWith([ended]).context);
    assert.equal(found?.state.status, "expired");
  });
  it("an id of another form is refused", async () => {
    for (const id of [
      "acme/ci",
      "user/",
      "x user/y",
      `acme/${ACCOUNT}`,
      `acme/${ACCOUNT}/`,
      `acme/${ACCOUNT}0/x`,
      `x/acme/${ACCOUNT}/y`,
      `/${ACCOUNT}/y`,
    ]) {
      await assert.rejects(async () => definition.read(id, undefined, accountWith([]).context), {
        message: `"${id}" is not the id of a token. It has the form organization/accountId/slot, or user/slot.`,
      });
    }
    const slot = "two\nlines";
    const { context } = userWith([{ name: slot }]);
    assert.equal((await definition.read(`user/${slot}`, undefined, context))?.state.tokenId, slot);
    const ofAccount = accountWith([{ _id: slot }]);
    const found = await definition.read(`acme/${ACCOUNT}/${slot}`, undefined, ofAccount.context);
    assert.equal(found?.state.tokenId, slot);
  });
});

describe("a token: what an update changes", () => {
  async function update(
    tokens: Listed[] | undefined,
    state: State,
    inputs: Inputs,
    surroundings: Surroundings = {},
  ) {
    const { context, said, sent } = accountWith(tokens, surroundings);
    const next = await definition.update("x", state, inputs, context);
    return { next, said, sent, claims: [...context.claims] };
  }
  const refusedWith = async (tokens: Listed[], state: State, inputs: Inputs) => {
    const { context, said, sent } = accountWith(tokens);
    let message = "";
    await definition.update("x", state, inputs, context).catch((error: unknown) => {
      message = (error as Error).message;
    });
    return { message, said, sent };
  };
  const current = (changes: Partial<Listed> = {}): Listed => ({ _id: "current", ...changes });

  it("nothing, where only what the Hub does not hold changed", async () => {
    const { next, said, sent, claims } = await update(
      [current()],
      stateWith(),
      inputsWith({ idleMinutes: 5 }),
    );
    assert.deepEqual([said, sent, claims], [[], [], ["current"]]);
    assert.deepEqual(kept(next), stateWith({ idleMinutes: 5 }));
  });
  it("each thing that it can do, and its name", async () => {
    const patterns = ["a"];
    for (const [inputs, changes, displayName] of [
      [{ permissions: ["org.write"] }, { permissions: ["org.write"] }, MARKED],
      [{ endpointPatterns: patterns }, { endpointPatterns: patterns }, MARKED],
      [{ skipNetworkSecurity: true }, { skipNetworkSecurity: true }, MARKED],
      [
        { repos: [repoId("a")], repoPermissions: ["repo.write"] },
        { repoIds: [repoId("a")], repoPermissions: ["repo.write"] },
        MARKED,
      ],
      [{ repos: [repoId("a")] }, { repoIds: [repoId("a")] }, MARKED],
      [{ repoPermissions: ["repo.write"] }, { repoPermissions: ["repo.write"] }, MARKED],
      [{ name: "other" }, {}, `other [${OWNER}-0001]`],
    ] as [Partial<Inputs>, Partial<TokenReach>, string][]) {
      const { sent, next } = await update([current()], stateWith(), inputsWith(inputs));
      assert.deepEqual(sent, [["change", "current", changeTo(changes, displayName)]]);
      assert.equal(next.hubName, displayName);
      assert.deepEqual(next.applied.reach, reachWith(changes));
      assert.deepEqual([next.token, next.last4, next.createdAt], ["hf_value_old1", "old1", CREATED]);
    }
  });
  it("patterns that the Hub would not take today do not keep it from being narrowed", async () => {
    const old = { endpointPatterns: ["acme/v1.2"], permissions: ["org.read", "org.write"] };
    const state = stateWith({ ...old, applied: { reach: reachWith(old) } });
    const { sent } = await update([current(old)], state, inputsWith({ ...old, permissions: ["org.read"] }));
    assert.deepEqual(sent, [["change", "current", changeTo({ permissions: ["org.read"] }, MARKED)]]);
  });
  it("an exemption from the network's rules that the Hub does not tell is as it was sent", async () => {
    const exempt = { skipNetworkSecurity: true };
    const state = stateWith({ ...exempt, applied: { reach: reachWith(exempt) } });
    const untold = current({ skipNetworkSecurity: undefined });
    const same = await update([untold], state, inputsWith({ ...exempt, idleMinutes: 5 }));
    assert.deepEqual(same.sent, []);
    const rotated = await update([untold], state, inputsWith({ ...exempt, rotationTriggers: { now: "1" } }));
    assert.equal((rotated.sent[0]?.[1] as TokenReach).skipNetworkSecurity, true);
    const { context } = accountWith([untold]);
    assert.equal((await definition.read("x", state, context))?.inputs.skipNetworkSecurity, true);
  });
  it("the mark stays, and is put back where it got lost", async () => {
    for (const [displayName, hubName, wanted] of [
      [`ci [${OWNER}-0002]`, MARKED, undefined],
      ["by hand", MARKED, MARKED],
      ["by hand", "by hand", NEW_NAME],
    ] as const) {
      const { sent, next } = await update([current({ displayName })], stateWith({ hubName }), inputsWith());
      assert.deepEqual(sent, wanted === undefined ? [] : [["change", "current", changeTo({}, wanted)]]);
      assert.equal(next.hubName, wanted ?? displayName);
    }
  });
  it("one that does not hold is only told of, and kept as it was", async () => {
    const ends = { expiresAt: daysAgo(1), expiryEnforced: true };
    for (const [tokens, changes, status] of [
      [undefined, {}, "missing"],
      [[], {}, "revoked"],
      [[], ends, "expired"],
    ] as [Listed[] | undefined, Partial<State>, string][]) {
      const { next, said, sent } = await update(
        tokens,
        stateWith(changes),
        inputsWith({ permissions: ["org.write"] }),
      );
      assert.deepEqual(sent, []);
      assert.deepEqual(said, [
        `warn the token ${MARKED} is ${status} on the Hub, so nothing was sent. It is not issued again automatically: set recreateIfInvalid, or ` +
          "change a rotation trigger.",
      ]);
      assert.deepEqual([next.status, next.hubName], [status, MARKED]);
      const { expiresAt, expiryEnforced } = next;
      assert.deepEqual(
        { expiresAt, expiryEnforced },
        { expiresAt: undefined, expiryEnforced: false, ...changes },
      );
    }
    const unenforced = stateWith({ expiresAt: daysAgo(-1) });
    assert.equal((await update([], unenforced, inputsWith())).next.expiresAt, undefined);
  });
  it("one whose value was rotated by hand is only narrowed; of any that does not hold stays known what it could do", async () => {
    const [read, write, job] = ["org.read", "org.write", "job.write"];
    const [byHand, ended] = [{ last4: "xxxx" }, { expiration: daysAgo(1) }];
    const reachOf = (permissions: string[]) => reachWith({ permissions });
    for (const [token, asked, narrows, seen, applied] of [
      [{ ...byHand, permissions: [read, job] }, [read, write], true, [read], [read, write]],
      [{ ...byHand, permissions: [read, write] }, [read, job], true, [read], [read]],
      [{ ...byHand, permissions: [read] }, [read, write], false, [read], [read, write]],
      [{ ...ended, permissions: [read, job] }, [read], false, [read, job], [read]],
      [undefined, [write, job], false, [read, write], [write]],
    ] as [Partial<Listed> | undefined, string[], boolean, string[], string[]][]) {
      const wide = {
        permissions: [read, write],
        applied: { reach: reachOf([read, write]) },
      } as Partial<State>;
      const inputs = inputsWith({ permissions: asked, name: "other" });
      const { next, said, sent } = await update(token ? [current(token)] : [], stateWith(wide), inputs);
      const what = JSON.stringify([token, asked]);
      assert.deepEqual(
        sent,
        narrows ? [["change", "current", changeTo({ permissions: seen }, MARKED)]] : [],
        what,
      );
      const done = narrows ? "it was only narrowed to what the program still asks for" : "nothing was sent";
      assert.ok(said.join().includes(`on the Hub, so ${done}. It is not issued again automatically`), what);
      assert.deepEqual(
        [next.seen, next.applied.reach, next.hubName],
        [reachOf(seen), reachOf(applied), MARKED],
        what,
      );
      const again = await update([], next, inputs);
      assert.deepEqual([again.next.seen, again.next.applied], [next.seen, next.applied], what);
    }
  });
  it("predecessors that the Hub does not list are forgotten", async () => {
    const [a, b] = ["a", "b"].map((tokenId) => ({ tokenId, supersededAt: CREATED }));
    assert.ok(a && b);
    const state = stateWith({ predecessors: [a, b] });
    const left = { _id: "b", permissions: [] };
    const { next, sent } = await update([left, current()], state, inputsWith({ idleMinutes: 5 }));
    assert.deepEqual([next.predecessors, sent], [[b], []]);
    assert.deepEqual((await update(undefined, state, inputsWith())).next.predecessors, []);
  });
  it("what somebody narrowed is not widened; what the program does not ask for goes first", async () => {
    const wide = { permissions: ["org.read", "org.write"] };
    const state = stateWith({ ...wide, applied: { reach: reachWith(wide) } });
    assert.deepEqual(await refusedWith([current()], state, inputsWith(wide)), {
      message: refusal("permissions"),
      said: [],
      sent: [],
    });
    const looser = current({ skipNetworkSecurity: true });
    assert.deepEqual(await refusedWith([looser], state, inputsWith({ ...wide, name: "other" })), {
      message: refusal("permissions"),
      said: ["info narrowed the token to what the program still asks for."],
      sent: [["change", "current", changeTo({}, MARKED)]],
    });
    const parts = reachWith({ permissions: ["a"], endpointPatterns: ["x"], skipNetworkSecurity: true });
    const several = await refusedWith(
      [current({ permissions: [], endpointPatterns: ["y"] })],
      stateWith({ applied: { reach: parts } }),
      inputsWith({ permissions: ["a"], endpointPatterns: ["x"], skipNetworkSecurity: true }),
    );
    assert.match(several.message, /\(permissions, endpointPatterns, skipNetworkSecurity\)/);
  });
  it("what somebody narrowed and then revoked is no reason to refuse", async () => {
    const wide = { permissions: ["org.read", "org.write"] };
    const state = stateWith({ applied: { reach: reachWith(wide) } });
    const { said, next } = await update([], state, inputsWith(wide));
    assert.match(said.join(), /is revoked on the Hub, so nothing was sent/);
    assert.equal(next.status, "revoked");
  });
  it("repositories are asked for where they are not known yet, and anew for a successor", async () => {
    const state = stateWith({ repos: ["acme/a", "acme/b"], repoIds: [repoId("a"), repoId("b")] });
    const repos = ["acme/b", "acme/c"];
    const known = await update([current()], state, inputsWith({ repos }));
    assert.deepEqual(known.next.repoIds, [repoId("b"), "id of model acme/c"]);
    const anew = await update([current()], state, inputsWith({ repos, rotationTriggers: { a: "1" } }));
    assert.deepEqual(anew.next.repoIds, ["id of model acme/b", "id of model acme/c"]);
    const none = await update([current()], state, inputsWith());
    assert.equal(none.next.repoIds, undefined);
    const withoutIds = stateWith({ repos: ["acme/a"] });
    const asked = await update([current()], withoutIds, inputsWith({ repos: ["acme/a"] }));
    assert.deepEqual(asked.next.repoIds, ["id of model acme/a"]);
  });
  it("a repository of which the Hub does not say the id is an error that says what to give", async () => {
    const methods = { getRepo: (repo: string) => Promise.resolve({ id: repo }) };
    const inputs = inputsWith({ repos: ["acme/m"], repoPermissions: ["repo.write"] });
    await assert.rejects(async () => definition.create(inputs, accountWith([], { methods }).context), {
      message: /^The Hub does not say the id of acme\/m, which a token needs\. Give the id itself in repos/,
    });
  });
  it("a repository that is gone keeps its id, where it was known; anything else is an error", async () => {
    const state = stateWith({ repos: ["acme/a"], repoIds: [repoId("a")] });
    const failing = (error: Error) => ({ methods: { getRepo: () => Promise.reject(error) } });
    const gone = failing(hubError({ what: "gone", status: 404 }));
    const down = failing(hubError({ what: "down", status: 503 }));
    const triggers = { rotationTriggers: { a: "1" } };
    const inputs = inputsWith({ repos: ["acme/a"], ...triggers });
    assert.deepEqual((await update([current()], state, inputs, gone)).next.repoIds, [repoId("a")]);
    await assert.rejects(update([current()], state, inputs, down), /down/);
    const other = inputsWith({ repos: ["acme/b"], ...triggers });
    await assert.rejects(update([current()], state, other, gone), /gone/);
  });
});

describe("a token: what a successor is", () => {
  async function update(
    tokens: Listed[] | undefined,
    state: State,
    inputs: Inputs,
    surroundings: Surroundings = {},
  ) {
    const { context, said, sent } = accountWith(tokens, surroundings);
    const next = await definition.update("x", state, inputs, context);
    return { next, said, sent, claims: [...context.claims] };
  }
  const current = (changes: Partial<Listed> = {}): Listed => ({ _id: "current", ...changes });
  const triggers = { rotationTriggers: { incident: "1" } };
  const ISSUED = (reason: string, name = MARKED) =>
    `info issued a successor (${reason}). The predecessor ${name} stays valid; a later \`pulumi up\` revokes it, 24 h from now at the ` +
    "earliest, once it is idle.";

  it("for a changed trigger: a new value, and the one before is remembered", async () => {
    const before = { tokenId: "old", supersededAt: CREATED };
    const { next, said, sent, claims } = await update(
      [current(), { _id: "old" }],
      stateWith({ predecessors: [before] }),
      inputsWith({ ...triggers, rotateEveryDays: 30 }),
    );
    assert.deepEqual(sent, [["issue", request()]]);
    assert.deepEqual(said, [ISSUED("a rotation trigger changed")]);
    assert.deepEqual(claims, ["current", "old", "new"]);
    assert.deepEqual(kept(next), {
      ...stateWith({ ...triggers, rotateEveryDays: 30 }),
      token: "hf_value_new2",
      tokenId: "new",
      hubName: NEW_NAME,
      last4: "new2",
      createdAt: NOW.toISOString(),
      rotateAt: "2026-03-31T00:00:00.000Z",
      predecessors: [before, { tokenId: "current", supersededAt: NOW.toISOString() }],
    });
  });
  it("for a moment that has come", async () => {
    const { said } = await update([current()], stateWith(), inputsWith({ rotateEveryDays: 40 }));
    assert.deepEqual(said, [ISSUED(`due since ${NOW.toISOString()}`)]);
  });
  it("for one that does not hold, where that is declared: there is no predecessor", async () => {
    const { next, said, sent } = await update([], stateWith(), inputsWith({ recreateIfInvalid: true }));
    assert.deepEqual(sent, [["issue", request()]]);
    assert.deepEqual([said, next.predecessors, next.status], [[], [], "active"]);
    const byHand = await update(
      [current({ last4: "xxxx" })],
      stateWith(),
      inputsWith({ recreateIfInvalid: true }),
    );
    assert.deepEqual(byHand.said, [ISSUED("the token is revoked and recreateIfInvalid is set")]);
  });
  it("with the end that the Hub has set for it", async () => {
    const expiration = "2026-05-01T00:00:00.000Z";
    const hub = accountWith([current()]);
    Object.assign(hub.context.client, {
      createServiceAccountToken() {
        hub.held.push({ ...hub.held[0], _id: "new", expiration } as (typeof hub.held)[0]);
        return Promise.resolve({ token: "hf_x", tokenInfo: { _id: "new", createdAt: NOW.toISOString() } });
      },
    });
    const inputs = inputsWith({ ...triggers, rotateBeforeDays: 5 });
    const next = await definition.update("x", stateWith(), inputs, hub.context);
    assert.deepEqual([next.expiresAt, next.expiryEnforced], [expiration, true]);
  });
  it("narrows its predecessor along, and widens it nowhere", async () => {
    const { sent, said } = await update(
      [current({ permissions: ["org.read", "org.write"] })],
      stateWith(),
      inputsWith({ permissions: ["job.write", "org.read"], ...triggers }),
    );
    assert.deepEqual(sent, [
      ["change", "current", changeTo({}, MARKED)],
      ["issue", request({ permissions: ["job.write", "org.read"] })],
    ]);
    assert.equal(said.length, 1);
  });
  it("by the clock can do no more than a predecessor that somebody narrowed, and says so", async () => {
    const wide = { permissions: ["org.read", "org.write"], skipNetworkSecurity: true };
    const state = stateWith({ ...wide, applied: { reach: reachWith(wide) } });
    const { next, said, sent } = await update(
      [current()],
      state,
      inputsWith({ ...wide, rotateEveryDays: 40 }),
    );
    assert.deepEqual(sent, [["issue", request()]]);
    assert.deepEqual(said, [
      ISSUED(`due since ${NOW.toISOString()}`),
      `warn the successor can do no more than its predecessor, which was narrowed on the Hub (permissions, skipNetworkSecurity). ${HOW_TO_WIDEN}`,
    ]);
    assert.deepEqual([next.permissions, next.skipNetworkSecurity], [["org.read"], false]);
    assert.deepEqual(next.applied.reach, reachWith(wide), "the difference stays in sight");
  });
  it("of one that is not listed any more can do no more than was last seen of it", async () => {
    const wide = { permissions: ["org.read", "org.write"] };
    const state = stateWith({ applied: { reach: reachWith(wide) } });
    const inputs = inputsWith({ ...wide, recreateIfInvalid: true });
    const { sent, said } = await update([], state, inputs);
    assert.deepEqual(sent, [["issue", request()]]);
    assert.match(said.join(), /^warn the successor can do no more/);
  });
  it("may do all that is declared, where a person has just asked for it", async () => {
    const wide = { permissions: ["org.read", "org.write"] };
    const state = stateWith({ ...wide, applied: { reach: reachWith(wide) } });
    const { sent } = await update([current()], state, inputsWith({ ...wide, ...triggers }));
    assert.deepEqual(sent, [["issue", request(wide)]]);
  });
  it("may do what the program has only just added, also by the clock", async () => {
    const { sent, said } = await update(
      [current()],
      stateWith(),
      inputsWith({ permissions: ["org.read", "org.write"], rotateEveryDays: 40 }),
    );
    assert.deepEqual(sent, [["issue", request({ permissions: ["org.read", "org.write"] })]]);
    assert.equal(said.length, 1);
  });
});

describe("a user's own token: what a successor is", () => {
  const onHub = { name: ownState().hubName };
  async function update(state: State, inputs: Inputs, tokens = [onHub]) {
    const { context, said, sent } = userWith(tokens);
    const next = await definition.update("x", state, inputs, context);
    return { next, said, sent };
  }

  it("for another name, role or end, with the reason", async () => {
    const expiresAt = "2027-01-01T00:00:00.000Z";
    for (const [inputs, reason, sent] of [
      [{ name: "other" }, "name changed", { name: `other [${OWNER}-0f0f]`, role: "read" }],
      [{ role: "write" }, "role changed", { name: `mine [${OWNER}-0f0f]`, role: "write" }],
      [
        { role: "admin", expiresAt },
        "role and expiresAt changed",
        { name: `mine [${OWNER}-0f0f]`, role: "admin", expiresAt },
      ],
    ] as const) {
      const updated = await update(ownState(), ownInputs(inputs));
      assert.deepEqual(kept(updated.sent), [["issue", sent]]);
      assert.match(
        updated.said.join(),
        new RegExp(`^info issued a successor \\(${reason}\\)\\. The predecessor mine `),
      );
      assert.deepEqual(updated.next.predecessors, [{ tokenId: onHub.name, supersededAt: NOW.toISOString() }]);
      assert.equal(updated.next.user, "alice");
    }
  });
  it("none, where nothing of it changed", async () => {
    const { next, said, sent } = await update(ownState(), ownInputs({ idleMinutes: 5 }));
    assert.deepEqual([said, sent], [[], []]);
    assert.deepEqual(kept(next), ownState({ idleMinutes: 5 }));
  });
  it("none that would end in the past", async () => {
    const expiresAt = daysAgo(1);
    const state = ownState({ expiresAt, expiryEnforced: true, applied: { expiresAt } });
    const due = await update(state, ownInputs({ expiresAt, rotateEveryDays: 30 }), []);
    assert.deepEqual(due.sent, []);
    const { context, sent } = userWith([]);
    const inputs = ownInputs({ expiresAt, recreateIfInvalid: true });
    await assert.rejects(definition.update("x", state, inputs, context), {
      message: `A new token is needed (the token is expired and recreateIfInvalid is set), but expiresAt (${expiresAt}) has passed. Declare a later moment.`,
    });
    assert.deepEqual(sent, []);
  });
  it("is given to nobody else", async () => {
    const state = ownState({ user: "bob" });
    await assert.rejects(update(state, ownInputs({ role: "write" })), /This is a token of the user bob/);
  });
});

describe("a token: what a destroy does", () => {
  it("ends it and its predecessors, as far as the Hub lists them", async () => {
    const predecessors = ["a", "b"].map((tokenId) => ({ tokenId, supersededAt: CREATED }));
    const state = stateWith({ predecessors });
    const run = async (tokens: Listed[] | undefined) => {
      const { context, said, sent } = accountWith(tokens);
      await definition.delete("x", state, context);
      return { said, sent };
    };
    assert.deepEqual(await run([{ _id: "b" }, { _id: "current" }, { _id: "foreign" }]), {
      said: [],
      sent: [
        ["revoke", "current"],
        ["revoke", "b"],
      ],
    });
    const gone = [`info the token ${MARKED} is gone already.`];
    assert.deepEqual(await run([{ _id: "a" }]), { said: gone, sent: [["revoke", "a"]] });
    assert.deepEqual(await run(undefined), { said: gone, sent: [] });
  });
  it("ends it although the Hub does not say which tokens the account has", async () => {
    const state = stateWith({ predecessors: [{ tokenId: "a", supersededAt: CREATED }] });
    const methods = { getServiceAccount: () => Promise.resolve({}) };
    const { context, sent } = accountWith([{ _id: "current" }, { _id: "a" }], { methods });
    await definition.delete("x", state, context);
    assert.deepEqual(sent, [
      ["revoke", "current"],
      ["revoke", "a"],
    ]);
  });
});

// What a HubToken refuses, and what a preview says, decision by decision.
import assert from "node:assert/strict";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { changedProperties } from "../../provider/src/model/diff";
import { sameData } from "../../provider/src/model/plain";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { checkFailures } from "../../provider/src/resources/hubToken/checks";
import { hubTokenDefinition as definition } from "../../provider/src/resources/hubToken/lifecycle";
import {
  hubTokenModel,
  type HubTokenInputs as Inputs,
  type HubTokenState as State,
} from "../../provider/src/resources/hubToken/model";
import { inMemory } from "../support/inMemory";
import {
  ACCOUNT,
  accountWith,
  CREATED,
  current,
  daysAgo,
  type Former,
  inputsWith,
  NOW,
  ownInputs,
  ownState,
  reachWith,
  refusal,
  repoId,
  stateWith,
  userWith,
} from "../support/tokensInMemory";

describe("the check of a HubToken", () => {
  const checked = (inputs: Partial<Inputs>, previous?: Inputs) => {
    const { context, said } = inMemory({}, { now: NOW });
    const failures = checkFailures(inputs as Inputs, previous, context);
    return { said, failures: failures.map(({ property, reason }) => `${property}: ${reason}`) };
  };
  const END = NOW.toISOString();
  const PASSED = `expiresAt: is in the past (it is ${END} now); give a later time`;
  const BELONGS_TO_ACCOUNT =
    "is only for a service account's token: give organization and serviceAccount too, or leave it out";
  const BELONGS_TO_USER =
    "is only for a user's own token; leave it out. A service account's token has permissions, and the Hub sets its expiry";
  const TOGETHER = "is required for a service account's token: organization and serviceAccount go together";
  const NEEDS_PERMISSIONS = "repoPermissions: is required with repos: declare what the token may do in them";
  const NEEDS_REPOS = "repos: is required with repoPermissions: declare the repositories to which they apply";
  const BAD_NAME = "name: must not contain / or \\: the Hub identifies a user's own token by its name";
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
        [`expiresAt: is not a valid date: ${expiresAt}`],
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
        said: [`warn expiresAt (${END}) is in the past. Declare a later time to get a new token.`],
      },
    ));
  it("warns of a declared end as early as a rotation would come", () => {
    const expiresAt = "2026-03-08T00:00:00Z";
    const said = (rotateBeforeDays?: number) => checked(ownInputs({ expiresAt, rotateBeforeDays })).said;
    assert.deepEqual(said(7), [
      `warn the token expires at ${expiresAt}. Declare a later expiresAt to get a successor; without it, a successor would expire at the same time.`,
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
    `warn the token is ${status} on the Hub. It is not issued again automatically: set recreateIfInvalid to true, or give rotationTriggers a new value.`,
  ];
  const goneAccount =
    "A new token is needed (the token is missing and recreateIfInvalid is set), but the service account " +
    `${ACCOUNT} no longer exists on the Hub. Declare another serviceAccount, or remove the token from the program.`;
  const ends = { expiresAt: "2026-03-08T00:00:00Z", expiryEnforced: true };
  const ended = { expiresAt: NOW.toISOString(), expiryEnforced: true };
  const again = { recreateIfInvalid: true };
  const both = { permissions: ["org.read", "org.write"] };
  const end = "2027-01-01T00:00:00Z";
  const sameEnd = "2027-01-01T01:00:00+01:00";
  const REFUSES = `warn \`pulumi up\` will refuse this. ${refusal("permissions, repoIds")}`;
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
  ] as [string, Former, Partial<Inputs>, boolean][]) {
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
  ] as [string, Former, Partial<Inputs>, boolean][]) {
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
      assert.deepEqual(
        diff(stateWith({ status }), inputsWith(again)).said,
        status === "revoked" ? [] : [`warn \`pulumi up\` will refuse this. ${goneAccount}`],
      );
    }
    assert.deepEqual(diff(stateWith(ended), inputsWith()).said, gone("expired"));
    assert.deepEqual(diff(stateWith({ ...ended, status: "revoked" }), inputsWith()).said, gone("revoked"));
    assert.deepEqual(diff(stateWith(ended), inputsWith(due)).said, []);
  });
  it("warns of a value that is not known, until there is a successor", () => {
    const imported = stateWith({ token: undefined });
    assert.deepEqual(diff(imported, inputsWith()).said, [
      "warn the value of this token is not known, because it was imported and the Hub shows a value only once. Give rotationTriggers a " +
        "new value to issue a successor, or use the output token only after the next rotation. Until then `pulumi up` fails if something uses it.",
    ]);
    assert.deepEqual(diff(imported, inputsWith(due)).said, []);
    const past = ownState({ ...ended, token: undefined, applied: { expiresAt: ended.expiresAt } });
    const refused = diff(past, ownInputs({ expiresAt: ended.expiresAt, ...triggers({ a: "1" }) })).said;
    assert.equal(refused.length, 1, "a trigger that was changed is not asked for again");
  });
  it("does not need the owner's mark to know that a narrowing is to be kept", () => {
    const state = stateWith({ applied: { reach: reachWith({ permissions: ["org.read", "org.write"] }) } });
    const inputs = inputsWith({ permissions: state.permissions });
    assert.equal(diff(state, inputs).changes, true);
    assert.equal(diff(state, { ...inputs, owner: UNKNOWN }).changes, true);
  });
  for (const [title, inputs, warning, changed, status] of [
    ["warns that an update will refuse to widen the token", {}, REFUSES],
    ["warns of no refusal of what the program adds", { permissions: ["job.write"], repos: ["acme/new"] }, ""],
    ["warns of no refusal of what is not declared", { permissions: undefined, repos: undefined }, ""],
    ["warns of no refusal if a trigger changed", triggers({ a: "1" }), ""],
    ["warns of no refusal if a successor is due", due, ""],
    ["warns of no refusal while something is unknown", { name: UNKNOWN }, ""],
    ["warns of no refusal of a replacement", {}, "", ["serviceAccount"]],
    ["warns of no refusal of a revoked token", {}, gone("revoked").join(), [], "revoked"],
  ] as [string, Partial<Inputs>, string, string[]?, State["status"]?][]) {
    it(title, () => {
      const wide = { ...both, repos: ["acme/new", repoId("a")] };
      const applied = { reach: reachWith({ ...both, repoIds: [repoId("a")] }) };
      const state = stateWith({ applied, status: status ?? "active" });
      assert.equal(diff(state, inputsWith({ ...wide, ...inputs }), changed).said.join(), warning);
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
  const wide = { permissions: ["org.read", "org.write"], endpointPatterns: ["a", "b"] };
  const applied = { reach: reachWith(wide) };
  const moved = [current({ displayName: "by hand", expiration: daysAgo(-9) })];
  const predecessors = [{ tokenId: "old", supersededAt: CREATED }];
  const trigger = { rotationTriggers: { now: "1" } };

  for (const [title, context, state, inputs, contains, lacks] of [
    [
      "a trigger",
      accountWith([current()]),
      stateWith(),
      inputsWith(trigger),
      "token predecessors",
      "permissions",
    ],
    [
      "a rotation by the clock that withholds what was taken away",
      accountWith([current({ endpointPatterns: ["b"] })]),
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
      accountWith([current()]),
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
  it("are none without an update, and all that a new token may change while an argument is not known yet", () => {
    const renews = (state: State, inputs: Inputs, changed: string[] = []) =>
      definition.diff?.(state, inputs, changed, inMemory({}, { now: NOW }).context).renews;
    const all = [
      "token",
      "tokenId",
      "last4",
      "createdAt",
      "hubName",
      "rotateAt",
      "expiresAt",
      "expiryEnforced",
    ];
    all.push("status", "predecessors");
    const reach = ["permissions", "repos", "repoPermissions", "endpointPatterns", "skipNetworkSecurity"];
    const unknown = { rotateEveryDays: UNKNOWN as never };
    assert.deepEqual(renews(stateWith(), inputsWith()), []);
    assert.deepEqual(renews(stateWith(), inputsWith(unknown), ["rotateEveryDays"]), [...all, ...reach]);
    assert.deepEqual(renews(ownState(), ownInputs(unknown), ["rotateEveryDays"]), all);
    assert.deepEqual(renews(stateWith(), inputsWith(), ["idleMinutes"]), all.slice(4, 9));
  });
});

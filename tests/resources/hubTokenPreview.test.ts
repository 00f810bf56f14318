// What a HubToken refuses, and what a preview shows, case by case.
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
    ["accepts a user's own token", ownInputs(), []],
    ["accepts a service account's token", inputsWith({ name: "a/b\\c" }), []],
    [
      "refuses the arguments of a service account's token in a user's own token",
      ownInputs(ofAccount),
      Object.keys(ofAccount).map((property) => `${property}: ${BELONGS_TO_ACCOUNT}`),
    ],
    ["refuses a slash in the name of a user's own token", ownInputs({ name: "a/b" }), [BAD_NAME]],
    ["refuses a backslash in the name of a user's own token", ownInputs({ name: "a\\b" }), [BAD_NAME]],
    ["accepts a name that is not known yet", ownInputs({ name: unknown }), []],
    [
      "requires an organization with a service account",
      inputsWith({ organization: undefined }),
      [`organization: ${TOGETHER}`],
    ],
    [
      "requires a service account with an organization",
      inputsWith({ serviceAccount: undefined }),
      [`serviceAccount: ${TOGETHER}`],
    ],
    [
      "requires permissions for a service account's token",
      inputsWith({ permissions: undefined }),
      ["permissions: is required for a service account's token; permissionSets has ready-made sets"],
    ],
    [
      "refuses the arguments of a user's own token in a service account's token",
      inputsWith({ role: "read", expiresAt: "2027-01-01T00:00:00Z" }),
      [`role: ${BELONGS_TO_USER}`, `expiresAt: ${BELONGS_TO_USER}`],
    ],
    ["accepts repositories with permissions in them", inputsWith({ repos, repoPermissions }), []],
    ["requires permissions in repositories", inputsWith({ repos }), [NEEDS_PERMISSIONS]],
    ["requires no permissions in repositories if there are none", inputsWith({ repos: [] }), []],
    ["accepts repositories that are not known yet", inputsWith({ repos: unknown }), []],
    ["accepts an empty list of permissions in repositories", inputsWith({ repos, repoPermissions: [] }), []],
    [
      "accepts permissions in repositories that are not known yet",
      inputsWith({ repos, repoPermissions: unknown }),
      [],
    ],
    ["requires repositories for permissions in them", inputsWith({ repoPermissions }), [NEEDS_REPOS]],
    [
      "requires at least one repository for permissions in repositories",
      inputsWith({ repoPermissions, repos: [] }),
      [NEEDS_REPOS],
    ],
    [
      "accepts permissions in repositories while the repositories are not known yet",
      inputsWith({ repoPermissions, repos: unknown }),
      [],
    ],
    ["requires no repositories for an empty list of permissions", inputsWith({ repoPermissions: [] }), []],
    [
      "requires no repositories for permissions that are not known yet",
      inputsWith({ repoPermissions: unknown }),
      [],
    ],
    ...["2027-02-30T00:00:00Z", "2027-02-28T25:00:00Z", "2027-13-01T00:00:00Z"].map(
      (expiresAt): [string, Inputs, string[]] => [
        `refuses an expiry that is not in the calendar (${expiresAt})`,
        ownInputs({ expiresAt }),
        [`expiresAt: is not a valid date: ${expiresAt}`],
      ],
    ),
    [
      "accepts the last day of February in a leap year",
      ownInputs({ expiresAt: "2028-02-29T23:30:00-05:00" }),
      [],
    ],
    ["accepts an expiry that is not known yet", ownInputs({ expiresAt: unknown }), []],
    ["refuses an expiry in the past", ownInputs({ expiresAt: END }), [PASSED]],
    ["accepts an expiry in one millisecond", ownInputs({ expiresAt: "2026-03-01T00:00:00.001Z" }), []],
    [
      "refuses an expiry in the past that differs from the one before",
      ownInputs({ expiresAt: END }),
      [PASSED],
      ownInputs({ expiresAt: "2026-03-01T00:00:00.001Z" }),
    ],
    ["refuses a new expiry in the past", ownInputs({ expiresAt: END }), [PASSED], ownInputs()],
    [
      "refuses an expiry in the past in place of an unknown one",
      ownInputs({ expiresAt: END }),
      [PASSED],
      ownInputs({ expiresAt: UNKNOWN }),
    ],
  ] as [string, Inputs, string[], Inputs?][]) {
    it(title, () => assert.deepEqual(checked(inputs, previous), { failures, said: [] }));
  }
  it("only warns about a past expiry that was sent before, however it is written", () =>
    assert.deepEqual(
      checked(ownInputs({ expiresAt: END }), ownInputs({ expiresAt: "2026-03-01T01:00:00+01:00" })),
      {
        failures: [],
        said: [`warn expiresAt (${END}) is in the past. Declare a later time to get a new token.`],
      },
    ));
  it("warns about a declared expiry as early as a rotation would come", () => {
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
    ["shows no successor before it is due", {}, { rotateEveryDays: 41 }, false],
    ["shows no successor while the age is not known yet", {}, { rotateEveryDays: UNKNOWN as never }, false],
    ["shows a successor that is due before an expiry that the Hub set", ends, { rotateBeforeDays: 7 }, true],
    ["shows no successor too early before that expiry", ends, { rotateBeforeDays: 6 }, false],
    ["shows no successor by the clock for a revoked token", { status: "revoked" }, due, false],
    ["shows no successor by the clock for a missing token", { status: "missing" }, due, false],
    ["shows no successor for a revoked token that has expired", { ...ended, status: "revoked" }, due, false],
    ["shows no successor for an expired token if none is due", ended, {}, false],
    ["shows a successor by the clock for an expired token", ended, due, true],
    ["shows a new token for a revoked one with recreateIfInvalid", { status: "revoked" }, again, true],
    ["shows a new token for a missing one with recreateIfInvalid", { status: "missing" }, again, true],
    ["shows a new token for an expired one with recreateIfInvalid", { status: "expired" }, again, true],
    ["shows no new token for an active one with recreateIfInvalid", {}, again, false],
    [
      "shows no new token while recreateIfInvalid is not known yet",
      { status: "revoked" },
      { recreateIfInvalid: UNKNOWN as never },
      false,
    ],
    ["shows that a narrowing will be kept", { applied: { reach: reachWith(both) } }, {}, true],
    [
      "shows no narrowing that will be kept if the token has ended",
      { applied: { reach: reachWith(both) }, status: "revoked" },
      {},
      false,
    ],
    ["treats no triggers and an empty object as equal", {}, triggers({}), false],
    ["treats an empty object and no triggers as equal", triggers({}), {}, false],
    ["treats equal triggers as unchanged", triggers({ a: "1" }), triggers({ a: "1" }), false],
    ["shows a successor for another trigger", triggers({ a: "1" }), triggers({ a: "2" }), true],
    ["shows a successor for a removed trigger", triggers({ a: "1" }), {}, true],
    ["shows a successor for a new trigger", {}, triggers({ a: "1" }), true],
    ["shows a successor for a trigger that is not known yet", {}, triggers({ a: UNKNOWN }), true],
    ["shows no successor for another name or role", {}, { name: "other", role: "write" }, false],
  ] as [string, Former, Partial<Inputs>, boolean][]) {
    it(`of a service account's token ${title}`, () =>
      assert.equal(diff(stateWith(state), inputsWith(inputs)).changes, expected));
  }
  for (const [title, state, inputs, expected] of [
    ["shows nothing to do", {}, {}, false],
    ["shows a successor for another name", {}, { name: "other" }, true],
    ["shows a successor for another role", {}, { role: "write" }, true],
    ["shows a successor for the default role", { role: "write" }, {}, true],
    ["treats an added default role as unchanged", {}, { role: "read" }, false],
    ["treats a removed default role as unchanged", { role: "read" }, {}, false],
    ["shows a successor for an added expiry", {}, { expiresAt: end }, true],
    ["shows a successor for a removed expiry", { applied: { expiresAt: end } }, {}, true],
    [
      "shows a successor for an unknown expiry",
      { applied: { expiresAt: end } },
      { expiresAt: UNKNOWN },
      true,
    ],
    ["compares expiries as times", { applied: { expiresAt: end } }, { expiresAt: sameEnd }, false],
    [
      "does not rotate before a declared expiry",
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
  it("shows an update for a changed argument, and a replacement for another account", () => {
    assert.deepEqual(diff(stateWith(), inputsWith(), ["permissions"]), { ...nothing, changes: true });
    assert.deepEqual(diff(stateWith(), inputsWith(), ["serviceAccount"]).replaces, ["serviceAccount"]);
  });
  it("ignores an expiry that is only written in another way", () => {
    const state = ownState({ applied: { expiresAt: end } });
    const inputs = ownInputs({ expiresAt: sameEnd });
    assert.equal(diff(state, inputs, ["expiresAt"]).changes, false);
    assert.equal(diff(state, inputs, ["expiresAt", "idleMinutes"]).changes, true);
  });
  it("shows no successor while the stack defers rotations", () =>
    assert.deepEqual(diff(stateWith(), inputsWith(due), [], { behaviour: { rotation: "defer" } }), nothing));
  it("warns about a token that the Hub does not accept, unless it gets a successor", () => {
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
  it("warns about an unknown value until there is a successor", () => {
    const imported = stateWith({ token: undefined });
    assert.deepEqual(diff(imported, inputsWith()).said, [
      "warn the value of this token is not known, because it was imported and the Hub shows a value only once. Give rotationTriggers a " +
        "new value to issue a successor, or use the output token only after the next rotation. Until then `pulumi up` fails if something uses it.",
    ]);
    assert.deepEqual(diff(imported, inputsWith(due)).said, []);
    const past = ownState({ ...ended, token: undefined, applied: { expiresAt: ended.expiresAt } });
    const refused = diff(past, ownInputs({ expiresAt: ended.expiresAt, ...triggers({ a: "1" }) })).said;
    assert.equal(refused.length, 1, "a changed trigger is not asked for again");
  });
  it("does not need the owner's mark to know that a narrowing will be kept", () => {
    const state = stateWith({ applied: { reach: reachWith({ permissions: ["org.read", "org.write"] }) } });
    const inputs = inputsWith({ permissions: state.permissions });
    assert.equal(diff(state, inputs).changes, true);
    assert.equal(diff(state, { ...inputs, owner: UNKNOWN }).changes, true);
  });
  for (const [title, inputs, warning, changed, status] of [
    ["warns that an update will refuse to widen the token", {}, REFUSES],
    [
      "does not warn of a refusal for what the program adds",
      { permissions: ["job.write"], repos: ["acme/new"] },
      "",
    ],
    ["does not warn of a refusal for what is not declared", { permissions: undefined, repos: undefined }, ""],
    ["does not warn of a refusal if a trigger changed", triggers({ a: "1" }), ""],
    ["does not warn of a refusal if a successor is due", due, ""],
    ["does not warn of a refusal while an argument is not known yet", { name: UNKNOWN }, ""],
    ["does not warn of a refusal for a replacement", {}, "", ["serviceAccount"]],
    ["does not warn of a refusal for a revoked token", {}, gone("revoked").join(), [], "revoked"],
  ] as [string, Partial<Inputs>, string, string[]?, State["status"]?][]) {
    it(title, () => {
      const wide = { ...both, repos: ["acme/new", repoId("a")] };
      const applied = { reach: reachWith({ ...both, repoIds: [repoId("a")] }) };
      const state = stateWith({ applied, status: status ?? "active" });
      assert.equal(diff(state, inputsWith({ ...wide, ...inputs }), changed).said.join(), warning);
    });
  }
  it("warns that an update will refuse a new token with an expiry in the past", () => {
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
      "a rotation by the clock that withholds what was removed",
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
      "a token that was renamed and got an expiry, with another schedule",
      accountWith(moved),
      stateWith({ predecessors }),
      inputsWith({ rotateBeforeDays: 5 }),
      "hubName expiresAt expiryEnforced rotateAt predecessors",
      "token tokenId",
    ],
    [
      "a token that turns out to be revoked",
      accountWith([]),
      stateWith(),
      inputsWith({ idleMinutes: 5 }),
      "status",
      "token tokenId predecessors",
    ],
  ] as [string, ReturnType<typeof accountWith>, State, Inputs, string, string][]) {
    it(`are everything that an update changes beyond the arguments: ${title}`, async () => {
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
  it("are none without an update, and everything that a new token may change while an argument is not known yet", () => {
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

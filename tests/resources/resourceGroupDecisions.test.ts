// Single decisions about a resource group: what is sent in which order, what is refused, and what counts as applied.
import assert from "node:assert/strict";
import {
  appliedAfter,
  decide,
  isSettled,
  type Past,
  refusedIn,
  settledAttempt,
} from "../../provider/src/resources/resourceGroup/decisions";
import { type Values } from "../../provider/src/resources/resourceGroup/facets";
import { type ResourceGroupInputs } from "../../provider/src/resources/resourceGroup/model";
import { stepsFor } from "../../provider/src/resources/resourceGroup/requests";

const ID = "0123456789abcdef01234567";
const OTHER = "76543210fedcba9876543210";

const inputsWith = (changes: object = {}): ResourceGroupInputs => ({
  ...{ owner: "0123abcd", organization: "acme", name: "Research" },
  ...{ forceDestroy: false, recreateIfMissing: false },
  ...changes,
});

const pastWith = (applied: Values, changes: Partial<Past> = {}): Past => ({
  applied: { autoJoin: "none", ...applied },
  complete: ["members", "repositories"],
  ...changes,
});

const decided = (inputs: object, past: Past, facets: Values, people: Values = {}) =>
  decide(inputsWith({ members: [], repositories: [], ...inputs }), past, {
    ...{ groupId: ID, view: { facets, people } },
  });

describe("decisions about a resource group", () => {
  for (const { name, inputs = {}, applied = {}, facets = {}, sends, refuses = [], settled = false } of [
    {
      name: "sends nothing if all is as declared and applied",
      inputs: { members: [{ user: "Ada", role: "read" }] },
      applied: { "member ada": "read" },
      facets: { "member ada": "read" },
      ...{ sends: {}, settled: true },
    },
    {
      name: "adds a member that the program adds",
      inputs: { members: [{ user: "Ada", role: "read" }] },
      sends: { "member ada": "read" },
    },
    {
      name: "takes out a member that someone added",
      facets: { "member ada": "no_access" },
      sends: { "member ada": "none" },
    },
    {
      name: "takes out a member that the program takes out",
      applied: { "member ada": "read" },
      facets: { "member ada": "read" },
      sends: { "member ada": "none" },
    },
    {
      name: "does not add again a member that someone took out",
      inputs: { members: [{ user: "ada", role: "read" }] },
      applied: { "member ada": "read" },
      ...{ sends: {}, refuses: ["member ada"] },
    },
    {
      name: "does not raise a role that someone lowered",
      inputs: { members: [{ user: "ada", role: "write" }] },
      applied: { "member ada": "write" },
      facets: { "member ada": "read" },
      ...{ sends: {}, refuses: ["member ada"] },
    },
    {
      name: "puts a repository into the group",
      inputs: { repositories: [{ repo: "acme/M" }] },
      sends: { "repository model/acme/m": ID },
    },
    {
      name: "does not move a repository out of another group",
      inputs: { repositories: [{ repo: "acme/m" }] },
      facets: { "repository model/acme/m": OTHER },
      ...{ sends: {}, refuses: ["repository model/acme/m"] },
    },
    {
      name: "does not take out a repository that someone put in",
      facets: { "repository model/acme/m": ID },
      ...{ sends: {}, refuses: ["repository model/acme/m"] },
    },
    {
      name: "takes out a repository that the program takes out",
      applied: { "repository model/acme/m": ID },
      facets: { "repository model/acme/m": ID },
      sends: { "repository model/acme/m": "none" },
    },
    {
      name: "leaves alone a repository that is in another group and not declared",
      facets: { "repository model/acme/m": OTHER },
      ...{ sends: {}, settled: true },
    },
    {
      name: "lowers a limit that someone raised, and ignores one that is not declared",
      inputs: { spendLimits: { total: 5 } },
      applied: { "limit total": "5" },
      facets: { "limit total": "6", "limit jobs": "1" },
      sends: { "limit total": "5" },
    },
    {
      name: "sets a limit that someone removed",
      inputs: { spendLimits: { total: 5 } },
      applied: { "limit total": "5" },
      sends: { "limit total": "5" },
    },
    {
      name: "does not raise a limit that someone lowered",
      inputs: { spendLimits: { total: 5 } },
      applied: { "limit total": "5" },
      facets: { "limit total": "4" },
      ...{ sends: {}, refuses: ["limit total"] },
    },
    {
      name: "turns off automatic joining that someone turned on",
      facets: { autoJoin: "read/all" },
      sends: { autoJoin: "none" },
    },
    {
      name: "sets what both allow if neither automatic joining is looser",
      inputs: { members: undefined, autoJoin: { role: "read", scope: "all" } },
      applied: { autoJoin: "read/all" },
      facets: { autoJoin: "write/read_plus" },
      ...{ sends: { autoJoin: "read/read_plus" }, refuses: ["autoJoin"] },
    },
  ] as {
    name: string;
    inputs?: object;
    applied?: Values;
    facets?: Values;
    sends: Values;
    refuses?: string[];
    settled?: boolean;
  }[]) {
    it(name, () => {
      const past = pastWith(applied);
      const decision = decided(inputs, past, facets);
      const sent = decision.facets.flatMap(({ key, verdict }) =>
        verdict.send === undefined ? [] : [[key, verdict.send] as const],
      );
      assert.deepEqual(Object.fromEntries(sent), sends);
      assert.deepEqual(
        refusedIn(decision).map(({ key }) => key),
        refuses,
      );
      assert.equal(isSettled(decision, past), settled);
    });
  }

  it("takes out no repository when the list is declared for the first time", () => {
    const past = pastWith({}, { complete: [] });
    const facets = { "repository model/acme/m": ID, "member ada": "read" };
    assert.deepEqual(
      refusedIn(decided({}, past, facets)).map(({ key }) => key),
      ["repository model/acme/m"],
    );
  });

  it("takes out a repository that it put in, although the list was not declared in between", () => {
    const past = pastWith({ "repository model/acme/m": ID });
    const facets = { "repository model/acme/m": ID };
    const without = decided({ repositories: undefined }, past, facets);
    const next = { ...past, applied: appliedAfter(without, new Set()), complete: without.complete };
    assert.deepEqual(refusedIn(decided({}, next, facets)), []);
  });

  it("sends what tightens first", () => {
    const inputs = {
      members: [
        { user: "low", role: "read" },
        { user: "high", role: "write" },
        { user: "new", role: "read" },
      ],
      repositories: [{ repo: "acme/in" }],
      spendLimits: { total: 5, jobs: 9 },
    };
    const past = pastWith({
      ...{ "member low": "write", "member high": "read", "member out": "read" },
      ...{ "limit total": "6", "limit jobs": "8", "repository model/acme/out": ID },
    });
    const facets = {
      ...past.applied,
      ...{ autoJoin: "read/all", "limit total": "6", "limit jobs": "8" },
    };
    const steps = stepsFor(decided(inputs, past, facets), {}, { name: "Research" });
    assert.deepEqual(
      steps.map((step) =>
        step.do === "settings" ? "settings" : `${step.do} ${Object.keys(step.sent).join()}`,
      ),
      [
        "limits limit total",
        "join autoJoin",
        "role member low",
        "remove member out",
        "move repository model/acme/in",
        "settings",
        "limits limit jobs",
        "role member high",
        "add member new",
        "move repository model/acme/out",
      ],
    );
  });

  it("applies only what was seen, and keeps the rest as it was", () => {
    const members = [
      { user: "ada", role: "write" },
      { user: "wim", role: "write" },
    ];
    const past = pastWith({ "member ada": "read", "member wim": "read" });
    const facets = { "member ada": "read", "member wim": "read" };
    const decision = decided({ members }, past, facets);
    assert.deepEqual(appliedAfter(decision, new Set(["member ada"])), {
      ...{ autoJoin: "none", "member ada": "write", "member wim": "read" },
    });
  });

  it("treats the name of another person as nothing applied, in this run and in the next one", () => {
    const members = [{ user: "ada", role: "write" }];
    const past = pastWith({ "member ada": "read" }, { people: { "member ada": "1" } });
    const reason = { members, acknowledgeOverwrite: "known before" };
    const decision = decided(reason, past, { "member ada": "read" }, { "member ada": "2" });
    assert.deepEqual(decision.strangers, ["member ada"]);
    assert.equal(refusedIn(decision).length, 1);
    const next = {
      ...past,
      applied: appliedAfter(decision, new Set()),
      people: decision.people,
      heard: decision.heard,
    };
    assert.equal(refusedIn(decided(reason, next, { "member ada": "read" }, { "member ada": "2" })).length, 1);
    const absent = decided({ members }, next, {}, {});
    assert.equal(refusedIn(absent).length, 1, "also if that person has left the group");
    const later = decided({ members, acknowledgeOverwrite: "new" }, next, {}, { "member ada": "2" });
    assert.deepEqual(refusedIn(later), []);
  });

  it("counts a value without an answer as applied only if the Hub has it", () => {
    const past = pastWith(
      { "member ada": "read" },
      { tried: { "member ada": "write", "member wim": "none" } },
    );
    const settled = settledAttempt(past, {
      facets: { "member ada": "write", "member wim": "read" },
      people: {},
    });
    assert.deepEqual(settled.applied, { autoJoin: "none", "member ada": "write" });
    assert.equal(settled.tried, undefined);
  });
});

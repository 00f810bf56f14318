import assert from "node:assert/strict";
import {
  appliedAfter,
  appliedIf,
  narrowed,
  permissionSets,
  PERMISSIONS,
  reachesBeyond,
  reconcileReach,
  type TokenReach,
} from "../../provider/src/rules/permissions";

type Changes = Partial<TokenReach>;

const reach = (changes: Changes = {}): TokenReach => ({
  permissions: ["org.read"],
  repoPermissions: ["repo.content.read"],
  repoIds: ["a"],
  endpointPatterns: ["x-*"],
  skipNetworkSecurity: false,
  ...changes,
});

describe("permissions", () => {
  it("in the ready-made sets all exist on the Hub", () => {
    for (const permission of Object.values(permissionSets).flat())
      assert.ok(PERMISSIONS.includes(permission));
  });

  describe("reconcileReach", () => {
    const SKIPS = { skipNetworkSecurity: true };
    const ALL = { endpointPatterns: [] };
    const TWO = { endpointPatterns: ["x-*", "y-*"] };
    const MORE = { permissions: ["org.read", "job.write"] };
    const decided = (declared: Changes, observed: Changes, applied: Changes | undefined, speaks = false) =>
      reconcileReach({
        declared: reach(declared),
        observed: reach(observed),
        applied: applied && reach(applied),
        speaks,
      });
    const cases: [
      string,
      declared: Changes,
      observed: Changes,
      applied: Changes | undefined,
      withheld: string[],
      sent: Changes,
    ][] = [
      ["withholds nothing if nothing was narrowed", {}, {}, {}, [], {}],
      ["withholds a removed permission", {}, { permissions: [] }, {}, ["permissions"], { permissions: [] }],
      ["does not withhold a permission that the program only adds", MORE, {}, {}, [], MORE],
      ["does not withhold a permission that the program drops", {}, MORE, MORE, [], {}],
      ["does not withhold a permission that someone added", {}, MORE, {}, [], {}],
      [
        "withholds a removed permission while another is added",
        MORE,
        { permissions: [] },
        {},
        ["permissions"],
        { permissions: ["job.write"] },
      ],
      [
        "withholds a removed permission while another is dropped",
        {},
        { permissions: ["org.write"] },
        { permissions: ["org.read", "org.write"] },
        ["permissions"],
        { permissions: [] },
      ],
      [
        "withholds all permissions if nothing counts as applied",
        {},
        { permissions: [] },
        undefined,
        ["permissions"],
        { permissions: [] },
      ],
      ["withholds a removed repository", {}, { repoIds: [] }, {}, ["repoIds"], { repoIds: [] }],
      [
        "withholds a removed repository permission",
        {},
        { repoPermissions: [] },
        {},
        ["repoPermissions"],
        { repoPermissions: [] },
      ],
      [
        "withholds access to all endpoints if someone limited it to some",
        ALL,
        {},
        ALL,
        ["endpointPatterns"],
        {},
      ],
      ["does not withhold access to all endpoints if the program only now asks for it", ALL, {}, {}, [], ALL],
      ["does not withhold an endpoint that the program only adds", TWO, {}, {}, [], TWO],
      ["withholds no endpoints if the program asks for some instead of all", {}, ALL, ALL, [], {}],
      ["withholds a removed endpoint", TWO, {}, TWO, ["endpointPatterns"], {}],
      [
        "withholds a removed exemption from network rules",
        SKIPS,
        { skipNetworkSecurity: false },
        SKIPS,
        ["skipNetworkSecurity"],
        {},
      ],
      ["does not withhold an exemption that the program only now asks for", SKIPS, {}, {}, [], SKIPS],
      ["does not withhold an exemption that someone else granted", {}, SKIPS, {}, [], {}],
    ];
    for (const [name, declared, observed, applied, withheld, sent] of cases) {
      it(name, () => {
        const verdict = decided(declared, observed, applied);
        assert.deepEqual([verdict.withheld, verdict.inexpressible], [withheld, []]);
        assert.deepEqual(verdict.reach, reach(sent));
        assert.deepEqual(decided(declared, observed, applied, true).reach, reach(declared), "with a reason");
      });
    }
    it("reports endpoint patterns as inexpressible if they share none with the program's", () => {
      const verdict = decided(TWO, { endpointPatterns: ["z-*"] }, TWO);
      assert.deepEqual(verdict.inexpressible, ["endpointPatterns"]);
      assert.deepEqual(verdict.reach.endpointPatterns, ["z-*"]);
      assert.deepEqual(decided(TWO, { endpointPatterns: ["z-*"] }, TWO, true).inexpressible, []);
    });
    it("withholds the same parts again in the next run", () => {
      const both = { permissions: ["org.read", "org.write"] };
      const one = { permissions: ["org.read"] };
      const { applied, appliedIfNarrowed } = decided({ ...both, ...SKIPS, ...ALL }, one, {
        ...both,
        ...SKIPS,
        ...ALL,
      });
      for (const next of [applied, appliedIfNarrowed]) {
        assert.deepEqual(
          reconcileReach({
            declared: reach({ ...both, ...SKIPS, ...ALL }),
            observed: reach(one),
            applied: next,
            speaks: false,
          }).withheld,
          ["permissions", "endpointPatterns", "skipNetworkSecurity"],
        );
      }
    });
    it("does not withhold what the program added and a refused run did not send", () => {
      const { appliedIfNarrowed } = decided(
        { permissions: ["org.read", "job.write"] },
        { permissions: [] },
        {},
      );
      assert.deepEqual(appliedIfNarrowed.permissions, ["org.read"]);
      const two = decided(
        { endpointPatterns: ["a", "b"] },
        { endpointPatterns: ["a", "c"] },
        { endpointPatterns: ["a", "c"] },
      );
      assert.deepEqual(two.appliedIfNarrowed.endpointPatterns, ["a"]);
    });
  });

  describe("after a change without an answer", () => {
    it("count as applied as far as the Hub has them", () => {
      const tried = reach({ permissions: ["org.read", "job.write"], repoIds: [], endpointPatterns: ["y-*"] });
      const before = reach({ skipNetworkSecurity: true });
      const arrived = { ...tried, skipNetworkSecurity: false };
      assert.deepEqual(appliedAfter(tried, before, arrived), tried);
      assert.deepEqual(appliedAfter(tried, before, before), before);
      const byHand = { ...tried, permissions: ["job.write"] };
      assert.deepEqual(appliedAfter(tried, reach({ permissions: [] }), byHand).permissions, ["job.write"]);
      assert.deepEqual(appliedAfter(tried, before, byHand).permissions, ["org.read", "job.write"]);
    });
  });

  it("may count as applied after a change without an answer only as far as it changed them", () => {
    const other: TokenReach = {
      permissions: ["job.write"],
      repoPermissions: ["repo.write"],
      repoIds: ["b"],
      endpointPatterns: ["y-*"],
      skipNetworkSecurity: true,
    };
    assert.deepEqual(appliedIf(other, reach(), reach()), other);
    assert.deepEqual(appliedIf(reach(), reach(), other), other, "nothing was sent");
    const two = { permissions: ["org.read", "job.write"], repoIds: ["a", "b"] };
    const sent = { permissions: ["org.read"], repoIds: ["a", "b", "c"] };
    // The change removed job.write and added c; someone had removed org.write before.
    const applied = { permissions: ["org.write", "job.write"], repoIds: ["a"] };
    assert.deepEqual(
      appliedIf(reach(sent), reach(two), reach(applied)),
      reach({ permissions: ["org.write"], repoIds: ["a", "c"] }),
    );
  });

  it("reach beyond the wanted ones if something can be removed", () => {
    for (const [actual, wanted, beyond] of [
      [{}, {}, false],
      [{ permissions: ["org.read", "org.write"] }, {}, true],
      [{}, { permissions: ["org.read", "org.write"] }, false],
      [{ endpointPatterns: [] }, {}, true],
      [{}, { endpointPatterns: [] }, false],
      [{ endpointPatterns: ["y-*"] }, {}, false],
      [{ skipNetworkSecurity: true }, {}, true],
    ] as [Changes, Changes, boolean][]) {
      assert.equal(reachesBeyond(reach(actual), reach(wanted)), beyond);
    }
  });

  describe("that are only ever narrowed", () => {
    const cases: [string, actual: Changes, wanted: Changes, expected: Changes][] = [
      [
        "keep what both allow",
        { permissions: ["org.read", "org.write"], repoIds: ["a", "b"] },
        { permissions: ["job.write", "org.read"], repoIds: ["b", "c"], repoPermissions: [] },
        { repoIds: ["b"], repoPermissions: [] },
      ],
      ["limit all endpoints to the wanted ones", { endpointPatterns: [] }, {}, { endpointPatterns: ["x-*"] }],
      ["drop an endpoint", { endpointPatterns: ["x-*", "y-*"] }, {}, { endpointPatterns: ["x-*"] }],
      ["keep some endpoints if all are wanted", {}, { endpointPatterns: [] }, {}],
      [
        "keep the endpoints if none are in common, because no pattern means all",
        {},
        { endpointPatterns: ["y-*"] },
        {},
      ],
      ["stop skipping network rules", { skipNetworkSecurity: true }, {}, {}],
      ["do not start skipping network rules", {}, { skipNetworkSecurity: true }, {}],
      [
        "keep skipping network rules if both do",
        { skipNetworkSecurity: true },
        { skipNetworkSecurity: true },
        { skipNetworkSecurity: true },
      ],
    ];
    for (const [name, actual, wanted, expected] of cases) {
      it(name, () => assert.deepEqual(narrowed(reach(actual), reach(wanted)), reach(expected)));
    }
  });
});

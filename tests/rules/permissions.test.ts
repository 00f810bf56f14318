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

  describe("are withheld if someone has narrowed them on the Hub:", () => {
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
      ["nothing if nothing was", {}, {}, {}, [], {}],
      ["one that was taken away", {}, { permissions: [] }, {}, ["permissions"], { permissions: [] }],
      ["nothing that the program only adds", MORE, {}, {}, [], MORE],
      ["nothing that the program drops", {}, MORE, MORE, [], {}],
      ["nothing that someone added", {}, MORE, {}, [], {}],
      [
        "one that was taken away, while another is added",
        MORE,
        { permissions: [] },
        {},
        ["permissions"],
        { permissions: ["job.write"] },
      ],
      [
        "one that was taken away, while another is dropped",
        {},
        { permissions: ["org.write"] },
        { permissions: ["org.read", "org.write"] },
        ["permissions"],
        { permissions: [] },
      ],
      [
        "all, if nothing counts as applied",
        {},
        { permissions: [] },
        undefined,
        ["permissions"],
        { permissions: [] },
      ],
      ["a repository", {}, { repoIds: [] }, {}, ["repoIds"], { repoIds: [] }],
      [
        "a permission in repositories",
        {},
        { repoPermissions: [] },
        {},
        ["repoPermissions"],
        { repoPermissions: [] },
      ],
      ["all endpoints that became some", ALL, {}, ALL, ["endpointPatterns"], {}],
      ["no endpoints if the program only now asks for all", ALL, {}, {}, [], ALL],
      ["no endpoints if the program only adds one", TWO, {}, {}, [], TWO],
      ["no endpoints if the program asks for some of all", {}, ALL, ALL, [], {}],
      ["an endpoint", TWO, {}, TWO, ["endpointPatterns"], {}],
      [
        "the exemption from network rules",
        SKIPS,
        { skipNetworkSecurity: false },
        SKIPS,
        ["skipNetworkSecurity"],
        {},
      ],
      ["no exemption that the program only now asks for", SKIPS, {}, {}, [], SKIPS],
      ["no exemption that someone else gave", {}, SKIPS, {}, [], {}],
    ];
    for (const [name, declared, observed, applied, withheld, sent] of cases) {
      it(name, () => {
        const verdict = decided(declared, observed, applied);
        assert.deepEqual([verdict.withheld, verdict.inexpressible], [withheld, []]);
        assert.deepEqual(verdict.reach, reach(sent));
        assert.deepEqual(decided(declared, observed, applied, true).reach, reach(declared), "with a reason");
      });
    }
    it("patterns that have none in common with the program's, which nothing expresses", () => {
      const verdict = decided(TWO, { endpointPatterns: ["z-*"] }, TWO);
      assert.deepEqual(verdict.inexpressible, ["endpointPatterns"]);
      assert.deepEqual(verdict.reach.endpointPatterns, ["z-*"]);
      assert.deepEqual(decided(TWO, { endpointPatterns: ["z-*"] }, TWO, true).inexpressible, []);
    });
    it("again in the next run, with what is applied after this one", () => {
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
    it("but not what the program added and a refused run did not send", () => {
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

  describe("whose change had no answer", () => {
    it("are applied as far as the Hub holds them", () => {
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

  it("count as applied after a change without an answer only as far as it changed them", () => {
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
    // One was taken away by the change, one by hand before, and one was put in.
    const applied = { permissions: ["org.write", "job.write"], repoIds: ["a"] };
    assert.deepEqual(
      appliedIf(reach(sent), reach(two), reach(applied)),
      reach({ permissions: ["org.write"], repoIds: ["a", "c"] }),
    );
  });

  it("reach beyond what is wanted if something can be taken away", () => {
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

  describe("that are narrowed and never widened", () => {
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
        "keep the endpoints if none is in common, because no pattern means all",
        {},
        { endpointPatterns: ["y-*"] },
        {},
      ],
      ["stop skipping network rules", { skipNetworkSecurity: true }, {}, {}],
      ["do not start skipping network rules", {}, { skipNetworkSecurity: true }, {}],
      [
        "go on skipping network rules if both do",
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

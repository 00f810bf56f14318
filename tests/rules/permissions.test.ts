import assert from "node:assert/strict";
import {
  narrowed,
  permissionSets,
  PERMISSIONS,
  type TokenReach,
  undoneParts,
  widenedParts,
} from "../../provider/src/rules/permissions";

const reach = (changes: Partial<TokenReach> = {}): TokenReach => ({
  permissions: ["org.read"],
  repoPermissions: ["repo.content.read"],
  repoIds: ["a"],
  endpointPatterns: ["x-*"],
  skipNetworkSecurity: false,
  ...changes,
});

describe("permissions: where one reach is wider than another", () => {
  const cases: [string, Partial<TokenReach>, Partial<TokenReach>, string[]][] = [
    ["the same", {}, {}, []],
    ["one permission more", { permissions: ["org.read", "org.write"] }, {}, ["permissions"]],
    ["one permission less", { permissions: [] }, {}, []],
    ["another permission instead", { permissions: ["org.write"] }, {}, ["permissions"]],
    ["another repository", { repoIds: ["b"] }, {}, ["repoIds"]],
    [
      "more rights in repositories",
      { repoPermissions: ["repo.content.read", "repo.write"] },
      {},
      ["repoPermissions"],
    ],
    ["another endpoint", { endpointPatterns: ["y-*"] }, {}, ["endpointPatterns"]],
    ["all endpoints instead of some", { endpointPatterns: [] }, {}, ["endpointPatterns"]],
    ["some endpoints instead of all", {}, { endpointPatterns: [] }, []],
    ["freed from network rules", { skipNetworkSecurity: true }, {}, ["skipNetworkSecurity"]],
    ["bound by network rules", {}, { skipNetworkSecurity: true }, []],
  ];
  for (const [name, wanted, actual, expected] of cases) {
    it(name, () => assert.deepEqual(widenedParts(reach(wanted), reach(actual)), expected));
  }

  it("ready-made sets hold only permissions that the Hub has", () => {
    for (const [name, set] of Object.entries(permissionSets)) {
      for (const permission of set) assert.ok(PERMISSIONS.includes(permission), `${name}: ${permission}`);
    }
  });
});

describe("permissions: where a program takes back what somebody has narrowed", () => {
  // What the program asks for, what the Hub has now, what was last sent.
  const cases: [string, Partial<TokenReach>, Partial<TokenReach>, Partial<TokenReach>, string[]][] = [
    ["nothing was narrowed", {}, {}, {}, []],
    ["a permission that was taken away", {}, { permissions: [] }, {}, ["permissions"]],
    ["one that is asked for only now", { permissions: ["org.read", "job.write"] }, {}, {}, []],
    [
      "one that was taken away, beside one that is new",
      { permissions: ["org.read", "job.write"] },
      { permissions: [] },
      {},
      ["permissions"],
    ],
    [
      "one that was taken away, in a list that got shorter",
      { permissions: ["org.read"] },
      { permissions: ["org.write"] },
      { permissions: ["org.read", "org.write"] },
      ["permissions"],
    ],
    ["a repository", {}, { repoIds: [] }, {}, ["repoIds"]],
    ["rights in repositories", {}, { repoPermissions: [] }, {}, ["repoPermissions"]],
    ["all endpoints again", { endpointPatterns: [] }, {}, { endpointPatterns: [] }, ["endpointPatterns"]],
    ["all endpoints, asked for only now", { endpointPatterns: [] }, {}, {}, []],
    [
      "one of the endpoints",
      { endpointPatterns: ["x-*", "y-*"] },
      {},
      { endpointPatterns: ["x-*", "y-*"] },
      ["endpointPatterns"],
    ],
    [
      "freedom from network rules",
      { skipNetworkSecurity: true },
      {},
      { skipNetworkSecurity: true },
      ["skipNetworkSecurity"],
    ],
    ["that freedom, asked for only now", { skipNetworkSecurity: true }, {}, {}, []],
  ];
  for (const [name, wanted, actual, applied, expected] of cases) {
    it(name, () => assert.deepEqual(undoneParts(reach(wanted), reach(actual), reach(applied)), expected));
  }
  it("nothing, where it is not known what was sent", () =>
    assert.deepEqual(undoneParts(reach(), reach({ permissions: [] }), undefined), []));
});

describe("permissions: what a token keeps that is narrowed and not widened", () => {
  it("what both allow", () =>
    assert.deepEqual(
      narrowed(
        reach({ permissions: ["org.read", "org.write"], repoIds: ["a", "b"], skipNetworkSecurity: true }),
        reach({ permissions: ["job.write", "org.read"], repoIds: ["b", "c"], repoPermissions: [] }),
      ),
      reach({ repoIds: ["b"], repoPermissions: [] }),
    ));
  const patterns: [string[], string[], string[]][] = [
    [[], ["x-*"], ["x-*"]],
    [["x-*", "y-*"], ["x-*"], ["x-*"]],
    [["x-*"], [], ["x-*"]],
    // None in common: an empty list would be any endpoint.
    [["x-*"], ["y-*"], ["x-*"]],
  ];
  for (const [actual, wanted, expected] of patterns) {
    it(`endpoints [${actual.join()}] down to [${wanted.join()}]`, () =>
      assert.deepEqual(
        narrowed(reach({ endpointPatterns: actual }), reach({ endpointPatterns: wanted })).endpointPatterns,
        expected,
      ));
  }
});

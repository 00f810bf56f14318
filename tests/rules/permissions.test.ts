import assert from "node:assert/strict";
import {
  permissionSets,
  PERMISSIONS,
  type TokenReach,
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

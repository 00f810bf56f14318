import assert from "node:assert/strict";
import {
  narrowed,
  permissionSets,
  PERMISSIONS,
  type TokenReach,
  undoneParts,
  widenedParts,
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

  describe("are wider, compared with what the token has,", () => {
    const cases: [string, wanted: Changes, actual: Changes, expected: string[]][] = [
      ["never if they are the same", {}, {}, []],
      ["if one is added", { permissions: ["org.read", "org.write"] }, {}, ["permissions"]],
      ["never if one is taken away", { permissions: [] }, {}, []],
      ["if one is replaced", { permissions: ["org.write"] }, {}, ["permissions"]],
      ["if the repository is another", { repoIds: ["b"] }, {}, ["repoIds"]],
      [
        "if a repository permission is added",
        { repoPermissions: ["repo.content.read", "repo.write"] },
        {},
        ["repoPermissions"],
      ],
      ["if the endpoint is another", { endpointPatterns: ["y-*"] }, {}, ["endpointPatterns"]],
      ["if all endpoints replace some", { endpointPatterns: [] }, {}, ["endpointPatterns"]],
      ["never if some endpoints replace all", {}, { endpointPatterns: [] }, []],
      ["if network rules no longer apply", { skipNetworkSecurity: true }, {}, ["skipNetworkSecurity"]],
      ["never if network rules apply again", {}, { skipNetworkSecurity: true }, []],
    ];
    for (const [name, wanted, actual, expected] of cases) {
      it(name, () => assert.deepEqual(widenedParts(reach(wanted), reach(actual)), expected));
    }
  });

  describe("undo what someone has narrowed on the Hub", () => {
    const SKIPS = { skipNetworkSecurity: true };
    const ALL = { endpointPatterns: [] };
    const TWO = { endpointPatterns: ["x-*", "y-*"] };
    const MORE = { permissions: ["org.read", "job.write"] };
    const cases: [
      string,
      wanted: Changes,
      actual: Changes,
      applied: Changes | undefined,
      expected: string[],
    ][] = [
      ["never if nothing was narrowed", {}, {}, {}, []],
      ["never if what was sent is unknown", {}, { permissions: [] }, undefined, []],
      ["if a permission was taken away", {}, { permissions: [] }, {}, ["permissions"]],
      ["never if the program only adds a permission", MORE, {}, {}, []],
      ["if one was taken away and the program adds another", MORE, { permissions: [] }, {}, ["permissions"]],
      [
        "if one was taken away and the program drops another",
        {},
        { permissions: ["org.write"] },
        { permissions: ["org.read", "org.write"] },
        ["permissions"],
      ],
      ["if a repository was taken away", {}, { repoIds: [] }, {}, ["repoIds"]],
      ["if a repository permission was taken away", {}, { repoPermissions: [] }, {}, ["repoPermissions"]],
      ["if all endpoints became some", ALL, {}, ALL, ["endpointPatterns"]],
      ["never if the program only now asks for all endpoints", ALL, {}, {}, []],
      ["if an endpoint was taken away", TWO, {}, TWO, ["endpointPatterns"]],
      ["never if the program only adds an endpoint", TWO, {}, {}, []],
      ["if the endpoint was replaced", TWO, { endpointPatterns: ["y-*"] }, {}, ["endpointPatterns"]],
      ["if network rules were made to apply", SKIPS, {}, SKIPS, ["skipNetworkSecurity"]],
      ["never if the program only now asks to skip network rules", SKIPS, {}, {}, []],
    ];
    for (const [name, wanted, actual, applied, expected] of cases) {
      it(name, () =>
        assert.deepEqual(undoneParts(reach(wanted), reach(actual), applied && reach(applied)), expected),
      );
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

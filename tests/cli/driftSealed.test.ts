// Secrets in a drift check: any arguments may be encrypted in the stack. The check never shows them, and never reports less than it knows.
import assert from "node:assert/strict";
import { exitCodeOf, type DriftReport } from "../../cli/src/drift/report";
import { FORMATS } from "../../cli/src/drift/formats/index";
import { colorsOf, type Terminal } from "../../cli/src/terminal";
import * as groups from "../../local-hub/src/store/resource-groups";
import {
  account,
  ACME,
  type DriftObject,
  GLOBEX,
  group,
  groupMember,
  type HandChange,
  member,
  organization,
  ownToken,
  PIPELINE,
  repoGroup,
  repository,
  setting,
  sso,
  ssoCredential,
  token,
} from "../support/driftObjects";
import { DriftStack, type Exported, sealed } from "../support/driftStack";
import { SecretSearch } from "../support/secretSearch";

const SEED = 11;
const ROUNDS = 30;
const GROUPS = ["65aa00000000000000000001", "65aa00000000000000000002"] as const;
const ACCOUNT = "65bb00000000000000000001";

const terminal = {
  out: process.stdout,
  err: process.stderr,
  colors: colorsOf({ isTTY: false }, {}),
} as unknown as Terminal;

/** The report in every format. */
const printed = (report: DriftReport): string[] =>
  Object.values(FORMATS).map((format) => format(report, terminal, {}));

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** Objects with one change by hand each. */
function changedObjects(): [DriftObject, HandChange][] {
  const all: [DriftObject, number][] = [
    [organization("all", ACME, { mode: "enforce", widest: "internal" }), 2],
    [sso("sso"), 3],
    [repository("model", "llm", { gated: "manual" }), 2],
    [repository("space", "space", { visibility: "protected" }), 0],
    [repository("dataset", "data"), 8],
    [account("robot"), 0],
    [token("ci", { permissions: ["org.read"] }, { accountId: ACCOUNT }), 1],
    [token("cd", { permissions: ["org.read"], repoPermissions: ["repo.write"] }, { accountId: ACCOUNT }), 6],
    [token("ce", { permissions: ["org.read", "repo.write"] }, { accountId: ACCOUNT }), 0],
    [ownToken("own", "read"), 2],
    [setting("secret", "space-secret"), 0],
    [setting("variable", "space-variable", "a reason"), 0],
    [group("laboratory", false), 1],
    [group("assembly", true), 8],
    [member("mia", "read"), 4],
    [groupMember("max", GROUPS[0]), 2],
    [repoGroup("model", "filed", GROUPS), 2],
    [ssoCredential("credential"), 0],
  ];
  return all.map(([object, index]) => [object, object.hand[index] as HandChange]);
}

describe("drift check with encrypted arguments", () => {
  const objects = changedObjects();
  let stack: DriftStack;
  let whole: DriftReport;

  before(async () => {
    const seed = { organizations: [{ name: GLOBEX, members: [{ user: PIPELINE, role: "admin" as const }] }] };
    stack = await DriftStack.start(
      objects.map(([object]) => object),
      { seed },
    );
    for (const [{ name }, change] of objects) stack.byHand("eve", name, change);
    stack.byHand("eve", "laboratory", (store, actor, { outputs }) => {
      const found = store.resourceGroups.get(String(outputs["groupId"]));
      if (found) groups.updateGroup(store, found, { description: "description by hand" }, actor);
    });
    whole = await stack.check({ showSecrets: true });
    assert.deepEqual([whole.failures, whole.notCompared], [[], []]);
    assert.ok(whole.drifts.length >= 15, `${whole.drifts.length} drifts`);
  });
  after(() => stack?.close());

  it("reports everything, or that it could not be compared", async () => {
    const random = randomFrom(SEED);
    for (let round = 0; round < ROUNDS; round++) {
      const share = random();
      const drawn = new Map<string, boolean>();
      const isSecret = (name: string, property: string): boolean => {
        const key = `${name} ${property}`;
        // The class sets the owner.
        const isSealed = drawn.get(key) ?? (property !== "owner" && random() < share);
        drawn.set(key, isSealed);
        return isSealed;
      };
      const before = stack.hub.store.requests.length;
      const report = await stack.check({ isSecret });
      const told = new Set([
        ...report.drifts.map(({ name, property }) => `${name} ${property}`),
        ...[...report.notCompared, ...report.failures].map(({ name }) => name),
      ]);
      for (const { name, property } of whole.drifts) {
        assert.ok(
          told.has(`${name} ${property}`) || told.has(name),
          `${round}: ${name} ${property} is not reported`,
        );
      }
      const known = new Set(whole.drifts.map(({ name, property }) => `${name} ${property}`));
      for (const { name, property } of report.drifts) {
        assert.ok(known.has(`${name} ${property}`), `${round}: ${name} ${property} does not differ`);
      }
      if (report.drifts.length < whole.drifts.length) assert.notEqual(exitCodeOf(report), 0);
      for (const each of report.drifts.filter(({ name, property }) => drawn.get(`${name} ${property}`))) {
        assert.deepEqual([each.applied, each.onHub], ["[secret]", "[secret]"]);
        for (const { message } of each.events) assert.equal(message, "[secret]");
      }
      const asked = stack.hub.store.requests
        .slice(before)
        .map(({ path, query }) => decodeURIComponent(path + query));
      assert.deepEqual(
        asked.filter((path) => path.includes("encrypted")),
        [],
      );
    }
  });

  for (const showSecrets of [false, true]) {
    it(`shows no value of a secret, ${showSecrets ? "with" : "without"} --show-secrets`, async () => {
      const search = new SecretSearch();
      search.plant("variable", "declared for space-variable");
      search.plant("secret", "declared for space-secret");
      search.plant("value by hand", "set by hand");
      search.plant("description", "for laboratory");
      search.plant("description by hand", "description by hand");
      search.plant("sign-on URL", "https://idp.acme.example/sso");
      search.plant("sign-on URL by hand", "https://elsewhere.example");
      search.plant("permission", "org.read");
      search.plant("permission by hand", "org.write");
      search.plant("member", "laboratory-one");
      const report = await stack.check({ isSecret: (_name, property) => property !== "owner", showSecrets });
      for (const text of printed(report)) assert.deepEqual(search.in("the report", text), []);
      if (showSecrets) {
        const names = ({ drifts }: DriftReport): string[] =>
          drifts.map(({ name, property }) => `${name} ${property}`);
        assert.deepEqual(names(report).sort(), names(whole).sort());
      }
    });
  }

  it("hides an argument of which only a part is encrypted", async () => {
    const edit = (resources: Exported[]): Exported[] =>
      resources.map((each) => {
        if (!each.urn.endsWith("::laboratory")) return each;
        const members = [{ user: sealed("laboratory-one"), role: "write" }];
        return { ...each, inputs: { ...each.inputs, members }, outputs: { ...each.outputs, members } };
      });
    const report = await stack.check({ edit });
    const own = report.drifts.filter(({ name, property }) => name === "laboratory" && property === "members");
    for (const each of own) assert.deepEqual([each.applied, each.onHub], ["[secret]", "[secret]"]);
    const told = [...report.notCompared, ...report.failures].some(({ name }) => name === "laboratory");
    assert.ok(told || own.length > 0);
    for (const text of printed(report)) assert.ok(!text.includes("laboratory-one"));
  });
});

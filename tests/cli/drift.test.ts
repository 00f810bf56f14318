// What a drift check reports about each kind of resource: category, values, author, and what `pulumi up --refresh` does.
import assert from "node:assert/strict";
import { type Drift } from "../../cli/src/drift/report";
import * as groups from "../../local-hub/src/store/resource-groups";
import * as repositories from "../../local-hub/src/store/repositories";
import {
  account,
  ACME,
  actorNamed,
  CERTIFICATES,
  type DriftObject,
  group,
  groupMember,
  type HandChange,
  member,
  organization,
  ownToken,
  repoGroup,
  repository,
  setting,
  sso,
  token,
} from "../support/driftObjects";
import { DriftStack } from "../support/driftStack";

const GROUPS = ["65aa00000000000000000001", "65aa00000000000000000002"] as const;
const ACCOUNT = "65bb00000000000000000001";

interface Row {
  title: string;
  object: DriftObject;
  /** The number of the change by hand, or the change. */
  hand: HandChange;
  /** `property: applied → on the Hub, category, what up does` of each drift. */
  drifts: string[];
  /** The type of the most likely event. Default: none. */
  event?: string;
  /** What the reason of the decision must contain. */
  why?: RegExp;
}

const line = ({ property, applied, onHub, category, up }: Drift): string =>
  `${property}: ${applied} → ${onHub}, ${category}, ${up}`;

const toRepo =
  (name: string, update: repositories.RepositoryUpdate): HandChange =>
  (store, actor) => {
    const found = store.repository(`${ACME}/${name}`);
    if (found) repositories.updateRepository(store, found, update, actor);
  };

const toGroup =
  (change: (...args: [...Parameters<typeof groups.deleteGroup>]) => void): HandChange =>
  (store, actor, { outputs }) => {
    const found = store.resourceGroups.get(String(outputs["groupId"]));
    if (found) change(store, found, actor);
  };

const hand = (object: DriftObject, index: number): HandChange => object.hand[index] as HandChange;
const end = (object: DriftObject, index = 0): HandChange => object.ends?.[index] as HandChange;

function rows(): Row[] {
  const narrow = repository("model", "llm-a");
  const open = repository("model", "llm-b", { visibility: "public", gated: "auto" });
  const ungated = repository("model", "llm-c", { visibility: "public", gated: "manual" });
  const space = repository("space", "space-a", { visibility: "protected" });
  const moved = repository("dataset", "data-a");
  const same = repository("dataset", "data-b");
  const robot = account("robot");
  const ci = token("ci", { permissions: ["org.read"] }, { accountId: ACCOUNT });
  const narrowed = token("cd", { permissions: ["org.read", "repo.write"] }, { accountId: ACCOUNT });
  const granted = token(
    "granted",
    { permissions: ["org.read"], repoPermissions: ["repo.content.read"] },
    { accountId: ACCOUNT },
  );
  const revoked = token("revoked", { permissions: ["org.read"] }, { accountId: ACCOUNT });
  const own = ownToken("own", "read");
  const ownWriter = ownToken("writer", "write");
  const lab = group("lab", false);
  const labTwo = group("labtwo", false);
  const labThree = group("labthree", false);
  const labFour = group("labfour", false);
  const hall = group("hall", true);
  const gone = group("gone", true);
  const mia = member("mia", "read");
  const noa = member("noa", "write");
  const left = member("lea", "write");
  const inGroup = groupMember("max", GROUPS[0]);
  const outOfGroup = groupMember("moe", GROUPS[0]);
  const filed = repoGroup("model", "filed", GROUPS);
  const unfiled = repoGroup("model", "unfiled", GROUPS);
  const secret = setting("secret", "space-secret");
  const lost = setting("secret", "space-lost");
  const variable = setting("variable", "space-variable");
  return [
    {
      title: "a repository that someone made public",
      object: narrow,
      hand: toRepo("llm-a", { visibility: "public" }),
      drifts: ["visibility: private → public, exposed, reverts"],
      event: "repo.update_settings",
    },
    {
      title: "a repository that someone made private",
      object: open,
      hand: toRepo("llm-b", { visibility: "private" }),
      drifts: ["visibility: public → private, tightened, refuses"],
      event: "repo.update_settings",
      why: /acknowledgePublic/,
    },
    {
      title: "a gate that someone removed",
      object: ungated,
      hand: toRepo("llm-c", { gated: false }),
      drifts: ["gated: manual → false, exposed, reverts"],
      event: "repo.update_settings",
    },
    {
      title: "a Space that someone deleted",
      object: space,
      hand: (store, actor) => {
        const found = store.repository(`${ACME}/space-a`, "space");
        if (found) repositories.deleteRepository(store, found, actor);
      },
      drifts: ["status: active → missing, changed, leaves"],
      event: "repo.delete",
      why: /does not exist/,
    },
    {
      title: "a dataset that someone moved away",
      object: moved,
      hand: end(moved),
      drifts: ["status: active → missing, changed, leaves"],
      event: "repo.move",
    },
    {
      title: "a repository that was replaced by another one with the same settings",
      object: same,
      hand: (store, actor) => {
        const found = store.repository(`${ACME}/data-b`, "dataset");
        if (!found) return;
        repositories.deleteRepository(store, found, actor);
        repositories.createRepository(store, { ...found }, actor);
      },
      drifts: ["status: active → replaced, changed, leaves"],
      event: "repo.delete",
      why: /another object with the same name/,
    },
    {
      title: "a service account that someone deleted",
      object: robot,
      hand: end(robot),
      drifts: ["status: active → missing, changed, leaves"],
      event: "org.service_account.delete",
    },
    {
      title: "a token with another permission",
      object: ci,
      hand: hand(ci, 1),
      drifts: ["permissions: - → org.write, exposed, reverts"],
      event: "org.service_account.token.update",
    },
    {
      title: "a token with fewer permissions",
      object: narrowed,
      hand: hand(narrowed, 0),
      drifts: ["permissions: org.read → -, tightened, refuses"],
      event: "org.service_account.token.update",
      why: /rotationTriggers/,
    },
    {
      title: "a token with access to another repository",
      object: granted,
      hand: hand(granted, 6),
      drifts: ["repos: - → 65cc00000000000000000001, exposed, reverts"],
      event: "org.service_account.token.update",
    },
    {
      title: "a token that someone revoked",
      object: revoked,
      hand: end(revoked),
      drifts: ["status: active → revoked, tightened, leaves"],
      event: "org.service_account.token.delete",
    },
    {
      title: "a user's own token with a higher role",
      object: own,
      hand: hand(own, 2),
      drifts: ["role: read → admin, exposed, reverts"],
    },
    {
      title: "a user's own token with a lower role",
      object: ownWriter,
      hand: hand(ownWriter, 0),
      drifts: ["role: write → read, tightened, refuses"],
    },
    {
      title: "a member of a resource group with a higher role",
      object: lab,
      hand: toGroup((store, found, actor) => void groups.changeUser(store, found, "lab-one", "admin", actor)),
      drifts: ["members: role: write, user: lab-one → role: admin, user: lab-one, exposed, reverts"],
      event: "resource_group.change_role",
    },
    {
      title: "a member whom someone took out of a resource group",
      object: labTwo,
      hand: toGroup((store, found, actor) => void groups.removeUser(store, found, "labtwo-one", actor)),
      drifts: ["members: role: write, user: labtwo-one → -, tightened, refuses"],
      event: "resource_group.remove_users",
    },
    {
      title: "a spending limit that someone raised",
      object: labThree,
      hand: toGroup(
        (store, found, actor) =>
          void groups.updateGroup(store, found, { spendLimits: { total: 500, jobs: 0 } }, actor),
      ),
      drifts: ["spendLimits: jobs: 0, total: 100 → jobs: 0, total: 500, exposed, reverts"],
      event: "resource_group.settings",
    },
    {
      title: "a repository that someone took out of a resource group",
      object: labFour,
      hand: (store, actor) => {
        const found = store.repository(`${ACME}/labfour-in`);
        if (found) repositories.setResourceGroup(store, found, null, actor);
      },
      drifts: ["repositories: repo: acme/labfour-in, repoType: model → -, exposed, reverts"],
      event: "repo.update_resource_group",
    },
    {
      title: "automatic joining that someone widened",
      object: hall,
      hand: toGroup(
        (store, found, actor) =>
          void groups.setAutoJoin(store, found, { enabled: true, role: "write" }, actor),
      ),
      drifts: ["autoJoin: role: read, scope: read_plus → role: write, scope: all, exposed, reverts"],
      event: "resource_group.settings",
    },
    {
      title: "a resource group that someone deleted",
      object: gone,
      hand: end(gone),
      drifts: ["status: active → missing, changed, leaves"],
      event: "resource_group.delete",
    },
    {
      title: "a member with a higher role",
      object: mia,
      hand: hand(mia, 4),
      drifts: ["role: read → admin, exposed, reverts"],
      event: "org.change_role",
    },
    {
      title: "a member with a lower role",
      object: noa,
      hand: hand(noa, 1),
      drifts: ["role: write → read, tightened, refuses"],
      event: "org.change_role",
    },
    {
      title: "a member who left",
      object: left,
      hand: end(left),
      drifts: ["status: active → missing, tightened, leaves"],
    },
    {
      title: "a person with a higher role in a resource group",
      object: inGroup,
      hand: hand(inGroup, 2),
      drifts: ["role: write → admin, exposed, reverts"],
      event: "resource_group.change_role",
    },
    {
      title: "a person whom someone took out of a resource group",
      object: outOfGroup,
      hand: hand(outOfGroup, 3),
      drifts: ["status: active → missing, tightened, refuses"],
      event: "resource_group.remove_users",
    },
    {
      title: "a repository in another resource group",
      object: filed,
      hand: hand(filed, 2),
      drifts: [`groupId: ${GROUPS[0]} → ${GROUPS[1]}, changed, refuses`],
      event: "repo.update_resource_group",
    },
    {
      title: "a repository in no resource group",
      object: unfiled,
      hand: hand(unfiled, 0),
      drifts: [`groupId: ${GROUPS[0]} → none, exposed, reverts`],
      event: "repo.update_resource_group",
    },
    {
      title: "a secret of a Space that someone set",
      object: secret,
      hand: hand(secret, 0),
      drifts: ["value: [secret] → [secret], changed, refuses"],
      event: "repo.update_secret",
    },
    {
      title: "a secret of a Space that someone deleted",
      object: lost,
      hand: hand(lost, 2),
      drifts: ["status: active → missing, changed, refuses"],
      event: "repo.remove_secret",
    },
    {
      title: "a variable of a Space that someone set",
      object: variable,
      hand: hand(variable, 0),
      drifts: ["value: [secret] → [secret], changed, refuses"],
      event: "repo.update_variable",
    },
  ];
}

describe("drift check of each resource", () => {
  const cases = rows();
  let stack: DriftStack;
  let drifts: Drift[];

  before(async () => {
    stack = await DriftStack.start(cases.map(({ object }) => object));
    assert.deepEqual((await stack.check()).drifts, []);
    for (const { object, hand } of cases) stack.byHand("eve", object.name, hand);
    const { drifts: found, failures, notCompared } = await stack.check();
    assert.deepEqual([failures, notCompared], [[], []]);
    drifts = found;
  });
  after(() => stack?.close());

  for (const { title, object, drifts: expected, event, why } of cases) {
    it(title, () => {
      const own = drifts.filter(({ name, type }) => name === object.name && type === object.type);
      assert.deepEqual(own.map(line), expected);
      const [first] = own;
      assert.equal(first?.events[0]?.type, event);
      if (event !== undefined) {
        assert.equal(first?.events[0]?.user, "eve");
        assert.equal(first?.since, first?.events[0]?.at);
      } else assert.ok(first?.noEvent);
      if (why) assert.match(first?.why ?? "", why);
      assert.deepEqual(first?.source, { file: "index.ts", line: 7 });
    });
  }

  it("sorts what is exposed first", () => {
    const order = ["exposed", "changed", "tightened"];
    const found = drifts.map(({ category }) => order.indexOf(category));
    assert.deepEqual(found, [...found].sort());
  });
});

describe("drift check of an organization", () => {
  it("names repositories that no program declares, and leaves those that one declares", async () => {
    const all = organization("all", ACME, { mode: "enforce", widest: "internal" });
    const open = repository("model", "open", { visibility: "public" });
    const stack = await DriftStack.start([open, all]);
    try {
      const before = await stack.check();
      stack.byHand("eve", "all", (store, actor) => {
        const found = store.repository(`${ACME}/all-stray-model`);
        if (found) repositories.updateRepository(store, found, { visibility: "public" }, actor);
      });
      const report = await stack.check();
      const fresh = report.drifts.filter(
        ({ property }) => !before.drifts.some((each) => each.property === property),
      );
      assert.deepEqual(fresh.map(line), [
        "repository model/acme/all-stray-model: internal → public, exposed, reverts",
      ]);
      assert.equal(fresh[0]?.events[0]?.user, "eve");
      const declared = report.drifts.find(({ property }) => property === "repository model/acme/open");
      assert.equal(declared?.up, "leaves");
      await stack.refresh();
      const later = (await stack.check()).drifts.find(({ property }) => property === fresh[0]?.property);
      assert.equal(later?.events[0]?.user, "eve", "an earlier refresh has already seen it");
    } finally {
      await stack.close();
    }
  });

  it("reports single sign-on that someone turned off or pointed elsewhere", async () => {
    const config = sso("sso");
    const stack = await DriftStack.start([config]);
    try {
      assert.deepEqual((await stack.check()).drifts, []);
      stack.byHand("eve", "sso", config.hand[0] as HandChange);
      const off = await stack.check();
      assert.deepEqual(off.drifts.map(line), ["enabled: true → false, exposed, reverts"]);
      assert.equal(off.drifts[0]?.events[0]?.type, "org.settings.sso.disable");
      stack.byHand("mallory", "sso", config.hand[2] as HandChange);
      const other = await stack.check();
      assert.deepEqual(
        other.drifts.map(({ property }) => property),
        ["enabled", "certificate"],
      );
      assert.equal(other.drifts[1]?.events[0]?.user, "mallory");
      assert.ok(!JSON.stringify(other).includes(CERTIFICATES[1].slice(60, 100)));
      stack.byHand("mallory", "sso", config.hand[5] as HandChange);
      const [deleted] = (await stack.check()).drifts;
      assert.equal(deleted?.property, "status");
      assert.equal(deleted?.onHub, "missing");
      assert.equal(deleted?.events[0]?.user, "mallory");
      assert.equal(actorNamed("mallory").author.user, "mallory");
    } finally {
      await stack.close();
    }
  });
});

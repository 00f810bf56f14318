// Who made a difference, according to the audit log.
import assert from "node:assert/strict";
import { type Drift } from "../../cli/src/drift/report";
import * as repositories from "../../local-hub/src/store/repositories";
import { type Fault } from "huggingface-local-hub";
import {
  ACME,
  actorNamed,
  type DriftObject,
  type HandChange,
  member,
  repository,
  token,
} from "../support/driftObjects";
import { DriftStack } from "../support/driftStack";

const LOG = /\/audit-log\//;
const ACCOUNT = "65bb00000000000000000001";

const toRepo =
  (repo: string, update: repositories.RepositoryUpdate, type: "model" | "dataset" = "model"): HandChange =>
  (store, actor) => {
    const found = store.repository(`${ACME}/${repo}`, type);
    if (found) repositories.updateRepository(store, found, update, actor);
  };

const users = ({ events }: Drift): (string | null)[] => events.map(({ user }) => user);

describe("author of a drift", () => {
  let stack: DriftStack | undefined;
  afterEach(async () => {
    await stack?.close();
    stack = undefined;
  });

  async function started(...objects: DriftObject[]): Promise<DriftStack> {
    return (stack = await DriftStack.start(objects));
  }

  async function onlyDrift(): Promise<Drift> {
    const { drifts } = await (stack as DriftStack).check();
    assert.equal(drifts.length, 1, JSON.stringify(drifts));
    return drifts[0] as Drift;
  }

  it("is found for a change that a refresh has recorded", async () => {
    const ci = token("ci", { permissions: ["org.read"] }, { accountId: ACCOUNT });
    const gone = repository("model", "gone");
    const { byHand, ...run } = bound(
      await started(repository("model", "llm"), ci, gone, member("mia", "read")),
    );
    byHand("eve", "model llm", toRepo("llm", { visibility: "public" }));
    byHand("eve", "ci", ci.hand[1] as HandChange);
    byHand("eve", "model gone", gone.hand.at(-4) as HandChange);
    byHand("eve", "member mia", member("mia", "read").ends?.[0] as HandChange);
    await run.refresh();
    const { drifts } = await run.check({ showSecrets: true });
    const byName = new Map(drifts.map((each) => [each.name, each]));
    assert.deepEqual(users(byName.get("model llm") as Drift), ["eve"]);
    assert.deepEqual(users(byName.get("ci") as Drift), ["eve"]);
    assert.equal(byName.get("ci")?.property, "permissions");
    assert.equal(byName.get("model gone")?.onHub, "missing");
    assert.deepEqual(users(byName.get("model gone") as Drift), ["eve"]);
  });

  it("is the last one who made a change, and the others follow", async () => {
    const mia = member("mia", "read");
    const { byHand } = bound(await started(mia));
    byHand("eve", "member mia", mia.hand[4] as HandChange);
    byHand("mallory", "member mia", mia.hand[3] as HandChange);
    assert.deepEqual(users(await onlyDrift()), ["mallory", "eve"]);
  });

  it("is not someone who set another visibility", async () => {
    const { byHand } = bound(await started(repository("model", "llm")));
    byHand("eve", "model llm", toRepo("llm", { visibility: "public" }));
    byHand("mallory", "model llm", toRepo("llm", { visibility: "internal" }));
    assert.deepEqual(users(await onlyDrift()), ["mallory"]);
  });

  it("is not someone who made a change before the last apply, and not the program itself", async () => {
    const { byHand, hub, ...run } = bound(await started(repository("model", "llm")));
    byHand("eve", "model llm", toRepo("llm", { visibility: "public" }));
    await run.refresh();
    await run.up();
    assert.equal(hub.store.repository(`${ACME}/llm`)?.visibility, "private");
    byHand("no-one", "model llm", (store) => {
      const found = store.repository(`${ACME}/llm`);
      if (found) store.tables.repositories.put(`model/${ACME}/llm`, { ...found, visibility: "public" });
    });
    const { events, noEvent, since } = await onlyDrift();
    assert.deepEqual(events, []);
    assert.equal(since, undefined);
    assert.match(noEvent ?? "", /no such event since 2 s after .* when the value was last applied/);
  });

  it("is not the program that created a token, and not another one about another token", async () => {
    const ci = token("ci", { permissions: ["org.read"] }, { accountId: ACCOUNT });
    const cd = token("cd", { permissions: ["org.read"] }, { accountId: ACCOUNT });
    const { byHand, hub } = bound(await started(ci, cd));
    byHand("eve", "cd", cd.hand[0] as HandChange);
    byHand("eve", "cd", cd.hand[4] as HandChange);
    byHand("no-one", "ci", (store, _actor, { outputs }) => {
      const found = store.serviceAccountTokens.get(String(outputs["tokenId"]));
      if (found) store.tables.serviceAccountTokens.put(found.id, { ...found, permissions: ["org.write"] });
    });
    assert.ok(hub.store.auditEvents.some(({ type }) => type === "org.service_account.token.create"));
    const { drifts } = await (stack as DriftStack).check();
    assert.deepEqual(drifts.filter(({ name }) => name === "ci").map(users), [[]]);
  });

  it("is found for a model and a dataset with the same name", async () => {
    const { byHand } = bound(await started(repository("model", "twin"), repository("dataset", "twin")));
    byHand("eve", "model twin", toRepo("twin", { visibility: "public" }));
    byHand("mallory", "dataset twin", toRepo("twin", { visibility: "public" }, "dataset"));
    const { drifts } = await (stack as DriftStack).check();
    const found = drifts.map((each) => [each.name, users(each)]);
    assert.deepEqual(
      new Map(found as [string, unknown][]),
      new Map([
        ["model twin", ["eve"]],
        ["dataset twin", ["mallory"]],
      ]),
    );
  });

  it("is found for a name in another case", async () => {
    const llm = repository("model", "Cased");
    const { byHand } = bound(await started({ ...llm, args: { ...llm.args, repo: "acme/cased" } }));
    byHand("eve", llm.name, toRepo("Cased", { visibility: "public" }));
    assert.deepEqual(users(await onlyDrift()), ["eve"]);
  });

  it("has no name if the account was deleted", async () => {
    const { byHand, hub } = bound(await started(repository("model", "llm")));
    byHand("left-person", "model llm", toRepo("llm", { visibility: "public" }));
    hub.store.tables.users.delete("left-person");
    const { events, since } = await onlyDrift();
    assert.equal(events.length, 1);
    assert.equal(since, events[0]?.at);
  });

  const faults: [string, Fault["effect"], RegExp][] = [
    ["is empty", { status: 200, body: [] }, /the audit log is empty/],
    ["is refused", { status: 403, body: { error: "Forbidden" } }, /could not be read/],
    ["needs another plan", { status: 402, body: { error: "Payment Required" } }, /could not be read/],
    ["breaks off", "lose-answer", /could not be read/],
    ["is something else", { status: 200, body: { error: "<html>" } }, /could not be read/],
  ];
  for (const [title, effect, why] of faults) {
    it(`is not known if the log ${title}, and the drift is reported`, async () => {
      const { byHand, hub } = bound(await started(repository("model", "llm")));
      byHand("eve", "model llm", toRepo("llm", { visibility: "public" }));
      hub.inject({ method: "GET", path: LOG, effect, times: 10 });
      const { events, noEvent, category } = await onlyDrift();
      assert.deepEqual([events, category], [[], "exposed"]);
      assert.match(noEvent ?? "", why);
    });
  }

  it("is not known if the log does not reach back far enough", async () => {
    const { byHand, hub } = bound(await started(repository("model", "llm")));
    byHand("eve", "model llm", (store) => {
      const found = store.repository(`${ACME}/llm`);
      if (found) store.tables.repositories.put(`model/${ACME}/llm`, { ...found, visibility: "public" });
    });
    hub.store.log(ACME, actorNamed("eve"), "org.update_settings", "Updated");
    const response = await fetch(`${hub.endpoint}/api/organizations/${ACME}/audit-log/export`, {
      headers: { authorization: `Bearer ${hub.tokens.admin}` },
    });
    const entries = (await response.json()) as { createdAt?: string; type?: string }[];
    const body = entries.filter(({ type }) => type === "org.update_settings").slice(-1);
    assert.equal(body.length, 1, JSON.stringify(entries[0]));
    hub.inject({ method: "GET", path: LOG, effect: { status: 200, body } });
    assert.match((await onlyDrift()).noEvent ?? "", /reaches back only to/);
  });
});

/** The stack with its methods, so that a test can take them apart. */
function bound(stack: DriftStack) {
  return {
    hub: stack.hub,
    byHand: stack.byHand.bind(stack),
    up: stack.up.bind(stack),
    refresh: stack.refresh.bind(stack),
    check: stack.check.bind(stack),
  };
}

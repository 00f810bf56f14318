import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { serviceAccountDefinition } from "../../provider/src/resources/serviceAccount/lifecycle";
import { withMark } from "../../provider/src/rules/mark";
import { startHub, type Hub } from "../support/hub";
import { Clock, type Refused, ResourceHarness } from "../support/lifecycle";

const OWNER = "0123abcd";

describe("ServiceAccount", () => {
  let hub: Hub;
  const clock = new Clock();

  beforeEach(async () => {
    hub = await startHub();
  });
  afterEach(() => hub.close());

  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const slot = () => new ResourceHarness(serviceAccountDefinition, { hub, clock });
  const args = (changes: object = {}) => ({
    owner: OWNER,
    organization: "acme",
    name: "ci",
    description: "Build pipeline",
    ...changes,
  });
  const created = async (changes: object = {}) => {
    const account = slot();
    await account.up(args(changes));
    return account;
  };
  const ours = () =>
    hub.store.serviceAccountsOf("acme").filter(({ description }) => description?.includes(`[${OWNER}-`));
  const addToken = (accountId: string) =>
    byHand().createServiceAccountToken("acme", accountId, { displayName: "by hand" });

  it("is created with the mark in its description, and then has nothing to do", async () => {
    const account = await created();
    const [onHub] = ours();
    assert.ok(onHub);
    assert.equal(account.id, `acme/${onHub.id}`);
    assert.equal(onHub.name, "ci");
    assert.match(onHub.description ?? "", /^Build pipeline \[0123abcd-[0-9a-f]{4}\]$/);
    const { accountId, user, createdAt, status } = account.kept;
    assert.deepEqual([accountId, user, createdAt, status], [onHub.id, onHub.user, onHub.createdAt, "active"]);
    assert.equal(account.preview(args()), "same");
    assert.deepEqual(await account.refresh(), [], "the mark is stripped");
    assert.equal(account.preview(args()), "same");
    await account.destroy();
    assert.deepEqual(ours(), []);
  });

  it("stays active if one listing leaves it out", async () => {
    const account = await created({ recreateIfMissing: true });
    hub.inject({ method: "GET", path: /service-accounts$/, effect: { status: 200, body: [] } });
    await account.refresh();
    assert.equal(account.kept.status, "active");
    assert.equal(account.preview(args({ recreateIfMissing: true })), "same");
  });

  it("needs no description, and treats an empty one as none", async () => {
    const account = slot();
    await account.up({ owner: OWNER, organization: "acme", name: "ci" });
    assert.match(ours()[0]?.description ?? "", /^\[0123abcd-[0-9a-f]{4}\]$/);
    assert.deepEqual(await account.refresh(), []);
    assert.equal(
      account.preview({ owner: OWNER, organization: "acme", name: "ci", description: "" }),
      "same",
    );
  });

  it("refuses a change that the Hub cannot make, unless a replacement is allowed", async () => {
    const account = await created();
    const before = account.kept.accountId;
    for (const [property, value] of [
      ["name", "other"],
      ["description", "other"],
      ["organization", "globex"],
    ] as const) {
      assert.throws(
        () => account.preview(args({ [property]: value })),
        (error: Refused) => error.failures[0]?.property === property && /allowReplace/.test(error.message),
      );
      assert.equal(account.preview(args({ [property]: value, allowReplace: true })), "replace");
    }
    assert.equal(account.preview(args({ description: UNKNOWN })), "replace", "the update decides");
    const requests = hub.store.requests.length;
    assert.equal(await account.up(args({ allowReplace: true })), "update");
    assert.equal(hub.store.requests.length, requests, "the Hub does not have this setting");
    assert.equal(await account.up(args({ allowReplace: true, name: "other" })), "replace");
    assert.notEqual(account.kept.accountId, before);
    assert.deepEqual(
      ours().map(({ name }) => name),
      ["other"],
    );
    assert.equal(account.preview(args({ allowReplace: true, name: "other" })), "same", "nothing more to do");
  });

  it("is not deleted while it has tokens that the stack does not know, unless that is forced", async () => {
    const account = await created();
    await addToken(account.kept.accountId);
    await assert.rejects(() => account.destroy(), /still has 1 token.*"by hand".*forceDestroy/s);
    assert.equal(ours().length, 1);
    assert.equal(await account.up(args({ forceDestroy: true })), "update");
    await account.destroy();
    assert.deepEqual(ours(), []);
  });

  it("is not replaced while it has such tokens: the old account stays", async () => {
    const account = await created();
    const before = account.kept.accountId;
    await addToken(before);
    await assert.rejects(() => account.up(args({ name: "other", allowReplace: true })), /still has 1 token/);
    assert.ok(hub.store.serviceAccounts.has(before));
    assert.equal(hub.store.tokensOf(before).length, 1);
  });

  it("gets a status and a warning if it is gone from the Hub, and is created again only if that is declared", async () => {
    const account = await created();
    const before = account.kept.accountId;
    await byHand().deleteServiceAccount("acme", before);
    assert.deepEqual(await account.refresh(), []);
    assert.equal(account.kept.status, "missing");
    assert.equal(account.preview(args()), "same");
    assert.equal(await account.up(args({ forceDestroy: true })), "update");
    assert.deepEqual(ours(), []);
    assert.ok(account.warnings().some((message) => /recreateIfMissing/.test(message)));
    assert.equal(await account.up(args({ recreateIfMissing: true })), "replace");
    assert.equal(account.kept.status, "active");
    assert.equal(ours().length, 1);
    assert.equal(account.preview(args({ recreateIfMissing: true })), "same");
    await byHand().deleteServiceAccount("acme", account.kept.accountId);
    await account.destroy();
  });

  it("is replaced if it was wrongly found to be missing once, and the old account is left alone", async () => {
    const declared = { recreateIfMissing: true, forceDestroy: true };
    const account = await created(declared);
    const { accountId } = account.kept;
    await addToken(accountId);
    const noListing = () =>
      hub.inject({ method: "GET", path: /service-accounts$/, effect: { status: 200, body: [] } });
    noListing();
    hub.inject({ path: new RegExp(accountId), effect: { status: 404, body: { error: "x" } } });
    await account.refresh();
    assert.equal(account.kept.status, "missing");
    const other = slot();
    Object.assign(other, { id: account.id, state: account.kept });
    noListing();
    await other.destroy();
    assert.match(other.warnings().join("\n"), /left unchanged/, "even if one more listing leaves it out");
    assert.equal(await account.up(args(declared)), "replace");
    assert.deepEqual(
      ours()
        .map(({ id }) => id)
        .sort(),
      [accountId, account.kept.accountId].sort(),
    );
    assert.match(
      account.warnings().join("\n"),
      /left unchanged: the last run did not find the account .* but it exists now/,
    );
  });

  it("treats an answer that means `not for you` as an error, never as gone", async () => {
    const account = await created();
    hub.inject({ path: /service-accounts/, effect: { status: 404, body: { error: "x" } }, times: 3 });
    await assert.rejects(() => account.refresh(), { status: 404 });
    await assert.rejects(() => account.destroy(), { status: 404 });
    hub.clearFaults();
    account.surroundings.token = hub.tokens.write;
    await assert.rejects(() => account.refresh(), { status: 403 });
    await assert.rejects(() => account.destroy(), { status: 403 });
    // Hidden by id but listed: it exists, but these credentials cannot see it.
    account.surroundings.token = undefined;
    hub.inject({ path: new RegExp(account.kept.accountId), effect: { status: 404, body: { error: "x" } } });
    await assert.rejects(() => account.destroy(), { status: 404 });
    assert.equal(ours().length, 1);
    assert.equal(account.kept.status, "active");
  });

  it("is found by its mark if the answer to its creation was lost, and no other one is created", async () => {
    const account = slot();
    hub.inject({ method: "POST", effect: "lose-answer" });
    await account.up(args());
    assert.deepEqual(
      ours().map(({ id }) => id),
      [account.kept.accountId],
    );
    assert.deepEqual(account.warnings(), []);
  });

  it("only reports what an interrupted creation has left, because it may have been kept on purpose", async () => {
    const description = withMark("Build pipeline", { owner: OWNER, random: "beef" });
    const empty = await byHand().createServiceAccount("acme", { name: "ci", description });
    const full = await byHand().createServiceAccount("acme", { name: "ci", description });
    await addToken(full._id);
    const unmarked = await byHand().createServiceAccount("acme", {
      name: "ci",
      description: "Build pipeline",
    });
    const account = await created();
    await account.refresh();
    const named = account.warnings().filter((message) => /carry|mark/.test(message));
    assert.equal(named.length, 2, "by the creation and by the refresh");
    for (const message of named) {
      assert.ok(message.includes(empty._id) && message.includes(full._id));
      assert.ok(!message.includes(unmarked._id) && !message.includes(account.kept.accountId));
    }
    assert.equal(account.preview(args()), "same");
    const before = hub.store.requests.length;
    assert.equal(await account.up(args({ forceDestroy: true })), "update");
    assert.equal(hub.store.requests.length, before);
    await account.destroy();
    for (const { _id } of [empty, full, unmarked]) assert.ok(hub.store.serviceAccounts.has(_id));
  });

  it("is left alone if it was kept over a replacement, or belongs to another resource with this mark", async () => {
    const claims = new Set<string>();
    const [one, other] = [slot(), slot()];
    one.surroundings.claims = other.surroundings.claims = claims;
    await one.up(args({ description: "before" }));
    await other.up(args());
    const third = slot();
    third.surroundings.claims = claims;
    await third.up(args());
    for (const account of [one, other, third]) {
      await account.refresh();
      await account.up(args({ description: account.kept.description, forceDestroy: true }));
      assert.deepEqual(account.warnings(), []);
    }
    assert.equal(ours().length, 3);
  });

  it("is found by its id alone", async () => {
    const account = await created();
    const read = (id: string) => serviceAccountDefinition.read(id, undefined, account.context());
    const found = await read(account.id!);
    assert.deepEqual([found?.inputs.name, found?.inputs.description], ["ci", "Build pipeline"]);
    assert.equal(found?.state.accountId, account.kept.accountId);
    assert.equal(await read(`acme/${"0".repeat(24)}`), undefined);
    await assert.rejects(() => read("acme"), /organization\/accountId/);
    account.surroundings.token = hub.tokens.outsider;
    await assert.rejects(() => read(account.id!), { status: 403 });
  });

  it("reports all wrong arguments together", () => {
    const failures = (inputs: object) => {
      try {
        slot().check(inputs);
        return [];
      } catch (error) {
        return (error as Refused).failures.map(({ property }) => property).sort();
      }
    };
    assert.deepEqual(failures({ owner: OWNER }), ["name", "organization"]);
    assert.deepEqual(failures(args({ organization: "../x", name: "", description: "x".repeat(485) })), [
      "description",
      "name",
      "organization",
    ]);
    assert.deepEqual(failures(args({ name: "a\nb" })), ["name"]);
    assert.deepEqual(failures(args({ organization: UNKNOWN, name: UNKNOWN, description: UNKNOWN })), []);
    assert.deepEqual(failures(args({ descripton: "x" })), [""]);
  });
});

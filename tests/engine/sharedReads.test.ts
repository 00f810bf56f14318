import assert from "node:assert/strict";
import sinon from "sinon";
import { HubClient } from "../../provider/src/client";
import { sharedReads } from "../../provider/src/hub/sharedReads";

const repository = (name: string, type = "model") => ({ id: `acme/${name}`, type, visibility: "private" });

describe("shared reads", () => {
  let time: number;
  let client: sinon.SinonStubbedInstance<HubClient>;
  let reads: ReturnType<typeof sharedReads>;

  beforeEach(() => {
    time = 0;
    client = sinon.createStubInstance(HubClient);
    client.listRepositories.resolves([
      repository("one"),
      repository("one-more"),
      repository("one", "dataset"),
    ]);
    client.getServiceAccount.callsFake((_organization, id) =>
      Promise.resolve({ _id: id, user: "u", name: "n", createdAt: "", accessTokens: [] }),
    );
    client.listServiceAccounts.resolves([]);
    client.listTokens.resolves([]);
    reads = sharedReads(client, () => time);
  });

  it("request the first few repositories one by one, and all others in one listing", async () => {
    for (let i = 0; i < 20; i++) {
      const found = await reads.client.listRepositories("acme", { search: "one", type: "model" });
      if (i >= 3)
        assert.deepEqual(
          found.map(({ id }) => id),
          ["acme/one"],
        );
    }
    assert.equal(client.listRepositories.callCount, 4);
    assert.deepEqual(client.listRepositories.lastCall.args, ["acme"]);
  });
  it("use a separate listing for each organization", async () => {
    for (let i = 0; i < 10; i++) {
      await reads.client.listRepositories("acme", { search: "one" });
      await reads.client.listRepositories("other", { search: "one" });
    }
    assert.equal(client.listRepositories.callCount, 8);
  });
  it("share a listing of all repositories, also with later reads of one repository", async () => {
    for (const organization of ["acme", "Acme"]) await reads.client.listRepositories(organization);
    const found = await reads.client.listRepositories("acme", { search: "one", type: "dataset" });
    assert.deepEqual(
      found.map(({ id, type }) => [id, type]),
      [["acme/one", "dataset"]],
    );
    assert.equal(client.listRepositories.callCount, 1);
    await reads.client.listRepositories("acme", { limit: 5 });
    assert.equal(client.listRepositories.callCount, 2, "a limited listing is another question");
  });
  it("use a separate listing for each type of an author's repositories, and for buckets", async () => {
    const made = { id: "acme/one", createdAt: "2026-01-01T00:00:00.000Z" };
    client.listReposOf.resolves([
      { _id: "1", id: "acme/One" },
      { _id: "2", id: "acme/one-more" },
    ]);
    client.listBuckets.resolves([made]);
    for (let i = 0; i < 10; i++) {
      const [found] = await reads.client.listReposOf("acme", { type: "model", search: "one" });
      assert.equal(found?._id, "1");
      await reads.client.listReposOf("acme", { type: "space", search: "two" });
      assert.deepEqual(await reads.client.listBuckets("acme", { search: "one" }), [made]);
    }
    assert.equal(client.listReposOf.callCount, 8);
    assert.deepEqual(client.listReposOf.firstCall.args, ["acme", { type: "model", search: "one" }]);
    assert.deepEqual(client.listReposOf.lastCall.args, ["acme", { type: "space", search: undefined }]);
    assert.equal(client.listBuckets.callCount, 4);
    await reads.client.listReposOf("acme");
    await reads.client.listBuckets("acme");
    assert.equal(
      client.listReposOf.callCount + client.listBuckets.callCount,
      12,
      "a request for all repositories uses the same listing",
    );
  });
  it("request the first few members one by one, and all others in one listing", async () => {
    const member = (user: string) => ({ _id: user, user });
    client.listMembers.resolves([member("Bob"), member("bob-2")]);
    for (let i = 0; i < 20; i++) {
      const found = await reads.client.listMembers("acme", { search: "bob" });
      assert.deepEqual(
        found.map(({ user }) => user),
        i < 3 ? ["Bob", "bob-2"] : ["Bob"],
      );
    }
    assert.equal(client.listMembers.callCount, 4);
    assert.deepEqual(client.listMembers.firstCall.args, ["acme", { search: "bob" }]);
    assert.deepEqual(client.listMembers.lastCall.args, ["acme", {}]);
    await reads.client.listMembers("acme");
    assert.equal(client.listMembers.callCount, 4, "the listing of all members is shared too");
    await reads.client.listMembers("acme", { email: "bob@acme.example" });
    await reads.client.listMembers("acme", { search: "bob", email: "bob@acme.example" });
    assert.equal(client.listMembers.callCount, 6, "do not share other questions about members");
  });
  it("take a resource group from a listing if one was requested", async () => {
    const group = (id: string) => ({ id, name: id, users: [], resources: [] });
    client.getResourceGroup.callsFake((_organization, id) => Promise.resolve(group(id)));
    client.listResourceGroups.resolves([group("a")]);
    for (let i = 0; i < 3; i++) assert.equal((await reads.client.getResourceGroup("acme", "b")).id, "b");
    assert.equal(client.getResourceGroup.callCount, 1);
    for (let i = 0; i < 3; i++) await reads.client.listResourceGroups("acme");
    assert.equal(client.listResourceGroups.callCount, 1);
    for (const id of ["a", "A"]) assert.equal((await reads.client.getResourceGroup("acme", id)).id, "a");
    assert.equal(client.getResourceGroup.callCount, 1);
    await reads.client.getResourceGroup("acme", "c");
    await reads.client.getResourceGroup("other", "a");
    assert.equal(client.getResourceGroup.callCount, 3, "the listing has neither of them");
  });
  it("request a resource group if no listing is allowed", async () => {
    client.listResourceGroups.rejects(Object.assign(new Error("not for you"), { status: 403 }));
    client.getResourceGroup.resolves({ id: "a", name: "a", users: [], resources: [] });
    await assert.rejects(reads.client.listResourceGroups("acme"), /not for you/);
    assert.equal((await reads.client.getResourceGroup("acme", "a")).id, "a");
  });
  it("share the settings of a Space, and each repository of a type", async () => {
    client.listSpaceSecrets.resolves({});
    client.listSpaceVariables.resolves({});
    client.getRepo.callsFake((id) => Promise.resolve({ id, private: true }));
    for (let i = 0; i < 3; i++) {
      for (const space of ["acme/demo", "acme/other"]) {
        await reads.client.listSpaceSecrets(space);
        await reads.client.listSpaceVariables(space);
        await reads.client.getRepo(space, "space");
      }
      await reads.client.getRepo("acme/demo");
      await reads.client.getRepo("acme/demo", "model");
    }
    assert.equal(client.listSpaceSecrets.callCount, 2);
    assert.equal(client.listSpaceVariables.callCount, 2);
    assert.equal(client.getRepo.callCount, 3);
  });
  it("share one request at the same time", async () => {
    await Promise.all(Array.from({ length: 10 }, () => reads.client.getServiceAccount("acme", "a")));
    await reads.client.getServiceAccount("acme", "b");
    assert.equal(client.getServiceAccount.callCount, 2);
  });
  it("use an answer for one minute", async () => {
    await reads.client.listServiceAccounts("acme");
    time = 59_999;
    await reads.client.listServiceAccounts("acme");
    assert.equal(client.listServiceAccounts.callCount, 1);
    time = 60_000;
    await reads.client.listServiceAccounts("acme");
    assert.equal(client.listServiceAccounts.callCount, 2);
  });
  it("forget all answers after a write", async () => {
    await reads.client.listTokens();
    reads.clear();
    await reads.client.listTokens();
    assert.equal(client.listTokens.callCount, 2);
  });
  it("do not keep a failure", async () => {
    client.listTokens.onFirstCall().rejects(new Error("no"));
    client.listTokens.onSecondCall().resolves([]);
    await assert.rejects(reads.client.listTokens(), /no/);
    assert.deepEqual(await reads.client.listTokens(), []);
  });
  it("keep a refusal to list, and do not ask again at each read", async () => {
    const refused = Object.assign(new Error("not for you"), { status: 403 });
    client.listRepositories.rejects(refused);
    for (let i = 0; i < 10; i++) {
      await assert.rejects(reads.client.listRepositories("acme", { search: "one" }), refused);
    }
    assert.equal(client.listRepositories.callCount, 1);
    time = 60_000;
    await assert.rejects(reads.client.listRepositories("acme", { search: "one" }), refused);
    assert.equal(client.listRepositories.callCount, 2, "someone may have received the right since");
  });
  it("pass all other calls to the client itself, including its private members", async () => {
    const real = sharedReads(new HubClient({ endpoint: "http://127.0.0.1:1", token: "" }));
    assert.equal(real.client.endpoint, "http://127.0.0.1:1");
    await assert.rejects(real.client.whoami(), { code: "token_missing" });
  });
});

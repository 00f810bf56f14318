import assert from "node:assert/strict";
import { type HubClient, type ListRepositoriesOptions, type OrgRepository } from "../../provider/src/client";
import { sharedReads } from "../../provider/src/hub/sharedReads";

const repositories: OrgRepository[] = ["a", "b", "c", "d", "e"].map((name) => ({
  ...{ id: `acme/${name}`, type: "model", visibility: "private" },
}));

/** A client that counts its requests: "all", or the name that is looked up. */
function counting(fails = false) {
  const asked: string[] = [];
  const listRepositories = (_organization: string, { search }: ListRepositoriesOptions = {}) => {
    asked.push(search ?? "all");
    if (fails) return Promise.reject(Object.assign(new Error("no"), { status: 403 }));
    return Promise.resolve(repositories.filter(({ id }) => search === undefined || id.endsWith(search)));
  };
  const shared = sharedReads({ listRepositories } as unknown as HubClient);
  return { asked, client: shared.client, clear: () => shared.clear() };
}

describe("the list of an organization's repositories in a refresh", () => {
  it("is read once for the organization and all its repositories", async () => {
    const { client, asked, clear } = counting();
    const [all, again, one] = await Promise.all([
      client.listRepositories("acme"),
      client.listRepositories("ACME"),
      client.listRepositories("acme", { search: "e", type: "model" }),
    ]);
    assert.deepEqual([all, again], [repositories, repositories]);
    assert.deepEqual(one, repositories.slice(4));
    assert.deepEqual(asked, ["all"]);
    clear();
    await client.listRepositories("acme");
    assert.deepEqual(asked, ["all", "all"], "after a write");
  });

  it("is not read again by the organization after many repositories", async () => {
    const { client, asked } = counting();
    for (const search of ["a", "b", "c", "d", "e"]) await client.listRepositories("acme", { search });
    assert.deepEqual(asked, ["a", "b", "c", "all"]);
    await client.listRepositories("acme");
    assert.equal(asked.length, 4);
  });

  it("is not shared with a list that has a limit or only one type", async () => {
    const { client, asked } = counting();
    await client.listRepositories("acme");
    await client.listRepositories("acme", { limit: 1 });
    await client.listRepositories("acme", { type: "model" });
    assert.equal(asked.length, 3);
  });

  it("is not read again after a refusal", async () => {
    const { client, asked } = counting(true);
    await assert.rejects(client.listRepositories("acme"));
    await assert.rejects(client.listRepositories("acme"));
    assert.equal(asked.length, 1);
  });
});

describe("the other lists in a refresh", () => {
  /** A client that counts its requests by method and search. */
  function counted(answers: Record<string, object[]>) {
    const asked: string[] = [];
    const methods = Object.entries(answers).map(([name, items]) => [
      name,
      (_of: string, { search, gates }: { search?: string; gates?: boolean } = {}) => {
        asked.push(`${name} ${gates ? "with gates" : (search ?? "all")}`);
        return Promise.resolve(items);
      },
    ]);
    const { client } = sharedReads(Object.fromEntries(methods) as HubClient);
    return { client, asked };
  }
  const repos = [{ id: "acme/a" }, { id: "acme/b" }];

  it("of an author is read once, also for single repositories later", async () => {
    const { client, asked } = counted({ listReposOf: repos });
    await client.listReposOf("acme");
    await client.listReposOf("acme", { type: "model" });
    assert.deepEqual(await client.listReposOf("acme", { type: "model", search: "b" }), [{ id: "acme/b" }]);
    assert.deepEqual(asked, ["listReposOf all"]);
  });

  it("of an author with gates replaces the one without them", async () => {
    const { client, asked } = counted({ listReposOf: repos });
    await client.listReposOf("acme", { type: "dataset", gates: true });
    await client.listReposOf("acme", { type: "dataset", gates: true });
    await client.listReposOf("acme", { type: "dataset" });
    await client.listReposOf("acme", { type: "dataset", search: "a" });
    assert.deepEqual(asked, ["listReposOf with gates"]);
  });

  it("of an author without gates does not replace the one with them", async () => {
    const { client, asked } = counted({ listReposOf: repos });
    await client.listReposOf("acme");
    await client.listReposOf("acme", { gates: true });
    assert.deepEqual(asked, ["listReposOf all", "listReposOf with gates"]);
  });

  it("of buckets and of members is read once, also for single ones later", async () => {
    const { client, asked } = counted({
      listBuckets: repos,
      listMembers: [{ user: "ana" }, { user: "bob" }],
    });
    await client.listBuckets("acme");
    await client.listBuckets("acme", { search: "a" });
    await client.listMembers("acme");
    assert.deepEqual(await client.listMembers("acme", { search: "BOB" }), [{ user: "bob" }]);
    assert.deepEqual(asked, ["listBuckets all", "listMembers all"]);
  });
});

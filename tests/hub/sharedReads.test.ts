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

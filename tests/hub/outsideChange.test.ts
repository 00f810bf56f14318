import assert from "node:assert/strict";
import { type AuditLogEvent, type HubClient, type RepoType } from "../../provider/src/client";
import { entryOf } from "../../provider/src/client/auditLog";
import {
  authorOfChange,
  authorOfSso,
  authorOfVisibility,
  BEFORE_ALL,
  type Between,
  changeKey,
} from "../../provider/src/hub/outsideChange";
import { governance } from "../support/governance";
import { startHub } from "../support/hub";

const at = (minute: number, second = 0): string =>
  new Date(Date.parse("2026-03-01T00:00:00.000Z") + 60_000 * minute + 1000 * second).toISOString();

const event = (
  user: string,
  createdAt: string,
  repo: unknown,
  made: string | null = "public",
): AuditLogEvent => ({
  _id: `${user} ${createdAt}`,
  type: "repo.update_settings",
  createdAt,
  author: { user },
  // Without the visibility, the event only shows that the visibility changed.
  data: made === null ? { changed: ["visibility"], repo } : { visibility: made, repo },
  message: "",
});

const ssoEvent = (user: string, createdAt: string): AuditLogEvent => ({
  _id: createdAt,
  type: "org.settings.sso.update",
  createdAt,
  author: { user },
  message: "",
});

function clientWith(events: AuditLogEvent[]) {
  const requests: string[] = [];
  const client = {
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream with nothing to wait for
    async *streamAuditLogs(organization: string) {
      requests.push(organization);
      yield* events.map(entryOf);
    },
  } as unknown as HubClient;
  return { client, requests };
}

const everything: Between = { since: at(-1) };

async function author(
  events: AuditLogEvent[],
  repoType: RepoType,
  between = everything,
): Promise<string | undefined> {
  const { client } = clientWith(events);
  return (await authorOfVisibility(client, { repo: "acme/one", repoType }, "public", between))?.user;
}

describe("author of a visibility change", () => {
  it("is the author of the event about a repository of the same type", async () => {
    const events = [
      event("of-the-dataset", at(3), { type: "dataset", name: "acme/one" }),
      event("of-the-model", at(2), { type: "model", name: "acme/One" }),
    ];
    assert.equal(await author(events, "model"), "of-the-model");
    assert.equal(await author(events, "dataset"), "of-the-dataset");
    assert.equal(await author(events, "space"), undefined);
  });
  it("is the author of the latest event, even if the event does not name the type", async () => {
    const events = [
      event("earlier", at(1), "acme/one"),
      event("of-the-model", at(2), { type: "model", name: "acme/one" }),
      event("later", at(3), "acme/one"),
    ];
    for (const inOrder of [events, [...events].reverse()]) {
      assert.equal(await author(inOrder, "model"), "later");
    }
    assert.equal(await author(events.slice(0, 2), "model"), "of-the-model");
    assert.equal(await author(events.slice(0, 2), "dataset"), "earlier");
  });
  it("is not the author of an event before the last apply", async () => {
    const events = [event("months-ago", at(1), "acme/one")];
    assert.equal(await author(events, "model", { since: at(2) }), undefined);
    assert.equal(await author(events, "model", { since: at(0) }), "months-ago");
  });
  it("is found if the clocks differ by a second", async () => {
    const events = [event("at-the-same-time", at(2), "acme/one")];
    assert.equal(await author(events, "model", { since: at(2, 1) }), "at-the-same-time");
    assert.equal(await author(events, "model", { since: at(2, 3) }), undefined);
  });
  it("is unknown if the time of the last apply is unknown, and the log is not read", async () => {
    const { client, requests } = clientWith([event("someone", at(1), "acme/one")]);
    const model = { repo: "acme/one", repoType: "model" } as const;
    assert.equal(await authorOfVisibility(client, model, "public", { since: undefined }), undefined);
    assert.equal(await authorOfSso(client, "acme", { since: undefined }), undefined);
    assert.deepEqual(requests, []);
  });
  it("is found, however many changes of our own came later", async () => {
    const own = Array.from({ length: 50 }, (_, minute) =>
      event("pipeline", at(minute + 2), "acme/one", "private"),
    );
    assert.equal(await author([event("otto", at(1), "acme/one"), ...own], "model"), "otto");
  });
  it("is not our own user if events do not name the new visibility", async () => {
    const events = [
      event("pipeline", at(0), "acme/one", null),
      event("otto", at(5), "acme/one", null),
      event("pipeline", at(10), "acme/one", null),
    ];
    assert.equal(await author(events, "model", { since: at(0, 1), until: at(9) }), "otto");
    assert.equal(await author(events, "model", { since: at(0, -1), until: at(4) }), undefined);
  });
});

describe("author of a single sign-on change", () => {
  const named = async (events: AuditLogEvent[], between: Between) =>
    (await authorOfSso(clientWith(events).client, "acme", between))?.user;

  it("is the author of the last event before the change and after the last apply", async () => {
    const events = [
      ssoEvent("before", at(0)),
      ssoEvent("pipeline", at(1)),
      ssoEvent("otto", at(5)),
      ...Array.from({ length: 50 }, (_, minute) => ssoEvent("pipeline", at(minute + 10))),
    ];
    assert.equal(await named(events, { since: at(1), until: at(5) }), "otto");
    assert.equal(await named(events, { since: at(1), until: at(4) }), undefined);
  });
  it("is not our own user if the clocks differ by a second", async () => {
    assert.equal(await named([ssoEvent("pipeline", at(1))], { since: at(1, -1) }), undefined);
    assert.equal(await named([ssoEvent("otto", at(1, 3))], { since: at(1) }), "otto");
  });
});

describe("author of another change", () => {
  const typed = (type: string, data: object, minute: number, user = "otto"): AuditLogEvent => ({
    ...{ _id: `${type} ${minute}`, type, createdAt: at(minute), author: { user }, data, message: "" },
  });
  const named = async (events: AuditLogEvent[], key: string, between = everything) =>
    (await authorOfChange(clientWith(events).client, "acme", key, between))?.user;

  it("is the author of the latest event about the same thing in the period", async () => {
    const roles = [1, 2, 3].map((minute) =>
      typed("org.change_role", { user: "Ana", role: "read" }, minute, `admin-${minute}`),
    );
    const key = changeKey.role("ana");
    assert.equal(await named(roles, key), "admin-3");
    assert.equal(await named([...roles].reverse(), key, { since: at(1), until: at(2) }), "admin-2");
    assert.equal(await named(roles, key, { since: at(3) }), undefined);
    assert.equal(await named(roles, changeKey.role("anabel")), undefined);
    assert.equal(await named(roles, key, { since: undefined }), undefined);
  });
  it("is the one of the person in the resource group, not of another person in it", async () => {
    const resourceGroup = { _id: "0123456789abcdef01234567", name: "research" };
    const id = resourceGroup._id;
    const events = [
      typed(
        "resource_group.add_users",
        { resourceGroup, users: [{ user: "ana" }, { user: "bo" }] },
        1,
        "adds",
      ),
      typed("resource_group.change_role", { resourceGroup, user: "ana", role: "read" }, 2, "changes"),
      typed("resource_group.remove_users", { resourceGroup, users: ["bo"] }, 3, "removes"),
      typed("resource_group.settings", { resourceGroup, changed: ["name"] }, 4, "sets"),
    ];
    assert.equal(await named(events, changeKey.groupMember(id, "Ana")), "changes");
    assert.equal(await named(events, changeKey.groupMember(id, "bo")), "removes");
    assert.equal(await named(events.slice(0, 1), changeKey.groupMember(id, "bo")), "adds");
    assert.equal(await named(events, changeKey.group(id)), "sets");
    assert.equal(await named(events, changeKey.group("another")), undefined);
  });
  it("is the one of the repository of the same type, if the event names it", async () => {
    const moved = (repo: unknown) => [typed("repo.update_resource_group", { repo }, 1)];
    const key = changeKey.groupOf("acme/LLM", "model");
    assert.equal(await named(moved({ type: "model", name: "acme/llm" }), key), "otto");
    assert.equal(await named(moved({ type: "dataset", name: "acme/llm" }), key), undefined);
    assert.equal(await named(moved("acme/llm"), key), "otto");
    assert.equal(await named(moved("acme/llm-2"), key), undefined);
  });
  it("is unknown if the event has an unexpected form", async () => {
    const events = [
      typed("org.change_role", { user: 1, users: "ana" }, 1),
      typed("org.change_role", { users: [null, 1, {}] }, 2),
      typed("resource_group.add_users", { resourceGroup: "research", users: ["ana"] }, 3),
      typed("resource_group.add_users", {}, 4),
      typed("repo.update_resource_group", {}, 5),
    ];
    for (const key of [changeKey.role("ana"), changeKey.group("research"), changeKey.groupOf("a/b", "model")])
      assert.equal(await named(events, key), undefined);
  });
  it("is found in the events that the local Hub writes", async () => {
    const hub = await startHub();
    try {
      const team = governance(hub);
      const id = await team.group("research", [{ user: "wim-write", role: "read" }]);
      const found = async (key: string) =>
        (await authorOfChange(governance(hub).client, "acme", key, { since: BEFORE_ALL }))?.user;
      assert.equal(await found(changeKey.groupMember(id, "rex-read")), undefined);
      await team.client.addResourceGroupUsers("acme", id, [{ user: "rex-read", role: "read" }]);
      assert.equal(await found(changeKey.groupMember(id, "rex-read")), "ada-admin");
      await team.client.updateResourceGroupUser("acme", id, { user: "wim-write", role: "write" });
      assert.equal(await found(changeKey.groupMember(id, "wim-write")), "ada-admin");
      await team.setRole("cora-contributor", "read");
      assert.equal(await found(changeKey.role("cora-contributor")), "ada-admin");
      await team.client.setRepoResourceGroup("acme/embeddings", { groupId: id });
      assert.equal(await found(changeKey.groupOf("acme/embeddings", "model")), "ada-admin");
      assert.equal(await found(changeKey.groupOf("acme/embeddings", "space")), undefined);
    } finally {
      await hub.close();
    }
  });
});

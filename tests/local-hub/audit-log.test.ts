import assert from "node:assert/strict";
import { get } from "node:http";
import { ask, askAll, expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const EXPORT = "/api/organizations/acme/audit-log/export";

interface Event {
  _id: string;
  type: string;
  createdAt: string;
  message: string;
  token?: { id: string; deleted: boolean };
}

describe("local Hub: audit log", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  it("exports every event once, as one array, in no order, under a file name", async () => {
    const there = hub.store.auditEventsOf("acme").map((event) => event.id);
    assert.ok(there.length >= 300);
    const { body, headers } = await expectStatus<Event[]>(200, hub, "GET", EXPORT);
    assert.match(headers.get("content-disposition") ?? "", /^attachment; filename="acme-audit-log\.json"$/);
    const ids = body.map((event) => event._id);
    assert.deepEqual([...ids].sort(), [...there].sort());
    const times = body.map((event) => event.createdAt);
    assert.notDeepEqual(times, [...times].sort());
    assert.notDeepEqual(times, [...times].sort().reverse());
  });

  it("logs the export itself", async () => {
    await expectStatus(200, hub, "GET", EXPORT);
    assert.equal(hub.store.auditEventsOf("acme").at(-1)?.type, "org.audit_log.export");
    const { body } = await expectStatus<Event[]>(200, hub, "GET", EXPORT);
    assert.equal(body.filter((event) => event.type === "org.audit_log.export").length, 1);
  });

  it("finds by words, and takes no other filter", async () => {
    const { body } = await expectStatus<Event[]>(200, hub, "GET", `${EXPORT}?q=repo.create%20embeddings`);
    assert.ok(body.length > 0);
    assert.ok(body.every((event) => event.type === "repo.create" && event.message.includes("embeddings")));
    await expectStatus(400, hub, "GET", `${EXPORT}?limit=5`);
  });

  it("tells whether the token that was used is gone by now", async () => {
    const accounts = "/api/organizations/acme/service-accounts";
    const { body: account } = await expectStatus<{ _id: string }>(201, hub, "POST", accounts, {
      body: { name: "x" },
    });
    const tokens = `${accounts}/${account._id}/tokens`;
    const { body: made } = await expectStatus<{ token: string; tokenInfo: { _id: string } }>(
      201,
      hub,
      "POST",
      tokens,
      {
        body: { permissions: ["repo.write", "org.auditLog.write"] },
      },
    );
    const body = { name: "by-account", organization: "acme" };
    await expectStatus(200, hub, "POST", "/api/repos/create", { token: made.token, body });
    const used = async (): Promise<Event["token"]> => {
      const { body: events } = await ask<Event[]>(hub, "GET", `${EXPORT}?q=by-account`);
      return events[0]?.token;
    };
    assert.equal((await used())?.id, made.tokenInfo._id);
    assert.equal((await used())?.deleted, false);
    await expectStatus(204, hub, "DELETE", `${tokens}/${made.tokenInfo._id}`);
    assert.equal((await used())?.deleted, true);
  });

  it("is compressed for those who say that they take it, and plain for the others", async () => {
    const encoding = (accept: string): Promise<string | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${hub.tokens.admin}`, "accept-encoding": accept };
        get(hub.endpoint + EXPORT, { headers }, (response) => {
          response.resume().on("end", () => resolve(response.headers["content-encoding"]));
        }).on("error", reject);
      });
    assert.equal(await encoding("gzip, deflate"), "gzip");
    assert.equal(await encoding("identity"), undefined);
    assert.equal(await encoding("gzip;q=0"), undefined);
  });

  it("is for administrators on a paid plan", async () => {
    await expectStatus(403, hub, "GET", EXPORT, { token: hub.tokens.write });
    await expectStatus(403, hub, "GET", EXPORT, { token: hub.tokens.outsider });
    hub.store.setPlan("acme", "free");
    await expectStatus(402, hub, "GET", EXPORT);
  });
});

describe("local Hub: a long audit log", () => {
  it("comes in pages where that is asked for, each event once although the log grows", async () => {
    const hub = await startHub({ auditPageSize: 50 });
    try {
      const count = hub.store.auditEventsOf("acme").length;
      const { items, pages } = await askAll<Event>(hub, EXPORT);
      assert.equal(items.length, count);
      assert.equal(new Set(items.map((event) => event._id)).size, count);
      assert.equal(pages, Math.ceil(count / 50));
    } finally {
      await hub.close();
    }
  });

  it("reaches back 100 000 events, starts before it is whole, and ends when nobody listens", async () => {
    const hub = await startHub({
      checkAnswers: false,
      seed: { generate: [{ organization: "acme", auditEvents: 100_500, repositories: 5000 }] },
    });
    try {
      const stopped = new AbortController();
      const headers = { authorization: `Bearer ${hub.tokens.admin}` };
      const response = await fetch(hub.endpoint + EXPORT, { headers, signal: stopped.signal });
      const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
      const { value } = await reader.read();
      assert.ok(value && value.length < 1_000_000);
      stopped.abort();
      const { body } = await expectStatus<Event[]>(200, hub, "GET", EXPORT);
      assert.equal(body.length, 100_000);
      const { items } = await askAll<{ id: string }>(
        hub,
        "/api/organizations/acme/settings/repositories?limit=5000",
      );
      assert.ok(items.length > 5000);
    } finally {
      await hub.close();
    }
  });
});

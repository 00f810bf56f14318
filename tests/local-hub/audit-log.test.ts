import assert from "node:assert/strict";
import { get } from "node:http";
import { AUDIT_TYPES, type AuditType } from "huggingface-local-hub/dist/store/records.js";
import { ask, askAll, expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const EXPORT = "/api/organizations/acme/audit-log/export";

interface Event {
  _id: string;
  type: string;
  createdAt: string;
  message: string;
  ip?: string;
  author: { user: string };
  token?: { id: string; role?: string; deleted: boolean };
}

describe("local Hub: audit log", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  it("exports every event once, in one unsorted array, with a file name", async () => {
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

  it("contains only the document's event types, and logs no event for the export", async () => {
    const before = hub.store.auditEvents.length;
    const { body } = await expectStatus<Event[]>(200, hub, "GET", EXPORT);
    assert.equal(hub.store.auditEvents.length, before);
    const types: readonly string[] = AUDIT_TYPES;
    assert.equal(types.length, 116);
    assert.ok(body.every((event) => types.includes(event.type)));
  });

  it("types the event types, so that an unknown one does not compile", () => {
    // @ts-expect-error -- the document has no such type
    const type: AuditType = "org.audit_log.export";
    assert.ok(!AUDIT_TYPES.includes(type));
  });

  describe("search", () => {
    const search = async (q: string): Promise<Event[]> =>
      (await expectStatus<Event[]>(200, hub, "GET", `${EXPORT}?q=${encodeURIComponent(q)}`)).body;

    it("finds events by words", async () => {
      const found = await search("repo.create embeddings");
      assert.ok(found.length > 0);
      assert.ok(found.every((event) => event.type === "repo.create" && event.message.includes("embeddings")));
    });

    it("finds events by type, author and address", async () => {
      const all = await search("");
      const sample = all.find((event) => event.ip) ?? assert.fail();
      const byType = await search("type:repo.create");
      assert.ok(byType.length > 0 && byType.every((event) => event.type === "repo.create"));
      assert.deepEqual(await search("type:repo"), []);
      const byAuthor = await search("author:WIM-write");
      assert.ok(byAuthor.length > 0 && byAuthor.every((event) => event.author.user === "wim-write"));
      const byAddress = await search(`ip:${sample.ip ?? ""}`);
      assert.ok(byAddress.length > 0 && byAddress.every((event) => event.ip === sample.ip));
    });

    it("combines terms of the same kind with OR, and different kinds and words with AND", async () => {
      const types = ["repo.create", "org.change_role"];
      const found = await search("type:repo.create type:org.change_role author:ada-admin");
      assert.deepEqual([...new Set(found.map((event) => event.type))].sort(), [...types].sort());
      assert.ok(found.every((event) => event.author.user === "ada-admin"));
      const narrower = await search("type:repo.create type:org.change_role author:ada-admin role");
      assert.ok(narrower.length > 0 && narrower.length < found.length);
    });
  });

  it("reports an admin token as a write token", async () => {
    const body = { name: "by-admin", organization: "acme" };
    await expectStatus(200, hub, "POST", "/api/repos/create", { body });
    const { body: events } = await ask<Event[]>(hub, "GET", `${EXPORT}?q=by-admin`);
    assert.equal(events[0]?.token?.role, "write");
  });

  it("shows whether the token of an event has been deleted since", async () => {
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

  it("compresses the export only if the client accepts it", async () => {
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

  it("requires an administrator and a paid plan", async () => {
    await expectStatus(403, hub, "GET", EXPORT, { token: hub.tokens.write });
    await expectStatus(403, hub, "GET", EXPORT, { token: hub.tokens.outsider });
    hub.store.setPlan("acme", "free");
    await expectStatus(402, hub, "GET", EXPORT);
  });
});

describe("local Hub: a long audit log", () => {
  it("splits the export into pages if configured, with each event once although the log grows", async () => {
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

  it("exports up to 100 000 events as a stream, and stops when the client disconnects", async function () {
    this.timeout(60_000);
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
      const { items, pages } = await askAll<{ id: string }>(
        hub,
        "/api/organizations/acme/settings/repositories?limit=1000",
      );
      assert.ok(items.length > 5000 && pages === 6);
    } finally {
      await hub.close();
    }
  });
});

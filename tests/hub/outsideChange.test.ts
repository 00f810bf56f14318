import assert from "node:assert/strict";
import { type AuditLogEvent, type HubClient, type RepoType } from "../../provider/src/client";
import { entryOf } from "../../provider/src/client/auditLog";
import { authorOfVisibility } from "../../provider/src/hub/outsideChange";

const event = (user: string, minute: number, repo: unknown): AuditLogEvent => ({
  _id: `${minute}`,
  type: "repo.update_settings",
  createdAt: `2026-03-01T00:0${minute}:00.000Z`,
  author: { user },
  data: { visibility: "public", repo },
  message: "",
});

async function author(events: AuditLogEvent[], repoType: RepoType): Promise<string | undefined> {
  const client = {
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream with nothing to wait for
    async *streamAuditLogs() {
      yield* events.map(entryOf);
    },
  } as unknown as HubClient;
  return (await authorOfVisibility(client, { repo: "acme/one", repoType }, "public"))?.user;
}

describe("author of a visibility change", () => {
  it("is the one named for a repository of the same type", async () => {
    const events = [
      event("of-the-dataset", 3, { type: "dataset", name: "acme/one" }),
      event("of-the-model", 2, { type: "model", name: "acme/One" }),
    ];
    assert.equal(await author(events, "model"), "of-the-model");
    assert.equal(await author(events, "dataset"), "of-the-dataset");
    assert.equal(await author(events, "space"), undefined);
  });
  it("is that of the latest event, also if the event does not tell the type", async () => {
    const events = [
      event("earlier", 1, "acme/one"),
      event("of-the-model", 2, { type: "model", name: "acme/one" }),
      event("later", 3, "acme/one"),
    ];
    assert.equal(await author(events, "model"), "later");
    assert.equal(await author(events.slice(0, 2), "model"), "of-the-model");
    assert.equal(await author(events.slice(0, 2), "dataset"), "earlier");
  });
});

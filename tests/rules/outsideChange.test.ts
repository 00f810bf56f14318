// Who is named as the author of a change, from a log in memory.
import assert from "node:assert/strict";
import { type AuditLogEvent, type HubClient, type RepoType } from "../../provider/src/client";
import { entryOf } from "../../provider/src/client/auditLog";
import { authorOfVisibility } from "../../provider/src/hub/outsideChange";

const event = (user: string, minute: number, data: object, message = ""): AuditLogEvent => ({
  _id: `${minute}`,
  type: "repo.update_settings",
  createdAt: `2026-03-01T00:0${minute}:00.000Z`,
  author: { user },
  data: { visibility: "public", ...data },
  message,
});

function clientWith(events: AuditLogEvent[]): HubClient {
  const log = {
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream with nothing to wait for
    async *streamAuditLogs() {
      yield* events.map(entryOf);
    },
  };
  return log as unknown as HubClient;
}

describe("the author of a visibility", () => {
  const author = async (events: AuditLogEvent[], repoType: RepoType, repo = "acme/one") =>
    (await authorOfVisibility(clientWith(events), { repo, repoType }, "public"))?.user;

  it("is that of the repository of the type, where another type has the same name", async () => {
    const events = [
      event("of-the-dataset", 3, { repo: { type: "dataset", name: "acme/one" } }),
      event("of-the-model", 2, { repo: { type: "model", name: "acme/One" } }),
    ];
    assert.equal(await author(events, "model"), "of-the-model");
    assert.equal(await author(events, "dataset"), "of-the-dataset");
    assert.equal(await author(events, "space"), undefined);
  });
  it("may be that of an event that does not say the type, the latest first in whatever order they come", async () => {
    const events = [
      event("earlier", 1, { repo: "acme/one" }),
      event("of-the-model", 2, { repo: { type: "model", name: "acme/one" } }),
      event("later", 3, { repo: "acme/one" }),
    ];
    assert.equal(await author(events, "model"), "later");
    assert.equal(await author(events.slice(0, 2), "model"), "of-the-model");
    assert.equal(await author(events.slice(0, 2), "dataset"), "earlier");
  });
});

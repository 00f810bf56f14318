import assert from "node:assert/strict";
import { expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

describe("local Hub: security scans", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  const read = async (repo: string): Promise<unknown> =>
    (await expectStatus(200, hub, "GET", `/api/${repo}/scan`)).body;

  it("finds no issues in most repositories, and one in the initial contents", async () => {
    const clean = { scansDone: true, filesWithIssues: [] };
    for (const repo of ["models/acme/llm", "datasets/acme/corpus", "spaces/acme/demo-space"]) {
      assert.deepEqual(await read(repo), clean);
    }
    assert.deepEqual(await read("models/acme/vision-experiments"), {
      scansDone: true,
      filesWithIssues: [{ path: "checkpoints/epoch-03.pkl", level: "unsafe" }],
    });
  });

  it("returns the result that a test sets, also after the repository is moved", async () => {
    const scan = { scansDone: false, filesWithIssues: [{ path: "a.bin", level: "queued" as const }] };
    hub.store.setScan("ACME/llm", scan);
    hub.store.setScan("acme/corpus", scan, "dataset");
    const body = { fromRepo: "acme/llm", toRepo: "acme/llm-2" };
    await expectStatus(200, hub, "POST", "/api/repos/move", { body });
    assert.deepEqual(await read("models/acme/llm-2"), scan);
    assert.deepEqual(await read("datasets/acme/corpus"), scan);
    assert.throws(() => hub.store.setScan("acme/corpus", scan), /no model acme\/corpus/);
  });

  it("hides the scan of a private repository from others", async () => {
    await expectStatus(200, hub, "GET", "/api/models/acme/llm-public/scan", { token: null });
    await expectStatus(401, hub, "GET", "/api/models/acme/llm-private/scan", { token: null });
    const { outsider: token } = hub.tokens;
    await expectStatus(404, hub, "GET", "/api/models/acme/llm-private/scan", { token });
    await expectStatus(404, hub, "GET", "/api/models/acme/no-such-model/scan");
    await expectStatus(404, hub, "GET", "/api/buckets/acme/checkpoints/scan");
  });
});

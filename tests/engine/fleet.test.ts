// Many resources on the real engine: the number of requests, the effect of a quota, and the size of the state.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HubClient } from "../../provider/src/client";
import { sharedReads } from "../../provider/src/hub/sharedReads";
import { repoVisibilityDefinition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { createProject, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";

const REPOSITORIES = 60;
const name = (index: number) => `fleet-${index}`;
const seed = {
  repositories: Array.from({ length: REPOSITORIES }, (_, index) => ({
    repo: `acme/${name(index)}`,
    visibility: "private" as const,
  })),
};

const PROGRAM = `"use strict";
const huggingface = require("pulumi-huggingface");
const organization = "acme";
for (let i = 0; i < ${REPOSITORIES}; i++) {
  new huggingface.RepoVisibility(\`repo-\${i}\`, {
    repo: \`acme/fleet-\${i}\`,
    visibility: "private",
    ...(process.env.GATED && { gated: false }),
  });
}
for (const a of process.env.GATED ? [] : [0, 1]) {
  const account = new huggingface.ServiceAccount(\`account-\${a}\`, { organization, name: \`pipeline \${a}\` });
  for (const t of [0, 1, 2]) {
    new huggingface.HubToken(\`token-\${a}-\${t}\`, {
      organization,
      serviceAccount: account.accountId,
      name: \`token \${t}\`,
      permissions: ["repo.content.read"],
    });
  }
}
`;

describe("fleet", function () {
  this.timeout(240_000);
  let hub: Hub;
  let project: Project | undefined;

  afterEach(async () => {
    await project?.dispose();
    project = undefined;
    await hub.close();
  });

  it("needs few requests for a drift check, and little space in the state", async () => {
    hub = await startHub({ seed });
    const env = { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin };
    project = await createProject({ name: "fleet", program: { "index.js": PROGRAM }, env });
    await project.up();

    const before = hub.store.requests.length;
    await project.preview({ refresh: true, expectNoChanges: true });
    const asked = hub.store.requests.slice(before);
    // Twice, once for the visibilities and once for the ids: three single requests for repositories, and one listing
    // of all. One listing of the accounts, and one request for each account with its tokens.
    assert.ok(asked.length <= 12, asked.map(({ method, path }) => `${method} ${path}`).join("\n"));
    assert.ok(asked.every(({ method }) => method === "GET"));
    assert.ok(asked.filter(({ path }) => path === "/api/whoami-v2").length <= 1);

    await new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin }).updateRepoSettings(
      "acme/fleet-41",
      { visibility: "public" },
    );
    const drifted = await project.preview({ refresh: true, expectNoChanges: true, allowFailure: true });
    assert.notEqual(drifted.code, 0, "each run has its own shared listing");
    assert.match(drifted.text, /repo-41/);

    const { deployment } = await project.state();
    const repositories = (deployment.resources ?? []).filter(({ type }) => type.endsWith(":RepoVisibility"));
    assert.equal(repositories.length, REPOSITORIES);
    for (const resource of repositories) {
      assert.ok(String(resource.outputs?.["__provider"]).length <= 300);
      assert.ok(JSON.stringify(resource).length <= 1500, JSON.stringify(resource));
      const { sourcePosition } = resource as { sourcePosition?: string };
      assert.match(sourcePosition ?? "", /index\.js#5,3$/, "the line of the program, not of the library");
    }
  });

  it("waits for the quota, announces it, and is never refused", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fleet-"));
    try {
      const stateFile = join(folder, "hub.jsonl");
      hub = await startHub({ seed, stateFile });
      const env = { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin, GATED: "1" };
      project = await createProject({ name: "fleet", program: { "index.js": PROGRAM }, env });
      await project.up();
      const port = Number(new URL(hub.endpoint).port);
      await hub.close();

      // No listing shows the gating, so each repository that declares it needs its own request.
      hub = await startHub({ stateFile, port, rateLimit: 40, rateLimitWindowSeconds: 4 });
      const result = await project.refresh({ previewOnly: true, expectNoChanges: true });
      const statuses = hub.store.requests.map(({ status }) => status);
      assert.ok(statuses.length > REPOSITORIES);
      assert.ok(!statuses.includes(429), "the Hub should refuse no request");
      assert.match(result.text, /rate limited, resuming in \d+ s/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("reads repositories one by one if it may not list the organization, and asks for that only once", async () => {
    hub = await startHub({ seed });
    const admin = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    const account = await admin.createServiceAccount("acme", { name: "reader" });
    const { token } = await admin.createServiceAccountToken("acme", account._id, {
      permissions: ["repo.content.read"],
    });
    const { client } = sharedReads(new HubClient({ endpoint: hub.endpoint, token }));
    const slot = new ResourceHarness(repoVisibilityDefinition, { hub, clock: new Clock(), token });
    const before = hub.store.requests.length;
    for (let index = 0; index < 10; index++) {
      const inputs = {
        owner: "00000000",
        repo: `acme/${name(index)}`,
        repoType: "model" as const,
        visibility: "internal" as const,
        onDestroy: "retain" as const,
      };
      const found = await repoVisibilityDefinition.read(
        `model/acme/${name(index)}`,
        { ...inputs, applied: { visibility: "internal" } },
        { ...slot.context(), client },
      );
      assert.equal(found?.inputs.visibility, "internal", "the Hub only shows that it is not public");
    }
    const asked = hub.store.requests.slice(before);
    assert.equal(asked.filter(({ path }) => path.endsWith("/settings/repositories")).length, 1);
    assert.equal(asked.length, 11);
    assert.match(slot.warnings()[0] ?? "", /whether model acme\/fleet-0 is private or internal/);
  });
});

// Answers at the limits of the Hub's API document: a field that may be missing or null is not an error, and gets no
// invented value.
import assert from "node:assert/strict";
import { type HubClient } from "../../provider/src/client/hubClient";
import { type ScriptedServer, type Step, startScriptedServer } from "../support/scriptedServer";
import { ID } from "./answers";
import { quickClient } from "./quickClient";

const TIME = "2026-01-01T00:00:00.000Z";
const REGIONS = [{ provider: "aws", region: "us" }];
const TOLD_REGIONS = [{ ...REGIONS[0], name: "what only the Hub knows" }];
const BUCKET = {
  author: "acme",
  id: "acme/checkpoints",
  createdAt: TIME,
  updatedAt: TIME,
  size: 0,
  totalFiles: 0,
  repoType: "bucket",
  cdnRegions: TOLD_REGIONS,
};
const SETTINGS = {
  _id: ID,
  displayName: "ci",
  permissions: ["repo.content.read"],
  repoIds: [],
  repoPermissions: [],
  endpointPatterns: [],
  skipNetworkSecurity: false,
};

describe("answer that the Hub's API document allows", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());
  const clientFor = async (...steps: Step[]): Promise<HubClient> => {
    server = await startScriptedServer(...steps);
    return quickClient(server.endpoint).client;
  };

  it("is read after a change of a token, although it has no creation time", async () => {
    const client = await clientFor({ body: SETTINGS });
    const changed = await client.updateServiceAccountToken("acme", ID, ID, { permissions: [] });
    assert.deepEqual(changed, SETTINGS);
  });

  it("does not lose a new token because of the form of a date", async () => {
    const tokenInfo = { ...SETTINGS, createdAt: "yesterday" };
    const client = await clientFor({ status: 201, body: { token: "hf_value", tokenInfo } });
    const issued = await client.createServiceAccountToken("acme", ID, {});
    assert.equal(issued.token, "hf_value");
  });

  it("has no tokens if the Hub does not list them", async () => {
    const account = { _id: ID, user: "acme-bot", name: "bot", email: "bot@acme.example", createdAt: TIME };
    const client = await clientFor({ body: account }, { body: { ...account, accessTokens: [] } });
    assert.equal((await client.getServiceAccount("acme", ID)).accessTokens, undefined);
    assert.deepEqual((await client.getServiceAccount("acme", ID)).accessTokens, []);
  });

  for (const [title, told, expected] of [
    ["private", { private: true }, true],
    ["public", { private: false }, false],
    ["if the field is missing", {}, undefined],
    ["if the field is null", { private: null }, undefined],
  ] as const) {
    it(`describes a bucket without an id, ${title}`, async () => {
      const client = await clientFor({ body: { ...BUCKET, ...told } });
      const info = await client.getRepo("acme/checkpoints", "bucket");
      assert.equal(info.private, expected);
      assert.equal(info._id, undefined);
      assert.deepEqual(info.cdnRegions, REGIONS);
      assert.equal(info.createdAt, BUCKET.createdAt);
    });
  }

  it("to a change of a repository is returned with exactly its fields", async () => {
    const told: [body: unknown, result: object][] = [
      [
        { visibility: "galactic", gated: "auto", private: true },
        { visibility: "galactic", gated: "auto", private: true },
      ],
      [{}, {}],
      [{ private: "yes" }, {}],
      ["OK", {}],
    ];
    const client = await clientFor(...told.map(([body]) => ({ body })));
    for (const [, result] of told) {
      assert.deepEqual(await client.updateRepoSettings("acme/m", { visibility: "private" }), result);
    }
  });

  it("describes a kernel", async () => {
    const client = await clientFor({
      body: { id: "acme/attention", repoType: "kernel", private: true, gated: "auto" },
    });
    const info = await client.getRepo("acme/attention", "kernel");
    assert.equal(server.requests[0]?.url, "/api/kernels/acme/attention");
    assert.deepEqual(info, { id: "acme/attention", private: true, gated: "auto" });
  });

  it("for a bucket contains its regions, which the client sends back with the settings", async () => {
    const client = await clientFor({ body: BUCKET }, { body: {} });
    await client.setRepoVisibility("acme/checkpoints", { private: true, repoType: "bucket" });
    const [read, change] = server.requests;
    assert.equal(read?.method, "GET");
    assert.deepEqual(JSON.parse(change?.body ?? ""), { private: true, cdnRegions: REGIONS });
  });

  it("without a bucket's regions prevents every change except to private", async () => {
    const client = await clientFor({ status: 403, body: {} }, { body: {} }, { status: 403, body: {} });
    await client.setRepoVisibility("acme/checkpoints", { private: true, repoType: "bucket" });
    assert.deepEqual(JSON.parse(server.requests[1]?.body ?? ""), { private: true });
    await assert.rejects(
      client.setRepoVisibility("acme/checkpoints", { private: false, repoType: "bucket" }),
      { status: 403 },
    );
    assert.equal(server.requests.length, 3);
  });
});

import assert from "node:assert/strict";
import { expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const PATH = "/api/organizations/acme/settings/network-security";

const NOTHING = {
  enforceAuth: false,
  enforceIpRestriction: false,
  highRateLimits: false,
  ipRanges: [],
  blockedContents: [],
  allowedContents: [],
  keepReposMetadataVisible: false,
};

describe("local Hub: network security", () => {
  let hub: Hub;
  beforeEach(async () => {
    hub = await startHub();
    hub.store.setPlan("acme", "plus");
  });
  afterEach(() => hub.close());

  const patch = async (body: object): Promise<unknown> =>
    (await expectStatus(200, hub, "PATCH", PATH, { body })).body;

  it("always returns all seven fields, and changes only the fields that are sent", async () => {
    assert.deepEqual((await expectStatus(200, hub, "GET", PATH)).body, NOTHING);
    const ipRanges = ["192.0.2.0/24"];
    assert.deepEqual(await patch({ ipRanges }), { ...NOTHING, ipRanges });
    assert.deepEqual(await patch({ highRateLimits: true }), { ...NOTHING, ipRanges, highRateLimits: true });
    assert.deepEqual(await patch({}), (await expectStatus(200, hub, "GET", PATH)).body);
  });

  it("shows authentication enforcement as pending after it is turned on", async () => {
    assert.deepEqual(await patch({ enforceAuth: true }), { ...NOTHING, enforceAuth: "pending" });
    assert.deepEqual(await patch({ enforceAuth: false }), NOTHING);
  });

  it("stores blocked and allowed content at the same time", async () => {
    const blockedContents = [{ resource: "*", scope: "*" }];
    const allowedContents = [
      { resource: "model", scope: "acme" },
      { resource: "kernel", scope: "acme/x" },
    ];
    assert.deepEqual(await patch({ blockedContents, allowedContents }), {
      ...NOTHING,
      blockedContents,
      allowedContents,
    });
    assert.deepEqual(await patch({ blockedContents: [] }), { ...NOTHING, allowedContents });
    await expectStatus(400, hub, "PATCH", PATH, {
      body: { blockedContents: [{ resource: "*", scope: "" }] },
    });
    await expectStatus(400, hub, "PATCH", PATH, {
      body: { blockedContents: [{ resource: "org", scope: "x" }] },
    });
  });

  for (const range of [
    "0.0.0.0/0",
    "255.255.255.255/32",
    "52.219.168.0/24",
    "2600:1f69:7400::/40",
    "::/0",
    "2001:db8:0:0:0:0:0:1/128",
    "::ffff:192.0.2.1/128",
  ]) {
    it(`accepts the range ${range}`, async () => {
      assert.deepEqual(await patch({ ipRanges: [range] }), { ...NOTHING, ipRanges: [range] });
    });
  }

  for (const range of [
    "everywhere",
    "192.0.2.0",
    "256.0.0.0/8",
    "192.0.2.0/33",
    "192.0.2/24",
    "192.0.2.0/024",
    "2001:db8::/129",
    "2001:db8:::/32",
    "fe80::1%eth0/64",
    "/8",
  ]) {
    it(`rejects the range ${range}`, () =>
      expectStatus(400, hub, "PATCH", PATH, { body: { ipRanges: [range] } }));
  }

  it("logs each change, and each setting that is turned on or off", async () => {
    const before = hub.store.auditEvents.length;
    await patch({ enforceIpRestriction: true, enforceAuth: true });
    await patch({ enforceIpRestriction: false, highRateLimits: true });
    await patch({ enforceAuth: false });
    await patch({});
    assert.deepEqual(
      hub.store.auditEvents.slice(before).map((event) => event.type),
      [
        "org.settings.network",
        "org.settings.network.ip_restriction.enable",
        "org.settings.network.auth_enforcement.enable",
        "org.settings.network",
        "org.settings.network.ip_restriction.disable",
        "org.settings.network",
        "org.settings.network.auth_enforcement.disable",
      ],
    );
  });

  it("requires an administrator and the Enterprise Plus plan", async () => {
    await expectStatus(403, hub, "GET", PATH, { token: hub.tokens.write });
    hub.store.setPlan("acme", "enterprise");
    await expectStatus(402, hub, "GET", PATH);
  });
});

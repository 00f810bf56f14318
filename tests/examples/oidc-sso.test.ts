import assert from "node:assert/strict";
import { runExample } from "../support/example";

const SECRET = "a client's secret, for this test";

describe("example oidc-sso", function () {
  this.timeout(120_000);

  it("configures OpenID Connect", () =>
    runExample("oidc-sso", {
      config: () => ({ clientSecret: { secret: SECRET } }),
      afterUp: (hub, outputs) => {
        const settings = hub.store.sso.get("acme");
        assert.equal(settings?.provider, "oidc");
        assert.equal(settings.enabled, true);
        assert.equal(settings.ssoUrl, "https://login.acme.example");
        assert.equal(settings.clientId, "acme-hub");
        assert.ok(hub.store.hasClientSecret("acme", SECRET));
        assert.deepEqual(outputs, { managed: "configuration", ssoOrganization: "acme" });
      },
      afterDestroy: (hub) => {
        assert.equal(hub.store.sso.get("acme")?.enabled, true);
      },
    }));

  it("replaces the client's secret alone, on a Hub that offers no more", () =>
    runExample("oidc-sso", {
      hub: { profile: "public" },
      config: () => ({ clientSecret: { secret: SECRET }, manage: "credential" }),
      before: (hub) => {
        assert.ok(!hub.store.hasClientSecret("acme", SECRET));
      },
      afterUp: (hub, outputs) => {
        assert.ok(hub.store.hasClientSecret("acme", SECRET));
        assert.deepEqual(outputs, { managed: "credential", ssoOrganization: "acme" });
      },
      afterDestroy: (hub) => {
        assert.ok(hub.store.hasClientSecret("acme", SECRET));
      },
    }));
});

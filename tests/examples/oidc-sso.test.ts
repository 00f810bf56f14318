import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { makeCertificate } from "../support/certificate";
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

  it("explains how to overwrite the configuration of saml-sso, and overwrites it", () =>
    runExample("oidc-sso", {
      config: () => ({ clientSecret: { secret: SECRET } }),
      before: async (hub) => {
        const { certificate } = await makeCertificate();
        const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
        const ssoUrl = "https://idp.acme.example/sso/saml";
        await client.updateSsoConfig("acme", { provider: "saml", enabled: true, ssoUrl, certificate });
      },
      refused:
        /acme already has single sign-on configured.*differs.*provider, ssoUrl.*`pulumi config set adopt true`/s,
      afterUp: (hub) => {
        assert.equal(hub.store.sso.get("acme")?.provider, "oidc");
        assert.ok(hub.store.hasClientSecret("acme", SECRET));
      },
    }));

  it("replaces only the client secret, on a Hub that offers nothing else", () =>
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

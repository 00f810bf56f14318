import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runExample } from "../support/example";

describe("example saml-sso", function () {
  this.timeout(120_000);

  it("configures SAML with a certificate, and keeps it after a destroy", () =>
    runExample("saml-sso", {
      afterUp: async (hub, outputs, project) => {
        const settings = hub.store.sso.get("acme");
        const pem = await readFile(join(project.dir, "trial-certificate.pem"), "utf8");
        assert.equal(settings?.provider, "saml");
        assert.equal(settings.enabled, true);
        assert.equal(settings.ssoUrl, "https://idp.acme.example/sso/saml");
        assert.equal(settings.certificate, pem);
        const certificate = new X509Certificate(pem);
        assert.deepEqual(outputs, {
          signInUrl: settings.ssoUrl,
          enabled: true,
          certificateExpiresAt: new Date(certificate.validTo).toISOString(),
          certificateFingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
        });
      },
      afterDestroy: (hub) => {
        assert.equal(hub.store.sso.get("acme")?.enabled, true);
      },
    }));
});

// SAML single sign-on. This requires a Hub with the extended API. On huggingface.co, set up single sign-on once in the
// browser, and use `SsoCredential` (see ../oidc-sso) to replace the certificate.
//
//   pulumi config set metadataFile /path/to/identity-provider-metadata.xml
//
// or, if the identity provider offers only a certificate:
//
//   pulumi config set ssoUrl https://idp.acme.example/sso/saml
//   pulumi config set certificateFile /path/to/identity-provider.pem
//
// To overwrite an existing configuration of the organization:
//
//   pulumi config set adopt true
//
// With metadataUrl, the provider compares the configuration with the identity provider's published metadata before it
// sends it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";
import { trialCertificate } from "./trial-certificate";

export = async () => {
  const config = new pulumi.Config();
  const organization = config.get("organization") ?? "acme";
  const metadataFile = config.get("metadataFile");
  const certificateFile = config.get("certificateFile");

  // Check the role first, so that a missing permission gives a clear error before anything is planned.
  if (!(await huggingface.hasOrgRole(organization, "admin"))) {
    throw new pulumi.RunError(`Only an administrator of ${organization} can configure its single sign-on.`);
  }

  const sso = new huggingface.SsoConfig("sso", {
    organization,
    provider: "saml",
    ...(metadataFile
      ? { metadataXml: readFileSync(metadataFile, "utf8") }
      : {
          ssoUrl: config.get("ssoUrl") ?? "https://idp.acme.example/sso/saml",
          // Only the certificate. The private key stays with the identity provider.
          certificate: certificateFile
            ? readFileSync(certificateFile, "utf8")
            : await trialCertificate(join(__dirname, "trial-certificate.pem")),
        }),
    metadataUrl: config.get("metadataUrl"),
    adopt: config.getBoolean("adopt"),
    // Each preview warns from 60 days before the certificate expires, because a new certificate takes time to get.
    warnBeforeDays: 60,
    // Keep the configuration on the Hub after `pulumi destroy`, so that members can still sign in the same way.
    onDestroy: "retain",
  });

  // Depend on the id, so that the first preview does not query a configuration that does not exist yet.
  const current = huggingface.getSsoConfigOutput(sso.id.apply(() => organization));

  return {
    signInUrl: current.ssoUrl,
    enabled: current.enabled,
    certificateExpiresAt: sso.certificateExpiresAt,
    certificateFingerprint: sso.certificateFingerprint,
  };
};

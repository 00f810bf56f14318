// SAML single sign-on. Needs a Hub with the extended API; on huggingface.co set it up once by hand and let
// `SsoCredential` (see ../oidc-sso) replace the certificate.
//
//   pulumi config set metadataFile /path/to/identity-provider-metadata.xml
//
// or, where the identity provider gives a certificate alone:
//
//   pulumi config set ssoUrl https://idp.acme.example/sso/saml
//   pulumi config set certificateFile /path/to/identity-provider.pem
//
// To overwrite a configuration that the organization has already:
//
//   pulumi config set adopt true
//
// With metadataUrl, what is about to be sent is held against what the identity provider publishes there.
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

  // Said before anything is planned: halfway through, a missing right would be harder to understand.
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
          // The certificate alone, never its private key: that stays with the identity provider.
          certificate: certificateFile
            ? readFileSync(certificateFile, "utf8")
            : await trialCertificate(join(__dirname, "trial-certificate.pem")),
        }),
    metadataUrl: config.get("metadataUrl"),
    adopt: config.getBoolean("adopt"),
    // From two months before the certificate's end each preview warns: getting the next one takes time.
    warnBeforeDays: 60,
    // A destroy must not lock people out, nor let them in another way, because somebody tidied up a stack.
    onDestroy: "retain",
  });

  // By way of the id, which is not known before the configuration is there: a first preview has nothing to ask for.
  const current = huggingface.getSsoConfigOutput(sso.id.apply(() => organization));

  return {
    signInUrl: current.ssoUrl,
    enabled: current.enabled,
    certificateExpiresAt: sso.certificateExpiresAt,
    certificateFingerprint: sso.certificateFingerprint,
  };
};

// OpenID Connect single sign-on.
//
//   pulumi config set --secret clientSecret
//   pulumi config set manage credential      # on huggingface.co
//   pulumi config set adopt true             # to overwrite a configuration that the organization has already
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";
// A secret of the stack's configuration: encrypted there, in the state and in every output that it reaches.
const clientSecret = config.getSecret("clientSecret");
if (!clientSecret) {
  throw new pulumi.RunError("Set the client's secret first: pulumi config set --secret clientSecret");
}

// huggingface.co lets a program replace the client's secret of a working configuration, and nothing else. A Hub with the
// extended API lets it hold the whole configuration.
const manage = config.get("manage") ?? "configuration";

let sso: huggingface.SsoConfig | huggingface.SsoCredential;
if (manage === "configuration") {
  sso = new huggingface.SsoConfig("sso", {
    organization,
    provider: "oidc",
    ssoUrl: config.get("issuer") ?? "https://login.acme.example",
    clientId: config.get("clientId") ?? "acme-hub",
    clientSecret,
    adopt: config.getBoolean("adopt"),
  });
} else if (manage === "credential") {
  sso = new huggingface.SsoCredential("sso", {
    organization,
    clientSecret,
    // The Hub does not tell which secret is there, so the first `up` overwrites an unknown one. This line says that
    // somebody means it.
    replaceExisting: true,
  });
} else {
  throw new pulumi.RunError('The setting "manage" is configuration or credential.');
}

export const managed = manage;
export const ssoOrganization = sso.organization;

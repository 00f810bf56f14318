// OpenID Connect single sign-on.
//
//   pulumi config set --secret clientSecret
//   pulumi config set manage credential      # on huggingface.co: manage only the client secret
//   pulumi config set adopt true             # to overwrite an existing configuration of the organization
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";
// A secret is encrypted in the stack's configuration, in the state, and in every output that contains it.
const clientSecret = config.getSecret("clientSecret");
if (!clientSecret) {
  throw new pulumi.RunError("Set the client secret first: pulumi config set --secret clientSecret");
}

// On huggingface.co, the API can only replace the client secret of an existing configuration. A Hub with the extended API
// supports the whole configuration.
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
    // The Hub does not return the current secret, so the first `up` overwrites a secret that Pulumi does not know. This
    // line is your explicit approval.
    replaceExisting: true,
  });
} else {
  throw new pulumi.RunError('The setting "manage" must be "configuration" or "credential".');
}

export const managed = manage;
export const ssoOrganization = sso.organization;

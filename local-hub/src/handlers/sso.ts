import { badRequest, ssoNotConfigured } from "../errors.js";
import { type Answer, type Call, noContent, ok } from "../route.js";
import { type SsoSettings } from "../store/records.js";
import { type SsoUpdate, deleteSso, mergeSso, saveSso } from "../store/sso.js";
import { requireOrganization } from "./access.js";
import { type OrganizationParams } from "./service-accounts.js";

// Any text is accepted as a certificate, as in the Hub's document. If this Hub validated it, users could wrongly expect the
// real Hub to do the same.
const FOREIGN = { saml: ["clientId", "clientSecret"], oidc: ["certificate"] } as const;

function requireAdmin(call: Call<OrganizationParams>): string {
  const { org } = call.params;
  requireOrganization(call, org, { role: "admin", permissions: ["org.write"], plan: "team" });
  return org;
}

export function getSso(call: Call<OrganizationParams>): Answer {
  const settings = call.store.sso.get(requireAdmin(call));
  if (!settings) throw ssoNotConfigured();
  return ok(describe(settings));
}

export function putSso(call: Call<OrganizationParams, unknown, SsoUpdate>): Answer {
  const org = requireAdmin(call);
  const { store, body } = call;
  const changed = Object.keys(body);
  if (!changed.length) throw badRequest("At least one setting is required");
  const settings = mergeSso(store, org, body);
  if (!settings) throw badRequest("provider: required for the first configuration");
  const { provider } = settings;
  const foreign = FOREIGN[provider].find((name) => body[name] !== undefined);
  if (foreign) throw badRequest(`${foreign}: not a setting of ${provider}`);
  const missing = missingSettings(settings);
  if (settings.enabled && missing.length) {
    throw badRequest(`enabled: cannot be turned on without ${missing.join(", ")}`);
  }
  saveSso(store, settings, changed, call.actor);
  return ok(describe(settings));
}

export function removeSso(call: Call<OrganizationParams>): Answer {
  const settings = call.store.sso.get(requireAdmin(call));
  if (!settings) throw ssoNotConfigured();
  deleteSso(call.store, settings, call.actor);
  return noContent();
}

export function putSsoCredential(
  call: Call<OrganizationParams, unknown, { clientSecret: string } | { x509Cert: string }>,
): Answer {
  const org = requireAdmin(call);
  const { store, body } = call;
  const current = store.sso.get(org);
  if (!current) throw ssoNotConfigured();
  const [provider, update]: [string, SsoUpdate] =
    "clientSecret" in body
      ? ["oidc", { clientSecret: body.clientSecret }]
      : ["saml", { certificate: body.x509Cert }];
  if (current.provider !== provider) {
    throw badRequest(
      `The organization's single sign-on is ${current.provider}; this is a credential of ${provider}`,
    );
  }
  const settings = mergeSso(store, org, update);
  if (!settings) throw ssoNotConfigured();
  saveSso(store, settings, Object.keys(update), call.actor);
  return { status: 200 };
}

function missingSettings(settings: SsoSettings): string[] {
  const missing: string[] = [];
  if (!settings.ssoUrl) missing.push("ssoUrl");
  if (settings.provider === "saml") {
    if (!settings.certificate) missing.push("certificate");
  } else {
    if (!settings.clientId) missing.push("clientId");
    if (!settings.clientSecretHash) missing.push("clientSecret");
  }
  return missing;
}

function describe(settings: SsoSettings): Record<string, unknown> {
  const { provider, enabled, ssoUrl, clientId, certificate, updatedAt } = settings;
  return { provider, enabled, ssoUrl, clientId, certificate, updatedAt };
}

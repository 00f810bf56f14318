import { ssoSettingsOf } from "pulumi-huggingface/core";
import { type Found } from "../found";
import { type Asked, type Part } from "./part";

export async function sso({ reader, organization }: Asked): Promise<Part> {
  const settings = await reader.ask((client) => ssoSettingsOf(organization, client));
  if (!settings) return { found: [], leftOut: [] };
  const { provider, enabled, ssoUrl, clientId, certificate } = settings;
  const isOidc = provider === "oidc";
  const found: Found = {
    ...{ kind: "sso", type: "SsoConfig", id: `${organization}/sso`, subject: "sso", name: "sso" },
    title: `${isOidc ? "OpenID Connect" : "SAML"} (${enabled ? "on" : "off"})`,
    constant: { text: "sso", noun: "config" },
    args: {
      ...{ organization, provider, enabled, ssoUrl },
      ...(isOidc ? { clientId } : { certificate }),
    },
    ...(isOidc && { unknown: "clientSecret", by: "option import" as const }),
  };
  return { found: [found], leftOut: [] };
}

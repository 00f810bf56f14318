import { objectKey } from "../../hub/auditEvents";
import { type DriftRules, SEALED } from "../../model/drift";
import { orderOf } from "../../rules/reconcile";
import { identityProviderIn, parseConfiguration } from "../../rules/ssoComparison";
import { ENABLED } from "./decisions";
import { type SsoConfigState } from "./model";

export const ssoConfigDrift: DriftRules<SsoConfigState> = {
  // After an update, what was applied is what the arguments say. The fingerprint of the certificate is not encrypted.
  unseal({ applied, tried: _tried, seen: _seen, lastCertificate: _last, ...others }) {
    if (applied !== SEALED) return applied === undefined ? others : { ...others, applied };
    const { comparable } = parseConfiguration(others as unknown as SsoConfigState);
    const identityProvider = {
      ...identityProviderIn(comparable),
      ...(comparable.certificateFingerprint !== undefined && {
        certificateFingerprint: others["certificateFingerprint"],
      }),
    };
    return { ...others, applied: { enabled: comparable.enabled, identityProvider } };
  },

  hides: ["certificate", "metadataXml"],

  applied({ applied }) {
    const { provider, ssoUrl, clientId } = applied?.identityProvider ?? {};
    // SAML has no client.
    const client = provider === undefined ? undefined : (clientId ?? null);
    return { enabled: applied?.enabled, provider, ssoUrl, clientId: client };
  },

  order: (property, applied, onHub) =>
    property === "enabled" ? orderOf(ENABLED, applied as boolean, onHub as boolean) : "different",

  // Certificates are compared by their fingerprints.
  apart: ["certificate"],

  findings({ applied, ...before }, after) {
    const { certificateFingerprint = before.certificateFingerprint } = applied?.identityProvider ?? {};
    if (certificateFingerprint === after.certificateFingerprint) return [];
    return [{ property: "certificate", applied: SEALED, onHub: SEALED, order: "different" }];
  },

  events: ({ property, onHub }) => {
    const about = [objectKey.sso()];
    const switched = {
      about,
      types: [onHub === true ? "org.settings.sso.enable" : "org.settings.sso.disable"],
    };
    return [...(property === "enabled" ? [switched] : []), { about, types: ["org.settings.sso"] }];
  },
};

// Single sign-on configurations, and a Hub in memory that has one.
import { NOT_TESTED } from "../../provider/src/rules/ssoOutcome";
import { type SsoSettings, type SsoUpdate } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { noted } from "../../provider/src/rules/intent";
import { settledState } from "../../provider/src/resources/ssoConfig/state";
import { type SsoConfigInputs, type SsoConfigState } from "../../provider/src/resources/ssoConfig/model";
import { parseConfiguration } from "../../provider/src/rules/ssoComparison";
import { fixedCertificates } from "../rules/fixedCertificates";
import { type InMemory, inMemory } from "./inMemory";

/** Both are valid from November 2026 for a hundred years. */
export const { p384: pem, p521: nextPem } = fixedCertificates;
export const IN_FORCE = new Date("2027-01-10T00:00:00Z");
export const NOT_YET_IN_FORCE = new Date("2026-01-01T00:00:00Z");

export const SIGN_ON = "https://idp.acme.example/sso";
export const ISSUER = "https://login.acme.example";
export const METADATA = "https://idp.acme.example/metadata";

/** The same certificate with different line breaks. */
export const withOtherLineBreaks = (certificate: string): string => certificate.replaceAll("\n", "\r\n");

export const saml = (changes: Partial<SsoConfigInputs> = {}): SsoConfigInputs => ({
  organization: "acme",
  provider: "saml",
  enabled: true,
  ssoUrl: SIGN_ON,
  certificate: pem,
  verifyIssuer: true,
  warnBeforeDays: 30,
  adopt: false,
  onDestroy: "retain",
  ...changes,
});

export const oidc = (changes: Partial<SsoConfigInputs> = {}): SsoConfigInputs => ({
  organization: "acme",
  provider: "oidc",
  enabled: true,
  ssoUrl: ISSUER,
  clientId: "hub",
  clientSecret: "correct-horse",
  verifyIssuer: false,
  warnBeforeDays: 30,
  adopt: false,
  onDestroy: "retain",
  ...changes,
});

/** The state after these inputs were sent. */
export const stateAfter = (inputs: SsoConfigInputs): SsoConfigState =>
  settledState(parseConfiguration(inputs), noted(undefined, inputs.acknowledgeOverwrite));

/** What the Hub returns about it: everything but secrets. */
export const settingsOf = ({
  provider,
  enabled,
  ssoUrl,
  certificate,
  clientId,
}: SsoConfigInputs): SsoSettings => ({
  provider,
  enabled,
  ssoUrl,
  ...(provider === "saml" ? { certificate } : { clientId }),
  updatedAt: "2026-12-01T00:00:00.000Z",
});

/** The time at which the Hub in memory reports a change. */
export const CHANGED_AT = "2027-01-10T00:00:01.000Z";

/** The Hub's answer if there is no configuration. */
export const NOT_CONFIGURED = hubError({ what: "none", status: 404, code: "SsoNotConfigured" });

/** A Hub that has this configuration, or answers with this error, and what was sent to it. */
export function hubWithSso(
  held: SsoSettings | Error | undefined,
  changes: Partial<LifecycleContext> = {},
): InMemory & { sent: SsoUpdate[] } {
  const sent: SsoUpdate[] = [];
  let current = held;
  const surroundings = inMemory(
    {
      getSsoConfig() {
        const answer = current ?? NOT_CONFIGURED;
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
      updateSsoConfig(_organization: string, update: SsoUpdate) {
        sent.push(update);
        const { clientSecret: _secret, ...readable } = update;
        const before = current instanceof Error ? undefined : current;
        const stays = update.provider === undefined || update.provider === before?.provider;
        current = { ...(stays && before), ...readable, updatedAt: CHANGED_AT } as SsoSettings;
        return Promise.resolve(current);
      },
    },
    { now: IN_FORCE, ...changes },
  );
  return { ...surroundings, sent };
}

export const ELSEWHERE = "https://elsewhere.example";

/** SAML that is turned off. */
export const off = (changes: Partial<SsoConfigInputs> = {}) => saml({ enabled: false, ...changes });

/** OIDC as the Hub returns it: without the secret. */
export const unknownSecret = oidc({ clientSecret: undefined });

/** What is sent if the Hub has no configuration. */
export const ALL_OF_SAML = { provider: "saml", enabled: true, ssoUrl: SIGN_ON, certificate: pem } as const;
export const ALL_OF_OIDC = {
  provider: "oidc",
  enabled: true,
  ssoUrl: ISSUER,
  clientId: "hub",
  clientSecret: "correct-horse",
} as const;

/** The log message after a configuration was sent and read back. */
export const DONE = (compared?: string) =>
  `info the Hub has the declared configuration${compared === undefined ? "" : `; ${compared}`}. ${NOT_TESTED}`;
export const NOT_COMPARED = "it was not compared with what the identity provider publishes";

import { type SsoSettings, type SsoUpdate } from "../../client";
import { dateProblem, normalisePem } from "../../rules/certificate";
import { type Heard, listen, noted, settled } from "../../rules/intent";
import { type Facet, ordered, reconcile, unordered, type Verdict } from "../../rules/reconcile";
import {
  type Comparable,
  differingInIdentity,
  differingParts,
  type IdentityProvider,
  identityProviderIn,
  type ParsedConfiguration,
  type Part,
} from "../../rules/ssoComparison";
import { normalAddress } from "../../rules/signInUrl";
import { type Facets, type SsoConfigInputs, type SsoConfigState } from "./model";

/** The configuration that the program declares. */
export type Declared = ParsedConfiguration<SsoConfigInputs>;
/** The configuration in the state, from the last run or refresh. */
export type Remembered = ParsedConfiguration<SsoConfigState>;
/** The configuration that the Hub has now. */
export type Current = ParsedConfiguration<SsoSettings>;

/** The parts of the state from earlier runs that decisions need. */
export type Past = Pick<
  SsoConfigState,
  "applied" | "tried" | "heard" | "missing" | "unreported" | "clientSecret"
>;

/** Enabled is tighter: it lets fewer people in. */
export const ENABLED = ordered([true, false]);

/** One facet, because separate decisions about its parts could mix two identity providers. */
const IDENTITY_PROVIDER = unordered<IdentityProvider>(
  (left, right) => differingInIdentity(left, right).length === 0,
);

/** The decision about a configuration. */
export interface Decision {
  /** The update to send; empty if nothing differs, or if anything is refused. */
  update: SsoUpdate;
  /** Why nothing is sent, and what to do. */
  refusal?: string;
  /** The parts that someone changed on the Hub since the last run. */
  changedOnHub: Part[];
  /** What is kept if the run fails. */
  kept: { applied: Facets | undefined; heard: Heard };
  /** The reasons that are kept if the run succeeds. */
  heard: Heard;
}

/**
 * Decides what a run may send, also for a preview. If any part is refused, nothing is sent, so that single sign-on is never turned on with
 * an identity provider that the program does not declare.
 *
 * @param current - the Hub's configuration, in a preview the last known one; `undefined` if there is none
 * @param past - absent before a creation
 */
export function decide(
  declared: Declared,
  current: Comparable | undefined,
  past: Past | undefined,
): Decision {
  const { values, comparable } = declared;
  const { acknowledgeOverwrite: reason } = values;
  if (!current) {
    const heard = noted(past?.heard, reason);
    return {
      update: updateFor(declared, undefined, past, {}),
      changedOnHub: [],
      kept: { applied: undefined, heard },
      heard,
    };
  }
  const observed = identityProviderIn(current);
  const isAnother = isAnotherObject(observed, past);
  const { applied, tried } = isAnother ? {} : (past ?? {});
  const { speaks, heard } =
    past === undefined || isAnother
      ? { speaks: false, heard: noted(past?.heard, reason) }
      : listen(past.heard, reason, heldOf(current));
  const situation = { speaks, adopts: past ? undefined : values.adopt };
  const enabled = decideFacet(ENABLED, current.enabled, {
    ...situation,
    declared: comparable.enabled,
    applied: applied?.enabled,
    tried: tried?.enabled,
  });
  const identityProvider = decideFacet(IDENTITY_PROVIDER, observed, {
    ...situation,
    declared: identityProviderIn(comparable),
    applied: applied?.identityProvider,
    tried: tried?.identityProvider,
  });
  const identityParts = differingInIdentity(observed, applied?.identityProvider ?? comparable);
  const partsIf = (ofEnabled: boolean, ofIdentity: boolean): Part[] => [
    ...(ofEnabled ? (["enabled"] as const) : []),
    ...(ofIdentity ? identityParts : []),
  ];
  const refused = partsIf(enabled.verdict.refused, identityProvider.verdict.refused);
  const how = {
    restores: identityProvider.verdict.row === "reason",
    sentUrl: applied?.identityProvider?.ssoUrl,
  };
  const refusal =
    refused.length === 0
      ? undefined
      : refusalOf(declared, refused, !past ? "first" : applied?.identityProvider ? "changed" : "another");
  return {
    ...(refusal !== undefined && { refusal }),
    // guard: sso-all-or-nothing
    update: refusal === undefined ? updateFor(declared, current, past, how) : {},
    changedOnHub: past && !isAnother ? partsIf(enabled.isChanged, identityProvider.isChanged) : [],
    kept: { applied: { enabled: enabled.kept, identityProvider: identityProvider.kept }, heard },
    heard: settled(heard),
  };
}

/** The Hub's values that a reason may be about. */
export function heldOf(current: Comparable): object {
  return { ...current, ssoUrl: normalAddress(current.ssoUrl) };
}

/** Decides what a creation may send. If another resource had the object, it may send no more than an update of that resource. */
export function decideCreation(
  declared: Declared,
  current: Comparable | undefined,
  former: Past | undefined,
): Decision {
  const first = decide(declared, current, undefined);
  // guard: sso-former-secret
  return former && first.refusal === undefined ? decide(declared, current, former) : first;
}

/** Configurations have no id on the Hub. After one was missing, only a configuration that this resource sent is its own. */
function isAnotherObject(observed: IdentityProvider, past: Past | undefined): boolean {
  if (!past?.missing && !past?.unreported) return false;
  const tried = past.tried?.identityProvider;
  return !tried || !IDENTITY_PROVIDER.equals(tried, observed);
}

/** Whether the Hub has the configuration that this resource applied or tried to apply. */
export function isOwn(current: Comparable, { applied, tried }: Past): boolean {
  const own = [applied, tried];
  const observed = identityProviderIn(current);
  return (
    own.some((each) => each?.enabled === current.enabled) &&
    own.some((each) => each?.identityProvider && IDENTITY_PROVIDER.equals(each.identityProvider, observed))
  );
}

interface FacetDecision<V> {
  verdict: Verdict<V>;
  /** Whether someone changed it on the Hub to a value that is not declared. */
  isChanged: boolean;
  /** The value that counts as applied if nothing is sent. */
  kept: V | undefined;
}

function decideFacet<V>(
  facet: Facet<V>,
  observed: V,
  situation: Omit<Parameters<typeof reconcile<V>>[1], "possible">,
): FacetDecision<V> {
  const { declared, applied, tried } = situation;
  const verdict = reconcile(facet, { ...situation, possible: [observed] });
  const isAsDeclared = verdict.row === "as declared";
  const holds = (value: V | undefined): boolean => value !== undefined && facet.equals(value, observed);
  return {
    verdict,
    isChanged: !isAsDeclared && !holds(applied) && !holds(tried),
    kept: holds(applied) ? applied : isAsDeclared ? declared : holds(tried) ? tried : applied,
  };
}

function refusalOf(
  { values: { organization } }: Declared,
  parts: readonly Part[],
  history: "first" | "changed" | "another",
): string {
  const named = parts.join(", ");
  if (history === "first") {
    return (
      `The organization ${organization} already has single sign-on configured, and it differs from the program in ` +
      `${named}. It was not overwritten. Check it on the Hub; to overwrite it, set adopt to true in the arguments of this SsoConfig ` +
      "(in the examples: `pulumi config set adopt true`), and run `pulumi up` again."
    );
  }
  if (parts.length === 1 && parts[0] === "enabled") {
    return (
      `Someone turned on single sign-on of ${organization} on the Hub. It is not turned off again automatically; nothing was sent. ` +
      "Declare enabled: true, or give a new reason in acknowledgeOverwrite to turn it off."
    );
  }
  const happened =
    history === "changed"
      ? `Someone changed ${named} of the single sign-on of ${organization} on the Hub. It was not reverted`
      : `The single sign-on of ${organization} was deleted on the Hub, and someone set up another one, which differs from the program in ` +
        `${named}. It was not overwritten`;
  return (
    `${happened} automatically because people may rely on it to sign in; nothing was sent. Declare what is on the Hub now, or ` +
    "give a new reason in acknowledgeOverwrite to restore what the program declares."
  );
}

/**
 * The update with the parts that differ on the Hub, and a new secret; empty if nothing differs.
 *
 * @param how - `restores`: an identity provider that someone else set is replaced, including its secret. `sentUrl`: the URL that this
 *   resource last sent
 */
function updateFor(
  { values, comparable }: Declared,
  current: Comparable | undefined,
  past: Past | undefined,
  { restores = false, sentUrl }: { restores?: boolean; sentUrl?: string | undefined },
): SsoUpdate {
  const { provider, enabled, ssoUrl, clientId, clientSecret } = values;
  const certificate = values.certificate === undefined ? undefined : normalisePem(values.certificate);
  const secret = clientSecret === undefined ? {} : { clientSecret };
  if (current?.provider !== provider) {
    return {
      provider,
      enabled,
      ssoUrl,
      ...(provider === "saml" ? { certificate } : { clientId, ...secret }),
    };
  }
  const differing = differingParts(current, comparable);
  const changed = <P extends Part>(part: P, value: SsoUpdate[P]): Pick<SsoUpdate, P> | undefined =>
    differing.includes(part) ? ({ [part]: value } as Pick<SsoUpdate, P>) : undefined;
  // Sign-in compares issuers exactly, so a corrected notation must be sent too.
  // guard: rewritten-url
  const rewritten = sentUrl !== undefined && sentUrl !== ssoUrl && current.ssoUrl !== ssoUrl;
  return {
    ...changed("enabled", enabled),
    ...(rewritten ? { ssoUrl } : changed("ssoUrl", ssoUrl)),
    ...changed("certificate", certificate),
    ...changed("clientId", clientId),
    ...((!past || restores || clientSecret !== past.clientSecret) && secret),
  };
}

/** Why no one could sign in after the update, or `undefined`. The earlier check did not know the changes on the Hub. */
export function lockOutProblem({ certificate }: Declared, update: SsoUpdate, now: Date): string | undefined {
  const counts = update.certificate !== undefined || update.enabled === true;
  if (!counts || !certificate) return undefined;
  return "problem" in certificate ? certificate.problem : dateProblem(certificate.facts, now);
}

/** Whether to compare with what the identity provider publishes: only if single sign-on is turned on or a published value changes. */
export function asksIdentityProvider({ provider, ssoUrl, certificate, enabled }: SsoUpdate): boolean {
  return enabled === true || [provider, ssoUrl, certificate].some((part) => part !== undefined);
}

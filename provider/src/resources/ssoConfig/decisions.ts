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

/** What the program declares. */
export type Declared = ParsedConfiguration<SsoConfigInputs>;
/** What the state has, as of the last run or refresh. */
export type Remembered = ParsedConfiguration<SsoConfigState>;
/** What the Hub has now. */
export type Current = ParsedConfiguration<SsoSettings>;

/** What the runs before know. */
export type Past = Pick<
  SsoConfigState,
  "applied" | "tried" | "heard" | "missing" | "unreported" | "clientSecret"
>;

/** Single sign-on that is on lets fewer people in. */
const ENABLED = ordered([true, false]);

/** One facet: if its parts were decided on one by one, two identity providers would get mixed. */
const IDENTITY_PROVIDER = unordered<IdentityProvider>(
  (left, right) => differingInIdentity(left, right).length === 0,
);

/** What a run does about a configuration. */
export interface Decision {
  /** What is sent; empty if nothing differs, or if anything is refused. */
  update: SsoUpdate;
  /** Why nothing is sent, and what would mean yes. */
  refusal?: string;
  /** What someone changed on the Hub since the last run. */
  changedOnHub: Part[];
  /** What is kept if the run does not come to its end. */
  kept: { applied: Facets | undefined; heard: Heard };
  /** What is kept once it has. */
  heard: Heard;
}

/**
 * Decides what a run may send; a preview asks the same. If a part is refused, nothing is sent at all: single sign-on is not turned on over an
 * identity provider that is not the program's.
 *
 * @param current - what the Hub has, in a preview as far as the state knows it; `undefined` for nothing
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

/** What a reason may be given because of. */
export function heldOf(current: Comparable): object {
  return { ...current, ssoUrl: normalAddress(current.ssoUrl) };
}

/** Decides what a creation may send: with the state of another resource that had the object, no more than an update of that one would. */
export function decideCreation(
  declared: Declared,
  current: Comparable | undefined,
  former: Past | undefined,
): Decision {
  const first = decide(declared, current, undefined);
  // guard: sso-former-secret
  return former && first.refusal === undefined ? decide(declared, current, former) : first;
}

/** The Hub has no id of a configuration: after it was seen to be gone, only what this resource itself sent is its own. */
function isAnotherObject(observed: IdentityProvider, past: Past | undefined): boolean {
  if (!past?.missing && !past?.unreported) return false;
  const tried = past.tried?.identityProvider;
  return !tried || !IDENTITY_PROVIDER.equals(tried, observed);
}

/** Whether the Hub has what this resource brought about, or may have. */
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
  /** Whether someone changed it on the Hub, and not to what is declared. */
  isChanged: boolean;
  /** What counts as applied if nothing is sent. */
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
      `${named}. It was not overwritten. Look at what is there; to overwrite it, set adopt to true in the arguments of this SsoConfig ` +
      "(in the examples: `pulumi config set adopt true`), and run `pulumi up` again."
    );
  }
  if (parts.length === 1 && parts[0] === "enabled") {
    return (
      `Single sign-on of ${organization} was turned on on the Hub since. It is not turned off again automatically; nothing was sent. ` +
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
    "give a new reason in acknowledgeOverwrite to restore what the program says."
  );
}

/**
 * What differs from what the Hub has, and a secret that is new; nothing if nothing does.
 *
 * @param how - whether someone else's identity provider is replaced, whose secret is there too; and the URL as this resource last sent it
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
  // An issuer is compared letter by letter when people sign in, so a correction of its writing has to arrive.
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

/** Why no one could sign in with what is about to be sent; the check does not know what someone changed on the Hub since. */
export function lockOutProblem({ certificate }: Declared, update: SsoUpdate, now: Date): string | undefined {
  const counts = update.certificate !== undefined || update.enabled === true;
  if (!counts || !certificate) return undefined;
  return "problem" in certificate ? certificate.problem : dateProblem(certificate.facts, now);
}

/** Whether what the identity provider publishes matters: not if single sign-on is turned off, or only what no one publishes changes. */
export function asksIdentityProvider({ provider, ssoUrl, certificate, enabled }: SsoUpdate): boolean {
  return enabled === true || [provider, ssoUrl, certificate].some((part) => part !== undefined);
}

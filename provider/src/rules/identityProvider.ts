import { withoutEndingSlashes } from "../client/endpoint";
import { type PureContext } from "../model/definition";
import { type Properties, sameName } from "../model/plain";
import { isUnknown, known, UNKNOWN } from "../model/unknown";
import {
  dateProblem,
  fingerprintOf,
  type ParsedCertificate,
  parseCertificate,
  sameCertificate,
} from "./certificate";
import { readSamlMetadata, type SamlMetadata } from "./samlMetadata";
import { sameAddress, signInUrlProblem } from "./signInUrl";

/**
 * An extra argument that a refresh adds if someone changed the certificate on the Hub: the fingerprint of the certificate that the
 * program sent before. The engine hides arguments whose names start with `__`, and the next `up` drops them.
 */
export const CERTIFICATE_SENT = "__certificateSent";

/** The arguments that can be taken from metadata. */
export type FromMetadata = "ssoUrl" | "certificate";

/**
 * Replaces `metadataXml` in the arguments by the values in it. Unusable metadata stays, so that {@link metadataXmlProblem} can report why.
 * Explicit arguments, then the values that the stack already has, choose among the values in the metadata: with an unchanged document,
 * the passing of time alone must not replace a certificate that people sign in with.
 *
 * @param previous - the arguments in the stack, if any; after a refresh, the ones that it found
 * @param former - before a creation, the state of another resource of this run for the same object
 */
export function withMetadata(
  inputs: Properties,
  wanted: readonly FromMetadata[],
  context: Pick<PureContext, "now" | "log">,
  previous: Properties = {},
  former?: Properties,
): Properties {
  const { metadataXml, ...others } = inputs;
  if (metadataXml === undefined) return inputs;
  const missing = wanted.filter((part) => inputs[part] === undefined);
  if (isUnknown(metadataXml)) {
    return { ...others, ...Object.fromEntries(missing.map((part) => [part, UNKNOWN])) };
  }
  const reading = typeof metadataXml === "string" ? readMetadata(metadataXml, inputs) : undefined;
  if (!reading || "problem" in reading) return inputs;
  const { metadata } = reading;
  if (isOutOfDate(metadata, context.now)) {
    context.log.warn(
      `metadataXml expired at ${metadata.validUntil} (its validUntil): get the identity provider's current metadata.`,
    );
  }
  return {
    ...others,
    ...(missing.includes("ssoUrl") && { ssoUrl: metadata.signOnUrls[0] }),
    ...(missing.includes("certificate") && {
      certificate: chooseCertificate(metadata, certificatesSoFar(inputs, previous, former), context),
    }),
  };
}

/**
 * Fingerprints of the certificates that may stay, in order of preference: the one that the Hub has according to the state, then the one
 * that was sent before someone changed it. Choosing any other certificate would look like a change of the program. With a new reason in
 * `acknowledgeOverwrite`, the certificate that was sent comes first.
 */
function certificatesSoFar(
  inputs: Properties,
  previous: Properties,
  former: Properties | undefined,
): string[] {
  // guard: former-certificate
  const before = former ?? previous;
  if (!sameName(before["organization"], inputs["organization"])) return [];
  // After a failed update, the certificate in the state is the one that the program declared.
  const [held, sent] = former
    ? [former["certificateFingerprint"], former["lastCertificate"]]
    : [fingerprintOf(stringIn(previous["certificate"])), previous[CERTIFICATE_SENT]];
  const reason = inputs["acknowledgeOverwrite"];
  const putsBack = reason !== undefined && reason !== before["acknowledgeOverwrite"];
  return (putsBack ? [sent, held] : [held, sent]).flatMap((each) => stringIn(each) ?? []);
}

/** Why the metadata cannot be used, or contradicts the other arguments; `undefined` if neither. */
export function metadataXmlProblem(inputs: {
  metadataXml?: unknown;
  ssoUrl?: unknown;
  certificate?: unknown;
}): string | undefined {
  const xml = known(inputs.metadataXml);
  if (typeof xml !== "string") return undefined;
  const reading = readMetadata(xml, inputs);
  return "problem" in reading ? reading.problem : undefined;
}

/** Reads metadata and compares the explicit arguments with it. */
function readMetadata(
  xml: string,
  beside: { ssoUrl?: unknown; certificate?: unknown },
): ReturnType<typeof readSamlMetadata> {
  const reading = readSamlMetadata(xml);
  if ("problem" in reading) return reading;
  const problem = contradictionOf(reading.metadata, {
    ssoUrl: stringIn(beside.ssoUrl),
    certificate: parseCertificate(stringIn(beside.certificate), ...reading.metadata.certificates),
  });
  return problem === undefined ? reading : { problem };
}

/** The result of comparing the declared values with those that the identity provider publishes. Empty if they are the same. */
export interface Comparison {
  /** How the published values differ. */
  contradiction?: string;
  /** Why the values could not be compared. */
  unverified?: string;
}

/** The URL of an OpenID provider's discovery document. */
export function discoveryUrl(issuer: string): string {
  return `${withoutEndingSlashes(issuer)}/.well-known/openid-configuration`;
}

/** Compares the declared values with published SAML metadata. */
export function compareWithMetadata(
  xml: string,
  declared: { ssoUrl?: string; certificate?: ParsedCertificate },
  now: Date,
): Comparison {
  const reading = readSamlMetadata(xml);
  if ("problem" in reading) return { unverified: `its response ${reading.problem}` };
  // Expired metadata neither confirms nor contradicts anything.
  if (isOutOfDate(reading.metadata, now)) {
    return {
      unverified: `its response expired at ${reading.metadata.validUntil} (its validUntil)`,
    };
  }
  const contradiction = contradictionOf(reading.metadata, declared);
  return contradiction === undefined ? {} : { contradiction };
}

/** Compares the declared issuer with a discovery document. */
export function compareWithDiscovery(json: string, issuer: string): Comparison {
  let published: unknown;
  try {
    published = (JSON.parse(json) as { issuer?: unknown } | null)?.issuer;
  } catch {
    return { unverified: "its response is not JSON" };
  }
  if (typeof published !== "string") return { unverified: "its discovery document has no issuer" };
  // An exact comparison, as during sign-in: one `/` more at the end locks everyone out.
  if (published === issuer) return {};
  return {
    contradiction: sameAddress(published, issuer)
      ? `the discovery document writes the issuer differently, ${shownUrl(published)}, and it must match exactly`
      : `the discovery document names another issuer, ${shownUrl(published)}`,
  };
}

function isOutOfDate({ validUntil }: SamlMetadata, now: Date): boolean {
  return validUntil !== undefined && Date.parse(validUntil) <= now.getTime();
}

function contradictionOf(
  { signOnUrls, certificates }: SamlMetadata,
  { ssoUrl, certificate }: { ssoUrl?: string; certificate?: ParsedCertificate },
): string | undefined {
  const contradictions: string[] = [];
  if (ssoUrl !== undefined && !signOnUrls.some((url) => sameAddress(url, ssoUrl))) {
    contradictions.push(
      `the sign-on URL is not one of the ${signOnUrls.length} in the metadata: ${signOnUrls.slice(0, 5).map(shownUrl).join(", ")}`,
    );
  }
  if (certificate !== undefined && !certificates.some((each) => sameCertificate(each, certificate))) {
    contradictions.push(
      `the certificate (SHA-256 ${certificate.fingerprint ?? "unreadable"}) is not one of the ${certificates.length} signing ` +
        `certificates in the metadata: ${certificates.slice(0, 5).map(describeCertificate).join(", ")}`,
    );
  }
  return contradictions.length > 0 ? contradictions.join("; ") : undefined;
}

/**
 * Chooses the first certificate of `soFar` that is in the metadata, readable and not weak. Otherwise the one that expires last among
 * those that are valid now; if none is valid, the one that expires last.
 */
function chooseCertificate(
  { certificates }: SamlMetadata,
  soFar: readonly string[],
  { now, log }: Pick<PureContext, "now" | "log">,
): string | undefined {
  const judged = certificates.map((certificate) => {
    const facts = "facts" in certificate ? certificate.facts : undefined;
    const usable = facts !== undefined && dateProblem(facts, now) === undefined;
    const place = facts ? soFar.indexOf(certificate.fingerprint) : -1;
    const rank = place < 0 ? soFar.length : place;
    return { certificate, rank, usable, end: facts ? Date.parse(facts.expiresAt) : 0 };
  });
  judged.sort(
    (left, right) =>
      left.rank - right.rank || Number(right.usable) - Number(left.usable) || right.end - left.end,
  );
  const [chosen, ...others] = judged;
  if (chosen && others.length > 0) {
    const why =
      chosen.rank < soFar.length
        ? ", because it is already in use"
        : chosen.usable
          ? ", because it expires last of the valid ones"
          : "";
    log.warn(
      `metadataXml contains ${certificates.length} signing certificates, and the Hub accepts one. Chosen: ${describeCertificate(chosen.certificate)}` +
        `${why}. Not used: ${others.map(({ certificate }) => describeCertificate(certificate)).join(", ")}. If the identity provider signs with one of those, no one can ` +
        "sign in; to use it, give it as certificate together with metadataXml.",
    );
  }
  return chosen?.certificate.text;
}

function describeCertificate(certificate: SamlMetadata["certificates"][number]): string {
  const end = "facts" in certificate ? `, expires ${certificate.facts.expiresAt}` : ", cannot be used";
  return `${certificate.fingerprint}${end}`;
}

/** The part of a URL that is safe to print: it comes from outside. */
function shownUrl(text: string): string {
  if (signInUrlProblem(text) === undefined && !text.includes("?")) return text.slice(0, 200);
  try {
    const { protocol, host, pathname } = new URL(text);
    return `${protocol}//${host}${pathname}`.slice(0, 200);
  } catch {
    return "which is not a URL";
  }
}

function stringIn(value: unknown): string | undefined {
  return typeof value === "string" && !isUnknown(value) ? value : undefined;
}

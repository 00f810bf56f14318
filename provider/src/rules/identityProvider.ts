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
 * Stands among the arguments that a refresh found, if someone changed the certificate on the Hub: the fingerprint of the one that the
 * program sent before. The engine shows no argument whose name begins so, and the next `up` keeps none.
 */
export const CERTIFICATE_SENT = "__certificateSent";

/** What can be taken from metadata in place of an argument. */
export type FromMetadata = "ssoUrl" | "certificate";

/**
 * The arguments with what the metadata says in the place of `metadataXml`, which is not kept. Metadata that cannot be used stays,
 * so that {@link metadataXmlProblem} can say why. What is given beside it chooses among what it holds, and so does what the stack
 * has already: with the same document, time alone must not put another certificate in the place of one that people sign in with.
 *
 * @param previous - the arguments that the stack has, if it has any; after a refresh those that it found
 * @param former - before a creation, the state that another resource of this run has of the same object
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
      `metadataXml was valid until ${metadata.validUntil}, as it says itself: get the identity provider's current metadata.`,
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
 * Fingerprints of the certificates that may stay, the first choice first: the one that is on the Hub as far as the stack knows, then the one
 * that was sent before someone changed it. To choose another one then would look as if the program had changed, and be sent. A new reason
 * in `acknowledgeOverwrite` asks for the one that was sent.
 */
function certificatesSoFar(
  inputs: Properties,
  previous: Properties,
  former: Properties | undefined,
): string[] {
  // guard: former-certificate
  const before = former ?? previous;
  if (!sameName(before["organization"], inputs["organization"])) return [];
  // After an update that has failed, the certificate in a state is the one that the program declared.
  const [held, sent] = former
    ? [former["certificateFingerprint"], former["lastCertificate"]]
    : [fingerprintOf(stringIn(previous["certificate"])), previous[CERTIFICATE_SENT]];
  const reason = inputs["acknowledgeOverwrite"];
  const putsBack = reason !== undefined && reason !== before["acknowledgeOverwrite"];
  return (putsBack ? [sent, held] : [held, sent]).flatMap((each) => stringIn(each) ?? []);
}

/** Why the metadata that is given cannot stand for the arguments, or does not go with them; `undefined` if it can. */
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

/** Reads metadata and holds what is given beside it against it. */
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

/** What a comparison with what the identity provider publishes came to; with neither, it names the very same. */
export interface Comparison {
  /** What it publishes otherwise. */
  contradiction?: string;
  /** Why it could not be compared. */
  unverified?: string;
}

/** Where an OpenID provider publishes its discovery document. */
export function discoveryUrl(issuer: string): string {
  return `${withoutEndingSlashes(issuer)}/.well-known/openid-configuration`;
}

/** Compares what is declared with published SAML metadata. */
export function compareWithMetadata(
  xml: string,
  declared: { ssoUrl?: string; certificate?: ParsedCertificate },
  now: Date,
): Comparison {
  const reading = readSamlMetadata(xml);
  if ("problem" in reading) return { unverified: `what it answers with ${reading.problem}` };
  // It proves nothing any more, in neither direction.
  if (isOutOfDate(reading.metadata, now)) {
    return {
      unverified: `what it answers with was valid until ${reading.metadata.validUntil}, as it says itself`,
    };
  }
  const contradiction = contradictionOf(reading.metadata, declared);
  return contradiction === undefined ? {} : { contradiction };
}

/** Compares the issuer that is declared with a discovery document. */
export function compareWithDiscovery(json: string, issuer: string): Comparison {
  let published: unknown;
  try {
    published = (JSON.parse(json) as { issuer?: unknown } | null)?.issuer;
  } catch {
    return { unverified: "what it answers with is not JSON" };
  }
  if (typeof published !== "string") return { unverified: "its discovery document names no issuer" };
  // Letter by letter, as those who sign in with it compare: a `/` at the end is enough to lock everyone out.
  if (published === issuer) return {};
  return {
    contradiction: sameAddress(published, issuer)
      ? `the discovery document writes the issuer otherwise, ${shownUrl(published)}, and it is compared letter by letter`
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
      `the sign-on URL is not among the ${signOnUrls.length} that it names: ${signOnUrls.slice(0, 5).map(shownUrl).join(", ")}`,
    );
  }
  if (certificate !== undefined && !certificates.some((each) => sameCertificate(each, certificate))) {
    contradictions.push(
      `the certificate (SHA-256 ${certificate.fingerprint ?? "unreadable"}) is not among its ${certificates.length} signing ` +
        `certificates: ${certificates.slice(0, 5).map(describeCertificate).join(", ")}`,
    );
  }
  return contradictions.length > 0 ? contradictions.join("; ") : undefined;
}

/**
 * The first of those so far that it holds, if it can be read and is not weak. Else, of those that could be used now, the one that ends
 * last; if none could, the one that ends last at all.
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
        ? ", because it is the one so far"
        : chosen.usable
          ? ", because it ends last of those in force"
          : "";
    log.warn(
      `metadataXml holds ${certificates.length} signing certificates, and the Hub takes one: ${describeCertificate(chosen.certificate)}` +
        `${why}. Left out: ${others.map(({ certificate }) => describeCertificate(certificate)).join(", ")}. If the identity provider signs with one of those, nobody can ` +
        "sign in; to choose, give it as certificate beside metadataXml.",
    );
  }
  return chosen?.certificate.text;
}

function describeCertificate(certificate: SamlMetadata["certificates"][number]): string {
  const end = "facts" in certificate ? `, ends ${certificate.facts.expiresAt}` : ", cannot be used";
  return `${certificate.fingerprint}${end}`;
}

/** The address as it may be shown: someone else wrote it. */
function shownUrl(text: string): string {
  if (signInUrlProblem(text) === undefined && !text.includes("?")) return text.slice(0, 200);
  try {
    const { protocol, host, pathname } = new URL(text);
    return `${protocol}//${host}${pathname}`.slice(0, 200);
  } catch {
    return "which is no URL";
  }
}

function stringIn(value: unknown): string | undefined {
  return typeof value === "string" && !isUnknown(value) ? value : undefined;
}

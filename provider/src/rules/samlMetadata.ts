import { MAX_METADATA } from "../model/ssoFields";
import { type ParsedCertificate, parseCertificate, pemOf, withoutIssuers } from "./certificate";

/** A certificate that has a fingerprint. It may still be unusable. */
type ReadableCertificate = ParsedCertificate & { fingerprint: string };

/** The sign-in data in the metadata of one identity provider. */
export interface SamlMetadata {
  /** The sign-on URLs as written in the document: first those for HTTP-Redirect, then those for HTTP-POST. */
  signOnUrls: string[];
  /**
   * The certificates that sign the identity provider's responses, in document order, without duplicates and without the certificates of
   * certificate authorities.
   */
  certificates: ReadableCertificate[];
  /** When the document expires according to itself (ISO 8601); absent if it does not expire. */
  validUntil?: string;
}

/** Usable metadata, or why it cannot be used. The reason never contains the given text. */
export type MetadataReading = { metadata: SamlMetadata } | { problem: string };

const NAMESPACES: Record<string, string> = {
  "urn:oasis:names:tc:SAML:2.0:metadata": "md",
  "http://www.w3.org/2000/09/xmldsig#": "ds",
};
/** The path of an entity: at the root, or in nested lists of entities. Entities elsewhere, for example in extensions, are ignored. */
const ENTITY = /^(?:md:EntitiesDescriptor\/)*md:EntityDescriptor$/;
const IDENTITY_PROVIDER = "md:IDPSSODescriptor";
const KEY = "md:KeyDescriptor";
const CERTIFICATE = `${KEY}/ds:KeyInfo/ds:X509Data/ds:X509Certificate`;
const BINDINGS = ["HTTP-Redirect", "HTTP-POST"].map((name) => `urn:oasis:names:tc:SAML:2.0:bindings:${name}`);
// Metadata has fewer than ten levels; extensions have few more.
const MAX_DEPTH = 64;
/** Maximum characters from one tag to the next. The parser's time grows with the square of the number of attributes. */
const MAX_PART = 128 * 1024;
const PIECE = 8 * 1024;
/** Far more than any identity provider needs. The limit exists because each is compared with all others. */
const MAX_CERTIFICATES = 100;

class Unusable extends Error {}

/** The data collected while reading the document. */
interface Findings {
  identityProviders: number;
  serviceProviders: number;
  signOnUrls: { binding: number; location: string }[];
  /** For each signing key, its certificates as bare base64. */
  keys: string[][];
  /** From the identity provider and from all elements around it. */
  validUntil: number[];
}

/**
 * Reads the metadata of one identity provider. It accepts only well-formed XML without a document type, so there are only XML's
 * predefined entities. The signature of the document is not verified: the author of the program is responsible for it.
 */
export function readSamlMetadata(xml: string): MetadataReading {
  if (xml.length > MAX_METADATA) return { problem: `has more than ${MAX_METADATA} characters` };
  try {
    return { metadata: metadataOf(findingsOf(xml)) };
  } catch (error) {
    if (error instanceof Unusable) return { problem: error.message };
    // The parser's own messages quote the document.
    return { problem: "is not well-formed XML" };
  }
}

function findingsOf(xml: string): Findings {
  // Loaded here because few programs use metadata.
  const { parser: newParser } = require("sax") as typeof import("sax");
  // Only XML's five predefined entities. The published types lack this option.
  const options = { xmlns: true, position: true, strictEntities: true };
  const parser = newParser(true, options);
  const findings: Findings = {
    identityProviders: 0,
    serviceProviders: 0,
    signOnUrls: [],
    keys: [],
    validUntil: [],
  };
  const path: string[] = [];
  const ends: (string | undefined)[] = [];
  /** The depth of the identity provider element that is being read. */
  let provider: number | undefined;
  let key: string[] | undefined;
  let text: string | undefined;

  const refuseDeclaration = (): never => {
    throw new Unusable("contains a document type or an entity declaration, which is not allowed; remove it");
  };
  parser.ondoctype = refuseDeclaration;
  parser.onsgmldeclaration = refuseDeclaration;
  parser.onerror = () => {
    throw new Unusable(`is not well-formed XML (line ${parser.line + 1})`);
  };
  parser.onopentag = (tag) => {
    const { uri, local, attributes } = tag as import("sax").QualifiedTag;
    const attribute = (name: string): string | undefined => attributes[name]?.value;
    if (text !== undefined) throw new Unusable("has a signing certificate that contains another element");
    const element = `${NAMESPACES[uri] ?? ""}:${local}`;
    if (ENTITY.test(path.join("/"))) {
      if (element === "md:SPSSODescriptor") findings.serviceProviders++;
      if (element === IDENTITY_PROVIDER) {
        findings.identityProviders++;
        provider = path.length;
      }
    }
    path.push(element);
    ends.push(attribute("validUntil"));
    if (path.length > MAX_DEPTH) throw new Unusable(`nests elements more than ${MAX_DEPTH} levels deep`);
    if (provider === undefined) return;
    const here = path.slice(provider + 1).join("/");
    if (here === "") {
      findings.validUntil.push(...ends.map(momentOf).filter((end) => end !== undefined));
    } else if (here === KEY) {
      // A key without a use is also for signing.
      key = (attribute("use") ?? "signing") === "signing" ? [] : undefined;
      if (key) findings.keys.push(key);
    } else if (here === "md:SingleSignOnService") {
      const binding = BINDINGS.indexOf(attribute("Binding") ?? "");
      const location = attribute("Location");
      if (binding >= 0 && location !== undefined) findings.signOnUrls.push({ binding, location });
    } else if (key && here === CERTIFICATE) text = "";
  };
  const take = (part: string): void => {
    if (text !== undefined) text += part;
  };
  parser.ontext = take;
  parser.oncdata = take;
  parser.onclosetag = () => {
    path.pop();
    ends.pop();
    if (path.length === provider) provider = undefined;
    if (text !== undefined) key?.push(text);
    text = undefined;
  };
  const document = xml.replace(/^\uFEFF/, "").trimStart();
  for (let at = 0; at < document.length; at += PIECE) {
    parser.write(document.slice(at, at + PIECE));
    if (parser.position - parser.startTagPosition > MAX_PART) {
      throw new Unusable(`has an element, a text or a comment of more than ${MAX_PART} characters`);
    }
  }
  parser.close();
  return findings;
}

function metadataOf(findings: Findings): SamlMetadata {
  const { identityProviders, serviceProviders } = findings;
  if (identityProviders === 0) {
    throw new Unusable(
      serviceProviders > 0
        ? "is the metadata of a service provider; give the identity provider's"
        : "is not the SAML metadata of an identity provider: it has no IDPSSODescriptor",
    );
  }
  if (identityProviders > 1) {
    throw new Unusable(`describes ${identityProviders} identity providers; give the metadata of one`);
  }
  const signOnUrls = [...findings.signOnUrls]
    .sort((left, right) => left.binding - right.binding)
    .map(({ location }) => location);
  if (signOnUrls.length === 0) {
    throw new Unusable(
      "has no sign-on URL: it needs a SingleSignOnService with the binding HTTP-Redirect or HTTP-POST",
    );
  }
  const certificates = signingCertificates(findings.keys);
  const { validUntil } = findings;
  return {
    signOnUrls,
    certificates,
    ...(validUntil.length > 0 && { validUntil: new Date(Math.min(...validUntil)).toISOString() }),
  };
}

/** @param keys - for each signing key, its certificates as bare base64 */
function signingCertificates(keys: readonly string[][]): ReadableCertificate[] {
  if (keys.flat().length > MAX_CERTIFICATES) {
    throw new Unusable(`contains more than ${MAX_CERTIFICATES} signing certificates`);
  }
  const found = new Map<string, ReadableCertificate>();
  let count = 0;
  for (const key of keys) {
    const parsed = key.map((text) => {
      count += 1;
      const certificate = parseBareCertificate(text);
      if (isReadable(certificate)) return certificate;
      throw new Unusable(`has a signing certificate (number ${count}) that cannot be read`);
    });
    const signing = withoutIssuers(parsed.map(({ text }) => text));
    for (const certificate of parsed.filter(({ text }) => signing.includes(text))) {
      if (!found.has(certificate.fingerprint)) found.set(certificate.fingerprint, certificate);
    }
  }
  if (found.size === 0)
    throw new Unusable("contains no signing certificate (KeyDescriptor, X509Certificate)");
  return [...found.values()];
}

/** Parses the bare base64 in metadata. Some identity providers leave the first and last line of PEM around it. */
function parseBareCertificate(text: string): ParsedCertificate | undefined {
  const bare = text.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, "").replace(/\s+/g, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(bare) ? parseCertificate(pemOf(bare)) : undefined;
}

function isReadable(certificate: ParsedCertificate | undefined): certificate is ReadableCertificate {
  return certificate?.fingerprint !== undefined;
}

/** Parses a SAML time, which is UTC even without a time zone. */
function momentOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const moment = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(moment) ? undefined : moment;
}

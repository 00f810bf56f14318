import { fingerprintOf } from "./certificate";

/** The most characters that a SAML metadata document may have: far more than one identity provider publishes. */
export const LONGEST_METADATA = 1024 * 1024;

/** What the metadata of one identity provider says about signing in. */
export interface SamlMetadata {
  /** Where to sign in: the addresses for HTTP-Redirect first, then those for HTTP-POST; as they are written there. */
  signOnUrls: string[];
  /** The certificates that sign the identity provider's answers, as PEM, each once, in their order. */
  certificates: string[];
  /** Until when the document says that it may be used, ISO 8601; absent where it says nothing. */
  validUntil?: string;
}

/** Metadata that can be used, or why it cannot; the reason never holds what was given. */
export type MetadataReading = { metadata: SamlMetadata } | { problem: string };

const NAMESPACES: Record<string, string> = {
  "urn:oasis:names:tc:SAML:2.0:metadata": "md",
  "http://www.w3.org/2000/09/xmldsig#": "ds",
};
const IDENTITY_PROVIDER = "md:IDPSSODescriptor";
const CERTIFICATE_PATH = `${IDENTITY_PROVIDER}/md:KeyDescriptor/ds:KeyInfo/ds:X509Data/ds:X509Certificate`;
const BINDINGS = ["HTTP-Redirect", "HTTP-POST"].map((name) => `urn:oasis:names:tc:SAML:2.0:bindings:${name}`);
// Metadata is less than ten deep; its extensions are not much deeper.
const DEEPEST = 64;
/** Characters from one tag to the next. The parser's time grows with the square of the number of attributes. */
const LONGEST_PART = 128 * 1024;
const PIECE = 8 * 1024;

class Unusable extends Error {}

/** What was found while the document was read from its beginning to its end. */
interface Findings {
  identityProviders: number;
  serviceProviders: number;
  signOnUrls: { binding: number; location: string }[];
  /** The bare base64 of each signing certificate. */
  certificates: string[];
  validUntil?: string;
}

/**
 * Reads the metadata of one identity provider. Only well-formed XML without a document type is taken, so that there are no
 * entities but XML's own. The signature of the document is not verified: who gives it vouches for it.
 */
export function readSamlMetadata(xml: string): MetadataReading {
  if (xml.length > LONGEST_METADATA) return { problem: `has more than ${LONGEST_METADATA} characters` };
  try {
    return { metadata: metadataOf(findingsOf(xml)) };
  } catch (error) {
    if (error instanceof Unusable) return { problem: error.message };
    // The parser's own messages quote what they stumble over.
    return { problem: "is not well-formed XML" };
  }
}

function findingsOf(xml: string): Findings {
  // Loaded here because few programs give metadata.
  const { parser: newParser } = require("sax") as typeof import("sax");
  // No entities but XML's own five; the published types do not know the option.
  const options = { xmlns: true, position: true, strictEntities: true };
  const parser = newParser(true, options);
  const findings: Findings = {
    identityProviders: 0,
    serviceProviders: 0,
    signOnUrls: [],
    certificates: [],
  };
  const path: string[] = [];
  let signing = false;
  let text: string | undefined;

  const refuseDeclaration = (): never => {
    throw new Unusable("holds a document type or an entity declaration, which metadata has no need of");
  };
  parser.ondoctype = refuseDeclaration;
  parser.onsgmldeclaration = refuseDeclaration;
  parser.onerror = () => {
    throw new Unusable(`is not well-formed XML (line ${parser.line + 1})`);
  };
  parser.onopentag = (tag) => {
    const { uri, local, attributes } = tag as import("sax").QualifiedTag;
    const attribute = (name: string): string | undefined => attributes[name]?.value;
    path.push(`${NAMESPACES[uri] ?? ""}:${local}`);
    if (path.length > DEEPEST) throw new Unusable(`nests its elements more than ${DEEPEST} deep`);
    const here = path.join("/");
    if (here.endsWith("md:EntityDescriptor")) findings.validUntil ??= attribute("validUntil");
    else if (here.endsWith("md:SPSSODescriptor")) findings.serviceProviders++;
    else if (here.endsWith(IDENTITY_PROVIDER)) findings.identityProviders++;
    else if (here.endsWith(`${IDENTITY_PROVIDER}/md:KeyDescriptor`)) {
      // Without a use, a key is for signing too.
      signing = (attribute("use") ?? "signing") === "signing";
    } else if (here.endsWith(`${IDENTITY_PROVIDER}/md:SingleSignOnService`)) {
      const binding = BINDINGS.indexOf(attribute("Binding") ?? "");
      const location = attribute("Location");
      if (binding >= 0 && location !== undefined) findings.signOnUrls.push({ binding, location });
    } else if (signing && here.endsWith(CERTIFICATE_PATH)) text = "";
  };
  const take = (part: string): void => {
    if (text !== undefined) text += part;
  };
  parser.ontext = take;
  parser.oncdata = take;
  parser.onclosetag = () => {
    path.pop();
    if (text !== undefined) findings.certificates.push(text);
    text = undefined;
  };
  const document = xml.replace(/^\uFEFF/, "").trimStart();
  for (let at = 0; at < document.length; at += PIECE) {
    parser.write(document.slice(at, at + PIECE));
    if (parser.position - parser.startTagPosition > LONGEST_PART) {
      throw new Unusable(`has an element, a text or a comment of more than ${LONGEST_PART} characters`);
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
      "names no sign-on URL: no SingleSignOnService with the binding HTTP-Redirect or HTTP-POST",
    );
  }
  const certificates = new Map<string, string>();
  findings.certificates.forEach((text, index) => {
    const pem = pemOf(text);
    const fingerprint = fingerprintOf(pem);
    if (pem === undefined || fingerprint === undefined) {
      throw new Unusable(`has a signing certificate (the ${index + 1}. of them) that cannot be read`);
    }
    if (!certificates.has(fingerprint)) certificates.set(fingerprint, pem);
  });
  if (certificates.size === 0)
    throw new Unusable("holds no signing certificate (KeyDescriptor, X509Certificate)");
  const validUntil = Date.parse(findings.validUntil ?? "");
  return {
    signOnUrls,
    certificates: [...certificates.values()],
    ...(!Number.isNaN(validUntil) && { validUntil: new Date(validUntil).toISOString() }),
  };
}

/** PEM from the bare base64 of metadata; some identity providers leave PEM's first and last line around it. */
function pemOf(text: string): string | undefined {
  const bare = text.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, "").replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return undefined;
  const lines = bare.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** The contents of an identity provider's metadata. */
export interface MetadataParts {
  /** PEM. Used for signing by default. */
  certificates?: (string | { pem: string; use?: string })[];
  /** With the binding HTTP-Redirect by default. */
  signOn?: { binding?: string; location: string }[];
  /** Attributes of EntityDescriptor. */
  attributes?: string;
  /** Text before the root element. */
  prolog?: string;
}

const SAML = "urn:oasis:names:tc:SAML:2.0";

/** SAML metadata as an identity provider publishes it. */
export function samlMetadata({
  certificates = [],
  signOn = [{ location: "https://idp.acme.example/sso" }],
  attributes = "",
  prolog = '<?xml version="1.0" encoding="UTF-8"?>',
}: MetadataParts): string {
  const keys = certificates
    .map((each) => (typeof each === "string" ? { pem: each, use: "signing" } : each))
    .map(
      ({ pem, use }) => `<md:KeyDescriptor${use === undefined ? "" : ` use="${use}"`}>
      <ds:KeyInfo><ds:X509Data><ds:X509Certificate>
        ${pem.replace(/-----[^-]+-----/g, "").trim()}
      </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    );
  const services = signOn.map(
    ({ binding = "HTTP-Redirect", location }) =>
      `<md:SingleSignOnService Binding="${SAML}:bindings:${binding}" Location="${location.replaceAll("&", "&amp;")}"/>`,
  );
  return `${prolog}
<md:EntityDescriptor xmlns:md="${SAML}:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.acme.example" ${attributes}>
  <md:IDPSSODescriptor protocolSupportEnumeration="${SAML}:protocol">
    ${keys.join("\n    ")}
    ${services.join("\n    ")}
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`;
}

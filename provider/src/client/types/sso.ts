/** The single sign-on of an organization, without the client secret. */
export interface SsoSettings {
  /** The protocol. */
  provider: "saml" | "oidc";
  /** Whether single sign-on is turned on. */
  enabled: boolean;
  /** The SAML sign-on address, or the OIDC issuer. */
  ssoUrl?: string;
  /** OIDC: the client id. */
  clientId?: string;
  /** SAML: the X.509 certificate in PEM. */
  certificate?: string;
  /** When the configuration was last changed. ISO 8601. */
  updatedAt?: string;
}

/** A change of an organization's single sign-on. Missing fields keep their values. */
export interface SsoUpdate {
  /** The protocol. */
  provider?: "saml" | "oidc";
  /** Whether single sign-on is turned on. */
  enabled?: boolean;
  /** The SAML sign-on address, or the OIDC issuer. */
  ssoUrl?: string;
  /** SAML: the X.509 certificate in PEM. */
  certificate?: string;
  /** OIDC: the client id. */
  clientId?: string;
  /** OIDC: the client secret, a secret. */
  clientSecret?: string;
}

/** The new credential of an existing single sign-on: a client secret (OIDC) or a certificate (SAML). */
export type SsoCredentialUpdate =
  | {
      /** OIDC: the client secret, 1 to 1024 characters. Secret. */
      clientSecret: string;
      /** Not allowed together with `clientSecret`. */
      certificate?: undefined;
    }
  | {
      /** SAML: the X.509 certificate in PEM, at most 10,000 characters. */
      certificate: string;
      /** Not allowed together with `certificate`. */
      clientSecret?: undefined;
    };

import type * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { ssoConfigModel } from "./model";

/** Arguments that all forms of {@link SsoConfigArgs} share. */
export interface SsoConfigCommonArgs {
  /** The organization's name. A change replaces the resource. */
  organization: pulumi.Input<string>;
  /**
   * Whether members must sign in with single sign-on. Default: true. Changed in place. If someone turns it off on the Hub, the next `pulumi up --refresh` turns it on again. If someone turns it on, `pulumi up` refuses to turn it off until `acknowledgeOverwrite` has a new reason. While the Hub has another identity provider that the run does not overwrite, single sign-on is not turned on.
   */
  enabled?: pulumi.Input<boolean>;
  /**
   * Whether a creation may overwrite a different configuration that the organization already has. Default: false; the creation fails. It has
   * no effect on updates. Remove it after the first `pulumi up`, because it also applies to later creations, for example a replacement or a
   * rename without an alias. Each preview of a creation warns about it, and the run reports what it overwrites and who changed it last. A
   * client secret cannot be compared: if everything else is the same, the configuration is taken over and gets the program's secret.
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * Why to revert a change that someone made on the Hub: 1 to 500 characters. Default: none. Changed in place.
   *
   * A protocol, sign-on URL, client id or certificate that someone changed is not reverted automatically, because people may rely on it to
   * sign in. `pulumi up` then sends nothing and fails, even if the program has changed as well. Either declare the values on the Hub, or give a
   * reason here that no run has seen before. A reason applies to the values that the Hub has in the run that first sees it. If the
   * configuration was deleted and someone set up a new one, give the reason after a run has reported that. If `metadataXml` contains several
   * certificates and someone chose another one of them on the Hub, that one stays; a new reason restores the previous one.
   */
  acknowledgeOverwrite?: pulumi.Input<string>;
  /**
   * What a delete does on the Hub: `"retain"` leaves single sign-on unchanged, `"disable"` turns it off unless someone changed it since the
   * last run. Default: `"retain"`. Changed in place.
   */
  onDestroy?: pulumi.Input<"retain" | "disable">;
}

/** Arguments that both SAML forms of {@link SsoConfigArgs} share. */
export interface SsoConfigSamlCommonArgs extends SsoConfigCommonArgs {
  /** The protocol: `"saml"`. A change between `"saml"` and `"oidc"` is made in place. */
  provider: "saml";
  /**
   * The https URL where the identity provider publishes its metadata. The provider fetches it, without any token, before it sends a sign-on
   * URL or a certificate or turns on single sign-on, and refuses values that are not in it. If it cannot be fetched or used, the run warns and
   * continues. Values are only compared, never taken from it, so that a plan shows everything that is sent. Default: no comparison.
   */
  metadataUrl?: pulumi.Input<string>;
  /** How many days (0 to 3650) before the certificate expires each preview starts to warn. Default: 30. Changed in place. */
  warnBeforeDays?: pulumi.Input<number>;
  /** OIDC only. */
  clientId?: undefined;
  /** OIDC only. */
  clientSecret?: undefined;
  /** OIDC only. */
  verifyIssuer?: undefined;
}

/** Arguments of an {@link SsoConfig} for SAML that name the sign-on URL and the certificate. */
export interface SsoConfigSamlArgs extends SsoConfigSamlCommonArgs {
  /** The sign-on URL of the identity provider, https only. Changed in place. */
  ssoUrl: pulumi.Input<string>;
  /**
   * The certificate that signs the identity provider's responses, as PEM. It must be valid now, and have an RSA key of at least 2048 bits, an
   * EC key (P-256, P-384 or P-521) or an Ed25519 key, and a signature with SHA-256 or stronger. Text around it is not sent. Changed in place.
   */
  certificate: pulumi.Input<string>;
  /** With metadata, `ssoUrl` and `certificate` are optional: see {@link SsoConfigSamlMetadataArgs}. */
  metadataXml?: undefined;
}

/** Arguments of an {@link SsoConfig} for SAML that take the sign-on URL and the certificate from the identity provider's metadata. */
export interface SsoConfigSamlMetadataArgs extends SsoConfigSamlCommonArgs {
  /**
   * The identity provider's metadata as XML, from which `ssoUrl` and `certificate` are taken: at most 1,048,576 characters, one identity
   * provider, no document type. The sign-on URL is the first with the binding HTTP-Redirect, otherwise with HTTP-POST. If there are several
   * signing certificates, the one that the stack already has stays; otherwise the one that expires last of the valid ones is used, and a
   * warning names the others. To choose others, also set `ssoUrl` or `certificate`, which must be in the metadata.
   *
   * The state keeps only the two values, not the document. They are unencrypted, even if the document is a secret. The signature of the document
   * is not verified. Changed in place.
   */
  metadataXml: pulumi.Input<string>;
  /** Chooses one of the sign-on URLs in the metadata, https only. Changed in place. */
  ssoUrl?: pulumi.Input<string>;
  /** Chooses one of the certificates in the metadata, as PEM. Changed in place. */
  certificate?: pulumi.Input<string>;
}

/** Arguments of an {@link SsoConfig} for OIDC. */
export interface SsoConfigOidcArgs extends SsoConfigCommonArgs {
  /** The protocol: `"oidc"`. A change between `"saml"` and `"oidc"` is made in place. */
  provider: "oidc";
  /** The issuer, exactly as in its discovery document; https only, without a query. Changed in place. */
  ssoUrl: pulumi.Input<string>;
  /** The client id, 1 to 1024 characters. Changed in place. */
  clientId: pulumi.Input<string>;
  /** The client secret, 1 to 1024 characters. Encrypted in the state. The Hub never shows it, so changes on the Hub are not detected. Changed in place. */
  clientSecret: pulumi.Input<string>;
  /**
   * Whether to check the issuer's discovery document (`<issuer>/.well-known/openid-configuration`). The provider fetches it, without any token,
   * before it sends an issuer or turns on single sign-on, and refuses an issuer that does not match exactly. If it cannot be fetched or used, the run
   * warns and continues. Default: true. Changed in place.
   */
  verifyIssuer?: pulumi.Input<boolean>;
  /** SAML only. */
  certificate?: undefined;
  /** SAML only. */
  metadataXml?: undefined;
  /** SAML only. */
  metadataUrl?: undefined;
  /** SAML only. */
  warnBeforeDays?: undefined;
}

/**
 * The same arguments with `provider` as an Output. A separate type, because with a plain `provider` the compiler can tell the forms apart and
 * name the missing argument.
 */
type WithProviderOutput<Args extends { provider: string }> = Args extends unknown
  ? Omit<Args, "provider"> & { provider: pulumi.Output<Args["provider"]> | Promise<Args["provider"]> }
  : never;

type SsoConfigPlainArgs = SsoConfigOidcArgs | SsoConfigSamlMetadataArgs | SsoConfigSamlArgs;

/**
 * Arguments of an {@link SsoConfig}: for SAML `ssoUrl` and `certificate`, or `metadataXml`; for OIDC `ssoUrl`, `clientId` and
 * `clientSecret`.
 */
export type SsoConfigArgs = WithProviderOutput<SsoConfigPlainArgs> | SsoConfigPlainArgs;

const shape = shapeOf<SsoConfigArgs>()(ssoConfigModel);

/**
 * Manages the single sign-on configuration of an organization (Hub: `/api/organizations/{org}/settings/sso`, extended API). A Hub without this
 * API, such as huggingface.co, causes an error; use `SsoCredential` there to replace the credential of an existing configuration.
 *
 * A creation sets up single sign-on. An existing configuration that differs is overwritten only with `adopt`. The organization counts as
 * without configuration only if the Hub returns the code `SsoNotConfigured`; after any other 404, nothing is sent.
 *
 * An update sends only the parts that differ. If someone changed the identity provider or turned on single sign-on on the Hub, `pulumi up` fails
 * and sends nothing until you declare that or give a new reason in `acknowledgeOverwrite`.
 *
 * A delete leaves the configuration on the Hub, or turns it off; see `onDestroy`.
 *
 * Sign-in is never tested: keep an administrator signed in while you change the configuration.
 *
 * @example
 * ```ts
 * new SsoConfig("sso", {
 *   organization: "acme",
 *   provider: "saml",
 *   ssoUrl: "https://idp.acme.example/sso/saml",
 *   certificate: readFileSync("idp.pem", "utf8"),
 * });
 * ```
 */
export class SsoConfig extends HubResource {
  /** The organization's name. */
  declare readonly organization: pulumi.Output<string>;
  /** Whether members must sign in with single sign-on. */
  declare readonly enabled: pulumi.Output<boolean>;
  /** The protocol: `saml` or `oidc`. */
  declare readonly provider: pulumi.Output<"saml" | "oidc">;
  /** SAML: the sign-on URL. OIDC: the issuer. */
  declare readonly ssoUrl: pulumi.Output<string>;
  /** SAML: the certificate, as PEM; `undefined` with OIDC. */
  declare readonly certificate: pulumi.Output<string | undefined>;
  /** OIDC: the client id; `undefined` with SAML. */
  declare readonly clientId: pulumi.Output<string | undefined>;
  /** When the certificate expires (ISO 8601, UTC); `undefined` with OIDC. */
  declare readonly certificateExpiresAt: pulumi.Output<string | undefined>;
  /** The SHA-256 fingerprint of the certificate, 64 hex digits; `undefined` with OIDC. */
  declare readonly certificateFingerprint: pulumi.Output<string | undefined>;

  constructor(name: string, args: SsoConfigArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Looks up the configuration of an organization without managing it. The client secret cannot be read.
   *
   * @param name - the name of the resource in the program
   * @param id - `organization/sso`
   * @throws if the organization has no configuration, or the credentials cannot see it
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): SsoConfig {
    return new SsoConfig(name, {} as SsoConfigArgs, { ...options, id });
  }
}

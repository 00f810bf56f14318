import type * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { ssoConfigModel } from "./model";

/** What all arguments of an {@link SsoConfig} have in common. */
export interface SsoConfigCommonArgs {
  /** The organization's name. A change replaces the resource. */
  organization: pulumi.Input<string>;
  /**
   * Whether members have to sign in with it. Default true. Changed in place. If someone turns it off by hand, the next `up` turns it on
   * again. If someone turns it on by hand, `up` refuses to turn it off, until `acknowledgeOverwrite` gives a new reason. It is not turned on
   * while another identity provider than the declared one is set and not overwritten.
   */
  enabled?: pulumi.Input<boolean>;
  /**
   * Lets a creation overwrite a different configuration that the organization already has. Default false. It has no effect later, so take it
   * out again after the first `up`: if the resource is renamed without an alias, or replaced, it counts for that creation too. Each preview
   * of a creation warns of it, and the run says what is overwritten, and who changed it last. A secret cannot be compared: if all else is
   * the same, the configuration counts as the same, and gets the program's secret.
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * Why a change that someone made on the Hub is to be reverted, 1 to 500 characters. A protocol, sign-on URL, client id or certificate
   * that was changed by hand is not reverted automatically, because people may rely on it to sign in: `up` sends nothing and fails, even if
   * the program has changed as well, until the program declares what is there, or gives a reason here that no run has seen before. A reason
   * counts for what the Hub holds in the run that first sees it. If the configuration was deleted and someone set up another one, it counts
   * only once a run has reported that. Metadata declares each of its certificates: if someone sets another one of it, that one stays, and a
   * new reason restores the one before. Default none.
   */
  acknowledgeOverwrite?: pulumi.Input<string>;
  /**
   * What a destroy does on the Hub: `retain` leaves single sign-on as it is, `disable` turns it off, unless someone has changed it by hand
   * since. Default retain.
   */
  onDestroy?: pulumi.Input<"retain" | "disable">;
}

/** What both SAML forms of the arguments of an {@link SsoConfig} have in common. */
export interface SsoConfigSamlCommonArgs extends SsoConfigCommonArgs {
  /** saml. A change between saml and oidc is made in place. */
  provider: "saml";
  /**
   * Where the identity provider publishes its metadata, https only. It is fetched before a sign-on URL or a certificate is sent, or
   * single sign-on turned on, without any token; what is not in it is refused. If it cannot be fetched, a warning says so. Nothing is
   * taken from it, so that a plan shows what will be sent. Default: nothing is compared.
   */
  metadataUrl?: pulumi.Input<string>;
  /** Days (0 to 3650) before the certificate's end from which each preview warns. Default 30. */
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
  /** The sign-on URL, https only. Changed in place. */
  ssoUrl: pulumi.Input<string>;
  /**
   * The certificate that signs the identity provider's answers, as PEM. It has to be in force, with an RSA key of at least 2048
   * bits, or an EC key. What is written around it is not sent. Changed in place.
   */
  certificate: pulumi.Input<string>;
  /** With metadata, `ssoUrl` and `certificate` are optional: see {@link SsoConfigSamlMetadataArgs}. */
  metadataXml?: undefined;
}

/** Arguments of an {@link SsoConfig} for SAML that take the sign-on URL and the certificate from the identity provider's metadata. */
export interface SsoConfigSamlMetadataArgs extends SsoConfigSamlCommonArgs {
  /**
   * The identity provider's metadata, of which `ssoUrl` (binding HTTP-Redirect, else HTTP-POST) and `certificate` are taken; at most
   * 1 048 576 characters, one identity provider, no document type. Of several signing certificates, the one that the stack already
   * has stays; else the one that ends last of those in force is taken. A warning names the others: `ssoUrl` and `certificate` beside
   * it choose otherwise, and have to be in it. Only the two are kept and compared, not the document, and unencrypted even if the
   * document is a secret. Its signature is not verified.
   */
  metadataXml: pulumi.Input<string>;
  /** Chooses one of the sign-on URLs in the metadata, https only. Changed in place. */
  ssoUrl?: pulumi.Input<string>;
  /** Chooses one of the certificates in the metadata, as PEM. Changed in place. */
  certificate?: pulumi.Input<string>;
}

/** Arguments of an {@link SsoConfig} for OIDC. */
export interface SsoConfigOidcArgs extends SsoConfigCommonArgs {
  /** oidc. A change between saml and oidc is made in place. */
  provider: "oidc";
  /** The issuer, exactly as its discovery document names it, without a query; https only. Changed in place. */
  ssoUrl: pulumi.Input<string>;
  /** The client's id, 1 to 1024 characters. Changed in place. */
  clientId: pulumi.Input<string>;
  /** The client's secret, 1 to 1024 characters. Encrypted in the state. It cannot be read back. Changed in place. */
  clientSecret: pulumi.Input<string>;
  /**
   * Whether the issuer's discovery document (`<issuer>/.well-known/openid-configuration`) is fetched before an issuer is sent or
   * single sign-on turned on, without any token. One that names another issuer, or writes it differently, is refused; if it cannot be
   * fetched, a warning says so. Default true.
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
 * The same, if `provider` is an Output. It is kept apart because the compiler tells the others apart by a plain `provider`, and names
 * what is missing from the one that was meant.
 */
type WithProviderOutput<Args extends { provider: string }> = Args extends unknown
  ? Omit<Args, "provider"> & { provider: pulumi.Output<Args["provider"]> | Promise<Args["provider"]> }
  : never;

type SsoConfigPlainArgs = SsoConfigOidcArgs | SsoConfigSamlMetadataArgs | SsoConfigSamlArgs;

/**
 * Arguments of an {@link SsoConfig}, by `provider`: SAML with `ssoUrl` and `certificate`, or with `metadataXml`; OIDC with `ssoUrl`,
 * `clientId` and `clientSecret`.
 */
export type SsoConfigArgs = WithProviderOutput<SsoConfigPlainArgs> | SsoConfigPlainArgs;

const shape = shapeOf<SsoConfigArgs>()(ssoConfigModel);

/**
 * The single sign-on configuration of an organization (Hub: `/api/organizations/{org}/settings/sso`, extended API). Only the Hub's code
 * `SsoNotConfigured` says that there is none; after any other 404 nothing is sent. On a Hub without this API, huggingface.co among them, an error says so: there `SsoCredential` changes the credential of a
 * configuration that was set up by hand.
 *
 * A login is never tested: keep an administrator signed in while you change the configuration.
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
  /** Whether members have to sign in with it. */
  declare readonly enabled: pulumi.Output<boolean>;
  /** saml or oidc. */
  declare readonly provider: pulumi.Output<"saml" | "oidc">;
  /** SAML: the sign-on URL. OIDC: the issuer. */
  declare readonly ssoUrl: pulumi.Output<string>;
  /** SAML: the certificate, as PEM. */
  declare readonly certificate: pulumi.Output<string | undefined>;
  /** OIDC: the client's id. */
  declare readonly clientId: pulumi.Output<string | undefined>;
  /** When the certificate ends (ISO 8601, UTC); `undefined` with OIDC. */
  declare readonly certificateExpiresAt: pulumi.Output<string | undefined>;
  /** SHA-256 of the certificate, 64 hex digits; `undefined` with OIDC. */
  declare readonly certificateFingerprint: pulumi.Output<string | undefined>;

  constructor(name: string, args: SsoConfigArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Looks the configuration up by `organization/sso`, without managing it. The client's secret stays unknown.
   *
   * @throws if the organization has none, or the credentials cannot see it
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): SsoConfig {
    return new SsoConfig(name, {} as SsoConfigArgs, { ...options, id });
  }
}

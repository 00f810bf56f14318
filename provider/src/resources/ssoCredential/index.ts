import type * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { ssoCredentialModel } from "./model";

/** What all arguments of an {@link SsoCredential} have in common. */
export interface SsoCredentialCommonArgs {
  /** The organization's name. A change replaces the resource. */
  organization: pulumi.Input<string>;
  /** Days (0 to 3650) before the certificate's end from which each preview warns. Default 30. */
  warnBeforeDays?: pulumi.Input<number>;
  /** Must be true: the Hub does not tell which credential is there, so the first `up` overwrites an unknown one. */
  replaceExisting?: pulumi.Input<boolean>;
}

/** Arguments of an {@link SsoCredential} for OIDC. */
export interface SsoClientSecretArgs extends SsoCredentialCommonArgs {
  /** The client's secret, 1 to 1024 characters. Encrypted in the state. Changed in place. */
  clientSecret: pulumi.Input<string>;
  /** SAML only. */
  certificate?: undefined;
  /** SAML only. */
  metadataXml?: undefined;
  /** SAML only. */
  metadataUrl?: undefined;
}

/** What the SAML forms of the arguments of an {@link SsoCredential} have in common. */
export interface SsoSamlArgs extends SsoCredentialCommonArgs {
  /** OIDC only. */
  clientSecret?: undefined;
  /**
   * SAML: where the identity provider publishes its metadata, https only. It is fetched before a certificate is sent, without
   * any token, and a certificate that is not in it is refused. If it cannot be fetched, a warning says so.
   */
  metadataUrl?: pulumi.Input<string>;
}

/** Arguments of an {@link SsoCredential} for SAML that name the certificate. */
export interface SsoCertificateArgs extends SsoSamlArgs {
  /** The certificate that signs the identity provider's answers, as PEM, in force and strong. Changed in place. */
  certificate: pulumi.Input<string>;
  /**
   * SAML: the identity provider's metadata, of which `certificate` is taken, as in `SsoConfig`; at most 1 048 576 characters. Of
   * several signing certificates, the one that the stack already has stays; else the one that ends last of those in force is
   * taken. A warning names the others: `certificate` beside it chooses otherwise. The document is not kept; its certificate is,
   * unencrypted.
   */
  metadataXml?: pulumi.Input<string>;
}

/** Arguments of an {@link SsoCredential} for SAML whose certificate is in the identity provider's metadata. */
export interface SsoMetadataArgs extends SsoSamlArgs {
  /** The certificate that signs the identity provider's answers, as PEM, in force and strong. Changed in place. */
  certificate?: pulumi.Input<string>;
  /**
   * SAML: the identity provider's metadata, of which `certificate` is taken, as in `SsoConfig`; at most 1 048 576 characters. Of
   * several signing certificates, the one that the stack already has stays; else the one that ends last of those in force is
   * taken. A warning names the others: `certificate` beside it chooses otherwise. The document is not kept; its certificate is,
   * unencrypted.
   */
  metadataXml: pulumi.Input<string>;
}

/** Arguments of an {@link SsoCredential}: exactly one of `clientSecret` and `certificate`; `metadataXml` may hold the latter. */
export type SsoCredentialArgs = SsoClientSecretArgs | SsoCertificateArgs | SsoMetadataArgs;

const shape = shapeOf<SsoCredentialArgs>()(ssoCredentialModel);

/**
 * The credential of a working single sign-on configuration (Hub: `PUT …/settings/sso/credentials`): an OIDC client's secret
 * or a SAML certificate. It is replaced without turning single sign-on off. Everything else of the configuration is set in
 * the organization's settings on huggingface.co, or with `SsoConfig` on a Hub with the extended API.
 *
 * The Hub never tells the credential, so drift cannot be seen, and a destroy leaves it in force.
 *
 * @example
 * ```ts
 * new SsoCredential("oidc", { organization: "acme", clientSecret: config.requireSecret("clientSecret"), replaceExisting: true });
 * ```
 */
export class SsoCredential extends HubResource {
  /** The organization's name. */
  declare readonly organization: pulumi.Output<string>;
  /** When the certificate ends (ISO 8601, UTC); `undefined` with a secret. */
  declare readonly certificateExpiresAt: pulumi.Output<string | undefined>;
  /** SHA-256 of the certificate, 64 hex digits; `undefined` with a secret. */
  declare readonly certificateFingerprint: pulumi.Output<string | undefined>;

  constructor(name: string, args: SsoCredentialArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Names the credential of an organization, without managing it: `organization/sso`. Nothing of it can be read.
   *
   * @throws if the credentials are not a member's of the organization
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): SsoCredential {
    return new SsoCredential(name, {} as SsoCredentialArgs, { ...options, id });
  }
}

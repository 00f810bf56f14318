import type * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { ssoCredentialModel } from "./model";

/** Arguments that all forms of {@link SsoCredentialArgs} share. */
export interface SsoCredentialCommonArgs {
  /** The organization's name. A change replaces the resource. */
  organization: pulumi.Input<string>;
  /** How many days (0 to 3650) before the certificate expires each preview starts to warn. Default: 30. Changed in place. */
  warnBeforeDays?: pulumi.Input<number>;
  /**
   * Confirms that the first `pulumi up` overwrites the current credential, which the Hub does not show. It must be `true` for a creation and
   * after an import; otherwise the check fails. Default: false. Changed in place.
   */
  replaceExisting?: pulumi.Input<boolean>;
}

/** Arguments of an {@link SsoCredential} for OIDC. */
export interface SsoClientSecretArgs extends SsoCredentialCommonArgs {
  /** The client secret, 1 to 1024 characters. Encrypted in the state. Changed in place. */
  clientSecret: pulumi.Input<string>;
  /** SAML only. */
  certificate?: undefined;
  /** SAML only. */
  metadataXml?: undefined;
  /** SAML only. */
  metadataUrl?: undefined;
}

/** Arguments that both SAML forms of {@link SsoCredentialArgs} share. */
export interface SsoSamlArgs extends SsoCredentialCommonArgs {
  /** OIDC only. */
  clientSecret?: undefined;
  /**
   * The https URL where the identity provider publishes its metadata. The provider fetches it, without any token, before it sends a
   * certificate, and refuses a certificate that is not in it. If it cannot be fetched or used, the run warns and continues. Default: no comparison.
   */
  metadataUrl?: pulumi.Input<string>;
}

/** Arguments of an {@link SsoCredential} for SAML with a certificate. */
export interface SsoCertificateArgs extends SsoSamlArgs {
  /**
   * The certificate that signs the identity provider's responses, as PEM. It must be valid now, and have an RSA key of at least 2048 bits, an EC
   * key (P-256, P-384 or P-521) or an Ed25519 key, and a signature with SHA-256 or stronger. Changed in place.
   */
  certificate: pulumi.Input<string>;
  /**
   * The identity provider's metadata as XML, from which the certificate is taken: at most 1,048,576 characters, one identity provider, no
   * document type. If there are several signing certificates, the one that the stack already has stays; otherwise the one that expires last of
   * the valid ones is used, and a warning names the others. To choose another one, also set `certificate`, which must be in the metadata. The
   * state keeps only the certificate, unencrypted, and not the document. Changed in place.
   */
  metadataXml?: pulumi.Input<string>;
}

/** Arguments of an {@link SsoCredential} for SAML with the identity provider's metadata, which contains the certificate. */
export interface SsoMetadataArgs extends SsoSamlArgs {
  /**
   * The certificate that signs the identity provider's responses, as PEM. It must be valid now, and have an RSA key of at least 2048 bits, an EC
   * key (P-256, P-384 or P-521) or an Ed25519 key, and a signature with SHA-256 or stronger. Changed in place.
   */
  certificate?: pulumi.Input<string>;
  /**
   * The identity provider's metadata as XML, from which the certificate is taken: at most 1,048,576 characters, one identity provider, no
   * document type. If there are several signing certificates, the one that the stack already has stays; otherwise the one that expires last of
   * the valid ones is used, and a warning names the others. To choose another one, also set `certificate`, which must be in the metadata. The
   * state keeps only the certificate, unencrypted, and not the document. Changed in place.
   */
  metadataXml: pulumi.Input<string>;
}

/** Arguments of an {@link SsoCredential}: `clientSecret` for OIDC, or `certificate` or `metadataXml` for SAML. */
export type SsoCredentialArgs = SsoClientSecretArgs | SsoCertificateArgs | SsoMetadataArgs;

const shape = shapeOf<SsoCredentialArgs>()(ssoCredentialModel);

/**
 * Replaces the credential of an existing single sign-on configuration, an OIDC client secret or a SAML certificate, while single sign-on stays
 * on (Hub: `PUT /api/organizations/{org}/settings/sso/credentials`). Change everything else in the organization's settings on huggingface.co,
 * or with `SsoConfig` on a Hub with the extended API.
 *
 * A creation overwrites the current credential and needs `replaceExisting`. An update sends a changed credential. A delete sends nothing: the
 * credential stays in use on the Hub.
 *
 * The Hub never shows the credential, so a refresh cannot detect drift, and the resource has no option `import`.
 *
 * @example
 * ```ts
 * new SsoCredential("oidc", { organization: "acme", clientSecret: config.requireSecret("clientSecret"), replaceExisting: true });
 * ```
 */
export class SsoCredential extends HubResource {
  /** The organization's name. */
  declare readonly organization: pulumi.Output<string>;
  /** When the certificate expires (ISO 8601, UTC); `undefined` with a client secret. */
  declare readonly certificateExpiresAt: pulumi.Output<string | undefined>;
  /** The SHA-256 fingerprint of the certificate, 64 hex digits; `undefined` with a client secret. */
  declare readonly certificateFingerprint: pulumi.Output<string | undefined>;

  constructor(name: string, args: SsoCredentialArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Refers to the credential of an organization without managing it. The credential itself cannot be read.
   *
   * @param name - the name of the resource in the program
   * @param id - `organization/sso`
   * @throws if the credentials do not belong to a member of the organization
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): SsoCredential {
    return new SsoCredential(name, {} as SsoCredentialArgs, { ...options, id });
  }
}

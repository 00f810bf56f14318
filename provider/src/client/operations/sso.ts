import { ssoAdvice } from "../advice";
import { invalidArgument } from "../arguments";
import { organizationPath } from "../paths";
import { type SsoCredentialUpdate, type SsoSettings, type SsoUpdate } from "../types";
import { readSsoSettings } from "../wire";
import { MemberTokenOperations } from "./memberTokens";

/** The methods about single sign-on. */
export abstract class SsoOperations extends MemberTokenOperations {
  /**
   * Returns the single sign-on configuration of an organization, without the client secret.
   *
   * Endpoint: `GET /api/organizations/{org}/settings/sso`. It needs a Hub with the extended API; huggingface.co does not offer it.
   *
   * @throws HubError with status 404 if the Hub does not offer this endpoint or if the organization has no single sign-on (then with the
   *   code `SsoNotConfigured`)
   */
  async getSsoConfig(organization: string): Promise<SsoSettings> {
    return this.requester.json(
      { method: "GET", path: ssoPath(organization), advice: ssoAdvice },
      readSsoSettings,
    );
  }

  /**
   * Changes the single sign-on configuration of an organization, and returns the new configuration.
   *
   * Missing fields keep their values.
   *
   * Endpoint: `PUT /api/organizations/{org}/settings/sso`. It needs a Hub with the extended API; huggingface.co does not offer it.
   */
  async updateSsoConfig(organization: string, settings: SsoUpdate): Promise<SsoSettings> {
    return this.requester.json(
      {
        method: "PUT",
        path: ssoPath(organization),
        body: settings,
        secrets: [settings.clientSecret, settings.certificate],
        advice: ssoAdvice,
      },
      readSsoSettings,
    );
  }

  /**
   * Deletes the single sign-on configuration of an organization.
   *
   * Endpoint: `DELETE /api/organizations/{org}/settings/sso`. It needs a Hub with the extended API; huggingface.co does not offer it.
   */
  async deleteSsoConfig(organization: string): Promise<void> {
    await this.requester.send({ method: "DELETE", path: ssoPath(organization), advice: ssoAdvice });
  }

  /**
   * Replaces the credential of an existing single sign-on without turning it off.
   *
   * The new credential cannot be read back.
   *
   * Endpoint: `PUT /api/organizations/{org}/settings/sso/credentials`.
   *
   * @param organization - the name of the organization
   * @param credential - a client secret (OIDC) or a certificate (SAML)
   */
  async updateSsoCredential(organization: string, credential: SsoCredentialUpdate): Promise<void> {
    const { clientSecret, certificate } = credential;
    if ((clientSecret === undefined) === (certificate === undefined)) {
      return invalidArgument("updateSsoCredential takes either clientSecret or certificate.");
    }
    await this.requester.send({
      method: "PUT",
      path: `${ssoPath(organization)}/credentials`,
      body: clientSecret !== undefined ? { clientSecret } : { x509Cert: certificate },
      secrets: [clientSecret, certificate],
      advice: ({ status }) =>
        status === 404
          ? "The organization does not exist, this token may not see it, or it has no single sign-on yet. Set up single sign-on once in the organization's settings on the Hub."
          : undefined,
    });
  }
}

function ssoPath(organization: string): string {
  return `${organizationPath(organization)}/settings/sso`;
}

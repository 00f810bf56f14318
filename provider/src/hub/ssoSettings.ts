import { type HubClient, type SsoSettings } from "../client";
import { codeOf, isNotFound } from "../client/errors";
import { LifecycleError } from "../model/definition";

/**
 * An organization's single sign-on on the Hub; `undefined` only if the Hub's answer says that there is none. Another 404 proves nothing,
 * because a proxy, missing permissions or a Hub without this API also cause it.
 *
 * @throws LifecycleError if it is unclear whether the organization has single sign-on
 */
export async function ssoSettingsOf(
  organization: string,
  client: HubClient,
): Promise<SsoSettings | undefined> {
  try {
    return await client.getSsoConfig(organization);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    // guard: sso-none-by-code
    if (codeOf(error) === "SsoNotConfigured") return undefined;
    throw new LifecycleError(
      `${error.message} It is unclear whether ${organization} has single sign-on: only the code SsoNotConfigured means that it has none, and ` +
        "a proxy may have answered instead of the Hub. Nothing was sent.",
    );
  }
}

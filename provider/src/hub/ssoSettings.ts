import { type HubClient, type SsoSettings } from "../client";
import { codeOf, isNotFound } from "../client/errors";
import { LifecycleError } from "../model/definition";

/**
 * What the Hub has of an organization's single sign-on; `undefined` only if it says itself that there is none. Any other 404 proves
 * nothing: a proxy, missing rights and a Hub without this API answer with it too.
 *
 * @throws LifecycleError if it cannot be told whether there is one
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
      `${error.message} Whether ${organization} has single sign-on cannot be told: only the code SsoNotConfigured says that it has none, and ` +
        "a proxy may have answered in the Hub's place. Nothing was sent.",
    );
  }
}

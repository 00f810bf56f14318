import { type HubClient, type HubError } from "../client";
import { LifecycleError } from "../model/definition";

/**
 * Makes sure that a 404 about something of the organization means "there is none". It also means "not for you", so it
 * counts only where the credentials are those of an administrator whom nothing restricts.
 *
 * @throws LifecycleError when that is not so
 */
export async function ensureFullView(
  client: HubClient,
  organization: string,
  missing: HubError,
): Promise<void> {
  const { orgs, auth } = await client.whoami();
  const membership = orgs.find(({ name }) => name === organization);
  const doubt =
    membership === undefined
      ? `the credentials are not a member's of ${organization}`
      : membership.roleInOrg !== "admin"
        ? `the credentials' role in ${organization} is ${membership.roleInOrg ?? "unknown"}, not admin`
        : membership.securityRestrictions?.length
          ? `${organization} restricts these credentials (${membership.securityRestrictions.join(", ")})`
          : auth?.accessToken?.role === "fineGrained"
            ? "the token is fine-grained, and may not be allowed to see it"
            : undefined;
  if (doubt) {
    throw new LifecycleError(
      `${missing.message} Whether it is gone or only hidden cannot be told: ${doubt}. Nothing was changed; use an administrator's token.`,
    );
  }
}

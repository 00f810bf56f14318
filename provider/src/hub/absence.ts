// Proves that an object is gone. A 404 alone proves nothing, because the Hub also answers 404 if the token may not see the object.
import { type HubClient, type WhoAmI } from "../client";
import { isNotFound } from "../client/errors";
import { LifecycleError } from "../model/definition";

/**
 * Whether a request failed because its object is gone.
 *
 * @param isListed - whether a successful listing still contains the object; called only after a 404
 */
export async function isGoneFromListing(error: unknown, isListed: () => Promise<boolean>): Promise<boolean> {
  // guard: 404-is-no-proof
  return isNotFound(error) && !(await isListed());
}

/**
 * Whether a request failed because its object is gone, for objects without a listing.
 *
 * @throws LifecycleError if the token may not see the whole organization
 */
export async function isGoneFromFullView(
  error: unknown,
  client: HubClient,
  organization: string,
): Promise<boolean> {
  if (!isNotFound(error)) return false;
  // guard: full-view
  await ensureFullView(client, organization, error);
  return true;
}

/**
 * Ensures that an object that the Hub does not show does not exist. This needs a token that sees everything: that of an administrator
 * without restrictions or, in a user's own namespace, that of the user.
 *
 * @param missing - says what the Hub does not show
 * @param question - what is unclear without the full view
 * @throws LifecycleError if the token may not see the whole organization
 */
export async function ensureFullView(
  client: HubClient,
  organization: string,
  missing: { message: string },
  question = "it is gone or only hidden",
): Promise<void> {
  const doubt = doubtAbout(await client.whoami(), organization);
  if (doubt) {
    throw new LifecycleError(
      `${missing.message} It is unclear whether ${question}: ${doubt}. Nothing was changed. Use an administrator's token.`,
    );
  }
}

/** Roles of tokens that see everything that their owner sees. */
const WHOLE_ROLES = ["read", "write", "god"];

/** Why the token may not see a whole namespace, in words, or `undefined`. */
export function doubtAbout({ name, orgs, auth }: WhoAmI, namespace: string): string | undefined {
  const wanted = namespace.toLowerCase();
  if (name.toLowerCase() !== wanted) {
    const membership = orgs.find((each) => each.name.toLowerCase() === wanted);
    if (!membership) return `the token's owner is not a member of ${namespace}`;
    const { roleInOrg, securityRestrictions } = membership;
    if (roleInOrg !== "admin")
      return `the role of the token's owner in ${namespace} is ${roleInOrg ?? "unknown"}, not admin`;
    if (securityRestrictions?.length)
      return `${namespace} restricts this token (${securityRestrictions.join(", ")})`;
  }
  const role = auth?.accessToken?.role;
  if (role === "fineGrained") return "the token is fine-grained and may not be allowed to see it";
  // An OAuth session, or a kind of token that is newer than this library, may be allowed less than its owner.
  return role !== undefined && WHOLE_ROLES.includes(role)
    ? undefined
    : "the Hub does not say whether this token may do everything that its owner may do";
}

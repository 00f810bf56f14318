// What proves that something is gone. A 404 alone does not: the Hub also gives it to those who may not see the object.
import { type HubClient, type WhoAmI } from "../client";
import { isNotFound } from "../client/errors";
import { LifecycleError } from "../model/definition";

/**
 * Whether a request failed because its object is gone.
 *
 * @param isListed - whether a listing, which has to succeed, still shows the object; asked only after a 404
 */
export async function isGoneFromListing(error: unknown, isListed: () => Promise<boolean>): Promise<boolean> {
  // guard: 404-is-no-proof
  return isNotFound(error) && !(await isListed());
}

/**
 * Whether a request failed because its object is gone, if no listing can tell.
 *
 * @throws LifecycleError if these credentials may not see all of the organization
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
 * Makes sure that what the Hub does not show of an organization is not there. That counts only if the credentials are those
 * of an administrator without restrictions, or, in a person's own namespace, that person's.
 *
 * @param missing - says what the Hub does not show
 * @param question - what cannot be told without the full view
 * @throws LifecycleError if these credentials may not see all of the organization
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
      `${missing.message} Whether ${question} cannot be told: ${doubt}. Nothing was changed; use an administrator's token.`,
    );
  }
}

/** Roles of tokens that see all that their owner sees. */
const WHOLE_ROLES = ["read", "write", "god"];

/** Why these credentials may not see all of a namespace, in words, or `undefined`. */
function doubtAbout({ name, orgs, auth }: WhoAmI, namespace: string): string | undefined {
  const wanted = namespace.toLowerCase();
  if (name.toLowerCase() !== wanted) {
    const membership = orgs.find((each) => each.name.toLowerCase() === wanted);
    if (!membership) return `the credentials are not a member's of ${namespace}`;
    const { roleInOrg, securityRestrictions } = membership;
    if (roleInOrg !== "admin")
      return `the credentials' role in ${namespace} is ${roleInOrg ?? "unknown"}, not admin`;
    if (securityRestrictions?.length)
      return `${namespace} restricts these credentials (${securityRestrictions.join(", ")})`;
  }
  const role = auth?.accessToken?.role;
  if (role === "fineGrained") return "the token is fine-grained, and may not be allowed to see it";
  // An OAuth session, or a kind of token that is newer than this library, may be allowed less than its owner.
  return role !== undefined && WHOLE_ROLES.includes(role)
    ? undefined
    : "the Hub does not say that these credentials may do all that their owner may";
}

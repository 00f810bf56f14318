import { type HubClient, type WhoAmI } from "../client";
import { LifecycleError } from "../model/definition";

/**
 * Makes sure that what the Hub does not show of an organization is not there: a 404, or an answer without the part in
 * question, also means "not for you". It counts only where the credentials are those of an administrator whom nothing
 * restricts, or, in a person's own namespace, that person's.
 *
 * @param missing - says what the Hub does not show
 * @param question - what cannot be told without the full view
 * @throws LifecycleError when that is not so
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

// The members of an organization, as several resources need them.
import { type HubClient, type Member } from "../client";
import { LifecycleError } from "../model/definition";
import { sameName } from "../model/plain";

/** A member of an organization. */
export interface MemberAddress {
  organization: string;
  /** The user name. */
  user: string;
}

/**
 * Reads a member; `undefined` if the user is certainly not a member.
 *
 * @throws LifecycleError if the Hub may not show all members
 */
export async function memberOf(
  client: HubClient,
  { organization, user }: MemberAddress,
): Promise<Member | undefined> {
  const isSame = (each: Member): boolean => sameName(each.user, user);
  const found = (await client.listMembers(organization, { search: user })).find(isSame);
  if (found) return found;
  // An organization may hide its members from outsiders. Only its members, and tokens with its permissions, see roles.
  const all = await client.listMembers(organization);
  const listed = all.find(isSame);
  // guard: members-shown
  if (!listed && all.every(({ role }) => role === undefined)) {
    throw new LifecycleError(notShown("all members", organization));
  }
  return listed;
}

/** The Hub does not show something that is necessary for a decision. */
export function notShown(what: string, organization: string): string {
  return (
    `The Hub does not show ${what} of ${organization} to these credentials, so nothing was sent. Use the token of an administrator of the ` +
    "organization, or one with the permission org.write."
  );
}

import { ORG_ROLES, type OrgRole } from "../client/types";
import { LifecycleError } from "../model/definition";
import { type Order } from "../model/drift";
import { orderOf, ordered } from "./reconcile";

/** The role of a person in an organization or a resource group, as a facet of the rule. `null`: not a member. */
export const MEMBERSHIP = ordered<OrgRole | null>([null, ...ORG_ROLES]);

/** @throws LifecycleError for a role that this release does not know */
export function roleFrom(text: string, person: string): OrgRole {
  const role = ORG_ROLES.find((each) => each === text);
  if (role) return role;
  throw new LifecycleError(
    `${person} has the role "${text}" on the Hub, which this release does not know. Install a later release.`,
  );
}

/** How the role of a person on the Hub compares with the one that was applied. A person who is no longer a member has no access. */
export function orderOfRoles(property: string, applied: unknown, onHub: unknown): Order {
  if (property === "status") return "tighter";
  return orderOf(MEMBERSHIP, (applied ?? null) as OrgRole | null, (onHub ?? null) as OrgRole | null);
}

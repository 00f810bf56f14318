// Roles of members, in an organization and in resource groups.
import { ORG_ROLES, type OrgRole } from "../client/types";
import { LifecycleError } from "../model/definition";
import { ordered } from "./reconcile";

/** The role of a member in a resource group, as a facet of the rule; `null` if the user is not a member. */
export const MEMBERSHIP = ordered<OrgRole | null>([null, ...ORG_ROLES]);

/** @throws LifecycleError for a role that this release does not know */
export function roleFrom(text: string): OrgRole {
  const role = ORG_ROLES.find((each) => each === text);
  if (role) return role;
  throw new LifecycleError(
    `The Hub has the role "${text}", which this release does not know. Install a later release.`,
  );
}

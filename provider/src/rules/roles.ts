import { ORG_ROLES, type OrgRole } from "../client/types";
import { LifecycleError } from "../model/definition";
import { ordered } from "./reconcile";

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

// Resource groups, as facets of the rule.
import { ORG_ROLES, type OrgRole } from "../client/types";
import { type CheckFailure } from "../model/definition";
import { known } from "../model/unknown";
import { type Facet } from "./reconcile";

/** Who joins a resource group automatically, from the fewest. */
export const AUTO_JOIN_SCOPES = ["read_plus", "all"] as const;

/** How members join a resource group automatically; `null` if no one does. */
export type AutoJoinSetting = { role: OrgRole; scope: (typeof AUTO_JOIN_SCOPES)[number] } | null;

/** Automatic joining. A lower role and a smaller scope are tighter, so some settings have no order. */
export const AUTO_JOIN: Facet<AutoJoinSetting> = {
  equals: (left, right) => left?.role === right?.role && left?.scope === right?.scope,
  meet: (left, right) =>
    left === null || right === null
      ? null
      : {
          role: lower(ORG_ROLES, left.role, right.role),
          scope: lower(AUTO_JOIN_SCOPES, left.scope, right.scope),
        },
};

/** A limit in cents a month; `null` if there is none. */
export const SPEND_LIMIT: Facet<number | null> = {
  equals: (left, right) => left === right,
  meet: (left, right) => (left === null ? right : right === null ? left : Math.min(left, right)),
};

/**
 * The id of a repository's resource group, as a facet of the rule. `null`: no resource group, so all members of the organization have access,
 * which is looser than any resource group. Two resource groups have no order.
 */
export const GROUP_OF_REPO: Facet<string | null> = {
  equals: (left, right) => left === right,
  // guard: two-groups
  meet: (left, right) => (left === null || left === right ? right : right === null ? left : undefined),
};

/** A resource that declares one member or one repository of a resource group. */
interface ListedAlone {
  type: "ResourceGroupMember" | "RepoResourceGroup";
  /** The list of a ResourceGroup that would contain it. */
  list: "members" | "repositories";
  groupId: string;
}

/** Why a member or a repository stays in a resource group whose single entry the program no longer declares. */
export const IN_LIST =
  "left unchanged on the Hub: a ResourceGroup of this stack now declares the complete list.";

/** Whether a resource of this stack declares the complete list of the resource group. */
export function isInList(
  list: ListedAlone["list"],
  { groupId }: { groupId: string },
  declaredBy: ReadonlyMap<string, string>,
): boolean {
  return declaredBy.has(`ResourceGroup ${list} ${groupId}`);
}

/**
 * Refuses a member or a repository of a resource group whose complete list the stack also declares, and notes it for the check of that list.
 *
 * @param declaredBy - the declarations of this run
 */
export function refuseBesideList(
  { type, list, groupId }: ListedAlone,
  declaredBy: Map<string, string>,
): CheckFailure[] {
  if (known(groupId) === undefined) return [];
  declaredBy.set(`${type} ${groupId}`, type);
  // guard: beside-the-list
  if (!isInList(list, { groupId }, declaredBy)) return [];
  return [
    {
      property: "groupId",
      reason:
        `a ResourceGroup of this stack declares all ${list} of ${groupId}. They would revert each other: add this one to its ${list} and remove ` +
        `this resource, or remove ${list} from the ResourceGroup`,
    },
  ];
}

function lower<T>(order: readonly T[], left: T, right: T): T {
  return order.indexOf(left) < order.indexOf(right) ? left : right;
}

// Resource groups, as facets of the rule.
import { ORG_ROLES, type OrgRole } from "../client/types";
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

function lower<T>(order: readonly T[], left: T, right: T): T {
  return order.indexOf(left) < order.indexOf(right) ? left : right;
}

// What the Hub's answer to who-am-I says about the rights of a token in an organization. No function here makes a request.
import { ORG_ROLES, type OrgRole, type WhoAmI, type WhoAmIOrganization } from "pulumi-huggingface/client";
import { recordOf } from "pulumi-huggingface/core";

/**
 * Whether something works with the credential.
 *
 * - `works`, `fails`: known from what the Hub shows
 * - `unknown`: only a change would show it
 * - `absent`: the Hub does not offer it, or it is not set up; the credential does not matter
 */
export interface Verdict {
  state: "works" | "fails" | "unknown" | "absent";
  /** Why, and what to do. Empty if it works. */
  advice: string;
  /** Whether it is unknown because the Hub did not answer. */
  isOutage?: boolean;
}

export const WORKS: Verdict = { state: "works", advice: "" };
export const fails = (advice: string): Verdict => ({ state: "fails", advice });
export const unknown = (advice: string): Verdict => ({ state: "unknown", advice });
export const absent = (advice: string): Verdict => ({ state: "absent", advice });

/** The plans of an organization in ascending order. `academia` has the features of `team`. */
const PLANS = ["free", "team", "enterprise", "plus"] as const;

/** A plan that something needs. */
export type Plan = (typeof PLANS)[number];

/** The rights of a token in an organization. */
export interface Rights {
  organization: string;
  /** Absent if the token's owner is not a member. */
  membership?: WhoAmIOrganization;
  /** `null`: not a member; `undefined`: the Hub shows no role, or an unknown one. */
  role: OrgRole | null | undefined;
  /** `read`, `write`, `god` or `fineGrained`; `undefined` if the Hub does not say. */
  tokenRole: string | undefined;
  /** The permissions of a fine-grained token in the whole organization; `undefined` if the Hub does not show them. */
  permissions?: ReadonlySet<string>;
  /** Why the organization refuses the token now. */
  restrictions: readonly string[];
}

/** Reads the rights of a token. */
export function rightsIn(organization: string, me: WhoAmI): Rights {
  const membership = me.orgs.find(({ name }) => name.toLowerCase() === organization.toLowerCase());
  const token = me.auth?.accessToken;
  return {
    organization: membership?.name ?? organization,
    membership,
    role: membership ? ORG_ROLES.find((role) => role === membership.roleInOrg) : null,
    tokenRole: token?.role,
    permissions: membership && permissionsOf(token?.fineGrained, membership),
    restrictions: membership?.securityRestrictions ?? [],
  };
}

function permissionsOf(fineGrained: unknown, { id, name }: WhoAmIOrganization): Set<string> | undefined {
  const { scoped } = recordOf(fineGrained);
  if (!Array.isArray(scoped)) return undefined;
  const found = scoped.map(recordOf).filter(({ entity }) => {
    const about = recordOf(entity);
    return about["_id"] === id || about["name"] === name;
  });
  const lists = found.map(({ permissions }): unknown[] => (Array.isArray(permissions) ? permissions : []));
  return new Set(lists.flat().filter((each): each is string => typeof each === "string"));
}

/** What to do about each reason of the Hub to refuse a token. */
const RESTRICTIONS: Readonly<Record<string, string>> = {
  mfa: "The organization requires two-factor authentication. Turn it on in your account's settings.",
  "token-policy":
    "The organization's token policy does not accept this token yet. Ask an administrator to approve it, or use a fine-grained token.",
  "token-revoked": "An administrator of the organization has revoked this token. Use another token.",
  sso: "The organization requires single sign-on. Sign in to the organization, then create a new token.",
  ip: "The organization's network security rules do not allow this machine's address. Run from an allowed network.",
};

/** A restriction in words, with what to do. */
export function restrictionAdvice(restriction: string): string {
  return (
    RESTRICTIONS[restriction] ??
    `The organization refuses this token for the reason "${restriction}". Ask an administrator.`
  );
}

/** What prevents every use of the organization; `undefined` if nothing does. */
function barrier({ membership, restrictions, organization }: Rights): Verdict | undefined {
  if (!membership) {
    return fails(
      `The token's owner is not a member of ${organization}. Check the name, or ask an administrator for an invitation.`,
    );
  }
  return restrictions[0] === undefined ? undefined : fails(restrictionAdvice(restrictions[0]));
}

/** Whether the organization has a plan or a higher one. */
function planVerdict({ membership }: Rights, plan: Plan): Verdict {
  const actual = membership?.plan === "academia" ? "team" : (membership?.plan ?? "free");
  const rank = PLANS.indexOf(actual as Plan);
  if (rank < 0) return unknown(`The plan "${actual}" is newer than this release.`);
  return rank >= PLANS.indexOf(plan)
    ? WORKS
    : fails(`It needs the plan ${plan}; the organization has the plan ${actual}. Upgrade the plan.`);
}

/** What a change or a request of the organization needs. */
export interface Needs {
  /** The lowest role. */
  role: OrgRole;
  /** The permission of a fine-grained token. */
  permission: string;
  plan?: Plan;
  /** Whether it only reads; a token with the role `read` is then enough. */
  readOnly?: boolean;
}

/** Decides by the role, the token and the plan. */
export function byRights(rights: Rights, { role, permission, plan, readOnly }: Needs): Verdict {
  const verdicts = [
    barrier(rights),
    tokenVerdict(rights, role, permission, readOnly),
    plan && planVerdict(rights, plan),
  ].filter((verdict) => verdict !== undefined);
  return (
    verdicts.find(({ state }) => state === "fails") ??
    verdicts.find(({ state }) => state !== "works") ??
    WORKS
  );
}

function tokenVerdict(rights: Rights, needed: OrgRole, permission: string, readOnly = false): Verdict {
  const { role, tokenRole, permissions } = rights;
  if (tokenRole === "read" && !readOnly) {
    return fails("The token may only read. Use a token with the role write.");
  }
  if (tokenRole === "fineGrained") {
    if (!permissions) return unknown("The Hub does not show the permissions of this fine-grained token.");
    if (!permissions.has(permission)) {
      return fails(`The token does not have the permission ${permission}. Add it on the Hub.`);
    }
    if (isAtLeast(role, needed)) return WORKS;
    return unknown(
      `The token has the permission ${permission}, which is enough for a service account. A member also needs the role ${needed}.`,
    );
  }
  if (role === undefined) return unknown("The Hub does not show your role in the organization.");
  if (!isAtLeast(role, needed)) {
    return fails(
      `Your role is ${role ?? "none"}; it needs ${needed}. Use a token of a member with that role.`,
    );
  }
  if (tokenRole === undefined && !readOnly) {
    return unknown("Your role is enough, but the Hub does not show whether the token may write.");
  }
  return WORKS;
}

function isAtLeast(role: Rights["role"], needed: OrgRole): boolean {
  return role !== undefined && role !== null && ORG_ROLES.indexOf(role) >= ORG_ROLES.indexOf(needed);
}

/** Decides for repositories and Spaces, which can have other rights than the organization. */
export function forRepositories(rights: Rights, needs: Needs): Verdict {
  const verdict = byRights(rights, needs);
  const { membership, tokenRole, restrictions } = rights;
  if (verdict.state !== "fails" || !membership || restrictions.length > 0) return verdict;
  if (tokenRole === "fineGrained") {
    return unknown(
      `The token does not have the permission ${needs.permission} in the whole organization. It may have it for some repositories.`,
    );
  }
  if (tokenRole === "read" && !needs.readOnly) return verdict;
  return unknown(
    `With your role, it works only for your own repositories, and in resource groups that give you the role ${needs.role}.`,
  );
}

/** Decides for what needs a token that sees the whole organization. A fine-grained token may not. */
export function forAdministrators(rights: Rights, needs: Needs): Verdict {
  const verdict = byRights(rights, needs);
  if (rights.tokenRole !== "fineGrained" || !rights.membership || rights.restrictions.length > 0) {
    return verdict;
  }
  return fails(
    "A fine-grained token may not see everything. Use an administrator's token with the role write.",
  );
}

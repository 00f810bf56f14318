import { type RepoPermission, type ServiceAccountPermission } from "../client/types";
import { sameSet } from "../model/plain";
import { type Facet, ordered, reconcile, reconcileSet } from "./reconcile";

/** The permissions of a service account's token, by the Hub's names. */
export const PERMISSIONS = [
  "repo.content.read",
  "repo.write",
  "inference.serverless.write",
  "inference.endpoints.infer.write",
  "inference.endpoints.write",
  "org.read",
  "org.write",
  "collection.read",
  "collection.write",
  "resourceGroup.write",
  "job.write",
  "org.serviceAccounts.read",
  "org.serviceAccounts.write",
  "org.auditLog.write",
] as const satisfies readonly ServiceAccountPermission[];

/** A permission of a service account's token. */
export type Permission = ServiceAccountPermission;

/** The permissions of a token in the repositories that it lists. */
export const REPO_PERMISSIONS = [
  "repo.content.read",
  "repo.write",
] as const satisfies readonly RepoPermission[];

/** Ready-made sets of permissions for common tasks. Each has only the permissions that the task needs. */
export const permissionSets = {
  /** Read all repositories of the organization. */
  readRepositories: ["repo.content.read"],
  /** Read and write all repositories of the organization, for example in a build pipeline. */
  writeRepositories: ["repo.content.read", "repo.write"],
  /** Call serverless inference and the organization's inference endpoints. */
  runInference: ["inference.serverless.write", "inference.endpoints.infer.write"],
  /** Start jobs that read repositories. */
  runJobs: ["repo.content.read", "job.write"],
  /** Export the audit log. The Hub has no smaller permission for this. */
  readAuditLog: ["org.auditLog.write"],
  /** Read the organization, its members and its service accounts, without changing them. */
  reviewOrganization: ["org.read", "org.serviceAccounts.read"],
} as const satisfies Record<string, readonly Permission[]>;

/** The access of a service account's token, as sets. */
export interface TokenReach {
  permissions: readonly string[];
  repoPermissions: readonly string[];
  repoIds: readonly string[];
  /** An empty list means any endpoint. */
  endpointPatterns: readonly string[];
  skipNetworkSecurity: boolean;
}

/** A token's reach as the Hub shows it: it may omit whether the token is exempt from the network rules. */
export type SeenReach = Omit<TokenReach, "skipNetworkSecurity"> & { skipNetworkSecurity?: boolean };

/** The reach that the Hub shows, completed by the value that was last sent. */
export function wholeReach(seen: SeenReach, sent?: TokenReach): TokenReach {
  return {
    ...seen,
    skipNetworkSecurity: seen.skipNetworkSecurity ?? sent?.skipNetworkSecurity ?? false,
  };
}

/** The arguments for a service account token's access, except `repos`. */
export interface ReachArguments {
  permissions?: string[];
  repoPermissions?: string[];
  endpointPatterns?: string[];
  skipNetworkSecurity?: boolean;
}

/** The reach that the arguments declare; `undefined` for a user's own token, which has a role instead. */
export function wantedReach(
  inputs: ReachArguments & { organization?: string },
  repoIds: readonly string[] | undefined,
): TokenReach | undefined {
  if (inputs.organization === undefined) return undefined;
  return {
    permissions: inputs.permissions ?? [],
    repoPermissions: inputs.repoPermissions ?? [],
    repoIds: repoIds ?? [],
    endpointPatterns: inputs.endpointPatterns ?? [],
    skipNetworkSecurity: inputs.skipNetworkSecurity ?? false,
  };
}

/** Replaces the id of a name that now leads to a different repository from the one that was declared. */
export const ANOTHER = "";

/** The ids of the repositories in `repos`; a name without a known id stays a name. */
export function idsOf(
  repos: readonly string[] | undefined,
  resolved: Readonly<Record<string, string>> = {},
): string[] | undefined {
  return repos?.map((repo) => resolved[repo] ?? repo).filter((repoId) => repoId !== ANOTHER);
}

/** The arguments that describe the actual reach. Values that mean the same keep the program's notation. */
export function argumentsFor(
  actual: TokenReach,
  declared: ReachArguments & { repos?: string[] },
  resolved: Readonly<Record<string, string>> = {},
): ReachArguments & { repos?: string[] } {
  const list = (words: string[] | undefined, observed: readonly string[]): string[] | undefined =>
    sameSet(words, observed) ? words : [...observed].sort();
  const nameOf = new Map(Object.entries(resolved).map(([name, repoId]) => [repoId, name]));
  return {
    permissions: list(declared.permissions, actual.permissions),
    repoPermissions: list(declared.repoPermissions, actual.repoPermissions),
    endpointPatterns: list(declared.endpointPatterns, actual.endpointPatterns),
    skipNetworkSecurity:
      (declared.skipNetworkSecurity ?? false) === actual.skipNetworkSecurity
        ? declared.skipNetworkSecurity
        : actual.skipNetworkSecurity,
    repos: sameSet(idsOf(declared.repos, resolved), actual.repoIds)
      ? declared.repos
      : [...actual.repoIds].sort().map((repoId) => nameOf.get(repoId) ?? repoId),
  };
}

/** The parts in which two reaches differ. */
export function differingReach(left: TokenReach, right: TokenReach): ReachPart[] {
  const lists = [...SET_PARTS, "endpointPatterns"] as const;
  return [
    ...lists.filter((part) => !sameSet(left[part], right[part])),
    ...(left.skipNetworkSecurity === right.skipNetworkSecurity ? [] : (["skipNetworkSecurity"] as const)),
  ];
}

/** The same reach with sorted lists, so that it can be serialized and compared. */
export function inOrder(reach: TokenReach): TokenReach {
  const { permissions, repoPermissions, repoIds, endpointPatterns, skipNetworkSecurity } = reach;
  return {
    permissions: [...permissions].sort(),
    repoPermissions: [...repoPermissions].sort(),
    repoIds: [...repoIds].sort(),
    endpointPatterns: [...endpointPatterns].sort(),
    skipNetworkSecurity,
  };
}

/** Whether two reaches are the same, in any order. */
export function sameReach(left: TokenReach, right: TokenReach): boolean {
  return differingReach(left, right).length === 0;
}

/** What is known about a token's reach at the time of the decision. */
export interface ReachSituation {
  declared: TokenReach;
  /** What this resource last applied; `undefined` if nothing counts as applied. */
  applied: TokenReach | undefined;
  /** What the Hub has, or last showed. */
  observed: TokenReach;
  /** Whether a new value of `rotationTriggers` allows reverting the Hub's values. */
  speaks: boolean;
}

/** The decision about a token's reach. */
export interface ReachVerdict {
  /** The declared reach without the refused parts. */
  reach: TokenReach;
  /** The parts that someone narrowed on the Hub and that are not widened again. */
  withheld: ReachPart[];
  /** The withheld parts for which no value expresses what both the Hub and the program allow. */
  inexpressible: ReachPart[];
  /** What counts as applied after `reach` is sent. */
  applied: TokenReach;
  /** What counts as applied if the token is only narrowed to what both allow. */
  appliedIfNarrowed: TokenReach;
}

/** A part of a token's reach. */
export type ReachPart = keyof TokenReach;

const SET_PARTS = ["permissions", "repoPermissions", "repoIds"] as const;

/** One facet for the whole list, because an empty list means any endpoint. */
export const ENDPOINTS: Facet<readonly string[]> = {
  equals: sameSet,
  meet(left, right) {
    if (left.length === 0) return right;
    if (right.length === 0) return left;
    const both = left.filter((pattern) => right.includes(pattern));
    return both.length > 0 ? both : undefined;
  },
};

const EXEMPTION = ordered([false, true]);

/** Decides about each facet of a token's reach. */
export function reconcileReach(situation: ReachSituation): ReachVerdict {
  const { declared, observed, applied, speaks } = situation;
  const both = narrowed(observed, declared);
  const verdict: ReachVerdict = {
    reach: { ...declared },
    withheld: [],
    inexpressible: [],
    applied: { ...declared },
    appliedIfNarrowed: { ...both },
  };
  for (const part of SET_PARTS) {
    const { send, refused } = reconcileSet({
      declared: declared[part],
      applied: applied?.[part],
      observed: observed[part],
      speaks,
    });
    verdict.reach[part] = inWordsOf(declared[part], send ?? observed[part]);
    // A refused element stays applied, so that it stays refused.
    verdict.appliedIfNarrowed[part] = declared[part].filter(
      (element) => both[part].includes(element) || refused.includes(element),
    );
    if (refused.length > 0) verdict.withheld.push(part);
  }
  const whole = <P extends "endpointPatterns" | "skipNetworkSecurity">(
    part: P,
    facet: Facet<TokenReach[P]>,
  ): void => {
    const { refused, send, inexpressible } = reconcile<TokenReach[P]>(facet, {
      declared: declared[part],
      applied: applied?.[part],
      possible: [observed[part]],
      speaks,
    });
    if (!refused) return;
    verdict.reach[part] = send ?? observed[part];
    verdict.applied[part] = verdict.appliedIfNarrowed[part] = applied?.[part] ?? declared[part];
    verdict.withheld.push(part);
    if (inexpressible) verdict.inexpressible.push(part);
  };
  whole("endpointPatterns", ENDPOINTS);
  whole("skipNetworkSecurity", EXEMPTION);
  return verdict;
}

/** What both allow: the reach of a token that is only narrowed. Endpoint patterns stay unchanged if they have none in common. */
export function narrowed(actual: TokenReach, wanted: TokenReach): TokenReach {
  const both = (part: (typeof SET_PARTS)[number]): string[] =>
    actual[part].filter((item) => wanted[part].includes(item));
  return {
    permissions: both("permissions"),
    repoPermissions: both("repoPermissions"),
    repoIds: both("repoIds"),
    endpointPatterns:
      ENDPOINTS.meet(actual.endpointPatterns, wanted.endpointPatterns) ?? actual.endpointPatterns,
    skipNetworkSecurity: actual.skipNetworkSecurity && wanted.skipNetworkSecurity,
  };
}

/** Whether a token has access that is not wanted and that narrowing can remove. */
export function reachesBeyond(actual: TokenReach, wanted: TokenReach): boolean {
  return !sameReach(narrowed(actual, wanted), actual);
}

/** What counts as applied if a change arrives as sent. Values that the change does not touch do not count: someone else may have set them. */
export function appliedIf(sent: TokenReach, before: TokenReach, applied: TokenReach): TokenReach {
  return overlaid(applied, sent, before, (isSame) => !isSame);
}

/** What counts as applied after a change whose response was lost: the parts that the Hub shows as changed. */
export function appliedAfter(tried: TokenReach, applied: TokenReach, observed: TokenReach): TokenReach {
  return overlaid(applied, tried, observed, (isSame) => isSame);
}

/** `applied`, with the values of `sent` for each facet that counts. */
function overlaid(
  applied: TokenReach,
  sent: TokenReach,
  other: TokenReach,
  counts: (isSame: boolean) => boolean,
): TokenReach {
  const source = (isSame: boolean): TokenReach => (counts(isSame) ? sent : applied);
  const set = (part: (typeof SET_PARTS)[number]): string[] =>
    [...new Set([...applied[part], ...sent[part]])].filter((element) =>
      source(sent[part].includes(element) === other[part].includes(element))[part].includes(element),
    );
  return {
    permissions: set("permissions"),
    repoPermissions: set("repoPermissions"),
    repoIds: set("repoIds"),
    endpointPatterns: source(sameSet(sent.endpointPatterns, other.endpointPatterns)).endpointPatterns,
    skipNetworkSecurity: source(sent.skipNetworkSecurity === other.skipNetworkSecurity).skipNetworkSecurity,
  };
}

function inWordsOf(declared: readonly string[], set: readonly string[]): readonly string[] {
  return sameSet(declared, set) ? declared : set;
}

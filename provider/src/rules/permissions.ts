import { type RepoPermission, type ServiceAccountPermission } from "../client/types";
import { sameSet } from "../model/plain";

/** What a service account's token may do; the Hub's own names. */
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

/** What a token may do in the repositories that it names. */
export const REPO_PERMISSIONS = [
  "repo.content.read",
  "repo.write",
] as const satisfies readonly RepoPermission[];

/** Sets of permissions for common work, each as small as the work allows. */
export const permissionSets = {
  /** Reading all repositories of the organization. */
  readRepositories: ["repo.content.read"],
  /** Reading and writing all repositories of the organization, as a build pipeline does. */
  writeRepositories: ["repo.content.read", "repo.write"],
  /** Calling inference: serverless and the organization's endpoints. */
  runInference: ["inference.serverless.write", "inference.endpoints.infer.write"],
  /** Starting jobs that read repositories. */
  runJobs: ["repo.content.read", "job.write"],
  /** Exporting the audit log. The Hub has no smaller permission for it. */
  readAuditLog: ["org.auditLog.write"],
  /** Seeing the organization, its members and its service accounts, without changing them. */
  reviewOrganization: ["org.read", "org.serviceAccounts.read"],
} as const satisfies Record<string, readonly Permission[]>;

/** What a service account's token can do, as sets. */
export interface TokenReach {
  permissions: readonly string[];
  repoPermissions: readonly string[];
  repoIds: readonly string[];
  /** No pattern at all means any endpoint. */
  endpointPatterns: readonly string[];
  skipNetworkSecurity: boolean;
}

/** What the Hub shows of a token's reach: it may leave out whether the token is exempt from the network's rules. */
export type SeenReach = Omit<TokenReach, "skipNetworkSecurity"> & { skipNetworkSecurity?: boolean };

/** What the Hub shows, and for what it leaves out, what was last sent. */
export function wholeReach(seen: SeenReach, sent?: TokenReach): TokenReach {
  return {
    ...seen,
    skipNetworkSecurity: seen.skipNetworkSecurity ?? sent?.skipNetworkSecurity ?? false,
  };
}

/** How a program says what a service account's token can do, beside the repositories. */
export interface ReachArguments {
  permissions?: string[];
  repoPermissions?: string[];
  endpointPatterns?: string[];
  skipNetworkSecurity?: boolean;
}

/** What the arguments ask for; `undefined` for a user's own token, which has a role instead. */
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

/** The arguments that say what the token can do, in the words of the program where they mean the same. */
export function argumentsFor(
  actual: TokenReach,
  declared: ReachArguments & { repos?: string[]; repoIds?: string[] },
): ReachArguments & { repos?: string[]; repoIds?: string[] } {
  const list = (words: string[] | undefined, observed: readonly string[]): string[] | undefined =>
    sameSet(words, observed) ? words : [...observed].sort();
  const nameOf = new Map(
    (declared.repoIds ?? []).map((repoId, index) => [repoId, declared.repos?.[index] ?? repoId]),
  );
  const observedIds = [...actual.repoIds].sort();
  return {
    permissions: list(declared.permissions, actual.permissions),
    repoPermissions: list(declared.repoPermissions, actual.repoPermissions),
    endpointPatterns: list(declared.endpointPatterns, actual.endpointPatterns),
    skipNetworkSecurity:
      (declared.skipNetworkSecurity ?? false) === actual.skipNetworkSecurity
        ? declared.skipNetworkSecurity
        : actual.skipNetworkSecurity,
    ...(!sameSet(declared.repoIds, actual.repoIds) && {
      repos: observedIds.map((repoId) => nameOf.get(repoId) ?? repoId),
      repoIds: observedIds,
    }),
  };
}

/** The parts in which two reaches differ. */
export function differingReach(left: TokenReach, right: TokenReach): (keyof TokenReach)[] {
  const lists = ["permissions", "repoPermissions", "repoIds", "endpointPatterns"] as const;
  return [
    ...lists.filter((part) => !sameSet(left[part], right[part])),
    ...(left.skipNetworkSecurity === right.skipNetworkSecurity ? [] : (["skipNetworkSecurity"] as const)),
  ];
}

/** Whether two reaches are the same, in whatever order. */
export function sameReach(left: TokenReach, right: TokenReach): boolean {
  return differingReach(left, right).length === 0;
}

/** The parts in which `wanted` reaches further than `actual`. */
export function widenedParts(wanted: TokenReach, actual: TokenReach): (keyof TokenReach)[] {
  const adds = (part: "permissions" | "repoPermissions" | "repoIds"): boolean =>
    wanted[part].some((item) => !actual[part].includes(item));
  const parts: (keyof TokenReach)[] = [];
  if (adds("permissions")) parts.push("permissions");
  if (adds("repoPermissions")) parts.push("repoPermissions");
  if (adds("repoIds")) parts.push("repoIds");
  if (endpointsWiden(wanted.endpointPatterns, actual.endpointPatterns)) parts.push("endpointPatterns");
  if (wanted.skipNetworkSecurity && !actual.skipNetworkSecurity) parts.push("skipNetworkSecurity");
  return parts;
}

function endpointsWiden(wanted: readonly string[], actual: readonly string[]): boolean {
  if (actual.length === 0) return false;
  return wanted.length === 0 || wanted.some((pattern) => !actual.includes(pattern));
}

/**
 * The parts in which `wanted` takes back what somebody has narrowed: it reaches further than `actual` with something that
 * `applied` held already. What the program has only just added is none of it.
 */
export function undoneParts(
  wanted: TokenReach,
  actual: TokenReach,
  applied: TokenReach | undefined,
): (keyof TokenReach)[] {
  if (!applied) return [];
  return widenedParts(wanted, actual).filter((part) => {
    switch (part) {
      case "skipNetworkSecurity":
        return applied.skipNetworkSecurity;
      case "endpointPatterns":
        // A list that is empty holds everything, so it is taken back as a whole.
        return wanted.endpointPatterns.length === 0
          ? applied.endpointPatterns.length === 0
          : wanted.endpointPatterns.some(
              (pattern) =>
                !actual.endpointPatterns.includes(pattern) && applied.endpointPatterns.includes(pattern),
            );
      default:
        return wanted[part].some((item) => !actual[part].includes(item) && applied[part].includes(item));
    }
  });
}

/** What both allow: how far a token reaches that is to be narrowed to `wanted` and widened nowhere. */
export function narrowed(actual: TokenReach, wanted: TokenReach): TokenReach {
  const both = (part: "permissions" | "repoPermissions" | "repoIds"): string[] =>
    actual[part].filter((item) => wanted[part].includes(item));
  const patterns = actual.endpointPatterns.filter((pattern) => wanted.endpointPatterns.includes(pattern));
  return {
    permissions: both("permissions"),
    repoPermissions: both("repoPermissions"),
    repoIds: both("repoIds"),
    endpointPatterns:
      actual.endpointPatterns.length === 0
        ? wanted.endpointPatterns
        : // No pattern in common must not become no pattern at all, which is any endpoint.
          patterns.length > 0
          ? patterns
          : actual.endpointPatterns,
    skipNetworkSecurity: actual.skipNetworkSecurity && wanted.skipNetworkSecurity,
  };
}

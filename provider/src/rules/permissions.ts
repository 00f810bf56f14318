import { type RepoPermission, type ServiceAccountPermission } from "../client/types";
import { sameSet } from "../model/plain";
import { type Facet, ordered, reconcile, reconcileSet } from "./reconcile";

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

/** In place of the id of a name that leads to another repository than the one that was declared. */
export const ANOTHER = "";

/** The ids that `repos` stands for; a name without a known id stands for itself. */
export function idsOf(
  repos: readonly string[] | undefined,
  resolved: Readonly<Record<string, string>> = {},
): string[] | undefined {
  return repos?.map((repo) => resolved[repo] ?? repo).filter((repoId) => repoId !== ANOTHER);
}

/** The arguments that say what the token can do, in the words of the program where they mean the same. */
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

/** The same reach with its lists in one order, for a text of it. */
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

/** Whether two reaches are the same, in whatever order. */
export function sameReach(left: TokenReach, right: TokenReach): boolean {
  return differingReach(left, right).length === 0;
}

/** What is known of a token's reach when it is decided. */
export interface ReachSituation {
  declared: TokenReach;
  /** What the library last brought about; `undefined` if nothing counts as that. */
  applied: TokenReach | undefined;
  /** What the Hub holds, or last showed. */
  observed: TokenReach;
  /** Whether a rotation trigger speaks for what the Hub holds. */
  speaks: boolean;
}

/** What a run does about a token's reach. */
export interface ReachVerdict {
  /** What is declared, except what is refused. */
  reach: TokenReach;
  /** The parts that someone narrowed on the Hub and that are not widened again. */
  withheld: ReachPart[];
  /** Those of them in which nothing expresses what both the Hub and the program allow. */
  inexpressible: ReachPart[];
  /** What counts as applied once `reach` is sent. */
  applied: TokenReach;
  /** What counts as applied if the token is only narrowed to what both allow. */
  appliedIfNarrowed: TokenReach;
}

/** A part of a token's reach. */
export type ReachPart = keyof TokenReach;

const SET_PARTS = ["permissions", "repoPermissions", "repoIds"] as const;

/** One facet, because no pattern at all means any endpoint. */
const ENDPOINTS: Facet<readonly string[]> = {
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
    // What is refused stays applied, so that it stays refused.
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

/** What both allow, except endpoints that have no pattern in common: how far a token may reach that is only narrowed. */
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

/** Whether a token can do something that it is not wanted to be able to do, and that it can be kept from. */
export function reachesBeyond(actual: TokenReach, wanted: TokenReach): boolean {
  return !sameReach(narrowed(actual, wanted), actual);
}

/** What counts as applied if a change arrives as it was sent. What it leaves as it was before says nothing: someone may have done that. */
export function appliedIf(sent: TokenReach, before: TokenReach, applied: TokenReach): TokenReach {
  return overlaid(applied, sent, before, (isSame) => !isSame);
}

/** What counts as applied once the Hub shows what became of a change whose answer was lost: what arrived of it. */
export function appliedAfter(tried: TokenReach, applied: TokenReach, observed: TokenReach): TokenReach {
  return overlaid(applied, tried, observed, (isSame) => isSame);
}

/** `applied`, with what `sent` says of each facet that counts. */
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

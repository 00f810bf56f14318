// The view of a repository that the Hub shows to these credentials.
import { type HubClient } from "../client";
import {
  type Gated,
  type OrgRepository,
  type RepoInfo,
  VISIBILITIES,
  type Visibility,
} from "../client/types";
import { LifecycleError } from "../model/definition";
import { sameName } from "../model/plain";
import { type RepoAddress } from "../model/repoAddress";
import { canBeGated, GATES, possibleVisibilities } from "../rules/visibility";
import { isGoneFromFullView } from "./absence";
import { identityOfRepo, ifAllowed, listedRepo, MovedError, nameOf, namespaceOf } from "./repository";

/** The values that the Hub may have. A list has one value if it can be seen exactly. */
export interface View {
  /** From the narrowest to the widest. */
  visibilities: readonly Visibility[];
  /** Absent if the gate was not requested. */
  gates?: readonly Gated[] | undefined;
}

/** The result of a read from the Hub. */
export interface Observation extends View {
  /** Absent if the Hub does not show it. */
  identity?: string | undefined;
}

/** The only possible value; `undefined` if there are several. */
export function exactly<V>(possible: readonly V[] | undefined): V | undefined {
  return possible?.length === 1 ? possible[0] : undefined;
}

/** What to read in addition to the visibility. */
export interface Questions {
  /** Whether the gate is needed. No listing contains it. */
  gate: boolean;
  /** Whether to request the repository itself, in addition to the listings, which all reads share. */
  repository: boolean;
}

/** The current view of the repository; `undefined` if it certainly does not exist. */
export async function observe(
  client: HubClient,
  { repo, repoType }: RepoAddress,
  { gate, repository }: Questions,
): Promise<Observation | undefined> {
  const address = { repo, repoType };
  const needsGate = gate && canBeGated(repoType);
  const ask = (): Promise<RepoInfo> => client.getRepo(repo, repoType);
  // Both requests run at the same time, because each takes a while.
  const early = needsGate || repository ? ask() : undefined;
  const [listed] = await Promise.all([listedVisibility(client, address), early?.catch(() => undefined)]);
  if (listed && !early) return { visibilities: [listed], identity: await listedIdentity(client, address) };
  const info = await (early ?? ask()).catch(async (error: unknown) => {
    if (listed || !(await isGoneFromFullView(error, client, namespaceOf(repo)))) throw error;
  });
  if (!info) return undefined;
  if (!sameName(info.id, repo)) throw new MovedError(`${repoType} ${repo}`, "repo", info.id);
  const told = info.visibility ? [info.visibility] : possibleVisibilities(repoType, info.private);
  // guard: contradicting-answers
  const possible = listed === undefined ? told : told.includes(listed) ? [listed] : [listed, ...told];
  return {
    visibilities: VISIBILITIES.filter((each) => possible.includes(each)),
    ...(needsGate && { gates: info.gated === undefined ? GATES : [info.gated] }),
    identity: identityOfRepo(address, info),
  };
}

/** The identity from a listing that the reads of a refresh share; `undefined` if it does not show it. */
async function listedIdentity(client: HubClient, address: RepoAddress): Promise<string | undefined> {
  const found = await listedRepo(client, address);
  return found && identityOfRepo(address, found);
}

/** The visibility from the organization's listing, the only response with all visibilities; `undefined` if it does not show it. */
async function listedVisibility(
  client: HubClient,
  { repo, repoType }: RepoAddress,
): Promise<Visibility | undefined> {
  const listing = await ifAllowed<OrgRepository[]>(() =>
    client.listRepositories(namespaceOf(repo), { search: nameOf(repo), type: repoType }),
  );
  const entry = listing?.find(({ id, type }) => type === repoType && sameName(id, repo));
  return entry && visibilityFrom(entry.visibility, repo);
}

/** @throws LifecycleError for a visibility that this release does not know */
export function visibilityFrom(text: string, repo: string): Visibility {
  const visibility = VISIBILITIES.find((each) => each === text);
  if (visibility) return visibility;
  throw new LifecycleError(
    `${repo} has the visibility "${text}" on the Hub, which this release does not know. Install a later release.`,
  );
}

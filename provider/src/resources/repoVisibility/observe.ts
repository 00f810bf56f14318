// The view of a repository that the Hub shows to these credentials.
import { type HubClient } from "../../client";
import { statusOf } from "../../client/errors";
import {
  type AuthoredRepo,
  type OrgRepository,
  type RepoInfo,
  VISIBILITIES,
  type Visibility,
} from "../../client/types";
import { isGoneFromFullView } from "../../hub/absence";
import { MovedError } from "../../hub/movedRepository";
import { LifecycleError } from "../../model/definition";
import { secondOf } from "../../rules/moment";
import { canBeGated, GATES, possibleVisibilities } from "../../rules/visibility";
import { type RepoAddress, type RepoVisibilityInputs } from "./model";
import { type Observation } from "./view";

/** What to read in addition to the visibility. */
export interface Questions {
  /** Whether the gate is needed. No listing contains it. */
  gate: boolean;
  /** Whether to request the repository itself, in addition to the listings, which all reads share. */
  repository: boolean;
}

/** What a step needs to read that may change something. */
export function asking({ gated }: RepoVisibilityInputs): Questions {
  return { gate: gated !== undefined, repository: true };
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
  if (!isSameName(info.id, repo)) throw new MovedError(`${repoType} ${repo}`, "repo", info.id);
  const told = info.visibility ? [info.visibility] : possibleVisibilities(repoType, info.private);
  // guard: contradicting-answers
  const possible = listed === undefined ? told : told.includes(listed) ? [listed] : [listed, ...told];
  return {
    visibilities: VISIBILITIES.filter((each) => possible.includes(each)),
    ...(needsGate && { gates: info.gated === undefined ? GATES : [info.gated] }),
    identity: identityOf(address, info),
  };
}

/** The identity of a repository: its id, or the creation time of a bucket, which has no id. */
function identityOf({ repoType }: RepoAddress, { _id, createdAt }: AuthoredRepo): string | undefined {
  // guard: second-of-a-bucket
  return _id ?? (repoType === "bucket" ? createdAt && secondOf(createdAt) : undefined);
}

/** The identity from a listing that the reads of a refresh share; `undefined` if it does not show it. */
async function listedIdentity(
  client: HubClient,
  { repo, repoType }: RepoAddress,
): Promise<string | undefined> {
  const [namespace, search] = [namespaceOf(repo), nameOf(repo)];
  const listing = await ifAllowed(() =>
    repoType === "bucket"
      ? client.listBuckets(namespace, { search })
      : client.listReposOf(namespace, { type: repoType, search }),
  );
  const found = listing?.find(({ id }) => isSameName(id, repo));
  return found && identityOf({ repo, repoType }, found);
}

/** `undefined` if these credentials, or the organization's plan, do not allow it. */
async function ifAllowed<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if ([402, 403, 404].includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
}

/** The visibility from the organization's listing, the only response with all visibilities; `undefined` if it does not show it. */
async function listedVisibility(
  client: HubClient,
  { repo, repoType }: RepoAddress,
): Promise<Visibility | undefined> {
  const listing = await ifAllowed<OrgRepository[]>(() =>
    client.listRepositories(namespaceOf(repo), { search: nameOf(repo), type: repoType }),
  );
  const entry = listing?.find(({ id, type }) => type === repoType && isSameName(id, repo));
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

function namespaceOf(repo: string): string {
  return repo.split("/")[0] as string;
}

function nameOf(repo: string): string {
  return repo.slice(namespaceOf(repo).length + 1);
}

function isSameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

// The view of a repository that the Hub shows to these credentials.
import { type HubClient } from "../../client";
import { type OrgRepository, type RepoInfo, VISIBILITIES, type Visibility } from "../../client/types";
import { isGoneFromFullView } from "../../hub/absence";
import { identityOfRepo, ifAllowed, listedRepo, MovedError, namespaceOf, nameOf } from "../../hub/repository";
import { LifecycleError } from "../../model/definition";
import { sameName } from "../../model/plain";
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
  if (listed && !early) {
    const found = await listedRepo(client, address);
    return { visibilities: [listed], identity: found && identityOfRepo(address, found) };
  }
  const info = await (early ?? ask()).catch(async (error: unknown) => {
    if (listed || !(await isGoneFromFullView(error, client, namespaceOf(repo)))) throw error;
  });
  if (!info) return undefined;
  if (!sameName(info.id, repo)) throw new MovedError(address, info.id);
  const told = info.visibility ? [info.visibility] : possibleVisibilities(repoType, info.private);
  // guard: contradicting-answers
  const possible = listed === undefined ? told : told.includes(listed) ? [listed] : [listed, ...told];
  return {
    visibilities: VISIBILITIES.filter((each) => possible.includes(each)),
    ...(needsGate && { gates: info.gated === undefined ? GATES : [info.gated] }),
    identity: identityOfRepo(address, info),
  };
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

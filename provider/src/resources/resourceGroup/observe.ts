// The view of a resource group that the Hub shows to these credentials.
import { type HubClient, type ResourceGroupInfo } from "../../client";
import { isNotFound } from "../../client/errors";
import { ensureFullView } from "../../hub/absence";
import { sameName } from "../../model/plain";
import { splitMark } from "../../rules/mark";
import {
  kindOf,
  memberKey,
  NONE,
  type Names,
  repoKey,
  repositoriesIn,
  type View,
  viewOfGroup,
} from "./facets";
import { type Past } from "./decisions";
import { type ResourceGroupInputs } from "./model";

/** What the Hub has. */
export interface Observation extends View {
  group: ResourceGroupInfo;
  names: Names;
  /** The names of resource groups that have repositories which the program declares, by id. */
  others: Record<string, string>;
}

/** A resource group, and all resource groups that the Hub shows; `undefined` if it is certainly gone. */
export async function findGroup(
  client: HubClient,
  organization: string,
  groupId: string,
): Promise<{ group: ResourceGroupInfo | undefined; groups: ResourceGroupInfo[] }> {
  const groups = await client.listResourceGroups(organization);
  const listed = groups.find(({ id }) => id === groupId);
  // guard: missing-group
  return { group: listed ?? (await unlisted(client, organization, groupId)), groups };
}

/**
 * A resource group that a listing does not show.
 *
 * @throws LifecycleError if the token may not see all resource groups
 */
async function unlisted(
  client: HubClient,
  organization: string,
  groupId: string,
): Promise<ResourceGroupInfo | undefined> {
  try {
    return await client.getResourceGroup(organization, groupId);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const missing = { message: `The Hub does not show the resource group ${groupId} of ${organization}.` };
    await ensureFullView(client, organization, missing);
    return undefined;
  }
}

/**
 * What is known about the group, and about the places of repositories that the program declares. Repositories in another group of this
 * resource, such as one that is being replaced, count as being in none.
 *
 * @param groups - all resource groups that the Hub shows
 */
export function observationOf(
  group: ResourceGroupInfo,
  groups: readonly ResourceGroupInfo[],
  { inputs, past }: { inputs: Partial<ResourceGroupInputs>; past: Past & { seen?: View | undefined } },
): Observation {
  const own = viewOfGroup(group);
  const ours = ownIn(groups, inputs.owner);
  const wanted = new Set([
    ...(inputs.repositories ?? []).map(repoKey),
    ...Object.keys({ ...past.applied, ...past.seen?.facets }).filter((key) => kindOf(key) === "repository"),
  ]);
  const elsewhere = groups
    // guard: own-groups
    .filter(({ id }) => id !== group.id && id !== past.replaces && !ours.has(id))
    .flatMap((other) => repositoriesIn(other).map((each) => ({ key: repoKey(each), repo: each.repo, other })))
    .filter(({ key }) => wanted.has(key) && own.facets[key] === undefined);
  const declaredNames = [
    ...(inputs.members ?? []).map(({ user }) => [memberKey(user), user] as const),
    ...(inputs.repositories ?? []).map((each) => [repoKey(each), each.repo] as const),
  ];
  return {
    group,
    facets: { ...own.facets, ...Object.fromEntries(elsewhere.map(({ key, other }) => [key, other.id])) },
    people: own.people,
    names: {
      ...Object.fromEntries(declaredNames),
      ...Object.fromEntries(elsewhere.map(({ key, repo }) => [key, repo])),
      ...own.names,
    },
    others: Object.fromEntries(elsewhere.map(({ other }) => [other.id, other.name])),
  };
}

/** The ids of resource groups with this resource's mark. */
export function ownIn(groups: readonly ResourceGroupInfo[], owner: string | undefined): Set<string> {
  return new Set(
    groups
      .filter(({ description }) => owner !== undefined && splitMark(description ?? "").mark?.owner === owner)
      .map(({ id }) => id),
  );
}

/**
 * The ids of members that this program added earlier and that are no longer in the group, so that a reason does not add another person
 * who has taken the name.
 */
export async function peopleToReturn(
  client: HubClient,
  { organization, members = [] }: ResourceGroupInputs,
  { people }: Past,
  { facets }: View,
): Promise<View["people"]> {
  const absent = members.filter(({ user }) => {
    const key = memberKey(user);
    return (facets[key] ?? NONE) === NONE && people?.[key] !== undefined;
  });
  if (absent.length === 0) return {};
  const all = absent.length > 3 ? await client.listMembers(organization) : undefined;
  const found = await Promise.all(
    absent.map(async ({ user }) => {
      const members = all ?? (await client.listMembers(organization, { search: user }));
      return [memberKey(user), members.find((each) => sameName(each.user, user))?._id] as const;
    }),
  );
  return Object.fromEntries(found.flatMap(([key, id]) => (id === undefined ? [] : [[key, id]])));
}

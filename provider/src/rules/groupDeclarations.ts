// What the resources of one stack note in `declaredBy` about resource groups, and read there: the keys are only in this file.
import { type CheckFailure } from "../model/definition";
import { known } from "../model/unknown";

/** A list of a ResourceGroup that can be declared completely. */
export type ListName = "members" | "repositories";

/** The resource that manages single entries of each list. */
const ENTRY_TYPES = { members: "ResourceGroupMember", repositories: "RepoResourceGroup" } as const;

/** The key of a ResourceGroup that declares a complete list. */
export function completeListKey(list: ListName, groupId: string): string {
  return `ResourceGroup ${list} ${groupId}`;
}

/** The key of the resources that declare single entries of a list. */
export function entryKey(list: ListName, groupId: string): string {
  return `${ENTRY_TYPES[list]} ${groupId}`;
}

/** The key of a repository whose resource group this run stops to declare, so that the resource group may be deleted with it. */
export function groupedRepoKey({ repo, repoType }: { repo: string; repoType: string }): string {
  return `${ENTRY_TYPES.repositories} ${repoType}/${repo.toLowerCase()}`;
}

/** Why a member or a repository stays in a resource group whose single entry the program no longer declares. */
export const IN_LIST =
  "left unchanged on the Hub: a ResourceGroup of this stack now declares the complete list.";

/** Whether a resource of this stack declares the complete list of the resource group. */
export function isInList(list: ListName, groupId: string, declaredBy: ReadonlyMap<string, string>): boolean {
  return declaredBy.has(completeListKey(list, groupId));
}

/**
 * Refuses a member or a repository of a resource group whose complete list the stack also declares, and notes it for the check of that list.
 *
 * @param list - the list of a ResourceGroup that would contain it
 * @param declaredBy - the declarations of this run
 */
export function refuseBesideList(
  list: ListName,
  groupId: string,
  declaredBy: Map<string, string>,
): CheckFailure[] {
  if (known(groupId) === undefined) return [];
  declaredBy.set(entryKey(list, groupId), ENTRY_TYPES[list]);
  // guard: beside-the-list
  if (!isInList(list, groupId, declaredBy)) return [];
  return [
    {
      property: "groupId",
      reason:
        `a ResourceGroup of this stack declares all ${list} of ${groupId}. They would revert each other: add this one to its ${list} and remove ` +
        `this resource, or remove ${list} from the ResourceGroup`,
    },
  ];
}

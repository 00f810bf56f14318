import { type CheckFailure } from "../model/definition";
import { known } from "../model/unknown";
import { type Facet } from "./reconcile";

/**
 * The id of a repository's resource group, as a facet of the rule. `null`: no resource group, so all members of the organization have access,
 * which is looser than any resource group. Two resource groups have no order.
 */
export const GROUP_OF_REPO: Facet<string | null> = {
  equals: (left, right) => left === right,
  // guard: two-groups
  meet: (left, right) => (left === null || left === right ? right : right === null ? left : undefined),
};

/** A resource that declares one member or one repository of a resource group. */
interface ListedAlone {
  type: "ResourceGroupMember" | "RepoResourceGroup";
  /** The list of a ResourceGroup that would contain it. */
  list: "members" | "repositories";
  groupId: string;
}

/**
 * Refuses a member or a repository of a resource group whose complete list the stack also declares, and notes it for the check of that list.
 *
 * @param declaredBy - the declarations of this run
 */
export function refuseBesideList(
  { type, list, groupId }: ListedAlone,
  declaredBy: Map<string, string>,
): CheckFailure[] {
  if (known(groupId) === undefined) return [];
  declaredBy.set(`${type} ${groupId}`, type);
  // guard: beside-the-list
  if (!declaredBy.has(`ResourceGroup ${list} ${groupId}`)) return [];
  return [
    {
      property: "groupId",
      reason:
        `a ResourceGroup of this stack declares all ${list} of ${groupId}. They would revert each other: add this one to its ${list} and remove ` +
        `this resource, or remove ${list} from the ResourceGroup`,
    },
  ];
}

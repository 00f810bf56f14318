// Readers of the answers about resource groups.
import { boolean, filled, list, number, object, optional, type Reader, ShapeError, string } from "../shape";
import { type RepoGroup, type ResourceGroupInfo, type SPEND_LIMITS, type SpendLimits } from "../types";

const limits = object({
  total: optional(number),
  inferenceProviders: optional(number),
  spaces: optional(number),
  jobs: optional(number),
  endpoints: optional(number),
} satisfies Record<(typeof SPEND_LIMITS)[number], unknown>);

/** Without limits, the Hub may return an empty object, which means the same as none. */
const spendLimits: Reader<SpendLimits | undefined> = (value, where) => {
  const read = optional(limits)(value, where);
  return read && Object.keys(read).length > 0 ? read : undefined;
};

/** `GET /api/organizations/{org}/resource-groups/{id}`, and every change of a resource group */
export const readResourceGroup: Reader<ResourceGroupInfo> = (value, where) => {
  const group = object({
    id: filled,
    name: string,
    description: optional(string),
    autoJoin: optional(object({ enabled: boolean, role: optional(string), scope: optional(string) })),
    spendLimits,
    users: list(
      object({
        _id: filled,
        name: filled,
        fullname: optional(string),
        role: filled,
        addedBy: optional(string),
      }),
    ),
    resources: list(
      object({
        type: filled,
        name: optional(string),
        id: optional(string),
        title: optional(string),
        private: optional(boolean),
        addedBy: optional(string),
      }),
    ),
  })(value, where);
  // guard: group-without-role
  if (group.autoJoin?.enabled && group.autoJoin.role === undefined) {
    throw new ShapeError(`${where ? `${where}.` : ""}autoJoin is enabled but has no role`);
  }
  return group;
};

/** `GET /api/{models|datasets|spaces|buckets}/{namespace}/{name}/resource-group` */
export const readRepoGroup: Reader<RepoGroup> = object({
  id: filled,
  name: string,
  numUsers: optional(number),
});

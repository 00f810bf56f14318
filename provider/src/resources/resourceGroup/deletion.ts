// Deletes a resource group, unless it contains something that the stack does not declare.
import { type ResourceGroupInfo } from "../../client";
import { isNotFound } from "../../client/errors";
import { LifecycleError, type LifecycleContext } from "../../model/definition";
import { groupedRepoKey } from "../../rules/groupDeclarations";
import { othersIn, repoKey, repositoriesIn } from "./facets";
import { notEmpty, stillThere, THERE_AGAIN } from "./messages";
import { type ResourceGroupState } from "./model";
import { findGroup } from "./observe";

/** Deletes the group. Call it with the organization's lock. */
export async function deleteGroup(state: ResourceGroupState, context: LifecycleContext): Promise<void> {
  const { client, log } = context;
  const { organization, groupId, name, status, forceDestroy } = state;
  const { group } = await findGroup(client, organization, groupId);
  if (!group) return log.info("the resource group was already gone.");
  // guard: missing-group-and-there
  if (status === "missing") return log.warn(THERE_AGAIN);
  if (!forceDestroy) refuseToOpen(group, state, context);
  await client.deleteResourceGroup(organization, groupId).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  const groups = await client.listResourceGroups(organization);
  // guard: deleted-group
  if (groups.some(({ id }) => id === groupId)) throw new LifecycleError(stillThere(name));
}

/** @throws LifecycleError if the group contains something that the stack does not declare */
function refuseToOpen(
  group: ResourceGroupInfo,
  { applied, complete }: ResourceGroupState,
  { declaredBy }: LifecycleContext,
): void {
  const undeclared = repositoriesIn(group).filter((each) => {
    const key = repoKey(each);
    const isDeclared = complete?.includes("repositories") === true && applied[key] === group.id;
    return !isDeclared && !declaredBy.has(groupedRepoKey(each));
  });
  const others = othersIn(group);
  // guard: group-not-empty
  if (undeclared.length === 0 && others === 0) return;
  throw new LifecycleError(
    notEmpty(
      group.name,
      undeclared.map(({ repo, repoType }) => `${repoType} ${repo}`),
      others,
    ),
  );
}

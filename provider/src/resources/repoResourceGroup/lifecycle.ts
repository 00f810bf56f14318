import { type HubClient } from "../../client";
import { isNotFound } from "../../client/errors";
import { ensureFullView } from "../../hub/absence";
import { type ManagedValue } from "../../hub/managedValue/kind";
import { managing } from "../../hub/managedValue/lifecycle";
import { authorOfChange, changeKey } from "../../hub/outsideChange";
import { existingRepo, identityOfRepo, ifAllowed, listedRepo, namespaceOf } from "../../hub/repository";
import { LifecycleError, type ResourceDefinition } from "../../model/definition";
import { sameName } from "../../model/plain";
import { type RepoAddress } from "../../model/repoAddress";
import { groupedRepoKey, IN_LIST, isInList, refuseBesideList } from "../../rules/groupDeclarations";
import { GROUP_OF_REPO } from "../../rules/groups";
import {
  parseId,
  type RepoResourceGroupInputs,
  repoResourceGroupModel,
  type RepoResourceGroupState,
} from "./model";

const repoGroup: ManagedValue<RepoResourceGroupInputs, RepoResourceGroupState> = {
  model: repoResourceGroupModel,
  rule: {
    facet: GROUP_OF_REPO,
    declared: ({ groupId }) => groupId,
    // The members of the other resource group lose access, and other people get it.
    // guard: another-group
    mayAdopt: ({ acknowledgeOverwrite }) => acknowledgeOverwrite !== undefined,
  },
  words: {
    subject: ({ repo, repoType }) => `the resource group of ${repoType} ${repo}`,
    value: (groupId) => groupId ?? "none",
    keep: (groupId) => `Declare groupId: "${groupId ?? ""}"`,
    missing: noSuchRepository,
  },

  label: ({ repo, repoType }) => `of ${repoType && repoType !== "model" ? `${repoType} ` : ""}${repo ?? ""}`,
  id: ({ repo, repoType }) => `${repoType}/${repo}`,
  parseId,

  async observe({ repo = "", repoType = "model" }, { client }) {
    const address = { repo, repoType };
    const listed = await listedRepo(client, address);
    const shown = listed && identityOfRepo(address, listed);
    if (shown !== undefined) return { value: await groupOf(client, address), identity: shown };
    const info = await existingRepo(client, address);
    return info && { value: await groupOf(client, address), identity: identityOfRepo(address, info) };
  },

  // The answer describes the repository without its resource group, so the group is read afterwards.
  send: ({ repo, repoType, groupId }, _before, { client }) =>
    client.setRepoResourceGroup(repo, { repoType, groupId }),

  shown: ({ value }) => ({ groupId: value ?? undefined }),

  author: ({ repo, repoType }, _current, between, { client }) =>
    authorOfChange(client, namespaceOf(repo), changeKey.groupOf(repo, repoType), between),

  retains: ({ onDestroy }) => onDestroy === "retain",

  async end(state, { value }, { client, log }) {
    // guard: group-of-others
    if (value !== state.applied) {
      log.warn(`left in the resource group ${value ?? ""}, because this program did not put it there.`);
      return;
    }
    const { repo, repoType } = state;
    await client.setRepoResourceGroup(repo, { repoType, groupId: null });
    if ((await groupOf(client, state)) !== null) throw new LifecycleError(notTakenOut(state));
    log.info('removed the repository from its resource group (onDestroy is "remove").');
  },
};

const managed = managing(repoGroup);

/** The lifecycle of a repository's resource group, without Pulumi. */
export const repoResourceGroupDefinition: ResourceDefinition<
  RepoResourceGroupInputs,
  RepoResourceGroupState
> = {
  ...managed,
  check: ({ groupId }, _previous, { declaredBy }) => refuseBesideList("repositories", groupId, declaredBy),
  async delete(id, state, context) {
    noteDeleted(state, context.declaredBy);
    // guard: repository-in-list
    if (isInList("repositories", state.groupId, context.declaredBy)) return context.log.info(IN_LIST);
    await managed.delete(id, state, context);
  },
};

/** Notes that the program no longer declares the resource group of the repository, which a deletion of the resource group needs to know. */
function noteDeleted({ repo, repoType }: RepoAddress, declaredBy: Map<string, string>): void {
  declaredBy.set(groupedRepoKey({ repo, repoType }), "RepoResourceGroup");
}

/**
 * The id of the repository's resource group, or `null` if it is in none.
 *
 * @throws LifecycleError if the token may not see the resource group
 */
async function groupOf(client: HubClient, { repo, repoType }: RepoAddress): Promise<string | null> {
  const organization = namespaceOf(repo);
  // One listing for all repositories of the organization.
  const groups = await ifAllowed(() => client.listResourceGroups(organization));
  const listed = groups?.find(({ resources }) =>
    resources.some(({ type, name }) => type === repoType && sameName(name, repo)),
  );
  if (listed) return listed.id;
  try {
    return (await client.getRepoResourceGroup(repo, repoType)).id;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const missing = { message: `The Hub shows no resource group of ${repoType} ${repo}.` };
    // guard: group-may-be-hidden
    await ensureFullView(client, organization, missing, "it is in none or its resource group is only hidden");
    return null;
  }
}

function noSuchRepository({ repo, repoType }: RepoAddress): string {
  return (
    `${repoType} ${repo} does not exist on the Hub, so nothing was sent. Create it, or remove this resource from the program. A repository that ` +
    "later appears under this name in another resource group is not moved automatically."
  );
}

function notTakenOut({ repo, repoType }: RepoAddress): string {
  return (
    `The Hub accepted the removal of ${repoType} ${repo} from its resource group but did not make it. Run the command again; if that does not ` +
    "help, remove it on the Hub."
  );
}

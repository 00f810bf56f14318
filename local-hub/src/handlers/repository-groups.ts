import { forbidden, notFound } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { type RepoType, type ResourceGroup } from "../store/records.js";
import { repoName, setResourceGroup } from "../store/repositories.js";
import { requireChangeable, requirePlan, requirePrincipal, requireRepository } from "./access.js";
import { type RepoParams } from "./repositories.js";
import { describeGroup, isPrivate } from "./repository-answers.js";

export interface Assignment {
  resourceGroupId: string | null;
}

/** The requested group, or undefined for none. Throws 402, 403 or 404 if it cannot be assigned. */
export function requireGroup(
  call: Call,
  namespace: string,
  { resourceGroupId }: Assignment,
): ResourceGroup | undefined {
  const { store } = call;
  const organization = store.organizations.get(namespace);
  if (!organization)
    throw forbidden("Only repositories and collections of an organization can be in a resource group.");
  requirePlan(organization, "team");
  if (resourceGroupId === null) return undefined;
  const group = store.resourceGroups.get(resourceGroupId);
  if (group?.organization !== organization.name) throw notFound("Resource group not found");
  return group;
}

export function getRepositoryGroup(type: RepoType) {
  return (call: Call<RepoParams>): Answer => {
    const { store, params } = call;
    const repo = requireRepository(call, type, params.namespace, params.repo);
    requirePrincipal(call);
    const group = repo.resourceGroupId ? store.resourceGroups.get(repo.resourceGroupId) : undefined;
    if (!group) throw notFound("This repository is not in a resource group");
    return ok(describeGroup(group));
  };
}

/** The answer describes the repository, not the group. */
export function setRepositoryGroup(type: RepoType) {
  return (call: Call<RepoParams, unknown, Assignment>): Answer => {
    const { store, params, body, actor } = call;
    const repo = requireChangeable(call, type, params.namespace, params.repo);
    const group = requireGroup(call, repo.namespace, body);
    setResourceGroup(store, repo, group?.id ?? null, actor);
    return ok({ name: repoName(repo), type, private: isPrivate(repo), addedBy: actor.author.user });
  };
}

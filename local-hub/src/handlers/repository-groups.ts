import { forbidden, notFound } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { type Repository, type RepoType, type ResourceGroup } from "../store/records.js";
import { repoName, setResourceGroup } from "../store/repositories.js";
import {
  hasPermission,
  requireChangeable,
  requireGroupAdmin,
  requirePlan,
  requirePrincipal,
  requireRepository,
} from "./access.js";
import { type RepoParams } from "./repositories.js";
import { isPrivate, visibleGroupOf } from "./repository-answers.js";

export interface Assignment {
  resourceGroupId: string | null;
}

/** Returns the requested group, or undefined if none is requested. Throws 402, 403 or 404 if it cannot be assigned. */
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
    const { params } = call;
    const repo = requireRepository(call, type, params.namespace, params.repo);
    requirePrincipal(call);
    const group = visibleGroupOf(call, repo);
    if (!group) throw notFound("This repository is not in a resource group");
    return ok(group);
  };
}

/** A service account with `resourceGroup.write` can move any repository of its organization. */
function requireMovable(call: Call<RepoParams>, type: RepoType): Repository {
  const { store, principal } = call;
  const { namespace, repo: name } = call.params;
  const movesAny = hasPermission(principal, namespace, "resourceGroup.write");
  const repo = movesAny ? store.repository(`${namespace}/${name}`, type) : undefined;
  return repo ?? requireChangeable(call, type, namespace, name);
}

/** The answer describes the repository, not the group. */
export function setRepositoryGroup(type: RepoType) {
  return (call: Call<RepoParams, unknown, Assignment>): Answer => {
    const { store, body, actor } = call;
    const repo = requireMovable(call, type);
    const group = requireGroup(call, repo.namespace, body);
    requireGroupAdmin(call, repo.namespace, [repo.resourceGroupId, group?.id]);
    setResourceGroup(store, repo, group?.id ?? null, actor);
    return ok({ name: repoName(repo), type, private: isPrivate(repo), addedBy: actor.author.user });
  };
}

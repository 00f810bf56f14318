import { groupsAdvice, groupUsersAdvice, moveRepoAdvice, readRepoGroupAdvice } from "../advice";
import { invalidArgument } from "../arguments";
import { checkGroup, checkRole, checkUsers, enabledAutoJoin } from "../groupArguments";
import { idSegment, nameSegment, organizationPath, repoPath } from "../paths";
import { list } from "../shape";
import {
  type AutoJoin,
  type ConfigurableRepoType,
  type CreateResourceGroupOptions,
  type GroupMembership,
  type RepoGroup,
  type ResourceGroupInfo,
  type ResourceGroupUpdate,
} from "../types";
import { readRepoGroup, readResourceGroup } from "../wire/resourceGroups";
import { RepositoryOperations } from "./repositories";

/** The methods about resource groups, their members and their repositories. */
export abstract class ResourceGroupOperations extends RepositoryOperations {
  /**
   * Returns the resource groups of an organization that the token may see, with their members and resources.
   *
   * Endpoint: `GET /api/organizations/{org}/resource-groups`. It needs the Team plan or higher.
   */
  async listResourceGroups(organization: string): Promise<ResourceGroupInfo[]> {
    return this.requester.json(
      { method: "GET", path: groupsPath(organization), advice: groupsAdvice },
      list(readResourceGroup),
    );
  }

  /**
   * Returns a resource group with its members and resources.
   *
   * Endpoint: `GET /api/organizations/{org}/resource-groups/{id}`. It needs the Team plan or higher.
   *
   * @param organization - the name of the organization
   * @param groupId - the id of the resource group
   */
  async getResourceGroup(organization: string, groupId: string): Promise<ResourceGroupInfo> {
    return this.requester.json(
      { method: "GET", path: groupPath(organization, groupId), advice: groupsAdvice },
      readResourceGroup,
    );
  }

  /**
   * Creates a resource group.
   *
   * The client does not repeat the request if it may have arrived; the error then has `outcomeUnknown`.
   *
   * Endpoint: `POST /api/organizations/{org}/resource-groups`. It needs the Team plan or higher.
   */
  async createResourceGroup(
    organization: string,
    { name, description, users = [], repos = [], autoJoin }: CreateResourceGroupOptions,
  ): Promise<ResourceGroupInfo> {
    checkGroup({ name, description });
    checkUsers(users);
    for (const { name: repo, type } of repos) repoGroupPath(repo, type);
    return this.requester.json(
      {
        method: "POST",
        path: groupsPath(organization),
        body: { name, description, users, repos, ...(autoJoin && { autoJoin: enabledAutoJoin(autoJoin) }) },
        advice: groupUsersAdvice,
      },
      readResourceGroup,
    );
  }

  /**
   * Changes the name, the description or the spending limits of a resource group.
   *
   * Endpoint: `PATCH /api/organizations/{org}/resource-groups/{id}`. It needs the Team plan or higher; spending limits need the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param groupId - the id of the resource group
   * @param update - the fields to change; missing fields keep their values
   */
  async updateResourceGroup(
    organization: string,
    groupId: string,
    { name, description, spendLimits }: ResourceGroupUpdate,
  ): Promise<ResourceGroupInfo> {
    checkGroup({ name, description, spendLimits });
    return this.requester.json(
      {
        method: "PATCH",
        path: groupPath(organization, groupId),
        body: { name, description, spendLimits },
        advice: groupsAdvice,
      },
      readResourceGroup,
    );
  }

  /**
   * Sets how members join a resource group automatically.
   *
   * Enabling it also adds the present members of the organization. Disabling it removes no one.
   *
   * Endpoint: `POST /api/organizations/{org}/resource-groups/{id}/settings`. It needs the Team plan or higher.
   *
   * @param organization - the name of the organization
   * @param groupId - the id of the resource group
   * @param autoJoin - the role and the scope; `null` disables it
   */
  async setResourceGroupAutoJoin(
    organization: string,
    groupId: string,
    autoJoin: AutoJoin | null,
  ): Promise<ResourceGroupInfo> {
    return this.requester.json(
      {
        method: "POST",
        path: `${groupPath(organization, groupId)}/settings`,
        body: { autoJoin: autoJoin ? enabledAutoJoin(autoJoin) : { enabled: false } },
        repeatable: true,
        advice: groupUsersAdvice,
      },
      readResourceGroup,
    );
  }

  /**
   * Deletes a resource group. Its repositories stay, and all members of the organization get access to them according to their roles.
   *
   * Endpoint: `DELETE /api/organizations/{org}/resource-groups/{id}`. It needs the Team plan or higher.
   *
   * @param organization - the name of the organization
   * @param groupId - the id of the resource group
   */
  async deleteResourceGroup(organization: string, groupId: string): Promise<void> {
    await this.requester.send({
      method: "DELETE",
      path: groupPath(organization, groupId),
      advice: groupsAdvice,
    });
  }

  /**
   * Adds members of the organization to a resource group.
   *
   * The Hub refuses all of them if one is not a member of the organization or is already in the resource group. The client does not repeat
   * the request if it may have arrived; the error then has `outcomeUnknown`.
   *
   * Endpoint: `POST /api/organizations/{org}/resource-groups/{id}/users`. It needs the Team plan or higher.
   *
   * @param organization - the name of the organization
   * @param groupId - the id of the resource group
   * @param users - at least one user with a role
   */
  async addResourceGroupUsers(
    organization: string,
    groupId: string,
    users: readonly GroupMembership[],
  ): Promise<ResourceGroupInfo> {
    if (users.length === 0) return invalidArgument("addResourceGroupUsers needs at least one user.");
    checkUsers(users);
    return this.requester.json(
      {
        method: "POST",
        path: `${groupPath(organization, groupId)}/users`,
        body: { users },
        advice: groupUsersAdvice,
      },
      readResourceGroup,
    );
  }

  /**
   * Changes the role of a member in a resource group.
   *
   * Endpoint: `PATCH /api/organizations/{org}/resource-groups/{id}/users/{username}`. It needs the Team plan or higher.
   *
   * @param organization - the name of the organization
   * @param groupId - the id of the resource group
   * @param membership - the user and the new role
   */
  async updateResourceGroupUser(
    organization: string,
    groupId: string,
    { user, role }: GroupMembership,
  ): Promise<ResourceGroupInfo> {
    checkRole(role);
    return this.requester.json(
      {
        method: "PATCH",
        path: groupUserPath(organization, groupId, user),
        body: { role },
        advice: groupUsersAdvice,
      },
      readResourceGroup,
    );
  }

  /**
   * Removes a member from a resource group.
   *
   * Endpoint: `DELETE /api/organizations/{org}/resource-groups/{id}/users/{username}`. It needs the Team plan or higher.
   *
   * @param organization - the name of the organization
   * @param groupId - the id of the resource group
   * @param user - the user name
   */
  async removeResourceGroupUser(
    organization: string,
    groupId: string,
    user: string,
  ): Promise<ResourceGroupInfo> {
    const told = await this.requester.told(
      { method: "DELETE", path: groupUserPath(organization, groupId, user), advice: groupUsersAdvice },
      readResourceGroup,
    );
    // If an earlier attempt without an answer has removed the member, the last answer contains no resource group.
    return told ?? this.getResourceGroup(organization, groupId);
  }

  /**
   * Returns the resource group of a repository.
   *
   * Endpoint: `GET /api/{models|datasets|spaces|buckets}/{namespace}/{name}/resource-group`.
   *
   * @param repo - the full name: `namespace/name`
   * @param repoType - the type of the repository; default `model`
   * @throws HubError with status 404 if the repository is not in a resource group, or the token may not see it
   */
  async getRepoResourceGroup(repo: string, repoType: ConfigurableRepoType = "model"): Promise<RepoGroup> {
    return this.requester.json(
      { method: "GET", path: repoGroupPath(repo, repoType), advice: readRepoGroupAdvice },
      readRepoGroup,
    );
  }

  /**
   * Moves a repository into a resource group, or out of its resource group.
   *
   * Endpoint: `POST /api/{models|datasets|spaces|buckets}/{namespace}/{name}/resource-group`. It needs the Team plan or higher.
   *
   * @param repo - the full name: `namespace/name`
   * @param settings - the id of the resource group, or `null` for none; and the type of the repository (default `model`)
   */
  async setRepoResourceGroup(
    repo: string,
    { groupId, repoType = "model" }: { groupId: string | null; repoType?: ConfigurableRepoType },
  ): Promise<void> {
    // Here, the Hub accepts an id in lower case only.
    const resourceGroupId =
      groupId === null ? null : idSegment("The resource group's id", groupId).toLowerCase();
    await this.requester.send({
      method: "POST",
      path: repoGroupPath(repo, repoType),
      body: { resourceGroupId },
      // Moving it a second time changes nothing.
      repeatable: true,
      advice: moveRepoAdvice,
    });
  }
}

function groupsPath(organization: string): string {
  return `${organizationPath(organization)}/resource-groups`;
}

function groupPath(organization: string, groupId: string): string {
  return `${groupsPath(organization)}/${idSegment("The resource group's id", groupId)}`;
}

function groupUserPath(organization: string, groupId: string, user: string): string {
  return `${groupPath(organization, groupId)}/users/${nameSegment("The user", user)}`;
}

function repoGroupPath(repo: string, repoType: ConfigurableRepoType): string {
  const path = repoPath(repo, repoType);
  if ((repoType as string) === "kernel") {
    return invalidArgument("The Hub's API cannot put a kernel into a resource group.");
  }
  return `${path}/resource-group`;
}

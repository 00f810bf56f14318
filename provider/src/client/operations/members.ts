import { memberAdvice } from "../advice";
import { checkOptions, invalidArgument } from "../arguments";
import { checkRole } from "../groupArguments";
import { idSegment, nameSegment, organizationPath } from "../paths";
import { list } from "../shape";
import { type ListMembersOptions, type Member, type MemberRoleUpdate } from "../types";
import { readMember } from "../wire";
import { AccountOperations } from "./account";

/** The number of members to request in each page. */
const PAGE = 1000;

/** The methods about the members of an organization and their roles. */
export abstract class MemberOperations extends AccountOperations {
  /**
   * Returns all members of an organization.
   *
   * Endpoint: `GET /api/organizations/{org}/members`, all pages.
   */
  async listMembers(organization: string, options: ListMembersOptions = {}): Promise<Member[]> {
    checkOptions("a list of members", options, ["search", "email"]);
    const { search, email } = options;
    return this.requester.all(
      {
        method: "GET",
        path: `${organizationPath(organization)}/members`,
        query: { search, email, limit: PAGE },
      },
      list(readMember),
    );
  }

  /**
   * Changes the role of a member in an organization.
   *
   * The Hub removes the member from every resource group that the request leaves out. So `resourceGroups` is required: read the member's
   * present resource groups with {@link HubClient.listMembers} first.
   *
   * Endpoint: `PUT /api/organizations/{org}/members/{username}/role`. It needs a paid plan.
   *
   * @param organization - the name of the organization
   * @param user - the user name
   * @param update - the role, and all resource groups of the member with their roles
   */
  async updateMemberRole(
    organization: string,
    user: string,
    { role, resourceGroups }: MemberRoleUpdate,
  ): Promise<void> {
    checkRole(role);
    if (!Array.isArray(resourceGroups)) {
      return invalidArgument(
        "resourceGroups is required, because the Hub removes the member from every resource group that is left out.",
      );
    }
    const groups = resourceGroups.map((group) => ({
      id: idSegment("The resource group's id", group.id),
      role: checkRole(group.role),
    }));
    await this.requester.send({
      method: "PUT",
      path: `${organizationPath(organization)}/members/${nameSegment("The user", user)}/role`,
      body: { role, resourceGroups: groups },
      advice: memberAdvice,
    });
  }
}

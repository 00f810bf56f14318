import { checkOptions } from "../arguments";
import { checkCredentials } from "../limits";
import { idSegment, organizationPath } from "../paths";
import { list } from "../shape";
import { type ListMemberTokensOptions, type MemberToken } from "../types";
import { readMemberToken } from "../wire";
import { ServiceAccountOperations } from "./serviceAccounts";

/** The number of tokens to request in each page. */
const PAGE = 100;

/** The methods about members' tokens and leaked tokens. */
export abstract class MemberTokenOperations extends ServiceAccountOperations {
  /**
   * Returns the tokens of an organization's members, as the organization sees them, without their values.
   *
   * By default the Hub leaves out revoked tokens; see {@link ListMemberTokensOptions}.
   *
   * Endpoint: `GET /api/organizations/{org}/settings/tokens`, all pages. It needs the Team plan or higher.
   */
  async listMemberTokens(
    organization: string,
    options: ListMemberTokensOptions = {},
  ): Promise<MemberToken[]> {
    checkOptions("a list of members' tokens", options, ["query"]);
    return this.requester.all(
      {
        method: "GET",
        path: `${organizationPath(organization)}/settings/tokens`,
        query: { q: options.query, limit: PAGE },
      },
      list(readMemberToken),
    );
  }

  /**
   * Permanently revokes the access of a member's token to the organization.
   *
   * The Hub refuses this for the token that the client uses.
   *
   * Endpoint: `POST /api/organizations/{org}/settings/tokens/{id}/revoke`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param tokenId - the id (`_id`) of the token
   */
  async revokeMemberToken(organization: string, tokenId: string): Promise<void> {
    await this.requester.send({
      method: "POST",
      path: `${organizationPath(organization)}/settings/tokens/${idSegment("The token's id", tokenId)}/revoke`,
      // Revoking a revoked token changes nothing.
      repeatable: true,
    });
  }

  /**
   * Revokes leaked tokens of any user or service account.
   *
   * The Hub does not say which of the values were tokens. The request is sent without the client's token.
   *
   * Endpoint: `POST /api/credentials/revoke`.
   *
   * @param values - 1 to 1000 values of tokens, each with 1 to 200 characters
   */
  async revokeLeakedCredentials(values: string[]): Promise<void> {
    checkCredentials(values);
    await this.requester.send({
      method: "POST",
      path: "/api/credentials/revoke",
      body: { credentials: values },
      authenticated: false,
      repeatable: true,
      secrets: values,
    });
  }
}

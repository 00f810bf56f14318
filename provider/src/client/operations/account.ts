import { invalidArgument } from "../arguments";
import { hubError } from "../errors";
import { organizationPath } from "../paths";
import { ORG_ROLES, type OrgRole, type WhoAmI } from "../types";
import { readWhoAmI } from "../wire";
import { Operations } from "./operations";

/** The methods about the token's owner and its roles in organizations. */
export abstract class AccountOperations extends Operations {
  #whoami: Promise<WhoAmI> | undefined;

  /**
   * Returns the account that owns the token, and the organizations of that account.
   *
   * The client sends this request once and reuses the answer, because the Hub limits it strictly. A failure is not reused.
   *
   * Endpoint: `GET /api/whoami-v2`.
   */
  whoami(): Promise<WhoAmI> {
    this.#whoami ??= this.requester
      .json({ method: "GET", path: "/api/whoami-v2", separateRateLimit: true }, readWhoAmI)
      .catch((error: unknown) => {
        this.#whoami = undefined;
        throw error;
      });
    return this.#whoami;
  }

  /**
   * Returns the role of the token's owner in an organization, or `null` if the owner is not a member.
   *
   * It uses the answer of {@link HubClient.whoami}.
   *
   * @param organization - the name of the organization, in any case
   * @throws HubError with the code `invalid_response` if the Hub returns no role or an unknown role
   */
  async myOrgRole(organization: string): Promise<OrgRole | null> {
    organizationPath(organization);
    const { orgs } = await this.whoami();
    const found = orgs.find(({ name }) => name.toLowerCase() === organization.toLowerCase());
    if (!found) return null;
    const role = ORG_ROLES.find((each) => each === found.roleInOrg);
    if (role !== undefined) return role;
    const said =
      found.roleInOrg === undefined
        ? "returns no role"
        : `returns the unknown role "${found.roleInOrg.slice(0, 40)}"`;
    throw hubError({
      code: "invalid_response",
      what: `The Hub lists the organization ${organization}, but ${said} for it.`,
      method: "GET",
      path: "/api/whoami-v2",
      endpoint: this.endpoint,
      advice: `The known roles are ${ORG_ROLES.join(", ")}. Use a newer release of pulumi-huggingface; or, if the token is fine-grained, give it permission to read the organization.`,
    });
  }

  /**
   * Returns whether the token's owner has at least a given role in an organization.
   *
   * The roles in ascending order are `no_access`, `read`, `contributor`, `write` and `admin`. Returns `false` for non-members, also for
   * the role `no_access`. It uses the answer of {@link HubClient.whoami}.
   *
   * @param organization - the name of the organization, in any case
   * @param role - the lowest role that counts
   * @throws HubError with the code `invalid_response` if the Hub returns no role or an unknown role
   */
  async hasOrgRole(organization: string, role: OrgRole): Promise<boolean> {
    const wanted = ORG_ROLES.indexOf(role);
    if (wanted < 0) return invalidArgument(`role must be one of ${ORG_ROLES.join(", ")}.`);
    const actual = await this.myOrgRole(organization);
    return actual !== null && ORG_ROLES.indexOf(actual) >= wanted;
  }
}

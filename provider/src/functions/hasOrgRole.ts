import type * as pulumi from "@pulumi/pulumi";
import { type OrgRole } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns whether the token's owner has at least a given role in an organization.
 *
 * The roles in ascending order are `no_access`, `read`, `contributor`, `write` and `admin`. Returns `false` for non-members, also
 * for the role `no_access`.
 *
 * Endpoint: `GET /api/whoami-v2`.
 *
 * @param organization - the name of the organization, in any case
 * @param role - the lowest role that counts
 * @param options - the client to use
 * @throws HubError with the code `invalid_response` if the Hub returns no role or an unknown role; also if an argument is invalid,
 *   or if the Hub refuses the request or does not answer
 */
export function hasOrgRole(organization: string, role: OrgRole, options?: CallOptions): Promise<boolean> {
  return ask("hasOrgRole", { organization, role }, options);
}

/** The Output form of {@link hasOrgRole}: it accepts outputs as arguments, and `{ provider }` as an option. */
export function hasOrgRoleOutput(
  organization: pulumi.Input<string>,
  role: pulumi.Input<OrgRole>,
  options: OutputCallOptions = {},
): pulumi.Output<boolean> {
  return outputOf({ organization, role }, options, (args, call) =>
    hasOrgRole(args.organization, args.role, call),
  );
}

import type * as pulumi from "@pulumi/pulumi";
import { type OrgRole } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns the role of the token's owner in an organization, or `null` if the owner is not a member.
 *
 * Endpoint: `GET /api/whoami-v2`.
 *
 * @param organization - the name of the organization, in any case
 * @param options - the client to use
 * @throws HubError with the code `invalid_response` if the Hub returns no role or an unknown role; also if the Hub refuses the
 *   request or does not answer
 */
export function getMyOrgRole(organization: string, options?: CallOptions): Promise<OrgRole | null> {
  return ask("getMyOrgRole", { organization }, options);
}

/** The Output form of {@link getMyOrgRole}: it accepts outputs as arguments, and `{ provider }` as an option. */
export function getMyOrgRoleOutput(
  organization: pulumi.Input<string>,
  options: OutputCallOptions = {},
): pulumi.Output<OrgRole | null> {
  return outputOf(organization, options, getMyOrgRole);
}

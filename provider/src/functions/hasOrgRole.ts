import type * as pulumi from "@pulumi/pulumi";
import { type OrgRole } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Whether the credentials' owner has at least a role in an organization: no_access \< read \< contributor \< write \< admin
 * (Hub: `GET /api/whoami-v2`). No member has none.
 *
 * @throws HubError when the Hub refuses or does not answer
 */
export function hasOrgRole(organization: string, role: OrgRole, options?: CallOptions): Promise<boolean> {
  return ask("hasOrgRole", { organization, role }, options);
}

/** The Output form of {@link hasOrgRole}. */
export function hasOrgRoleOutput(
  organization: pulumi.Input<string>,
  role: pulumi.Input<OrgRole>,
  options: OutputCallOptions = {},
): pulumi.Output<boolean> {
  return outputOf({ organization, role }, options, (args, call) =>
    hasOrgRole(args.organization, args.role, call),
  );
}

import type * as pulumi from "@pulumi/pulumi";
import { type OrgRole } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * The role that the credentials' owner has in an organization, or `null` for no member (Hub: `GET /api/whoami-v2`).
 *
 * @throws HubError when the Hub refuses or does not answer
 */
export function getMyOrgRole(organization: string, options?: CallOptions): Promise<OrgRole | null> {
  return ask("getMyOrgRole", { organization }, options);
}

/** The Output form of {@link getMyOrgRole}. */
export function getMyOrgRoleOutput(
  organization: pulumi.Input<string>,
  options: OutputCallOptions = {},
): pulumi.Output<OrgRole | null> {
  return outputOf(organization, options, getMyOrgRole);
}

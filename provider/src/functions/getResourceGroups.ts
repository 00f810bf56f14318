import type * as pulumi from "@pulumi/pulumi";
import { type ResourceGroupInfo } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns the resource groups of an organization that the token may see, with their members and repositories.
 *
 * An administrator's token sees all of them. Other users see only the resource groups that they are in.
 *
 * Endpoint: `GET /api/organizations/{org}/resource-groups`. It needs the Team plan or higher.
 *
 * @param organization - the name of the organization
 * @param options - the client to use
 * @throws HubError if the Hub refuses the request or does not answer
 */
export function getResourceGroups(organization: string, options?: CallOptions): Promise<ResourceGroupInfo[]> {
  return ask("getResourceGroups", { organization }, options);
}

/** The Output form of {@link getResourceGroups}: it accepts outputs as arguments, and `{ provider }` as an option. */
export function getResourceGroupsOutput(
  organization: pulumi.Input<string>,
  options: OutputCallOptions = {},
): pulumi.Output<ResourceGroupInfo[]> {
  return outputOf(organization, options, getResourceGroups);
}

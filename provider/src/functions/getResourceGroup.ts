import type * as pulumi from "@pulumi/pulumi";
import { type ResourceGroupInfo } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns a resource group with its members and repositories.
 *
 * Endpoint: `GET /api/organizations/{org}/resource-groups/{id}`. It needs the Team plan or higher.
 *
 * @param organization - the name of the organization
 * @param groupId - the id of the resource group; {@link getResourceGroups} returns the ids
 * @param options - the client to use
 * @throws HubError with status 404 if there is no such resource group or the token may not see it; also if an argument is invalid, or
 *   if the Hub refuses the request or does not answer
 */
export function getResourceGroup(
  organization: string,
  groupId: string,
  options?: CallOptions,
): Promise<ResourceGroupInfo> {
  return ask("getResourceGroup", { organization, groupId }, options);
}

/** The Output form of {@link getResourceGroup}: it accepts outputs as arguments, and `{ provider }` as an option. */
export function getResourceGroupOutput(
  organization: pulumi.Input<string>,
  groupId: pulumi.Input<string>,
  options: OutputCallOptions = {},
): pulumi.Output<ResourceGroupInfo> {
  return outputOf({ organization, groupId }, options, (args, call) =>
    getResourceGroup(args.organization, args.groupId, call),
  );
}

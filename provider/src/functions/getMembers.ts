import type * as pulumi from "@pulumi/pulumi";
import { type ListMembersOptions, type Member } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns the members of an organization with their roles and resource groups.
 *
 * With an administrator's token, each member also has `twoFaEnabled`, `isExternalCollaborator` and, from the Team plan on,
 * `verifiedEmail`. The Hub leaves out what the token may not see, so compare these fields with `true` or `false`.
 *
 * Endpoint: `GET /api/organizations/{org}/members`, all pages.
 *
 * @param organization - the name of the organization
 * @param query - the filters
 * @param options - the client to use
 * @throws HubError if an argument is invalid, or if the Hub refuses the request or does not answer
 */
export function getMembers(
  organization: string,
  query: ListMembersOptions = {},
  options?: CallOptions,
): Promise<Member[]> {
  return ask("getMembers", { organization, query }, options);
}

/** The Output form of {@link getMembers}: it accepts outputs as arguments, and `{ provider }` as an option. */
export function getMembersOutput(
  organization: pulumi.Input<string>,
  query: pulumi.Input<ListMembersOptions> = {},
  options: OutputCallOptions = {},
): pulumi.Output<Member[]> {
  return outputOf({ organization, query }, options, (args, call) =>
    getMembers(args.organization, args.query as ListMembersOptions, call),
  );
}

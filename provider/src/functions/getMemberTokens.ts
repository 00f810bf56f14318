import type * as pulumi from "@pulumi/pulumi";
import { type ListMemberTokensOptions, type MemberToken } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns the tokens of an organization's members, as the organization sees them.
 *
 * Each token has its owner, name, role, last use and authorization, but never its value. By default the Hub leaves out revoked
 * tokens; see {@link ListMemberTokensOptions}.
 *
 * Endpoint: `GET /api/organizations/{org}/settings/tokens`. It needs the Team plan or higher.
 *
 * @param organization - the name of the organization
 * @param query - the filter
 * @param options - the client to use
 * @throws HubError if an argument is invalid, or if the Hub refuses the request or does not answer
 */
export function getMemberTokens(
  organization: string,
  query: ListMemberTokensOptions = {},
  options?: CallOptions,
): Promise<MemberToken[]> {
  return ask("getMemberTokens", { organization, query }, options);
}

/** The Output form of {@link getMemberTokens}: it accepts outputs as arguments, and `{ provider }` as an option. */
export function getMemberTokensOutput(
  organization: pulumi.Input<string>,
  query: pulumi.Input<ListMemberTokensOptions> = {},
  options: OutputCallOptions = {},
): pulumi.Output<MemberToken[]> {
  return outputOf({ organization, query }, options, (args, call) =>
    getMemberTokens(args.organization, args.query as ListMemberTokensOptions, call),
  );
}

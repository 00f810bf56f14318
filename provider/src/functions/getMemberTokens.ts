import type * as pulumi from "@pulumi/pulumi";
import { type ListMemberTokensOptions, type MemberToken } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * The tokens of members as the organization sees them: owner, name, role, last use, authorization; never a value (Hub:
 * `GET /api/organizations/{org}/settings/tokens`, Team plan).
 *
 * @throws HubError when the Hub refuses or does not answer
 */
export function getMemberTokens(
  organization: string,
  query: ListMemberTokensOptions = {},
  options?: CallOptions,
): Promise<MemberToken[]> {
  return ask("getMemberTokens", { organization, query }, options);
}

/** The Output form of {@link getMemberTokens}. */
export function getMemberTokensOutput(
  organization: pulumi.Input<string>,
  query: pulumi.Input<ListMemberTokensOptions> = {},
  options: OutputCallOptions = {},
): pulumi.Output<MemberToken[]> {
  return outputOf({ organization, query }, options, (args, call) =>
    getMemberTokens(args.organization, args.query as ListMemberTokensOptions, call),
  );
}

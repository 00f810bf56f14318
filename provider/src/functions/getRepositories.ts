import type * as pulumi from "@pulumi/pulumi";
import { type ListRepositoriesOptions, type OrgRepository } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns the repositories of an organization with their visibility.
 *
 * The list has all types of repository unless `query.type` names one, and no limit unless `query.limit` sets one.
 *
 * Endpoint: `GET /api/organizations/{org}/settings/repositories`.
 *
 * @param organization - the name of the organization
 * @param query - the filters and the limit
 * @param options - the client to use
 * @throws HubError if an argument is invalid, or if the Hub refuses the request or does not answer
 */
export function getRepositories(
  organization: string,
  query: ListRepositoriesOptions = {},
  options?: CallOptions,
): Promise<OrgRepository[]> {
  return ask("getRepositories", { organization, query }, options);
}

/** The Output form of {@link getRepositories}: it accepts outputs as arguments, and `{ provider }` as an option. */
export function getRepositoriesOutput(
  organization: pulumi.Input<string>,
  query: pulumi.Input<ListRepositoriesOptions> = {},
  options: OutputCallOptions = {},
): pulumi.Output<OrgRepository[]> {
  return outputOf({ organization, query }, options, (args, call) =>
    getRepositories(args.organization, args.query as ListRepositoriesOptions, call),
  );
}

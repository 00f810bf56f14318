import type * as pulumi from "@pulumi/pulumi";
import { type ListRepositoriesOptions, type OrgRepository } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * The repositories of an organization with their visibility (Hub: `GET /api/organizations/{org}/settings/repositories`).
 *
 * @throws HubError when the Hub refuses or does not answer
 */
export function getRepositories(
  organization: string,
  query: ListRepositoriesOptions = {},
  options?: CallOptions,
): Promise<OrgRepository[]> {
  return ask("getRepositories", { organization, query }, options);
}

/** The Output form of {@link getRepositories}. */
export function getRepositoriesOutput(
  organization: pulumi.Input<string>,
  query: pulumi.Input<ListRepositoriesOptions> = {},
  options: OutputCallOptions = {},
): pulumi.Output<OrgRepository[]> {
  return outputOf({ organization, query }, options, (args, call) =>
    getRepositories(args.organization, args.query as ListRepositoriesOptions, call),
  );
}

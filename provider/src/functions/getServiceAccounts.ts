import type * as pulumi from "@pulumi/pulumi";
import { type ServiceAccountInfo } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns the service accounts of an organization, without their tokens.
 *
 * Endpoint: `GET /api/organizations/{org}/service-accounts`. It needs the Enterprise plan.
 *
 * @param organization - the name of the organization
 * @param options - the client to use
 * @throws HubError if the Hub refuses the request or does not answer
 */
export function getServiceAccounts(
  organization: string,
  options?: CallOptions,
): Promise<ServiceAccountInfo[]> {
  return ask("getServiceAccounts", { organization }, options);
}

/** The Output form of {@link getServiceAccounts}: it accepts outputs as arguments, and `{ provider }` as an option. */
export function getServiceAccountsOutput(
  organization: pulumi.Input<string>,
  options: OutputCallOptions = {},
): pulumi.Output<ServiceAccountInfo[]> {
  return outputOf(organization, options, getServiceAccounts);
}

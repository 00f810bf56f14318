import type * as pulumi from "@pulumi/pulumi";
import { type ServiceAccountInfo } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * The service accounts of an organization (Hub: `GET /api/organizations/{org}/service-accounts`, Enterprise plan).
 *
 * @throws HubError when the Hub refuses or does not answer
 */
export function getServiceAccounts(
  organization: string,
  options?: CallOptions,
): Promise<ServiceAccountInfo[]> {
  return ask("getServiceAccounts", { organization }, options);
}

/** The Output form of {@link getServiceAccounts}. */
export function getServiceAccountsOutput(
  organization: pulumi.Input<string>,
  options: OutputCallOptions = {},
): pulumi.Output<ServiceAccountInfo[]> {
  return outputOf(organization, options, getServiceAccounts);
}

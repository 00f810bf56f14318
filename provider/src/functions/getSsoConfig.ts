import type * as pulumi from "@pulumi/pulumi";
import { type SsoSettings } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * The single sign-on configuration of an organization, never its secret (Hub: `GET /api/organizations/{org}/settings/sso`, extended
 * API). A 404 says that none was ever configured, or that this Hub does not offer the API: the error tells both.
 *
 * @throws HubError when the Hub refuses or does not answer
 */
export function getSsoConfig(organization: string, options?: CallOptions): Promise<SsoSettings> {
  return ask("getSsoConfig", { organization }, options);
}

/** The Output form of {@link getSsoConfig}. */
export function getSsoConfigOutput(
  organization: pulumi.Input<string>,
  options: OutputCallOptions = {},
): pulumi.Output<SsoSettings> {
  return outputOf(organization, options, getSsoConfig);
}

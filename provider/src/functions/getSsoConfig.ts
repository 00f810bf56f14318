import type * as pulumi from "@pulumi/pulumi";
import { type SsoSettings } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns the single sign-on configuration of an organization, without the client secret.
 *
 * Endpoint: `GET /api/organizations/{org}/settings/sso`. It needs a Hub with the extended API; huggingface.co does not offer it.
 *
 * @param organization - the name of the organization
 * @param options - the client to use
 * @throws HubError with status 404 if the Hub does not offer this endpoint or if the organization has no single sign-on (then with
 *   the code `SsoNotConfigured`); also if the Hub refuses the request or does not answer
 */
export function getSsoConfig(organization: string, options?: CallOptions): Promise<SsoSettings> {
  return ask("getSsoConfig", { organization }, options);
}

/** The Output form of {@link getSsoConfig}: it accepts outputs as arguments, and `{ provider }` as an option. */
export function getSsoConfigOutput(
  organization: pulumi.Input<string>,
  options: OutputCallOptions = {},
): pulumi.Output<SsoSettings> {
  return outputOf(organization, options, getSsoConfig);
}

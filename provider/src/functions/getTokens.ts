import type * as pulumi from "@pulumi/pulumi";
import { type UserToken } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns the tokens of the user whose token the provider uses.
 *
 * Each token has its name, role, and times of creation, last use and expiry, but never its value.
 *
 * Endpoint: `GET /api/settings/tokens`. It needs a Hub with the extended API; huggingface.co does not offer it.
 *
 * @param options - the client to use
 * @throws HubError if the Hub does not offer this endpoint (status 404), refuses the request or does not answer
 */
export function getTokens(options?: CallOptions): Promise<UserToken[]> {
  return ask("getTokens", {}, options);
}

/** The Output form of {@link getTokens}: it accepts `{ provider }` as an option. */
export function getTokensOutput(options: OutputCallOptions = {}): pulumi.Output<UserToken[]> {
  return outputOf({}, options, (_args, call) => getTokens(call));
}

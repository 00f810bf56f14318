import type * as pulumi from "@pulumi/pulumi";
import { type UserToken } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * The tokens of the user whose token the provider has: name, role, when it was made, used last, and ends; never a value
 * (Hub: `GET /api/settings/tokens`, extended API).
 *
 * @throws HubError when the Hub refuses, does not answer, or does not offer the API
 */
export function getTokens(options?: CallOptions): Promise<UserToken[]> {
  return ask("getTokens", {}, options);
}

/** The Output form of {@link getTokens}. */
export function getTokensOutput(options: OutputCallOptions = {}): pulumi.Output<UserToken[]> {
  return outputOf({}, options, (_args, call) => getTokens(call));
}

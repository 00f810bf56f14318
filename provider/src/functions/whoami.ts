import type * as pulumi from "@pulumi/pulumi";
import { type WhoAmI } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Whose credentials these are, and the organizations they belong to (Hub: `GET /api/whoami-v2`, asked once).
 *
 * @throws HubError when the Hub refuses or does not answer
 */
export function whoami(options?: CallOptions): Promise<WhoAmI> {
  return ask("whoami", {}, options);
}

/** The Output form of {@link whoami}. */
export function whoamiOutput(options: OutputCallOptions = {}): pulumi.Output<WhoAmI> {
  return outputOf({}, options, (_args, call) => whoami(call));
}

import type * as pulumi from "@pulumi/pulumi";
import { type WhoAmI } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns the account that owns the token, and the organizations of that account.
 *
 * Endpoint: `GET /api/whoami-v2`. The Hub limits this request strictly, so the answer is reused for all calls with the same
 * settings.
 *
 * @param options - the client to use
 * @throws HubError if the Hub refuses the request or does not answer
 */
export function whoami(options?: CallOptions): Promise<WhoAmI> {
  return ask("whoami", {}, options);
}

/** The Output form of {@link whoami}: it accepts `{ provider }` as an option. */
export function whoamiOutput(options: OutputCallOptions = {}): pulumi.Output<WhoAmI> {
  return outputOf({}, options, (_args, call) => whoami(call));
}

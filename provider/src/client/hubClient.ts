import { SpaceOperations } from "./operations/spaces";
import { Requester } from "./requester";
import { type HubClientInternals, settingsFrom } from "./settings";
import { type HubClientOptions } from "./types";

/**
 * A client of the Hub's API. It works without Pulumi and has one method for each endpoint.
 *
 * A method that fails throws a {@link HubError}. The client repeats requests that are safe to repeat after the statuses 408, 429, 500,
 * 502, 503 and 504 and after network failures. It repeats a creation only if the Hub certainly did not execute it.
 *
 * Some endpoints are not part of huggingface.co's API. Their methods need a Hub with the extended API, such as the local Hub.
 *
 * @example
 * ```ts
 * const client = new HubClient({ token });
 * for await (const entry of client.streamAuditLogs("acme", { action: "member.invite" })) console.log(entry.resource);
 * ```
 */
export class HubClient extends SpaceOperations {
  /**
   * Creates a client. It sends no request.
   *
   * @param options - the endpoint, the token and the limits; the endpoint and token default to those in the environment
   * @param internals - for tests of this package only
   * @throws HubError with the code `endpoint_refused` or `invalid_argument`
   */
  constructor(options: HubClientOptions = {}, internals: HubClientInternals = {}) {
    const settings = settingsFrom(options, internals);
    super(new Requester(settings), settings.endpoint);
  }

  /** Closes idle connections. You can still use the client afterwards. */
  close(): void {
    this.requester.close();
  }
}

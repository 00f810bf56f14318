import { type HubClient } from "../client";
import { type HubClock } from "../client/hubClock";
import { type ProviderSettings, resolveCredentials } from "../model/settings";

/** Says something to the person at the terminal. */
export type Say = (severity: "info" | "warning", message: string) => void;

/**
 * A client with these settings.
 *
 * @param hubClock - is told the date of each answer
 * @throws ConfigurationError if the settings name no credentials that can be used
 */
export function clientOf(settings: ProviderSettings, say: Say, hubClock?: HubClock): HubClient {
  const { endpoint, token, tokenSource } = resolveCredentials(settings);
  const { timeoutSeconds, maxRetries, maxWaitSeconds } = settings;
  // Loaded here so that a process that only declares, checks or compares does not pay for it.
  const { HubClient: Client } = require("../client") as typeof import("../client");
  return new Client(
    {
      endpoint,
      // An empty token is "missing" to the client, which says how to set one.
      token: token ?? "",
      tokenSource,
      timeoutSeconds,
      maxRetries,
      maxWaitSeconds,
      onNotice: ({ severity, message }) => say(severity, message),
    },
    { hubClock },
  );
}

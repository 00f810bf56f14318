import { type HubClient } from "../client";
import { type HubClock } from "../client/hubClock";
import { type ProviderSettings, resolveCredentials } from "../model/settings";

/** Prints a message at the terminal. */
export type Say = (severity: "info" | "warning", message: string) => void;

/**
 * Creates a client with these settings.
 *
 * @param hubClock - gets the date of each answer
 * @throws ConfigurationError if the credentials in the settings cannot be used
 */
export function clientOf(settings: ProviderSettings, say: Say, hubClock?: HubClock): HubClient {
  const { endpoint, token, tokenSource } = resolveCredentials(settings);
  const { timeoutSeconds, maxRetries, maxWaitSeconds } = settings;
  // Loaded here, so that a process that sends no request does not load it.
  const { HubClient: Client } = require("../client") as typeof import("../client");
  return new Client(
    {
      endpoint,
      // The client reports an empty token as missing, and says how to set one.
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

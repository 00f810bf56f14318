import { HubClient } from "../../provider/src/client/hubClient";
import { type HubClientInternals } from "../../provider/src/client/settings";
import { type HubClientOptions, type HubNotice } from "../../provider/src/client/types";

/** The token of the clients that the tests create. */
export const TOKEN = "hf_TestTokenTestTokenTestTokenTest01";

/** A client whose waits take no time, with its waits and notices. */
export interface QuickClient {
  client: HubClient;
  /** Each wait in milliseconds, in order. */
  waits: number[];
  notices: HubNotice[];
}

/** Creates a client on a clock that skips every wait. */
export function quickClient(
  endpoint: string,
  options: HubClientOptions = {},
  internals: HubClientInternals = {},
): QuickClient {
  const waits: number[] = [];
  const notices: HubNotice[] = [];
  let skipped = 0;
  const client = new HubClient(
    { endpoint, token: TOKEN, timeoutSeconds: 2, onNotice: (notice) => notices.push(notice), ...options },
    {
      resolveEnvironment: () => ({ endpoint: "https://hub.invalid" }),
      clock: {
        now: () => Date.now() + skipped,
        random: () => 0,
        sleep: (ms) => {
          waits.push(ms);
          skipped += ms;
          return Promise.resolve();
        },
      },
      ...internals,
    },
  );
  return { client, waits, notices };
}

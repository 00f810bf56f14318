// The Hub of the measurements, in its own process like a real one. Its parent sends the options, and then `{ id }` to
// ask for the requests since the last such message.
import { startLocalHub, type LocalHubOptions } from "huggingface-local-hub";

/** The requests to the Hub since the count began. */
export interface Traffic {
  requests: number;
  /** The number of requests for each status. */
  statuses: Record<string, number>;
  /** Method and path of each request, in order; only on request. */
  lines: string[];
}

let lines: string[] = [];

process.once("message", (options: LocalHubOptions) => void serve(options));
process.once("disconnect", () => process.exit(0));
process.send?.("listening");

async function serve(options: LocalHubOptions): Promise<void> {
  const hub = await startLocalHub({ ...options, log: (line) => lines.push(line) });
  process.on("message", (message: { id: number }) => {
    const statuses: Record<string, number> = {};
    for (const line of lines) {
      const status = line.slice(line.lastIndexOf(" ") + 1);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    process.send?.({ id: message.id, answer: { requests: lines.length, statuses, lines } });
    lines = [];
  });
  process.removeAllListeners("disconnect");
  process.once("disconnect", () => void hub.close().then(() => process.exit(0)));
  process.send?.({ endpoint: hub.endpoint, token: hub.tokens.admin });
}

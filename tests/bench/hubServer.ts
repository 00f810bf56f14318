// The Hub of the measurements, in a process of its own as a real one is: its parent sends its options,
// and then asks with `{ id }` what it was asked since.
import { startLocalHub, type LocalHubOptions } from "huggingface-local-hub";

/** What the Hub was asked since the count began. */
export interface Traffic {
  requests: number;
  /** By status. */
  statuses: Record<string, number>;
  /** By method and path, where the caller wants to see them: in the order in which they came. */
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

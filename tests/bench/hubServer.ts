// The Hub of the measurements, in a process of its own as a real one is: answers `{ id, ask }` of its parent.
import { startLocalHub, type LocalHubOptions } from "huggingface-local-hub";

/** What the Hub was asked since the count began. */
export interface Traffic {
  requests: number;
  /** By status. */
  statuses: Record<string, number>;
  /** By method and path, where the caller wants to see them: in the order in which they came. */
  lines: string[];
}

const options = JSON.parse(process.argv[2] ?? "{}") as LocalHubOptions;
let lines: string[] = [];

void startLocalHub({ ...options, log: (line) => lines.push(line) }).then((hub) => {
  process.send?.({ endpoint: hub.endpoint, token: hub.tokens.admin });
  process.on("message", (message: { id: number; ask: "traffic" | "reset" }) => {
    const statuses: Record<string, number> = {};
    for (const line of lines) {
      const status = line.slice(line.lastIndexOf(" ") + 1);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    process.send?.({ id: message.id, answer: { requests: lines.length, statuses, lines } });
    if (message.ask === "reset") lines = [];
  });
  process.once("disconnect", () => void hub.close().then(() => process.exit(0)));
});

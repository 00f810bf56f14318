import { dirname } from "node:path";
import { printableLine } from "../client/printable";

// In Pulumi's process for dynamic resources, the SDK's own log does not know the engine's address and prints plain text. So this
// module reads the address from the first argument and uses the SDK's client for the engine.
interface EngineLog {
  log(request: unknown, done: () => void): void;
}

type Severity = "info" | "warning";

let engine:
  { client: EngineLog; request: (severity: Severity, message: string) => unknown } | undefined | null;

const MAX_MESSAGE = 3000;

const pending = new Set<Promise<void>>();
const said = new Set<string>();

/** Prints a message at the terminal. A message that is repeated is printed only once in a process. */
export function say(severity: Severity, text: string): void {
  // The text may contain names from the Hub.
  const message = printableLine(text, MAX_MESSAGE);
  if (said.has(message)) return;
  said.add(message);
  engine ??= connect() ?? null;
  if (!engine) {
    console.error(`${severity}: ${message}`);
    return;
  }
  const { client, request } = engine;
  const sent = new Promise<void>((resolve) => client.log(request(severity, message), () => resolve()));
  pending.add(sent);
  void sent.then(() => pending.delete(sent));
}

/** Waits until the engine has all messages, because it may end this process after the answer. */
export async function flushLog(): Promise<void> {
  if (pending.size > 0) await Promise.all(pending);
}

function connect(): NonNullable<typeof engine> | undefined {
  const address = process.argv[2];
  if (address === undefined || !/^(?:127\.0\.0\.1|\[::1\]|localhost):\d+$/.test(address)) return undefined;
  try {
    const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb") as {
      EngineClient: new (address: string, credentials: unknown) => EngineLog;
    };
    const { LogRequest, LogSeverity } = require("@pulumi/pulumi/proto/engine_pb") as {
      LogRequest: new () => {
        setSeverity(severity: number): void;
        setMessage(message: string): void;
        setUrn(urn: string): void;
      };
      LogSeverity: { INFO: number; WARNING: number };
    };
    // The SDK's own copy, because its client accepts no other.
    const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
    const { credentials } = require(require.resolve("@grpc/grpc-js", { paths: [sdk] })) as {
      credentials: { createInsecure(): unknown };
    };
    return {
      client: new EngineClient(address, credentials.createInsecure()),
      request(severity, message) {
        const request = new LogRequest();
        request.setSeverity(severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
        request.setMessage(message);
        request.setUrn("");
        return request;
      },
    };
  } catch {
    return undefined;
  }
}

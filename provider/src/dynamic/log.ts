import { dirname } from "node:path";
import { printableLine } from "../client/printable";

// The process that serves dynamic resources gets the engine's address as its first argument, but the SDK's own log does not
// know it there and would print plain text. Its client for the engine is used instead, so that a warning is a warning.
interface EngineLog {
  log(request: unknown, done: () => void): void;
}

type Severity = "info" | "warning";

let engine:
  { client: EngineLog; request: (severity: Severity, message: string) => unknown } | undefined | null;

const MAX_MESSAGE = 3000;

const pending = new Set<Promise<void>>();
const said = new Set<string>();

/** Says something to the person at the terminal: once in a process, however often the engine asks. */
export function say(severity: Severity, text: string): void {
  // It may hold names from the Hub.
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

/** Waits until the engine has all messages: it may end this process as soon as it has the answer. */
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
    // The SDK's own copy: its client takes no other.
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

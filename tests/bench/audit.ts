// Reads a long audit log entry by entry, and compares it with reading the whole log into memory first.
import { type ChildProcess, fork } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";
import { HubClient } from "pulumi-huggingface/client";
import { type Bench } from "./context";
import { ratios } from "./figures";
import { startHub } from "./hub";
import { run } from "./processes";

interface Reading {
  milliseconds: number;
  entries: number;
  firstEntryMs: number;
  megabytes: number;
}

/** The usual way in Python: download the whole answer, decompress it and parse it. */
const PYTHON = `
import gzip, json, sys, time, urllib.request
begin = time.perf_counter()
request = urllib.request.Request(sys.argv[1] + "/api/organizations/acme/audit-log/export", headers={"Accept-Encoding": "gzip"})
with urllib.request.urlopen(request) as answer:
    body = gzip.decompress(answer.read())
count = len(json.loads(body))
print(json.dumps({"milliseconds": 1000 * (time.perf_counter() - begin), "entries": count}))
`;

/** Goal 6. */
export async function audit(bench: Bench): Promise<void> {
  const count = bench.quick ? 5000 : 100_000;
  const folder = await bench.scratch("audit");
  const file = join(folder, "audit.json.gz");
  bench.say(`audit: getting ${count} events from the local Hub, once`);
  const bytes = await record(count, file);
  const megabytes = bytes / 1e6;
  const times: Record<"stream" | "whole" | "parse" | "python", number[]> = {
    stream: [],
    whole: [],
    parse: [],
    python: [],
  };
  const first: number[] = [];
  const memory: number[] = [];
  const server = await serve(file, 0);
  try {
    for (let i = 0; i < bench.runs; i += 1) {
      for (const way of ["stream", "whole", "parse"] as const) {
        const reading = await read(way, server.endpoint);
        if (reading.entries < count) throw new Error(`${way}: ${reading.entries} of ${count} entries`);
        times[way].push(reading.milliseconds);
        if (way === "stream") {
          first.push(reading.firstEntryMs);
          memory.push(reading.megabytes - (await read("idle", server.endpoint)).megabytes);
        }
        bench.say(`audit ${i + 1}: ${way} ${reading.milliseconds.toFixed(0)} ms`);
      }
      const { stdout } = await run("python3", ["-c", PYTHON, server.endpoint], { allowFailure: true });
      if (stdout.trim()) times.python.push((JSON.parse(stdout) as Reading).milliseconds);
    }
  } finally {
    server.stop();
  }
  const what = `audit log of ${count} events, ${megabytes.toFixed(0)} MB`;
  bench.add(`${what}: first entry after first byte`, first, "ms", { relation: "<=", value: 100 });
  bench.add("audit log: peak memory over an idle process", memory, "MB", { relation: "<=", value: 80 });
  bench.add(
    "audit log: stream / whole body and JSON.parse, both from the network",
    ratios(times.stream, times.whole),
    "×",
    {
      relation: "<=",
      value: 1.6,
    },
  );
  // The two do different work: only the first one downloads and decompresses. The figure is for information and has
  // no goal.
  bench.add(
    "audit log: stream from the network / JSON.parse alone, of text in memory",
    ratios(times.stream, times.parse),
    "×",
  );
  if (times.python.length > 0) {
    bench.add(
      "audit log: stream / Python's whole body and json.loads",
      ratios(times.stream, times.python),
      "×",
      {
        relation: "<",
        value: 1,
      },
    );
  }
  bench.add("audit log: stream, time", times.stream, "ms");

  // With the delay of a real Hub. Everything that is sent after the stop was already on its way.
  const slow = await serve(file, bench.quick ? 20 : 5);
  try {
    const shares: number[] = [];
    for (let i = 0; i < Math.min(bench.runs, 3); i += 1) {
      const told = slow.share();
      await read("some", slow.endpoint);
      shares.push(100 * (await told));
    }
    bench.add("audit log: sent of the body when the reader stops after 20 entries", shares, "%", {
      relation: "<=",
      value: bench.quick ? 60 : 10,
    });
  } finally {
    slow.stop();
  }
}

/** Saves the export of the local Hub, compressed. Returns the number of bytes before compression. */
async function record(count: number, file: string): Promise<number> {
  const hub = await startHub({ seed: { generate: [{ organization: "acme", auditEvents: count }] } });
  const client = new HubClient({ endpoint: hub.endpoint, token: hub.token });
  const pieces: string[] = [];
  try {
    for await (const { event } of client.streamAuditLogs("acme")) pieces.push(JSON.stringify(event));
  } finally {
    await hub.stop();
  }
  const body = Buffer.from(`[${pieces.join(",")}]`);
  await writeFile(file, gzipSync(body, { level: constants.Z_DEFAULT_COMPRESSION }));
  return body.length;
}

async function read(way: string, endpoint: string): Promise<Reading> {
  const args = ["--import", "tsx", join(__dirname, "auditReader.ts"), way, endpoint];
  const { stdout } = await run(process.execPath, args, { cwd: join(__dirname, "..") });
  return JSON.parse(stdout) as Reading;
}

async function serve(
  file: string,
  pause: number,
): Promise<{ endpoint: string; share(): Promise<number>; stop(): void }> {
  const child: ChildProcess = fork(join(__dirname, "auditServer.ts"), [file, String(pause)], {
    execArgv: ["--import", "tsx"],
  });
  const port = await new Promise<number>((resolve) =>
    child.once("message", (message) => resolve((message as { port: number }).port)),
  );
  return {
    endpoint: `http://127.0.0.1:${port}`,
    share: () =>
      new Promise((resolve) =>
        child.once("message", (message) => resolve((message as { share: number }).share)),
      ),
    stop: () => void child.disconnect(),
  };
}

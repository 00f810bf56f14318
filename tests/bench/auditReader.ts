// Reads the audit log in one way, in its own process, so that time and memory are measured separately. Arguments: the
// way, the server's address. Prints { milliseconds, entries, firstEntryMs, megabytes }.
import { channel } from "node:diagnostics_channel";
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { HubClient } from "pulumi-huggingface/client";

const [way = "", endpoint = ""] = process.argv.slice(2);
let firstByte = 0;
channel("http.client.response.finish").subscribe(() => (firstByte ||= performance.now()));

async function whole(): Promise<string> {
  const url = `${endpoint}/api/organizations/acme/audit-log/export`;
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    get(url, { headers: { "accept-encoding": "gzip" } }, (response) => {
      response
        .pipe(createGunzip())
        .on("data", (chunk: Buffer) => chunks.push(chunk))
        .on("end", resolve)
        .on("error", reject);
    }).on("error", reject);
  });
  return Buffer.concat(chunks).toString("utf8");
}

async function main(): Promise<void> {
  const client = new HubClient({ endpoint, token: "hf_0000000000000000000000000000000000" });
  // The first request loads modules, so it runs before the measurement of time and memory.
  await client.whoami().catch(() => undefined);
  await sleep(200);
  firstByte = 0;
  let entries = 0;
  let firstEntryMs = 0;
  const begin = performance.now();
  if (way === "stream" || way === "some") {
    for await (const entry of client.streamAuditLogs("acme")) {
      if (entry.id === "") throw new Error("An entry without an id.");
      firstEntryMs ||= performance.now() - firstByte;
      entries += 1;
      if (way === "some" && entries === 20) break;
    }
  } else if (way === "whole") {
    entries = (JSON.parse(await whole()) as unknown[]).length;
  } else if (way === "parse") {
    const text = await whole();
    const from = performance.now();
    entries = (JSON.parse(text) as unknown[]).length;
    console.log(JSON.stringify({ milliseconds: performance.now() - from, entries }));
    process.exit(0);
  }
  const milliseconds = performance.now() - begin;
  // Linux reports kilobytes.
  const megabytes = process.resourceUsage().maxRSS / 1000;
  console.log(JSON.stringify({ milliseconds, entries, firstEntryMs, megabytes }));
  if (way === "some") await sleep(500);
  process.exit(0);
}

void main();

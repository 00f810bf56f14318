// npm run contract [-- --openapi FILE|URL] [--without-python]: checks the project against the Hub's OpenAPI document.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { routes } from "../../local-hub/src/routes";
import { clientCalls } from "./clientCalls";
import { ALWAYS_REFUSED } from "./completeness";
import { unknownToClient } from "./clientTypes";
import { type ApiDocument, parseDocument, readSource } from "./document";
import { checkOnDocument } from "./onDocument";
import { unknownToRoutes } from "./onlyInDocument";
import { amendmentLines, count, operationLines, section, unknownLines } from "./report";
import { summarize } from "./summary";
import { runThroughFront } from "./throughFront";

/** The address of the Hub's published document. */
const LIVE = "https://huggingface.co/.well-known/openapi.json";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { openapi: { type: "string", default: LIVE }, "without-python": { type: "boolean" } },
  });
  const source = values.openapi;
  const text = await readSource(source);
  const document = parseDocument(text, source);
  print([
    `Document: ${source}`,
    `SHA-256:  ${createHash("sha256").update(text).digest("hex")}`,
    `It has ${count(ofDocument(document), "operation")}.`,
  ]);
  const folder = mkdtempSync(join(tmpdir(), "contract-document-"));
  try {
    // All processes read the same copy, even if the published document changes during the run.
    const file = join(folder, "openapi.json");
    writeFileSync(file, text);
    return await check(document, file, !values["without-python"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(document: ApiDocument, file: string, python: boolean): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line} …\n`);
  const front = await runThroughFront(document, file, { python, say });
  say("the client and the resources on a server based on the document only");
  const alone = await checkOnDocument(document);
  const summaries = summarize(document, front.exchanges);
  const stale = document.stale.map(
    ({ what }) => `The amendment of ${what} does not fit the document any more.`,
  );
  const failures = [...front.failures, ...stale];
  const violations =
    summaries.reduce((sum, summary) => sum + summary.violations.length, 0) +
    failures.length +
    alone.violations.length;
  const lines = (found: typeof alone.violations, word: string): string[] =>
    found.map(({ operation, problem }) => `${word} ${operation}: ${problem}`);
  print([
    ...section("Operations seen by the proxy before the local Hub", operationLines(summaries)),
    ...section(`On a server based on the document only (${count(alone.tried, "answer")})`, [
      ...lines(alone.violations, "VIOLATION"),
      ...lines(alone.notes, "note"),
    ]),
    ...section(
      "In the document and unknown to the local Hub",
      unknownLines(unknownToRoutes(document, routes)),
    ),
    ...section(
      "In the document and unknown to the client's types",
      unknownLines(unknownToClient(document, clientCalls)),
    ),
    ...section("Amendments of the document", amendmentLines(document.amended)),
    ...section("What ran", ranLines(front, python)),
    ...section(
      "Not complete",
      failures.map((failure) => `VIOLATION ${failure}`),
    ),
    "",
    // An operation without a success shows hardly anything.
    `${count(summaries.filter(({ accepted }) => accepted > 0).length, "operation")} checked, ${count(violations, "violation")}`,
  ]);
  return violations > 0 ? 1 : 0;
}

function ranLines({ files, python }: Awaited<ReturnType<typeof runThroughFront>>, wanted: boolean): string[] {
  const lines = [`${count(files.length, "test file")}: ${files.join(", ")}`];
  if (python) lines.push(`${python.client}: ${count(python.calls, "call")}`);
  if (python?.notOffered.length) {
    lines.push(`not offered by the local Hub: ${python.notOffered.join(", ")}`);
  }
  if (!wanted) lines.push("left out by --without-python: the official Python client");
  lines.push("the client node is the official JavaScript client, and requests that tests send themselves");
  for (const [route, reason] of Object.entries(ALWAYS_REFUSED))
    lines.push(`always refused: ${route}: ${reason}`);
  lines.push("left out: tests that start no local Hub; answers that a test injects as a fault");
  return lines;
}

function ofDocument(document: ApiDocument): number {
  return document.operations.filter(({ origin }) => origin === "document").length;
}

function print(lines: string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

main()
  .then((code) => (process.exitCode = code))
  .catch((error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 2;
  });

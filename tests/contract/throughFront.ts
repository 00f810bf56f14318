// The first part of the contract test: runs the whole project and the official clients through the checking proxy.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { routes } from "../../local-hub/src/routes";
import { HubClient } from "../../provider/src/client";
import { type Hub, startHub } from "../support/hub";
import { ROOT } from "../support/lockfile";
import { clientCalls } from "./clientCalls";
import { uncalledMethods, unseenRoutes } from "./completeness";
import { type ApiDocument } from "./document";
import { operationOf } from "./onlyInDocument";
import { runPythonClient, type PythonRun } from "./pythonClient";
import { type Exchange, parseRecords } from "./record";
import { run } from "./run";
import { DOCUMENT_VARIABLE, RECORDS_VARIABLE } from "./seam";
import { KERNEL } from "./subjects";

/** Folders of tests that run through the proxy, if their files start a Hub. */
const FOLDERS = ["local-hub", "client", "functions", "resources", "examples"];

/** The findings of the first part. */
export interface FrontRun {
  exchanges: Exchange[];
  /** Runs that failed, or are missing. */
  failures: string[];
  /** Test files that ran, below `tests/`. */
  files: string[];
  python?: PythonRun;
}

/** Runs everything through the proxy. Each process reads `documentFile` again. */
export async function runThroughFront(
  document: ApiDocument,
  documentFile: string,
  options: { python: boolean; say: (line: string) => void },
): Promise<FrontRun> {
  const { say } = options;
  const folder = mkdtempSync(join(tmpdir(), "contract-"));
  const records = join(folder, "records.jsonl");
  process.env[DOCUMENT_VARIABLE] = documentFile;
  process.env[RECORDS_VARIABLE] = records;
  const failures: string[] = [];
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    say(what);
    try {
      return await work();
    } catch (error) {
      failures.push(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  };
  try {
    const files = testFiles();
    await attempt("every method of the client", () => onHub(callClient));
    const python = options.python
      ? await attempt("the official Python client", () => onHub(runPythonClient))
      : undefined;
    for (const failure of python?.failures ?? []) failures.push(`Python client: ${failure}`);
    await attempt(`${files.length} test files`, () => runTests(files));
    const exchanges = existsSync(records) ? parseRecords(readFileSync(records, "utf8")) : [];
    failures.push(...incomplete(document, exchanges));
    return { exchanges, failures, files, ...(python && { python }) };
  } finally {
    delete process.env[DOCUMENT_VARIABLE];
    rmSync(folder, { recursive: true, force: true });
  }
}

function incomplete(document: ApiDocument, exchanges: Exchange[]): string[] {
  const lacking = routes
    .filter((route) => operationOf(document, route) === undefined)
    .map(({ method, url }) => `The document lacks the local Hub's route ${method} ${url}.`);
  return [
    ...lacking,
    ...unseenRoutes(exchanges).map((route) => `Nothing called the local Hub's route ${route} with success.`),
    ...uncalledMethods(clientCalls.map(({ method }) => method)).map(
      (method) => `Nothing called the client's method ${method}.`,
    ),
  ];
}

async function onHub<T>(work: (hub: Hub) => Promise<T>): Promise<T> {
  const hub = await startHub({ seed: { repositories: [{ repo: KERNEL, type: "kernel" }] } });
  try {
    return await work(hub);
  } finally {
    await hub.close();
  }
}

async function callClient(hub: Hub): Promise<void> {
  const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin, maxRetries: 0 });
  const failures: string[] = [];
  for (const call of clientCalls) {
    await call
      .run(client)
      .catch((error: unknown) => failures.push(`${call.method}: ${(error as Error).message}`));
  }
  client.close();
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

/** Test files that start a Hub: other files send nothing through the proxy. */
function testFiles(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, "tests", folder))
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => join("tests", folder, name))
      .filter((file) => /\bstartHub|support\/example/.test(readFileSync(join(ROOT, file), "utf8"))),
  ).sort();
}

async function runTests(files: string[]): Promise<void> {
  const mocha = join(ROOT, "node_modules/mocha/bin/mocha.js");
  const options = ["--config", join(ROOT, "tests/.mocharc.cjs"), "--reporter", "dot"];
  const { code, stdout, stderr } = await run(process.execPath, [mocha, ...options, ...files]);
  if (code !== 0) throw new Error(`tests failed through the proxy:\n${stdout.trim()}\n${stderr.trim()}`);
}

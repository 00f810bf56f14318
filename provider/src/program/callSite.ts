import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { findSourceMap } from "node:module";

// Pulumi stores the call stack of each resource in the state and shows where the resource was declared. The SDK drops a fixed number of
// frames, which is one too few for our classes, and keeps many frames of Node.js and of itself. Those made up a quarter of the state.
//
// The SDK also takes a stack for each promise that it creates. Formatting those took a quarter of the time of a program with many
// resources, so they stay empty here.

/** Frames that the SDK drops from the top: its own two helpers, and the constructors from Resource to HubResource. */
const TAKEN_OFF = 5;

/** Frames of the program that are kept: the line that creates the resource, and its callers. */
const KEPT = 3;

/** `…/provider/dist`, or `…/provider/src` if the library runs from its source. */
const LIBRARY = dirname(__dirname) + sep;
const SDK = join(dirname(require.resolve("@pulumi/pulumi/package.json")), sep);

/**
 * Limits new stacks to frames of the program until the returned function is called. Call both in the same synchronous code, so that
 * no other code is affected.
 */
export function showCallerOnly(): () => void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- restored unchanged later
  const previous = Error.prepareStackTrace;
  const limit = Error.stackTraceLimit;
  const format = previous?.bind(Error) ?? asNodeDoes;
  Error.prepareStackTrace = (error, sites) => {
    const callers = sites.slice(TAKEN_OFF).filter(isOfProgram).slice(0, KEPT);
    return format(error, [...sites.slice(0, TAKEN_OFF), ...callers]) as unknown;
  };
  // The SDK removes this limit for the stack that it sends.
  Error.stackTraceLimit = 0;
  return () => {
    Error.stackTraceLimit = limit;
    Error.prepareStackTrace = previous;
  };
}

function isOfProgram(site: NodeJS.CallSite): boolean {
  const name = site.getFileName();
  if (name === null || name === undefined) return false;
  const file = name.startsWith("file:") ? fileURLToPath(name) : name;
  return (
    file.includes(sep) && !file.startsWith("node:") && !file.startsWith(LIBRARY) && !file.startsWith(SDK)
  );
}

/** Formats a stack as Node.js does without a loader: one line for each frame, mapped through the source map if there is one. */
function asNodeDoes(error: Error, sites: NodeJS.CallSite[]): string {
  return [String(error), ...sites.map((site) => `    at ${original(site)}`)].join("\n");
}

function original(site: NodeJS.CallSite): string {
  let file = site.getFileName() ?? "";
  let line = site.getLineNumber() ?? 1;
  let column = site.getColumnNumber() ?? 1;
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  if (entry && "originalSource" in entry) {
    file = entry.originalSource;
    line = entry.originalLine + 1;
    column = entry.originalColumn + 1;
  }
  if (file.startsWith("file:")) file = fileURLToPath(file);
  return `${site.getFunctionName() ?? "<anonymous>"} (${file}:${line}:${column})`;
}

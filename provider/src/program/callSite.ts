import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { findSourceMap } from "node:module";

// The SDK sends the stack of calls that led to a resource, and the engine keeps it in the state and shows where the resource
// was declared. It leaves out a fixed number of frames, for classes directly below CustomResource; ours have one class
// in between, so without more ado the place shown would be a line of this library. And most of the rest are frames of Node and of the SDK
// itself, the same for each resource, which made up a quarter of what the engine writes anew at each step.
//
// The SDK also takes a stack for each promise that it makes, to tell of promises that never end. To put those into words, mapped to the
// lines of the source, took a quarter of the time of a program with many resources. So they are left empty.

/** Frames that the SDK itself takes off the top: its own two helpers, and the constructors from Resource to HubResource. */
const TAKEN_OFF = 5;

/** Frames of the program that are kept: where the resource was made, and who called that. */
const KEPT = 3;

/** `…/provider/dist`, or `src` where it runs from its source. */
const LIBRARY = dirname(__dirname) + sep;
const SDK = join(dirname(require.resolve("@pulumi/pulumi/package.json")), sep);

/**
 * Lets the stacks that are taken from now on show the program's frames alone, until the function that it returns is called.
 * Both within one synchronous piece of code, so that nobody else notices.
 */
export function showCallerOnly(): () => void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- to be put back as it was
  const previous = Error.prepareStackTrace;
  const limit = Error.stackTraceLimit;
  const format = previous?.bind(Error) ?? asNodeDoes;
  Error.prepareStackTrace = (error, sites) => {
    const callers = sites.slice(TAKEN_OFF).filter(isOfProgram).slice(0, KEPT);
    return format(error, [...sites.slice(0, TAKEN_OFF), ...callers]) as unknown;
  };
  // For the stack that it sends the SDK lifts any limit.
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

/** What Node does where no loader formats stacks: one line for each frame, through the source map where there is one. */
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

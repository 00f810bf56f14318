import { join } from "node:path";

/** Below it one folder for each release: what that release wrote. */
export const RECORDINGS = join(__dirname, "../fixtures/upgrade");

/** The files of a recording. */
export const FILES = { program: "index.js", stack: "stack.json", hub: "hub.state" } as const;

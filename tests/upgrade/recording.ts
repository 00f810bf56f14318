import { join } from "node:path";

/** The folder with one folder per release: what that release wrote. */
export const RECORDINGS = join(__dirname, "../fixtures/upgrade");

/** The files of a recording. */
export const FILES = { program: "index.js", stack: "stack.json", hub: "hub.state" } as const;

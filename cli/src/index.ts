/**
 * The command line `pulumi-huggingface` as a function, for tools that embed it.
 *
 * @packageDocumentation
 */
export { createProgram } from "./program";
export { type Colors, type Terminal } from "./terminal";

/**
 * The resources without Pulumi's SDK, for other programs of this project, such as its command line. It is not part of the public API: it
 * may change in every release.
 *
 * @packageDocumentation
 */
export { ConfigurationError, resolveEnvironment } from "./client/environment";
export { printableLine } from "./client/printable";

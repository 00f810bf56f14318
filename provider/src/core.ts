/**
 * The resources without Pulumi's SDK, for other programs of this project, such as its command line. It is not part of the public API: it
 * may change in every release.
 *
 * @packageDocumentation
 */
export { auditQuery, entryOf, Newest } from "./client/auditLog";
export { systemClock } from "./client/clock";
export { ConfigurationError, resolveEnvironment } from "./client/environment";
export { HubClock } from "./client/hubClock";
export { printableLine } from "./client/printable";
export { parseRateLimit, type RateLimit } from "./client/retry";
export { AxiosTransport } from "./client/transport";

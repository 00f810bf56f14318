/**
 * A client of the Hugging Face Hub's API for the security of an organization. It works without Pulumi.
 *
 * @packageDocumentation
 */
export { HubClient } from "./hubClient";
export { type HubClientInternals } from "./settings";
export { type ClientErrorCode, HubError } from "./errors";
export { AUDIT_ACTIONS } from "./auditLog";
export { type Transport, type TransportAnswer, TransportFailure, type TransportRequest } from "./transport";
export { redactor, type Redact } from "./redact";
export * from "./types";

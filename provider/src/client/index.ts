/** A client of the Hugging Face Hub's API for an organization's security. Usable without Pulumi. */
export { HubClient } from "./hubClient";
export { type HubClientInternals } from "./settings";
export { type ClientErrorCode, HubError } from "./errors";
export { AUDIT_ACTIONS } from "./auditLog";
export { type Transport, type TransportAnswer, TransportFailure, type TransportRequest } from "./transport";
export { redactor, type Redact } from "./redact";
export * from "./types";

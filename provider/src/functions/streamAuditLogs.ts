import { type AuditLogEntry, type AuditLogStreamOptions } from "../client";
import { type CallOptions } from "../program/clientFor";
import { stream } from "./forms";

/**
 * All entries of an organization's audit log, lazily and in the Hub's order: the first come before the Hub's answer is
 * complete, one is held at a time, and the download stops where the loop does (Hub: `GET
 * /api/organizations/{org}/audit-log/export`, Team plan).
 *
 * @throws HubError when the Hub refuses or does not answer
 */
export function streamAuditLogs(
  organization: string,
  query: AuditLogStreamOptions = {},
  options?: CallOptions,
): AsyncIterable<AuditLogEntry> {
  return stream("streamAuditLogs", { organization, query }, options);
}

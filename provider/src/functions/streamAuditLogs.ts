import { type AuditLogEntry, type AuditLogStreamOptions } from "../client";
import { type CallOptions } from "../program/clientFor";
import { stream } from "./forms";

/**
 * Streams the entries of an organization's audit log in the order of the Hub's export.
 *
 * Use it with `for await`. It yields the first entries before the download is complete, keeps only a small part of the log in
 * memory, and stops the download when the loop ends. The Hub does not promise that its order is the order of time. If the
 * connection breaks, the loop throws an error and does not start again.
 *
 * Endpoint: `GET /api/organizations/{org}/audit-log/export`. It needs the Team plan or higher, and the permission
 * `org.auditLog.write`.
 *
 * @param organization - the name of the organization
 * @param query - the filters and limits; default: all entries
 * @param options - the client to use
 * @throws HubError if an argument is invalid; during the loop, if the Hub refuses the request, does not answer or stops answering
 */
export function streamAuditLogs(
  organization: string,
  query: AuditLogStreamOptions = {},
  options?: CallOptions,
): AsyncIterable<AuditLogEntry> {
  return stream("streamAuditLogs", { organization, query }, options);
}

import type * as pulumi from "@pulumi/pulumi";
import { type AuditLogOptions, type AuditLogEntry } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf, plainQuery } from "./forms";

/**
 * Returns entries of an organization's audit log, newest first.
 *
 * It returns at most `limit` entries (default 100) after the first `offset`. You can filter by user, action, resource type and
 * dates; see {@link AuditLogOptions}. The Hub exports at most its last 100,000 events and does not filter them, so this function
 * downloads the whole export and filters it.
 *
 * Endpoint: `GET /api/organizations/{org}/audit-log/export`. It needs the Team plan or higher, and the permission
 * `org.auditLog.write`.
 *
 * @param organization - the name of the organization
 * @param query - the filters and limits
 * @param options - the client to use
 * @throws HubError if an argument is invalid, or if the Hub refuses the request or does not answer
 */
export function getAuditLogs(
  organization: string,
  query: AuditLogOptions = {},
  options?: CallOptions,
): Promise<AuditLogEntry[]> {
  return ask("getAuditLogs", { organization, query }, options);
}

/** The Output form of {@link getAuditLogs}: it accepts outputs as arguments, and `{ provider }` as an option. */
export function getAuditLogsOutput(
  organization: pulumi.Input<string>,
  query: pulumi.Input<AuditLogOptions> = {},
  options: OutputCallOptions = {},
): pulumi.Output<AuditLogEntry[]> {
  return outputOf({ organization, query: plainQuery(query) }, options, (args, call) =>
    getAuditLogs(args.organization, args.query as AuditLogOptions, call),
  );
}

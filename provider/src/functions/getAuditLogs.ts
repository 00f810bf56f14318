import type * as pulumi from "@pulumi/pulumi";
import { type AuditLogOptions, type AuditLogEntry } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf, plainQuery } from "./forms";

/**
 * Entries of an organization's audit log, newest first: at most `limit` (default 100) after `offset`, of a user, an action (ours or
 * the Hub's event type), a resource type, between two dates (Hub: `GET /api/organizations/{org}/audit-log/export`, Team plan).
 * The Hub exports at most its last 100 000 events and filters none of them: all of that is done here, on the way.
 *
 * @throws HubError when the Hub refuses or does not answer
 */
export function getAuditLogs(
  organization: string,
  query: AuditLogOptions = {},
  options?: CallOptions,
): Promise<AuditLogEntry[]> {
  return ask("getAuditLogs", { organization, query }, options);
}

/** The Output form of {@link getAuditLogs}. */
export function getAuditLogsOutput(
  organization: pulumi.Input<string>,
  query: pulumi.Input<AuditLogOptions> = {},
  options: OutputCallOptions = {},
): pulumi.Output<AuditLogEntry[]> {
  return outputOf({ organization, query: plainQuery(query) }, options, (args, call) =>
    getAuditLogs(args.organization, args.query as AuditLogOptions, call),
  );
}

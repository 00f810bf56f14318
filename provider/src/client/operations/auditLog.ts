import { auditQuery, entryOf, Newest } from "../auditLog";
import { JsonArrayReader } from "../jsonArrayStream";
import { organizationPath } from "../paths";
import {
  type AuditLogEntry,
  type AuditLogEvent,
  type AuditLogOptions,
  type AuditLogStreamOptions,
} from "../types";
import { readAuditEvent } from "../wire";
import { MemberOperations } from "./members";

/** The methods about the audit log. */
export abstract class AuditLogOperations extends MemberOperations {
  /**
   * Returns entries of an organization's audit log, newest first.
   *
   * It downloads the whole export, filters it, and keeps at most `offset + limit` entries in memory. The Hub records each export in the
   * audit log.
   *
   * Endpoint: `GET /api/organizations/{org}/audit-log/export`. It needs the Team plan or higher, and the permission
   * `org.auditLog.write`.
   *
   * @param organization - the name of the organization
   * @param options - the filters and limits
   */
  async auditLogs(organization: string, options: AuditLogOptions = {}): Promise<AuditLogEntry[]> {
    const query = auditQuery(options, { limit: 100, mostLimit: 100_000, mostOffset: 1_000_000 });
    const path = `${organizationPath(organization)}/audit-log/export`;
    return this.requester.repeating(async () => {
      const newest = new Newest(query.offset + query.limit);
      for await (const events of this.#auditEvents(path)) {
        for (const event of events) if (query.matches(event)) newest.add(event);
      }
      return newest.sorted().slice(query.offset).map(entryOf);
    });
  }

  /**
   * Streams the entries of an organization's audit log in the order of the Hub's export.
   *
   * Use it with `for await`. It yields the first entries before the download is complete, keeps only a small part of the log in memory,
   * and stops the download when the loop ends. The Hub does not promise that its order is the order of time. If the connection breaks,
   * the loop throws an error and does not start again.
   *
   * Endpoint: `GET /api/organizations/{org}/audit-log/export`. It needs the Team plan or higher, and the permission
   * `org.auditLog.write`.
   *
   * @param organization - the name of the organization
   * @param options - the filters and limits; default: all entries
   */
  streamAuditLogs(organization: string, options: AuditLogStreamOptions = {}): AsyncIterable<AuditLogEntry> {
    const query = auditQuery(options, {
      limit: Infinity,
      mostLimit: Infinity,
      mostOffset: Number.MAX_SAFE_INTEGER,
    });
    const path = `${organizationPath(organization)}/audit-log/export`;
    return { [Symbol.asyncIterator]: () => this.#auditEntries(path, query) };
  }

  async *#auditEntries(
    path: string,
    query: ReturnType<typeof auditQuery>,
  ): AsyncGenerator<AuditLogEntry, void, undefined> {
    let passed = 0;
    for await (const events of this.#auditEvents(path)) {
      for (const event of events) {
        if (!query.matches(event) || passed++ < query.offset) continue;
        yield entryOf(event);
        if (passed >= query.offset + query.limit) return;
      }
    }
  }

  /** Yields the events of each chunk of the body together, because one wait for each event would be slow. */
  async *#auditEvents(path: string): AsyncGenerator<AuditLogEvent[], void, undefined> {
    for await (const page of this.requester.open({ method: "GET", path })) {
      const entries = new JsonArrayReader(this.requester.maxEntryBytes);
      let events: AuditLogEvent[] = [];
      try {
        for await (const chunk of page.answer.body) {
          entries.push(chunk);
          for (let entry = entries.next(); entry !== undefined; entry = entries.next()) {
            events.push(readAuditEvent(entry, `entry ${entries.count - 1}`));
          }
          if (events.length > 0) yield events;
          events = [];
        }
        entries.end();
      } catch (error) {
        // The events before the error are valid.
        if (events.length > 0) yield events;
        throw page.failure(error);
      }
    }
  }
}

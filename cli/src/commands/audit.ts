import { Command, Option } from "commander";
import {
  AUDIT_ACTIONS,
  type AuditLogEntry,
  type AuditLogFilter,
  HubError,
  type HubClient,
} from "pulumi-huggingface/client";
import { auditQuery, entryOf, Newest, systemClock } from "pulumi-huggingface/core";
import { AUDIT_FORMATS, type AuditFormat, layoutOf } from "../audit/formats";
import { Seen } from "../audit/follow";
import { connect, type ConnectionOptions, withConnection } from "../connection";
import { durationBetween, timeBefore, wholeBetween } from "../duration";
import { clearProgress, note, print, progress, type Terminal } from "../terminal";

interface AuditOptions extends ConnectionOptions {
  user?: string;
  action?: string;
  resourceType?: string;
  since?: string;
  until?: string;
  limit?: number;
  format: AuditFormat;
  follow?: boolean;
  interval: number;
}

const MAX_LIMIT = 100_000;
const DEFAULT_INTERVAL = "60s";
const parseInterval = durationBetween("1s", "1d");

/** `audit`: prints the audit log of an organization. */
export function auditCommand(terminal: Terminal): Command {
  const command = new Command("audit")
    .description("print the audit log of an organization, in the Hub's order, while it is downloaded")
    .summary("print the audit log of an organization")
    .argument("<org>", "name of the organization")
    .option("--user <name>", "only events of this user")
    .option(
      "--action <action>",
      `only this action: ${AUDIT_ACTIONS.join(", ")}, or an event type of the Hub such as org.sso_login`,
    )
    .option(
      "--resource-type <type>",
      "only this kind of resource: model, dataset, space, bucket, kernel, token, service_account, member, sso, " +
        "or the first part of an event type, such as repo or org",
    )
    .option("--since <time>", "only events since this time: 30m, 12h, 7d, 2w, or ISO 8601", timeBefore())
    .option("--until <time>", "only events until this time, in the same forms", timeBefore())
    .option(
      "--limit <number>",
      `only the newest entries, 1 to ${MAX_LIMIT}, newest first; they appear after the whole log was read`,
      wholeBetween(1, MAX_LIMIT),
    )
    .addOption(
      new Option(
        "--format <format>",
        "format of the output; jsonl: one complete entry per line; csv: with a header",
      )
        .choices(AUDIT_FORMATS)
        .default("table"),
    )
    .addOption(
      new Option("--follow", "then wait for new entries and print each once, until Ctrl-C").conflicts(
        "until",
      ),
    )
    .addOption(
      new Option("--interval <duration>", "time between two downloads with --follow, 1s to 1d")
        .argParser(parseInterval)
        .default(parseInterval(DEFAULT_INTERVAL), DEFAULT_INTERVAL),
    );
  return withConnection(command)
    .addHelpText("after", HELP)
    .action((organization: string, options: AuditOptions) => audit(terminal, organization, options));
}

const HELP = `
It needs a token of an administrator, or one with the permission
org.auditLog.write, and the Team plan. The Hub exports at most the last 100,000
events, records each download in the log, and does not sort them by time.

--follow downloads the whole export at each interval. It continues after an
outage of the Hub. An entry that appears more than five minutes late is not
printed.

Exit codes: 0 success, also if the reader of a pipe ends; 1 error; 130 after
Ctrl-C.

Examples:
  pulumi-huggingface audit acme --since 7d --action member.role_change
  pulumi-huggingface audit acme --format csv > audit.csv
  pulumi-huggingface audit acme --limit 20 --follow --interval 5m`;

async function audit(terminal: Terminal, organization: string, options: AuditOptions): Promise<void> {
  const matches = filterOf(options);
  terminal.mayEndEarly = true;
  const { client } = connect(options, terminal);
  const layout = layoutOf(options.format, terminal);
  const seen = options.follow ? new Seen() : undefined;
  let isEmpty = true;
  const newest = options.limit === undefined ? undefined : new Newest(options.limit);
  let isStarted = false;
  // The header comes after the Hub's first answer, so that a refused token prints an error only.
  const start = async (): Promise<void> => {
    if (isStarted) return;
    isStarted = true;
    if (layout.header !== undefined) await print(terminal, layout.header);
  };

  for await (const entry of counted(terminal, client, organization)) {
    seen?.add(entry);
    if (!matches(entry)) continue;
    isEmpty = false;
    if (newest) newest.add(entry.event);
    else {
      await start();
      await print(terminal, layout.line(entry));
    }
  }
  clearProgress(terminal);
  await start();
  const last = newest?.sorted().map(entryOf) ?? [];
  // With --follow, new entries come below, so the newest one is last.
  for (const entry of options.follow ? last.reverse() : last) await print(terminal, layout.line(entry));
  if (isEmpty && terminal.out.isTTY) note(terminal, "note: no entry of the audit log matches.");
  if (!seen) return;
  await follow({ terminal, client, organization, intervalMs: options.interval, seen }, async (entry) => {
    if (matches(entry)) await print(terminal, layout.line(entry));
  });
}

/** The names of the client's filters in messages, and our options. */
const OPTION_OF: Readonly<Record<string, string>> = {
  user: "--user",
  action: "--action",
  resourceType: "--resource-type",
  startDate: "--since",
  endDate: "--until",
};

function filterOf(options: AuditOptions): (entry: AuditLogEntry) => boolean {
  const { user, action, resourceType, since, until } = options;
  const filter: AuditLogFilter = { user, action, resourceType, startDate: since, endDate: until };
  try {
    const query = auditQuery(filter, { limit: 1, mostLimit: 1, mostOffset: 0 });
    return ({ event }) => query.matches(event);
  } catch (error) {
    throw new Error(
      (error as Error).message.replace(/\w+/g, (word) => OPTION_OF[word] ?? word),
      {
        cause: error,
      },
    );
  }
}

/** The time between two changes of the progress line. */
const PROGRESS_MS = 200;

/** All entries of the log. Shows how many were read, because a filter may leave out most of them. */
async function* counted(
  terminal: Terminal,
  client: HubClient,
  organization: string,
): AsyncGenerator<AuditLogEntry, void, undefined> {
  let count = 0;
  let nextAt = 0;
  for await (const entry of client.streamAuditLogs(organization)) {
    count += 1;
    if (Date.now() >= nextAt) {
      nextAt = Date.now() + PROGRESS_MS;
      progress(terminal, `${count} entries read`);
    }
    yield entry;
  }
}

interface Following {
  terminal: Terminal;
  client: HubClient;
  organization: string;
  intervalMs: number;
  /** Knows the entries that were already printed or left out. */
  seen: Seen;
}

/** Downloads the log at each interval and handles each new entry once, the oldest first. An outage of the Hub does not end it. */
async function follow(
  { terminal, client, organization, intervalMs, seen }: Following,
  handle: (entry: AuditLogEntry) => Promise<void>,
): Promise<never> {
  seen.endPoll();
  let isOut = false;
  for (;;) {
    await systemClock.sleep(intervalMs);
    const found = new Map<string, AuditLogEntry>();
    try {
      for await (const entry of client.streamAuditLogs(organization)) {
        if (seen.isNew(entry)) found.set(entry.id, entry);
      }
    } catch (error) {
      if (!(error instanceof HubError) || !error.retryable) throw error;
      if (!isOut) note(terminal, `${error.message} Trying again every ${intervalMs / 1000} s.`);
      isOut = true;
      continue;
    }
    if (isOut) note(terminal, "The Hub answers again.");
    isOut = false;
    const entries = [...found.values()];
    for (const entry of entries) seen.add(entry);
    seen.endPoll();
    entries.sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
    for (const entry of entries) await handle(entry);
  }
}

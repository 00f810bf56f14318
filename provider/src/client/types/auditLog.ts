/** Filters for the audit log. The client applies them, because the Hub always exports the whole log. */
export interface AuditLogFilter {
  /** The user name of the author, in any case. */
  user?: string;
  /**
   * One of {@link AUDIT_ACTIONS}, such as `repo.visibility`, or an event type of the Hub, such as `org.invite_user`.
   *
   * Each event of the type `repo.update_settings` has the action `repo.visibility` or `repo.update`, but not both.
   */
  action?: string;
  /**
   * A family or a kind of resource.
   *
   * A family is the first part of the Hub's event type, such as `repo`, `org`, `resource_group`, `spaces`, `jobs` or `billing`. The kinds
   * are `model`, `dataset`, `space`, `bucket` and `kernel` (if the event contains the type of its repository), `token`,
   * `service_account`, `member` and `sso`.
   */
  resourceType?: string;
  /** The earliest time of an event. ISO 8601; UTC if it has no time zone. */
  startDate?: string | Date;
  /** The latest time of an event. ISO 8601; UTC if it has no time zone. A date without a time includes the whole day. */
  endDate?: string | Date;
}

/** Filters and limits of {@link HubClient.auditLogs} and of the function `getAuditLogs`. */
export interface AuditLogOptions extends AuditLogFilter {
  /** The most entries to return; 1 to 100000, default 100. */
  limit?: number;
  /** How many of the newest entries to skip; 0 to 1000000, default 0. */
  offset?: number;
}

/** Filters and limits of {@link HubClient.streamAuditLogs} and of the function `streamAuditLogs`. */
export interface AuditLogStreamOptions extends AuditLogFilter {
  /** The most entries to yield; at least 1, or `Infinity`. Default: all. */
  limit?: number;
  /** How many entries to skip, in the Hub's order; default 0. */
  offset?: number;
}

/** One entry of an organization's audit log. */
export interface AuditLogEntry {
  /** The Hub's id of the event. */
  id: string;
  /** The user name of the author; `null` if the event has none. */
  user: string | null;
  /** One of {@link AUDIT_ACTIONS} if there is one for the event, else the Hub's event type. */
  action: string;
  /** The time of the event, unchanged from the Hub: ISO 8601 in UTC. */
  timestamp: string;
  /** The name of the repository, member, token or group that the event is about. Absent if the event does not contain it. */
  resource?: string;
  /** The kind of the resource (`model`, `member`, `token`, …) if the event contains it, else the family of the event's type. */
  resourceType: string;
  /** The Hub's text about the event; may be empty. */
  message: string;
  /** The Hub's own event, unchanged. */
  event: AuditLogEvent;
}

/** An event of the audit log in the Hub's own form. It may have fields that are newer than this package. */
export interface AuditLogEvent {
  /** The Hub's id of the event. */
  _id: string;
  /** The time of the event. ISO 8601. */
  createdAt: string;
  /** The Hub's event type, such as `org.invite_user`. */
  type: string;
  /** The Hub's text about the event. */
  message?: string;
  /** Details that depend on the event type. */
  data?: unknown;
  /** The IP address of the author. */
  ip?: string;
  /** The location of the author. */
  location?: unknown;
  /** The user agent of the author's request. */
  userAgent?: string;
  /** The account that caused the event. */
  author?: { _id?: string; user?: string; type?: string; avatarUrl?: string; deleted?: boolean };
  /** The token that was used. */
  token?: unknown;
  /** The OAuth session that was used. */
  oauth?: unknown;
  /** Other fields of the Hub. */
  [field: string]: unknown;
}

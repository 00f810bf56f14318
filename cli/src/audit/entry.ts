import { type AuditLogEntry } from "pulumi-huggingface/client";
import { recordOf } from "pulumi-huggingface/core";
import { timeOf } from "../output/time";

/** The parts of an entry that a table and a CSV file show. */
export interface Shown {
  /** `2026-01-31 12:00:00`, in UTC. */
  time: string;
  user: string;
  action: string;
  resource: string;
  message: string;
  location: string;
  /** The last four characters of the token that was used. */
  token: string;
}

/** Reads the parts of an entry. Missing parts are empty. */
export function partsOf(entry: AuditLogEntry): Shown {
  const { event, timestamp, user, action, resource, message } = entry;
  return {
    time: timeOf(timestamp),
    user: user ?? "",
    action,
    resource: resource ?? "",
    message,
    location: locationOf(event.location),
    token: lastFourOf(event.token),
  };
}

/** Where the author was; empty if the entry does not say it. */
export function locationOf(location: unknown): string {
  if (typeof location === "string") return location;
  const { formatted, city, country } = recordOf(location);
  const parts = typeof formatted === "string" ? [formatted] : [city, country];
  return parts.filter((part): part is string => typeof part === "string" && part !== "").join(", ");
}

/** Of the token that was used; empty if the entry does not say it. Never more than four characters, also if the Hub sends more. */
export function lastFourOf(token: unknown): string {
  const { last4 } = recordOf(token);
  return typeof last4 === "string" && last4 !== "" ? last4.slice(-4) : "";
}

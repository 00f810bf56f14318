import { InvalidArgumentError } from "commander";
import { auditQuery } from "pulumi-huggingface/core";

const SECOND = 1000;
const UNITS: Readonly<Record<string, number>> = {
  s: SECOND,
  m: 60 * SECOND,
  h: 3600 * SECOND,
  d: 86_400 * SECOND,
  w: 7 * 86_400 * SECOND,
};

/** The milliseconds of a duration such as `30m`, `12h`, `7d` or `2w`; `undefined` if the text is not a duration. */
export function milliseconds(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] as number);
}

/**
 * Returns a parser for a time: ISO 8601, unchanged, or a duration before now.
 *
 * @param now - milliseconds since 1970
 */
export function timeBefore(now: () => number = Date.now): (text: string) => string {
  return (text) => {
    const before = milliseconds(text);
    if (before !== undefined) return new Date(now() - before).toISOString();
    try {
      auditQuery({ startDate: text }, { limit: 1, mostLimit: 1, mostOffset: 0 });
      return text;
    } catch {
      throw new InvalidArgumentError(
        "Use a duration such as 30m, 12h, 7d or 2w, or a time in ISO 8601 such as 2026-01-31 or 2026-01-31T12:00:00Z.",
      );
    }
  };
}

/** Returns a parser for a duration in milliseconds within limits, which are durations too. */
export function durationBetween(least: string, most: string): (text: string) => number {
  return (text) => {
    const value = milliseconds(text);
    if (value !== undefined && value >= milliseconds(least)! && value <= milliseconds(most)!) return value;
    throw new InvalidArgumentError(`Use a duration from ${least} to ${most}, such as 30s or 5m.`);
  };
}

/** Returns a parser for a whole number within limits. */
export function wholeBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Use a whole number from ${least} to ${most}.`);
  };
}

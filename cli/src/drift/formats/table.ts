// The drift report on a terminal.
import { columns, shown, type Terminal } from "../../terminal";
import { type Event } from "../authors";
import { type Category, type Drift, type DriftReport, HIDDEN } from "../report";

const TITLES: Record<Category, string> = {
  exposed: "Exposed: looser than applied",
  changed: "Changed",
  tightened: "Tightened by hand",
};

/** How many less likely events are shown. */
const MAX_OTHERS = 2;

const UP: Record<Drift["up"], string> = {
  reverts: "reverts it",
  refuses: "refuses, and fails",
  leaves: "sends nothing",
  unknown: "not known",
};

/** The report as text. */
export function asTable(report: DriftReport, terminal: Terminal): string {
  const { colors } = terminal;
  const paint = { exposed: colors.red, changed: colors.yellow, tightened: colors.cyan };
  const sections = (Object.keys(TITLES) as Category[]).flatMap((category) => {
    const drifts = report.drifts.filter((each) => each.category === category);
    if (drifts.length === 0) return [];
    const title = colors.bold(paint[category](`${TITLES[category]} (${drifts.length})`));
    return [[title, ...drifts.map((drift) => entryOf(drift, report.checkedAt, terminal))].join("\n\n")];
  });
  const remarks = [
    ...remarkLines("Due, and no drift", report.due, terminal),
    ...remarkLines("Not compared", report.notCompared, terminal),
    ...remarkLines("Could not be read", report.failures, terminal),
  ];
  return [...sections, ...remarks, summaryOf(report)].join("\n\n");
}

function entryOf(drift: Drift, checkedAt: string, terminal: Terminal): string {
  const { colors } = terminal;
  const open =
    drift.category === "exposed" && drift.since !== undefined
      ? durationUntil(drift.since, checkedAt)
      : undefined;
  const rows = [
    ["change", changeText(drift, colors.bold)],
    ...(open === undefined ? [] : [["open for", open]]),
    ...authorRows(drift),
    ["pulumi up", `${UP[drift.up]}${drift.why === undefined ? "" : `: ${shown(drift.why)}`}`],
    ...(drift.up === "reverts" ? [["run", drift.command]] : []),
  ];
  const title = `  ${colors.bold(shown(drift.name))}  ${colors.dim(drift.object)}`;
  const body = columns(
    terminal,
    ["", ""],
    rows.map(([label = "", text = ""]) => [colors.dim(label), text]),
  );
  return [
    title,
    ...body
      .split("\n")
      .slice(1)
      .map((line) => `    ${line}`),
  ].join("\n");
}

/** `visibility: private → public`. */
export function changeText({ property, applied, onHub }: Drift, emphasize = (text: string) => text): string {
  if (onHub === HIDDEN) return `${shown(property)} has changed (not shown)`;
  return `${shown(property)}: ${applied} → ${emphasize(onHub)}`;
}

function authorRows({ events, noEvent }: Drift): string[][] {
  const [first, ...others] = events;
  if (!first) return [["by", `not known: ${shown(noEvent ?? "")}`]];
  const left = others.length - MAX_OTHERS;
  return [
    ["by", eventText(first)],
    ...others.slice(0, MAX_OTHERS).map((each, index) => [index === 0 ? "or by" : "", eventText(each)]),
    ...(left > 0 ? [["", `and ${left} earlier ${left === 1 ? "event" : "events"}: see --format json`]] : []),
  ];
}

/** `eve at 2026-01-31T12:00:00.000Z, token …a1b2, Paris, France (repo.update_settings)`. */
export function eventText({ user, at, type, tokenLast4, location }: Event): string {
  const details = [
    `${user ?? "an unnamed account"} at ${at}`,
    ...(tokenLast4 === undefined ? [] : [`token …${tokenLast4}`]),
    ...(location === undefined ? [] : [location]),
  ];
  return shown(`${details.join(", ")} (${type})`);
}

function remarkLines(title: string, remarks: DriftReport["due"], { colors }: Terminal): string[] {
  if (remarks.length === 0) return [];
  const lines = remarks.map(({ name, type, message }) => `  ${shown(`${name} (${type}): ${message}`)}`);
  return [[colors.bold(`${title} (${remarks.length})`), ...lines].join("\n")];
}

/** One sentence about the whole report. */
export function summaryOf({ resources, drifts, failures, notCompared }: DriftReport): string {
  const count = (category: Category): number => drifts.filter((each) => each.category === category).length;
  const read = `${resources} ${resources === 1 ? "resource" : "resources"} checked`;
  const incomplete = failures.length + notCompared.length > 0 ? ", not all of them completely" : "";
  if (drifts.length === 0) return `${read}${incomplete}: no drift.`;
  return `${read}${incomplete}: ${count("exposed")} exposed, ${count("changed")} changed, ${count("tightened")} tightened.`;
}

const UNITS = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1000, "second"],
] as const;

/** The time between two moments in the largest fitting unit. */
export function durationUntil(from: string, to: string): string {
  const milliseconds = Math.max(0, Date.parse(to) - Date.parse(from));
  const [unit, name] = UNITS.find(([length]) => milliseconds >= length) ?? [1000, "second"];
  const count = Math.floor(milliseconds / unit);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

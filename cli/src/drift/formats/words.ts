// What all formats say about a drift, in the same words.
import { printableLine } from "pulumi-huggingface/core";
import { timeText as outputTime } from "../../output/time";
import { type Event } from "../authors";
import { type Category, type Drift, type DriftReport, HIDDEN, type Remark } from "../report";

/** The categories, the most urgent one first. */
export const TITLES: Record<Category, string> = {
  exposed: "Exposed: looser than applied",
  changed: "Changed",
  tightened: "Tightened by hand",
};

const UP: Record<Drift["up"], string> = {
  reverts: "reverts it",
  refuses: "refuses, and fails",
  leaves: "sends nothing",
  unknown: "not known",
};

/** The most characters of a name from outside. */
const MAX_NAME = 200;

/** The most characters of a sentence with parts from outside. */
const MAX_SENTENCE = 2000;

/** A name from outside as one short line. */
export function shortName(text: string): string {
  return printableLine(text, MAX_NAME);
}

/** A sentence with parts from outside as one line. */
export function sentence(text: string): string {
  return printableLine(text, MAX_SENTENCE);
}

/** `visibility: private → public`. */
export function changeText({ property, applied, onHub }: Drift): string {
  if (onHub === HIDDEN) return sentence(`${property} has changed (not shown)`);
  return sentence(`${property}: ${applied} → ${onHub}`);
}

/** `eve, 2026-01-31 12:00:00 UTC, token …a1b2, Paris, France (repo.update_settings)`. */
export function eventText({ user, at, type, tokenLast4, location }: Event): string {
  const details = [
    shortName(user ?? "an unnamed account"),
    timeText(at),
    ...(tokenLast4 === undefined ? [] : [`token …${tokenLast4}`]),
    ...(location === undefined ? [] : [location]),
  ];
  return sentence(`${details.join(", ")} (${type})`);
}

/** The most likely author, or why none is known. */
export function authorText({ events: [first], noEvent }: Drift): string {
  return first ? eventText(first) : sentence(`not known: ${noEvent ?? "no event"}`);
}

/** What `pulumi up` does about it, and why. */
export function upText({ up, why }: Drift): string {
  return why === undefined ? UP[up] : sentence(`${UP[up]}: ${why}`);
}

/** `2026-01-31 12:00:00 UTC`. */
export function timeText(at: string): string {
  return shortName(outputTime(at));
}

/** The drifts of each category that has some. */
export function byCategory({ drifts }: DriftReport): [Category, Drift[]][] {
  return (Object.keys(TITLES) as Category[]).flatMap((category): [Category, Drift[]][] => {
    const own = drifts.filter((each) => each.category === category);
    return own.length === 0 ? [] : [[category, own]];
  });
}

/** The remarks under their titles, the most important ones first. */
export function remarkSections({ due, notCompared, failures }: DriftReport): [string, Remark[]][] {
  const sections: [string, Remark[]][] = [
    ["Could not be read", failures],
    ["Not compared", joined(notCompared)],
    ["Due, not drift", due],
  ];
  return sections.filter(([, remarks]) => remarks.length > 0);
}

/** What a remark about one property of a resource begins with. */
const ONE_PROPERTY = /^([\w, ]+) differs? or not: /;

/** Remarks about several properties of a resource as one, if the explanation is the same. */
function joined(remarks: readonly Remark[]): Remark[] {
  const groups = new Map<string, { remark: Remark; properties: string[] }>();
  for (const remark of remarks) {
    const [start = "", property] = ONE_PROPERTY.exec(remark.message) ?? [];
    const key = JSON.stringify([remark.urn, remark.message.slice(start.length)]);
    const group = groups.get(key) ?? { remark, properties: [] };
    if (property !== undefined) group.properties.push(property);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ remark, properties }) => {
    if (properties.length < 2) return remark;
    const message = remark.message.replace(ONE_PROPERTY, () => `${properties.join(", ")} differ or not: `);
    return { ...remark, message };
  });
}

/** `13 resources checked`. */
export function checkedText(report: DriftReport): string {
  const { resources } = report;
  const incomplete = isComplete(report) ? "" : ", not all of them completely";
  return `${resources} ${resources === 1 ? "resource" : "resources"} checked${incomplete}`;
}

function isComplete({ failures, notCompared }: DriftReport): boolean {
  return failures.length + notCompared.length === 0;
}

/** `5 exposed, 3 changed, 1 tightened`. */
export function countsText(report: DriftReport): string {
  const { drifts } = report;
  if (drifts.length === 0) return isComplete(report) ? "no drift" : "no drift found";
  return (Object.keys(TITLES) as Category[])
    .map((name) => `${drifts.filter(({ category }) => category === name).length} ${name}`)
    .join(", ");
}

/** The command that reverts drift, and how many drifts it reverts. Absent if it reverts none. */
export function revertible({ drifts }: DriftReport): { command: string; count: number } | undefined {
  const reverted = drifts.filter(({ up }) => up === "reverts");
  const [first] = reverted;
  return first && { command: first.command, count: reverted.length };
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

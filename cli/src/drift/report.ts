// The result of a drift check, in one form for all formats.
import {
  definitionOf,
  driftRulesOf,
  type Finding,
  isSealed,
  texts,
  withoutKeys,
} from "pulumi-huggingface/core";
import { shown } from "../terminal";
import { type Answer, type Event } from "./authors";
import { type Decision } from "./decision";
import { OBJECT } from "./findings";
import { type Recorded } from "./stack";

/** `exposed`: looser than applied. `tightened`: tighter. `changed`: neither. */
export type Category = "exposed" | "changed" | "tightened";

/** One property that differs on the Hub from what the program last applied. */
export interface Drift {
  /** The resource in the stack. */
  urn: string;
  name: string;
  type: string;
  /** The id of the object on the Hub. */
  id: string;
  /** The object in words. */
  object: string;
  property: string;
  /** What the program last applied, as text. Of two lists, only the elements that the other one does not have. `[secret]` for a secret. */
  applied: string;
  /** What the Hub has, in the same form. */
  onHub: string;
  category: Category;
  /** When the most likely event happened: since then it is open. ISO 8601. Absent if no event is known. */
  since?: string;
  /** The events that may have made the difference, the most likely one first. */
  events: Event[];
  /** Why no event is known. */
  noEvent?: string;
  /** What `pulumi up --refresh` would do about it. */
  up: Decision["up"];
  /** Why, and what to do. */
  why?: string;
  /** The command that runs it. */
  command: string;
  /** The line of the program that declares the resource. */
  source?: { file: string; line: number };
}

/** Something about a resource that is not drift. */
export interface Remark {
  urn: string;
  name: string;
  type: string;
  message: string;
}

/** A resource that the check read, or tried to read. */
export interface Checked {
  urn: string;
  name: string;
  type: string;
  /** The line of the program that declares it. */
  source?: { file: string; line: number };
}

/** The result of a drift check. */
export interface DriftReport {
  /** ISO 8601. */
  checkedAt: string;
  /** How many resources were read. */
  resources: number;
  /** All of these resources, in the order of the stack. */
  checked: Checked[];
  /** The exposed ones first, then the changed ones, then the tightened ones. */
  drifts: Drift[];
  /** What is due by the clock. */
  due: Remark[];
  /** Properties that cannot be compared, because the stack has them only encrypted. */
  notCompared: Remark[];
  /** Resources that could not be read. */
  failures: Remark[];
}

const CATEGORIES: Record<Finding["order"], Category> = {
  looser: "exposed",
  different: "changed",
  tighter: "tightened",
};

const ORDER: readonly Category[] = ["exposed", "changed", "tightened"];

/** The exit codes of the command, by what it found. */
export const EXIT = { none: 0, failed: 1, drift: 2, exposed: 3 } as const;

/** The exit code: what is exposed is the most urgent, then an incomplete check. */
export function exitCodeOf({ drifts, failures, notCompared }: DriftReport): number {
  if (drifts.some(({ category }) => category === "exposed")) return EXIT.exposed;
  // guard: drift-exit-code
  if (failures.length + notCompared.length > 0) return EXIT.failed;
  return drifts.length > 0 ? EXIT.drift : EXIT.none;
}

/** Builds one entry of the report. */
export function driftOf(
  resource: Recorded,
  finding: Finding,
  { events, why: noEvent }: Answer,
  decision: Decision,
  command: string,
): Drift {
  const { urn, name, type, id, source } = resource;
  const hidden = isHidden(resource, finding);
  const isQuiet = hasUnusualSecret(resource);
  // guard: drift-sealed
  const [applied, onHub] = hidden ? [HIDDEN, HIDDEN] : valuesOf(finding.applied, finding.onHub);
  return {
    ...{ urn, name, type, id, command, applied, onHub },
    events: hidden || isQuiet ? events.map((each) => ({ ...each, message: HIDDEN })) : events,
    object: objectOf(resource),
    property: finding.property,
    category: CATEGORIES[finding.order],
    since: events[0]?.at,
    noEvent,
    up: decision.up,
    why: decision.why !== undefined && isQuiet ? WITH_SECRETS : decision.why,
    source,
  };
}

/** A remark about a resource. */
export function remarkOf({ urn, name, type }: Recorded, message: string): Remark {
  return { urn, name, type, message };
}

/** What a report says about each resource. */
export function checkedOf({ urn, name, type, source }: Recorded): Checked {
  return { urn, name, type, source };
}

/** Sorts by category, then the longest open first, then by name. */
export function sorted(drifts: readonly Drift[]): Drift[] {
  const known = ({ since }: Drift): number => (since === undefined ? Infinity : Date.parse(since));
  return [...drifts].sort(
    (one, other) =>
      ORDER.indexOf(one.category) - ORDER.indexOf(other.category) ||
      compareNumbers(known(one), known(other)) ||
      one.urn.localeCompare(other.urn),
  );
}

function compareNumbers(one: number, other: number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Stands for a value that is not shown. */
export const HIDDEN = "[secret]";

/** The most characters of a value in the report. */
const MAX_VALUE = 200;

const WITH_SECRETS =
  "The reason may contain a secret argument of the resource, so it is not shown. Run `pulumi preview --refresh` to see it.";

/** Whether the program made something secret that usually is not. Texts about the resource may then contain it. */
function hasUnusualSecret({ type, secrets }: Recorded): boolean {
  return !secrets.every((name) => definitionOf(type).secrets.includes(name));
}

function isHidden(resource: Recorded, { property, applied, onHub, isRecorded }: Finding): boolean {
  const { type, secrets } = resource;
  const { secrets: own, schema } = definitionOf(type);
  const hidden = [...own, ...(driftRulesOf(type).hides ?? []), ...secrets];
  // A finding that is not about one argument may be about a secret one.
  const isOther = property !== OBJECT && !(property in schema.properties);
  return (
    hidden.includes(property) ||
    (isSealed(applied) && !isRecorded) ||
    isSealed(onHub) ||
    (isOther && hasUnusualSecret(resource))
  );
}

/** Of two lists, only the elements that the other one does not have. */
function valuesOf(applied: unknown, onHub: unknown): [string, string] {
  if (!Array.isArray(applied ?? onHub) || !Array.isArray(onHub ?? applied))
    return [valueOf(applied), valueOf(onHub)];
  const [one, other] = [applied, onHub].map((each) => ((each ?? []) as unknown[]).map(valueOf)) as [
    string[],
    string[],
  ];
  return [
    listOf(one.filter((each) => !other.includes(each))),
    listOf(other.filter((each) => !one.includes(each))),
  ];
}

function listOf(elements: readonly string[]): string {
  return elements.length === 0 ? "-" : cut(elements.join(", "));
}

function valueOf(value: unknown): string {
  if (value === undefined || value === null) return "none";
  return cut(typeof value === "string" ? value : objectText(value));
}

/** `user: ana, role: write` for an object. */
function objectText(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, each]) => `${key}: ${typeof each === "string" ? each : JSON.stringify(each)}`)
    .join(", ");
}

function cut(text: string): string {
  const line = shown(text);
  return line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE)}…` : line;
}

function objectOf({ type, inputs, secrets }: Recorded): string {
  const known = texts(withoutKeys(inputs, secrets));
  return shown(`${type} ${definitionOf(type).label(known)}`.trim());
}

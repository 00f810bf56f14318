// Random histories, and their description in words.
import * as fc from "fast-check";
import { ACCIDENTS, type Forecast, TOKEN_ACCIDENTS, VIEWS } from "./weather";
import { type Slot } from "./slots/slot";
import { PEOPLE } from "./hub";

/** An operation of the engine. */
export interface Run {
  do: "run";
  kind: "up" | "preview" | "refresh" | "destroy";
  stack: number;
  refresh: boolean;
  previewFirst: boolean;
  othersGoOn: boolean;
  replace?: number;
  target?: number;
  forecast?: Forecast;
  /** How to resolve a refusal, if there is one. */
  resolve?: "reason" | "as on the Hub";
}

/** One event of a history. Numbers choose among the available entries. */
export type Act =
  | Run
  | { do: "hand"; slot: number; change: number; who: number }
  | { do: "program"; slot: number; change: number }
  | { do: "reason"; slot: number; old: number }
  | { do: "declare"; slot: number; on: boolean }
  | { do: "rename"; slot: number; alias: boolean }
  | { do: "move"; slot: number; again: boolean }
  | { do: "retain"; slot: number; on: boolean }
  | { do: "provider"; slot: number; provider: number }
  | { do: "clock"; whose: "runner" | "Hub"; hours: number }
  | { do: "wait"; hours: number };

const view = "whole" as const;
/** What goes wrong more often with tokens: a change without the expected effect, or a token whose value is lost. */
const onTokens: fc.Arbitrary<Forecast> = fc.record({
  accident: fc.constantFrom("200 without effect" as const, "death after" as const, ...TOKEN_ACCIDENTS),
  nth: fc.nat(1),
  writes: fc.constant(true),
  view: fc.constant(view),
});
const forecast: fc.Arbitrary<Forecast> = fc.oneof(
  fc.record({
    accident: fc.constantFrom(...ACCIDENTS),
    nth: fc.nat(3),
    writes: fc.boolean(),
    view: fc.constant(view),
  }),
  fc.record({ nth: fc.constant(0), writes: fc.constant(false), view: fc.constantFrom(...VIEWS.slice(1)) }),
);

const sometimes = <T>(what: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: what });

function actOf(slots: readonly Slot[]): fc.Arbitrary<Act> {
  const slot = fc.nat(slots.length - 1);
  const isOfTokens = slots.some(({ type }) => type === "HubToken");
  const weather = isOfTokens ? fc.oneof(forecast, onTokens) : forecast;
  const run = (kind: Run["kind"]): fc.Arbitrary<Run> =>
    fc.record({
      do: fc.constant("run" as const),
      kind: fc.constant(kind),
      stack: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
      refresh: kind === "refresh" ? fc.constant(false) : fc.boolean(),
      previewFirst: fc.boolean(),
      othersGoOn: fc.boolean(),
      replace: kind === "up" ? sometimes(slot, 15) : fc.constant(undefined),
      target: kind === "up" ? sometimes(slot, 15) : fc.constant(undefined),
      forecast: kind === "preview" ? fc.constant(undefined) : sometimes(weather, 4),
      resolve:
        kind === "up"
          ? fc.constantFrom(undefined, "reason" as const, "as on the Hub" as const)
          : fc.constant(undefined),
    });
  const weighted = <T extends Act>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
  return fc.oneof(
    weighted(30, run("up")),
    weighted(3, run("preview")),
    weighted(5, run("refresh")),
    weighted(1, run("destroy")),
    weighted(
      20,
      fc.record({
        do: fc.constant("hand" as const),
        slot,
        change: fc.nat(99),
        who: fc.nat(PEOPLE.length - 1),
      }),
    ),
    weighted(14, fc.record({ do: fc.constant("program" as const), slot, change: fc.nat(99) })),
    weighted(
      isOfTokens ? 14 : 7,
      fc.record({
        do: fc.constant("reason" as const),
        slot,
        old: fc.constantFrom(-1, -1, -1, -2, 0, 0, 1, 1),
      }),
    ),
    weighted(2, fc.record({ do: fc.constant("declare" as const), slot, on: fc.boolean() })),
    weighted(3, fc.record({ do: fc.constant("rename" as const), slot, alias: fc.boolean() })),
    weighted(1, fc.record({ do: fc.constant("move" as const), slot, again: fc.boolean() })),
    weighted(1, fc.record({ do: fc.constant("retain" as const), slot, on: fc.boolean() })),
    weighted(1, fc.record({ do: fc.constant("provider" as const), slot, provider: fc.nat(1) })),
    weighted(
      1,
      fc.record({
        do: fc.constant("clock" as const),
        whose: fc.constantFrom("runner" as const, "Hub" as const),
        hours: fc.constantFrom(-48, -1, 1, 48),
      }),
    ),
    // Times around the end of an overlap and the end of a token's life.
    weighted(
      8,
      fc.record({
        do: fc.constant("wait" as const),
        hours: fc.constantFrom(1, 23, 25, 24 * 29, 24 * 31, 24 * 40),
      }),
    ),
  );
}

/** Histories about these objects. */
export function histories(slots: readonly Slot[], maxLength = 40, minLength = 1): fc.Arbitrary<Act[]> {
  return fc.array(actOf(slots), { minLength, maxLength, size: "max" });
}

/** The shortest history that still fails, found by leaving out one act after another. */
export async function shortest(
  acts: readonly Act[],
  fails: (acts: readonly Act[]) => Promise<boolean>,
): Promise<Act[]> {
  let best = [...acts];
  for (let size = Math.ceil(best.length / 2); size >= 1;) {
    let found = false;
    for (let at = best.length - size; at >= 0; at -= size) {
      const fewer = [...best.slice(0, at), ...best.slice(at + size)];
      if (await fails(fewer)) [best, found] = [fewer, true];
    }
    if (!found || size > 1) size = size > 1 ? Math.ceil(size / 2) : 0;
  }
  for (const [index, act] of best.entries()) {
    for (const simpler of simplerThan(act)) {
      const tried = best.map((each, at) => (at === index ? { ...each, ...simpler } : each));
      if (await fails(tried)) best = tried;
    }
  }
  return best;
}

function simplerThan(act: Act): object[] {
  if (act.do !== "run") return "who" in act ? [{ who: 0 }] : [];
  const parts = ["forecast", "replace", "target", "resolve"].map((part) => ({ [part]: undefined }));
  return [...parts, { previewFirst: false }, { othersGoOn: false }, { refresh: false }, { stack: 0 }];
}

/** Describes a history in plain words. */
export function inWords(acts: readonly Act[], slots: readonly Slot[]): string {
  return acts.map((act, index) => `${String(index + 1).padStart(4)}. ${wordsFor(act, slots)}`).join("\n");
}

function wordsFor(act: Act, slots: readonly Slot[]): string {
  if (act.do === "run") return wordsForRun(act, slots);
  if (act.do === "clock") return `the ${act.whose}'s clock jumps by ${act.hours} h`;
  if (act.do === "wait") return `${act.hours} h go by`;
  const slot = slots[act.slot % slots.length] as Slot;
  switch (act.do) {
    case "hand":
      return `${PEOPLE[act.who] ?? ""} ${slot.hand[act.change % slot.hand.length]?.words ?? ""}`;
    case "program":
      return `the program ${slot.program[act.change % slot.program.length]?.words ?? ""}`;
    case "reason":
      return act.old === -1
        ? `the program gives a new reason for ${slot.object}`
        : act.old === -2
          ? `the program removes the reason for ${slot.object}, if it is optional`
          : `the program gives earlier reason ${act.old} for ${slot.object} again, or a new one`;
    case "declare":
      return `the program ${act.on ? "declares" : "no longer declares"} ${slot.object}`;
    case "rename":
      return `the resource of ${slot.object} is renamed ${act.alias ? "with an alias" : "without an alias"}`;
    case "move":
      return (
        `pulumi state move moves the resource of ${slot.object} to the other stack` +
        (act.again && slot.mayBeDeclaredAgain
          ? ", and the program declares another one under the old name"
          : "")
      );
    case "provider":
      return `the resource of ${slot.object} uses the ${act.provider === 0 ? "first" : "second"} provider`;
    case "retain":
      return `the resource of ${slot.object} sets retainOnDelete to ${act.on}`;
  }
}

function wordsForRun(run: Run, slots: readonly Slot[]): string {
  const name = (slot: number): string => slots[slot % slots.length]?.object ?? "";
  const { forecast: weather } = run;
  return [
    run.kind === "up" && run.previewFirst && !weather ? "preview, then up" : run.kind,
    run.refresh ? "--refresh" : "",
    run.replace === undefined ? "" : `--replace ${name(run.replace)}`,
    run.target === undefined ? "" : `--target ${name(run.target)}`,
    run.othersGoOn && (run.kind === "up" || run.kind === "destroy") ? "--continue-on-error" : "",
    `in ${run.stack === 0 ? "dev" : "prod"}`,
    weather?.accident
      ? `(${weather.accident} at ${weather.writes ? "changing " : ""}request ${weather.nth + 1})`
      : weather
        ? `(${weather.view})`
        : "",
    run.resolve ? `and, if that is refused, ${run.resolve} and up` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

// What an engine does in each operation of a history, in a form that can be compared between engines.
import { type Engine } from "../engine";
import { type LawHub } from "../hub";
import { subjects } from "../subjects";
import { type Outcome, type Step, type Watcher } from "../steps";
import { liveTokens } from "../tokens/look";

/** One operation. */
export interface Record {
  /** What was called for each resource, what was planned or done, and what the Hub has afterwards. */
  lines: readonly string[];
  /** The error messages, to explain a difference. */
  errors: readonly string[];
}

/** An engine that records its operations. */
export function recorded(
  engine: Engine,
  records: Record[],
  objects: readonly { type: string; object: string }[],
): Engine {
  return {
    move: (...about) => engine.move(...about),
    operation(stack, program, options, watcher, hub) {
      const calls = new Map<string, string[]>();
      const errors: string[] = [];
      const operation = engine.operation(stack, program, options, recording(watcher, calls, errors), hub);
      const kept = async (ended: ReturnType<typeof operation.up>): ReturnType<typeof operation.up> => {
        const { failed, dead, plan } = await ended;
        const lines = [
          ...[...calls].map(([name, lines]) => `${name}: ${lines.join(", ")}`).sort(),
          // What a process did before it died is not always reported.
          ...(dead ? ["dead"] : [...plan].map(([name, what]) => `plan: ${what} ${name}`).sort()),
          `ended: ${failed ? "failed" : "well"}`,
          ...heldBy(hub, objects),
        ];
        records.push({ lines, errors });
        return { failed, dead, plan };
      };
      return {
        up: () => kept(operation.up()),
        refresh: () => kept(operation.refresh()),
        destroy: () => kept(operation.destroy()),
      };
    },
  };
}

function recording(watcher: Watcher, calls: Map<string, string[]>, errors: string[]): Watcher {
  return {
    begin: (step) => watcher.begin(step),
    say: (severity, message) => watcher.say(severity, message),
    end(step, outcome) {
      const lines = calls.get(step.name) ?? [];
      calls.set(step.name, [...lines, wordsFor(step, outcome)]);
      if (outcome.error) errors.push(`${step.name}: ${outcome.error.message}`);
      watcher.end(step, outcome);
    },
  };
}

function wordsFor({ method, refreshing }: Step, { error, stored, dead, result }: Outcome): string {
  const name = refreshing ? `refresh ${method}` : method;
  if (dead) return `${name} dies`;
  if (error) return `${name} fails${stored ? ", stored" : ""}`;
  const { failures, changes, replaces, id } = (result ?? {}) as {
    failures?: unknown[];
    changes?: boolean;
    replaces?: unknown[];
    id?: string;
  };
  if (failures && failures.length > 0) return `${name} refuses`;
  if (replaces && replaces.length > 0) return `${name} replaces`;
  if (method === "read" && id === "") return `${name} finds nothing`;
  return changes ? `${name} changes` : name;
}

function heldBy({ store }: LawHub, objects: readonly { type: string; object: string }[]): string[] {
  const facets = objects.map(
    ({ type, object }) =>
      `${object}: ${JSON.stringify(subjects[type]?.look(store, object)?.facets ?? "gone")}`,
  );
  const tokens = [...liveTokens(store).values()].map(
    ({ elements }) => `token: ${[...elements].sort().join(" ")}`,
  );
  return [...facets, ...tokens.sort(), `accounts: ${store.serviceAccounts.size}`].map(
    (line) => `Hub: ${line}`,
  );
}

/** The first difference between two engines, or `undefined` if they do the same. */
export function difference(one: readonly Record[], other: readonly Record[]): string | undefined {
  for (const [index, { lines, errors }] of one.entries()) {
    const others = other[index] ?? { lines: [], errors: [] };
    const only = lines.filter((line) => !others.lines.includes(line));
    const onlyOther = others.lines.filter((line) => !lines.includes(line));
    if (only.length + onlyOther.length === 0) continue;
    return [
      `operation ${index + 1}`,
      ...[...only, ...errors].map((line) => `  simulated  ${line}`),
      ...[...onlyOther, ...others.errors].map((line) => `  real       ${line}`),
    ].join("\n");
  }
  return undefined;
}

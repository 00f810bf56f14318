// Watches an engine and a Hub from outside, and reports which law of the rule is broken. Shares no code with the
// provider.
import { AccountLaws } from "./accounts";
import { type Counters } from "./counters";
import { type Ended, type Options, type Outcome, type Stack, type Step, type Watcher } from "./engine";
import { FacetLaws } from "./facets";
import { type LawHub } from "./hub";
import { OrganizationLaws } from "./organizations";
import { subjects } from "./subjects";
import { type Current, describe, type Judge, type Law, LAWS, type Surroundings } from "./surroundings";
import { TokenLaws } from "./tokens/laws";
import { type Weather } from "./weather";

/** A broken law. */
export class Violation extends Error {
  override name = "Violation";

  /** @param kind - a few words, the same for all violations of one kind */
  constructor(
    readonly law: Law,
    readonly kind: string,
    message: string,
  ) {
    super(`Law ${law} (${LAWS[law]}), ${kind}: ${message}`);
  }
}

/** How a preview announces a refusal. No other wording is checked. */
const FORETELLS = /will refuse/i;

export class Oracle implements Watcher {
  #operation: Current | undefined;
  #step: Step | undefined;
  #requestsBefore = 0;
  readonly facets: FacetLaws;
  readonly tokens: TokenLaws;
  readonly accounts: AccountLaws;
  readonly #organizations: OrganizationLaws;
  readonly #judges: readonly Judge[];
  readonly violations: Violation[] = [];
  lastError = "";

  constructor(
    private readonly hub: LawHub,
    objects: readonly { type: string; object: string }[],
    private readonly counters: Counters,
    stacks: readonly Stack[],
  ) {
    const around: Surroundings = {
      store: hub.store,
      counters,
      stacks,
      operation: () => this.operation,
      metFault: () =>
        hub.requests.slice(this.#requestsBefore).some(({ faulty, method }) => faulty && method === "GET"),
      saw: (path) =>
        hub.requests
          .slice(this.#requestsBefore)
          .some((seen) => seen.path === path && seen.status === 200 && !seen.faulty),
      lostAnswer: () => hub.requests.some(({ faulty, method }) => faulty && method !== "GET"),
      break: (law, kind, message) => this.break(law, kind, message),
    };
    this.facets = new FacetLaws(
      around,
      objects.filter(({ type }) => type in subjects),
    );
    this.tokens = new TokenLaws(around);
    this.accounts = new AccountLaws(around);
    this.#organizations = new OrganizationLaws(around);
    this.#judges = [this.facets, this.tokens, this.accounts, this.#organizations];
    hub.onWrite = (seen) => {
      for (const judge of this.#judges) {
        if (seen) judge.afterWrite(this.#step as Step);
        else judge.beforeWrite();
      }
    };
  }

  start(options: Options, weather: Weather): void {
    this.#operation = {
      options,
      weather,
      declared: new Map(),
      known: new Map(),
      reached: new Map(),
      refreshed: new Set(),
      warned: new Set(),
      foretold: new Set(),
      failed: new Set(),
      refused: new Set(),
      unkept: new Set(),
      uncreated: new Set(),
      ended: new Map(),
    };
  }

  get operation(): Current {
    if (!this.#operation) throw new Error("No operation has begun.");
    return this.#operation;
  }

  begin(step: Step): void {
    this.#step = step;
    this.#requestsBefore = this.hub.requests.length;
    const { method, preview, refreshing } = step;
    this.counters.step(`${preview ? "preview " : ""}${refreshing ? "refresh " : ""}${method}`);
    if (method === "read" && step.old) this.operation.refreshed.add(step.old.uid);
    if (step.declared && method !== "check" && !preview) this.operation.reached.set(step.name, step);
    for (const judge of this.#judges) judge.begin(step);
  }

  end(step: Step, outcome: Outcome): void {
    const { failed, refused } = this.operation;
    if (outcome.error) {
      failed.add(step.name);
      if (step.method === "create" || step.method === "update") refused.add(step.name);
      this.lastError = outcome.error.message;
    }
    this.#judgeCheck(step, outcome);
    for (const judge of this.#judges) judge.end(step, outcome);
  }

  say(severity: "info" | "warning", message: string): void {
    if (severity !== "warning" || !this.#step) return;
    const { warned, foretold } = this.operation;
    warned.add(this.#step.name);
    if (FORETELLS.test(message)) foretold.add(this.#step.name);
    this.facets.judgeNames(this.#step, message);
    this.#organizations.judgeNames(this.#step, message);
  }

  /** Judges what has to be true after `up --refresh`. */
  judgeEnd(dead: boolean): void {
    const { options, weather, reached } = this.operation;
    if (dead || options.preview || weather.happened || !options.refresh) return;
    for (const step of reached.values()) {
      if (this.#isLeftOut(step)) continue;
      for (const judge of this.#judges) judge.judgeEnd(step);
    }
  }

  /** A preview and a run that see the same Hub have to decide the same. */
  compare(
    shown: { shown: Ended; warned: Set<string>; foretold: Set<string>; shownFailed: Set<string> },
    real: { done: Ended; refused: Set<string> },
  ): void {
    for (const [name, plan] of real.done.plan) {
      // Unknown values predict nothing.
      if (name.endsWith(" predecessors")) continue;
      const before = shown.shown.plan.get(name);
      if (before !== plan && !this.#isClockOff(name))
        this.break(
          3,
          "another plan",
          `the preview shows ${before ?? "nothing"} for ${name}, but the run does ${plan}`,
        );
      const step = this.operation.reached.get(name);
      if (plan !== "update" || !this.operation.options.refresh || (step && this.#isLeftOut(step))) continue;
      // The deletion of a replaced resource may fail under the same name.
      const fails = real.refused.has(name);
      const subject = subjects[step?.type ?? ""];
      if (fails && subject?.mayRefuse?.(this.hub.store, step?.declared?.args ?? {}, "preview")) continue;
      if (fails && !shown.warned.has(name) && !shown.shownFailed.has(name)) {
        this.break(3, "refusal not announced", `the run refuses ${name}, but its preview gave no warning`);
      }
      if (!fails && shown.foretold.has(name)) {
        this.break(
          3,
          "refusal announced in vain",
          `the preview announces that ${name} will be refused, but the run succeeds`,
        );
      }
    }
  }

  /**
   * Documented, and logged by the run: due dates follow the Hub's clock, but a preview only knows the runner's clock.
   */
  #isClockOff(name: string): boolean {
    const isToken = this.operation.reached.get(name)?.type === "HubToken";
    return isToken && Math.abs(this.hub.store.now().getTime() - Date.now()) > 60_000;
  }

  break(law: Law, kind: string, message: string): void {
    this.violations.push(new Violation(law, kind, message));
  }

  /**
   * Undecidable: a refresh with `--target` and a resource's new name skips what the stack has under the former name.
   */
  #isLeftOut({ old }: Step): boolean {
    return old !== undefined && !this.operation.refreshed.has(old.uid);
  }

  /** The histories only declare valid arguments. */
  #judgeCheck(step: Step, { result }: Outcome): void {
    if (step.method !== "check") return;
    const { failures } = (result ?? { failures: [] }) as { failures: { reason: string }[] };
    for (const { reason } of failures) this.break(9, "arguments refused", `${describe(step)}: ${reason}`);
  }
}

// Watches an engine and a Hub from outside, and says which law of the rule is broken. Shares no code with what it judges.
import { type Ended, type Kept, type Options, type Outcome, type Step, type Watcher } from "./engine";
import { Account } from "./account";
import { type Counters } from "./counters";
import { type LawHub, ORGANIZATION, PEOPLE } from "./hub";
import { type Look, type Subject, subjects } from "./subjects";
import { AccountLaws } from "./accounts";
import { type Surroundings } from "./surroundings";
import { TokenLaws } from "./tokens/laws";
import { type Weather } from "./weather";

/** A law that was broken. */
export class Violation extends Error {
  override name = "Violation";

  /** @param kind - in a few words, the same for all violations of one kind */
  constructor(
    readonly law: number,
    readonly kind: string,
    message: string,
  ) {
    super(`Law ${law}, ${kind}: ${message}`);
  }
}

/** What an operation has shown so far. */
interface Current {
  options: Options;
  weather: Weather;
  /** Objects that a check, create or update of this run has met. */
  declared: Map<string, string>;
  /** Accounts of objects that this run was told of. */
  known: Map<string, Set<Account>>;
  reached: Map<string, Step>;
  warned: Set<string>;
  foretold: Set<string>;
  failed: Set<string>;
  /** Those that failed in a creation or an update. */
  refused: Set<string>;
}

/** The identity of what is not there: whatever comes is another object. */
const GONE = "gone";

/** A preview's own words for a refusal: the only wording that any law looks at. */
const FORETELLS = /will refuse/i;

export class Oracle implements Watcher {
  readonly #accounts = new Map<number, Account>();
  #operation: Current | undefined;
  #step: Step | undefined;
  #before = new Map<string, Look | undefined>();
  #atStart: Look | undefined;
  #requestsBefore = 0;
  readonly tokens: TokenLaws;
  readonly accounts: AccountLaws;
  readonly violations: Violation[] = [];
  lastError = "";

  constructor(
    private readonly hub: LawHub,
    private readonly objects: readonly { type: string; object: string }[],
    private readonly counters: Counters,
  ) {
    hub.onWrite = (seen) => (seen ? this.#afterWrite() : this.#beforeWrite());
    const around: Surroundings = {
      store: hub.store,
      counters,
      options: () => this.operation.options,
      weather: () => this.operation.weather,
      metFault: () => this.#metFault(),
      lostAnswers: () => hub.requests.filter(({ faulty, method }) => faulty && method !== "GET"),
      warned: (name) => this.operation.warned.has(name),
      break: (law, kind, message) => this.#break(law, kind, message),
    };
    this.tokens = new TokenLaws(around);
    this.accounts = new AccountLaws(around);
  }

  get #judged(): { type: string; object: string }[] {
    return this.objects.filter(({ type }) => type in subjects);
  }

  start(options: Options, weather: Weather): void {
    const none = { declared: new Map<string, string>(), known: new Map<string, Set<Account>>() };
    const sets = {
      warned: new Set<string>(),
      foretold: new Set<string>(),
      failed: new Set<string>(),
      refused: new Set<string>(),
    };
    this.tokens.startOperation();
    this.#operation = { options, weather, ...none, reached: new Map(), ...sets };
  }

  get operation(): Current {
    if (!this.#operation) throw new Error("no operation");
    return this.#operation;
  }

  /** A hand, a deletion or a crash has touched the object. */
  touch(object: string): void {
    for (const account of this.#accounts.values()) if (account.object === object) account.touched = true;
  }

  begin(step: Step): void {
    this.#step = step;
    const subject = this.#subject(step);
    this.#requestsBefore = this.hub.requests.length;
    this.counters.step(`${step.preview ? "preview " : ""}${step.refreshing ? "refresh " : ""}${step.method}`);
    if (step.declared && step.method !== "check" && !step.preview)
      this.operation.reached.set(step.name, step);
    for (const judge of [this.tokens, this.accounts]) judge.begin(step);
    if (!subject) return;
    const object = this.#objectOf(step, subject);
    this.#atStart = subject.look(this.hub.store, object);
    if (step.preview) return;
    const { declared, known } = this.operation;
    if (step.declared && step.method === "check") declared.set(object, step.name);
    if (step.old && (step.method === "read" || step.method === "diff")) {
      const told = known.get(object) ?? new Set();
      known.set(object, told.add(this.#accountOf(step.old, object)));
    }
    if (["create", "update"].includes(step.method)) {
      declared.set(object, step.name);
      this.#classify(step, subject, object);
    }
  }

  end(step: Step, outcome: Outcome): void {
    const { weather, failed } = this.operation;
    if (outcome.error) {
      failed.add(step.name);
      if (step.method === "create" || step.method === "update") this.operation.refused.add(step.name);
      this.lastError = outcome.error.message;
    }
    this.#judgeCheck(step, outcome);
    const subject = this.#subject(step);
    for (const judge of [this.tokens, this.accounts]) judge.end(step, outcome);
    if (!subject) return;
    if (step.preview) return;
    const object = this.#objectOf(step, subject);
    const account = step.old && this.#accountOf(step.old, object);
    if (outcome.dead) {
      this.touch(object);
      return;
    }
    const calm = !weather.happened && !weather.bent;
    if (outcome.error && calm && !this.#mayFail(step, account)) {
      this.#break(
        9,
        `${step.method} refused`,
        `${describe(step)} fails though nobody has touched ${object}: ${outcome.error.message}`,
      );
    }
    if (step.method === "diff" && !step.refreshing && account)
      this.#afterDiff(step, subject, object, account, outcome);
    if (step.method === "read") this.#afterRead(account as Account);
    if (step.method === "update") this.#afterRun(step, subject, object, account as Account, outcome);
    if (step.method === "create") {
      const made = new Account(object);
      if (!outcome.error) this.#accounts.set(step.uid as number, made);
      this.#afterRun(step, subject, object, made, outcome);
    }
    if (step.method === "delete" && !outcome.error) this.#accounts.delete(step.old?.uid as number);
  }

  say(severity: "info" | "warning", message: string): void {
    if (severity !== "warning" || !this.#step) return;
    const { warned, foretold } = this.operation;
    warned.add(this.#step.name);
    if (FORETELLS.test(message)) foretold.add(this.#step.name);
    this.#judgeNames(this.#step, message);
  }

  /** What has to be true after `up --refresh`. */
  judgeEnd(dead: boolean): void {
    const { options, weather, reached } = this.operation;
    if (dead || options.preview || weather.happened || !options.refresh) return;
    for (const [name, step] of reached) {
      const subject = this.#subject(step);
      if (!subject) this.tokens.judgeEnd(step);
      if (!subject || !step.declared) continue;
      const declared = subject.declared(step.declared.args);
      const look = subject.look(this.hub.store, subject.objectOf(step.declared.args));
      if (!look) continue;
      const isFailed = this.operation.failed.has(name);
      for (const [facet, value] of Object.entries(declared)) {
        const held = look.facets[facet] ?? "";
        if (!subject.isOrdered(facet) || !subject.isLooser(facet, held, value)) continue;
        if (isFailed && subject.isExcused?.(facet, look.facets, declared)) continue;
        if (weather.bent && (isFailed || !subject.isOpen(look.facets))) continue;
        this.#break(
          2,
          facet,
          `after up --refresh ${name} declares ${facet} ${value}, and the Hub has ${held}`,
        );
      }
    }
  }

  /** On the same observation, preview and run decide alike. */
  compare(
    shown: { shown: Ended; warned: Set<string>; foretold: Set<string>; shownFailed: Set<string> },
    real: { done: Ended; failed: Set<string> },
  ): void {
    for (const [name, plan] of real.done.plan) {
      // Unknown values foretell nothing.
      if (name.endsWith(" predecessors")) continue;
      const before = shown.shown.plan.get(name);
      if (before !== plan)
        this.#break(
          3,
          "another plan",
          `the preview shows ${before ?? "nothing"} for ${name}, the run does ${plan}`,
        );
      if (plan !== "update" || !this.operation.options.refresh) continue;
      const fails = real.failed.has(name);
      if (fails && !shown.warned.has(name) && !shown.shownFailed.has(name)) {
        this.#break(
          3,
          "refusal not foretold",
          `the run refuses ${name}, and the preview of it warned of nothing`,
        );
      }
      if (!fails && shown.foretold.has(name)) {
        this.#break(
          3,
          "refusal foretold in vain",
          `the preview foretells that ${name} is refused, and the run succeeds`,
        );
      }
    }
  }

  breaks(law: number, kind: string, message: string): void {
    this.#break(law, kind, message);
  }

  #classify(step: Step, subject: Subject, object: string): void {
    if (!step.declared) return;
    const account = step.method === "update" && step.old ? this.#accountOf(step.old, object) : undefined;
    const look = this.#atStart;
    const row = (name: string): void => this.counters.row(`${step.type}: ${name}`);
    if (this.operation.weather.willBend) row("cannot be seen exactly");
    if (!look) return row("gone");
    if (account?.isOther(look.identity)) row("another identity");
    const reason = subject.reasonOf(step.declared.args);
    for (const [facet, value] of Object.entries(subject.declared(step.declared.args))) {
      const held = look.facets[facet] ?? "";
      if (!account?.knows(facet)) row("first declared");
      if (held === value) row("as declared");
      else if (subject.isOrdered(facet) && !subject.isLooser(facet, value, held)) row("looser");
      else if (account?.isApplied(facet, held)) row("tighter, as applied");
      else if (account?.speaks(reason, look.identity, facet, held)) row("tighter, a reason speaks");
      else if (account) row("tighter, not as applied");
    }
  }

  /** No history here declares what is not allowed. */
  #judgeCheck(step: Step, { result }: Outcome): void {
    if (step.method !== "check") return;
    const { failures } = (result ?? { failures: [] }) as { failures: { reason: string }[] };
    for (const { reason } of failures) this.#break(9, "arguments refused", `${describe(step)}: ${reason}`);
  }

  #beforeWrite(): void {
    for (const judge of [this.tokens, this.accounts]) judge.beforeWrite();
    for (const { type, object } of this.#judged) {
      this.#before.set(object, (subjects[type] as Subject).look(this.hub.store, object));
    }
  }

  #afterWrite(): void {
    for (const judge of [this.tokens, this.accounts]) judge.afterWrite(this.#step as Step);
    for (const { type, object } of this.#judged) {
      const subject = subjects[type] as Subject;
      const [before, after] = [this.#before.get(object), subject.look(this.hub.store, object)];
      if (!after) {
        if (before) this.#break(4, "deletion", `${describe(this.#step)} deletes ${object}`);
        continue;
      }
      for (const [facet, to] of Object.entries(after.facets)) {
        const from = before?.facets[facet] ?? "";
        if (to !== from)
          this.#judgeWrite(subject, object, { look: after, facet, from, to, wasThere: before !== undefined });
      }
    }
  }

  #judgeWrite(
    subject: Subject,
    object: string,
    {
      look,
      facet,
      from,
      to,
      wasThere,
    }: { look: Look; facet: string; from: string; to: string; wasThere: boolean },
  ): void {
    const step = this.#step as Step;
    const { declared, known } = this.operation;
    const what = `${describe(step)} takes ${facet} of ${object} from ${from} to ${to}`;
    if (step.preview || step.refreshing || !["create", "update", "delete"].includes(step.method)) {
      return this.#break(1, `${step.method} changes`, `${what}, and may change nothing`);
    }
    const account = step.old && this.#accountOf(step.old, object);
    if (step.method === "delete") {
      const other = declared.get(object);
      if (other !== undefined) this.#break(5, "undone by a deletion", `${what}, which ${other} declares`);
      if (account?.isOther(look.identity) && !this.operation.weather.willBend)
        this.#break(4, "another object", `${what}, which is another object`);
      return;
    }
    const args = step.declared?.args ?? {};
    // What was there before may be restored if the change has gone wrong.
    const isOwn = subject.declared(args)[facet] === to || this.#atStart?.facets[facet] === to;
    if (subject.objectOf(args) !== object || !isOwn) {
      this.#break(1, "undeclared", `${what}, which it does not declare`);
    }
    const accounts =
      step.method === "update" ? [account as Account] : [...(known.get(object) ?? [])].filter((each) => each);
    // What is gone holds nothing that could be undone.
    for (const each of wasThere && !(subject.isUnseen && step.method === "create") ? accounts : []) {
      if (subject.isLooser(facet, to, from) && !this.#mayLoosen(each, subject, args, look, facet, from)) {
        this.#break(
          step.method === "update" ? 1 : 6,
          `${facet} loosened${each.isOther(look.identity) ? " of another object" : ""}`,
          `${what}, which nobody has asked for`,
        );
      }
    }
    if (step.method === "update") account?.noteTried(facet, to);
  }

  #mayLoosen(
    account: Account,
    subject: Subject,
    args: Record<string, unknown>,
    look: Look,
    facet: string,
    from: string,
  ): boolean {
    const identity = this.operation.weather.willBend ? (account.identity ?? look.identity) : look.identity;
    const isSame = !account.isOther(identity);
    if (isSame && account.isApplied(facet, from)) return true;
    if (subject.isUnseen) return !account.isApplied(facet, subject.declared(args)[facet] ?? "");
    if (isSame && !account.knows(facet)) return subject.mayAdopt(args);
    return account.speaks(subject.reasonOf(args), identity, facet, from);
  }

  #afterRead(account: Account): void {
    const look = this.#atStart;
    if (this.operation.weather.bent || this.#metFault()) return;
    if (!look || account.isOther(look.identity)) {
      account.noteGone(undefined, look ? account.identity : GONE);
      account.touched = true;
    }
  }

  /** A run that looked and found nothing to do: what is as declared becomes applied. The resource need not keep that, so it may refuse. */
  #afterDiff(step: Step, subject: Subject, object: string, account: Account, outcome: Outcome): void {
    const { options, weather } = this.operation;
    const look = subject.look(this.hub.store, object);
    const { changes } = (outcome.result ?? { changes: true }) as { changes: boolean };
    if (changes || !look || !options.refresh || weather.happened || weather.willBend) return;
    const declared = subject.declared(step.declared?.args ?? {});
    if (Object.entries(declared).some(([facet, value]) => look.facets[facet] !== value)) return;
    const { touched } = account;
    account.noteApplied(look.identity, declared, account.eventsAtApply);
    account.touched = touched;
  }

  #afterRun(step: Step, subject: Subject, object: string, account: Account, outcome: Outcome): void {
    const args = step.declared?.args ?? {};
    const declared = subject.declared(args);
    const reason = subject.reasonOf(args);
    const { bent } = this.operation.weather;
    const look = subject.look(this.hub.store, object);
    const start = this.#atStart;
    const isDone =
      look !== undefined && Object.entries(declared).every(([facet, value]) => look.facets[facet] === value);
    if (!outcome.error && look && !isDone && !subject.isUnseen && !(bent && !subject.isOpen(look.facets))) {
      const held = JSON.stringify(look.facets);
      this.#break(
        7,
        "not as declared",
        `${describe(step)} succeeds, and the Hub holds ${held}, not ${JSON.stringify(declared)}`,
      );
    }
    const observed = !this.#metFault();
    if (start && observed) {
      if (account.isOther(start.identity) && !bent) account.noteGone(reason, start.identity);
      else if (reason !== undefined && step.method === "update") {
        account.noteReason(reason, start.identity, start.facets, !outcome.error && isDone);
      }
    } else if (!start && observed && step.method === "update") {
      account.noteGone(reason, GONE);
    }
    if (!outcome.error && look && isDone) {
      const events = this.hub.store.auditEventsOf(ORGANIZATION).length;
      account.noteApplied(bent ? undefined : look.identity, declared, events);
      if (reason !== undefined) account.noteReason(reason, look.identity, look.facets, true);
    }
  }

  #mayFail(step: Step, account: Account | undefined): boolean {
    if (step.method !== "create") return account?.touched ?? true;
    const subject = this.#subject(step) as Subject;
    const args = step.declared?.args ?? {};
    if (!this.#atStart) return subject.needsObject;
    const { facets } = this.#atStart;
    const differs = Object.entries(subject.declared(args)).some(([facet, value]) => facets[facet] !== value);
    return (differs && !subject.mayAdopt(args)) || this.#isKnownTouched(step);
  }

  #isKnownTouched(step: Step): boolean {
    const subject = this.#subject(step) as Subject;
    const known = this.operation.known.get(this.#objectOf(step, subject)) ?? new Set();
    return [...known].some(({ touched }) => touched);
  }

  /** Whether an answer in this step was not the Hub's own. */
  #metFault(): boolean {
    return this.hub.requests
      .slice(this.#requestsBefore)
      .some(({ faulty, method }) => faulty && method === "GET");
  }

  #judgeNames(step: Step, message: string): void {
    const subject = this.#subject(step);
    if (!subject) return;
    const object = this.#objectOf(step, subject);
    const account = step.old && this.#accountOf(step.old, object);
    const events = this.hub.store.auditEventsOf(ORGANIZATION).slice(account?.eventsAtApply ?? 0);
    for (const person of PEOPLE.filter((name) => message.includes(name))) {
      if (events.some(({ author, data }) => author.user === person && isAbout(object, data))) continue;
      this.#break(
        8,
        "named",
        `${describe(step)} names ${person}, who has not touched ${object} since: ${message}`,
      );
    }
  }

  #accountOf({ uid }: Kept, object: string): Account {
    let account = this.#accounts.get(uid);
    if (!account) this.#accounts.set(uid, (account = new Account(object)));
    return account;
  }

  #objectOf(step: Step, subject: Subject): string {
    const args = step.method === "read" || step.method === "delete" ? step.old?.inputs : step.declared?.args;
    return subject.objectOf(args ?? step.old?.inputs ?? {});
  }

  #subject({ type }: { type: string }): Subject | undefined {
    return subjects[type];
  }

  #break(law: number, kind: string, message: string): void {
    this.violations.push(new Violation(law, kind, message));
  }
}

function describe(step: Step | undefined): string {
  return step ? `${step.method} of ${step.name} in ${step.stack}` : "someone";
}

function isAbout(object: string, data: Record<string, unknown> | undefined): boolean {
  const repo = data?.["repo"] as { type: string; name: string } | undefined;
  return repo ? `${repo.type}/${repo.name}` === object : object.startsWith("sso");
}

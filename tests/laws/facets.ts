// The laws for objects that are declared as facets: repositories and single sign-on.
import { Account } from "./account";
import { type Kept, type Outcome, type Step } from "./engine";
import { ORGANIZATION, PEOPLE } from "./hub";
import { type Look, type Subject, subjects } from "./subjects";
import { classify } from "./facetRows";
import { judgeWrite } from "./facetWrites";
import { describe, type Judge, metIn, type Surroundings } from "./surroundings";

/** The identity of a missing object: any object found later is another one. */
const GONE = "gone";

export class FacetLaws implements Judge {
  readonly #accounts = new Map<number, Account>();
  /** Objects that a change by hand, a deletion or a crash has touched since they last matched the declaration. */
  readonly #touched = new Set<string>();
  #before = new Map<string, Look | undefined>();
  #atStart: Look | undefined;
  /** What this step has sent, by facet. */
  readonly #sent = new Map<string, string>();

  /** @param objects - all objects that are judged */
  constructor(
    private readonly around: Surroundings,
    private readonly objects: readonly { type: string; object: string }[],
  ) {}

  touch(object: string): void {
    this.#touched.add(object);
    for (const account of this.#accounts.values()) if (account.object === object) account.touched = true;
  }

  begin(step: Step): void {
    const subject = this.#subject(step);
    if (!subject) return;
    const object = this.#objectOf(step, subject);
    this.#atStart = subject.look(this.around.store, object);
    this.#sent.clear();
    if (step.preview) return;
    const { declared, known } = this.around.operation();
    const met = metIn(step, object);
    if (step.declared && step.method === "check") declared.set(met, step.name);
    if (step.old && (step.method === "read" || step.method === "diff")) {
      const told = known.get(met) ?? new Set();
      known.set(met, told.add(this.#accountOf(step.old, object)));
    }
    if (step.method !== "create" && step.method !== "update") return;
    declared.set(met, step.name);
    const account = step.method === "update" && step.old ? this.#accountOf(step.old, object) : undefined;
    classify(this.around, step, { subject, object, account, look: this.#atStart });
  }

  beforeWrite(): void {
    for (const { type, object } of this.objects) {
      this.#before.set(object, subjects[type]?.look(this.around.store, object));
    }
  }

  afterWrite(step: Step): void {
    for (const { type, object } of this.objects) {
      const subject = subjects[type] as Subject;
      const [before, look] = [this.#before.get(object), subject.look(this.around.store, object)];
      const isDeleted = subject.deletes === true && step.method === "delete";
      if (!look && before && !isDeleted)
        this.around.break(4, "deletion", `${describe(step)} deletes ${object}`);
      for (const [facet, to] of Object.entries(look?.facets ?? {})) {
        const [from, wasThere] = [before?.facets[facet] ?? "", before !== undefined];
        if (!look || to === from) continue;
        const account = step.old && this.#accountOf(step.old, object);
        const about = { step, subject, object, account, atStart: this.#atStart };
        // A new object is judged as a change of the one that it replaces. Not everything is in its first request.
        const isNew = subject.deletes === true && before?.identity !== look.identity;
        if (isNew && subject.declared(step.declared?.args ?? {})[facet] !== to) continue;
        const replaced = isNew
          ? before
          : step.method === "create" && subject.deletes
            ? this.#atStart
            : undefined;
        const identity = (replaced ?? look).identity;
        judgeWrite(this.around, about, { look: { ...look, identity }, facet, from, to, wasThere });
        if (step.method === "update") account?.noteTried(facet, to);
        // Undecidable: a resource with another provider may declare the object.
        if (step.method === "delete") {
          this.touch(object);
          this.around.operation().ended.set(object, step.provider);
        }
        this.#sent.set(facet, to);
      }
    }
  }

  end(step: Step, outcome: Outcome): void {
    const subject = this.#subject(step);
    if (!subject || step.preview) return;
    const object = this.#objectOf(step, subject);
    const isLost = step.method === "create" && outcome.error !== undefined && !outcome.stored;
    if (isLost || outcome.dead) subject.noteOrphans?.(this.around.store, object, this.#atStart?.identity);
    if (outcome.dead) return this.touch(object);
    const account =
      step.method === "create" ? new Account(object) : step.old && this.#accountOf(step.old, object);
    const { happened, bent } = this.around.operation().weather;
    if (outcome.error && !happened && !bent && !this.#mayFail(step, subject, account)) {
      const what = `${describe(step)} fails although no one has touched ${object}`;
      this.around.break(9, `${step.method} refused`, `${what}: ${outcome.error.message}`);
    }
    if (isLost) this.around.operation().uncreated.add(step.name);
    if (!account) return;
    if (step.method === "diff" && !step.refreshing) this.#afterDiff(step, subject, object, account, outcome);
    if (step.method === "read") {
      this.#afterRead(account);
      const accepts = bent && !outcome.error && subject.acceptsUnseen?.(step.old?.inputs ?? {}) === true;
      if (accepts) this.around.counters.row(`${step.type}: accepted unseen`);
    }
    if (step.method === "create" && !isLost) {
      account.touched = this.#touched.has(object);
      this.#accounts.set(step.uid as number, account);
    }
    if (step.method === "create" || step.method === "update")
      this.#afterRun(step, subject, object, account, outcome);
    if (step.method === "delete" && !outcome.error) this.#endOfDeletion(step, object);
  }

  judgeEnd(step: Step): void {
    const subject = this.#subject(step);
    if (!subject || !step.declared) return;
    const { weather, failed, warned, uncreated } = this.around.operation();
    // A refused creation has no object.
    if (subject.deletes && uncreated.has(step.name)) return;
    const declared = subject.declared(step.declared.args);
    const object = subject.objectOf(step.declared.args);
    const look = subject.look(this.around.store, object);
    if (!look || this.#isEndedByAnother(object, step)) return;
    const isFailed = failed.has(step.name);
    for (const [facet, value] of Object.entries(declared)) {
      const held = look.facets[facet] ?? "";
      if (!subject.isOrdered(facet) || !subject.isLooser(facet, held, value)) continue;
      if (isFailed && subject.isExcused?.(facet, look.facets, declared)) continue;
      const accepts = subject.acceptsUnseen?.(step.declared.args) === true && warned.has(step.name);
      if (weather.bent && (isFailed || accepts || !subject.isOpen(look.facets))) continue;
      this.around.break(
        2,
        facet,
        `after up --refresh ${step.name} declares ${facet} ${value}, and the Hub has ${held}`,
      );
    }
  }

  #isEndedByAnother(object: string, { provider }: Step): boolean {
    const { ended } = this.around.operation();
    return ended.has(object) && ended.get(object) !== provider;
  }

  /** A message may only name the author of an event after the last apply. */
  judgeNames(step: Step, message: string): void {
    const subject = this.#subject(step);
    if (!subject) return;
    const object = this.#objectOf(step, subject);
    const old = step.old && this.#accountOf(step.old, object);
    // Undecidable: a replacement in a run that has not read the replaced resource.
    const isTold =
      step.method !== "create" ||
      this.around
        .operation()
        .known.get(metIn(step, object))
        ?.has(old as Account);
    const account = isTold === true ? old : undefined;
    const events = this.around.store.auditEventsOf(ORGANIZATION).slice(account?.eventsAtApply ?? 0);
    for (const person of PEOPLE.filter((name) => message.includes(name))) {
      const about: typeof isAbout = (...change) =>
        subject.isAbout ? subject.isAbout(...change) : isAbout(...change);
      if (events.some(({ author, data }) => author.user === person && about(object, data))) continue;
      this.around.break(
        8,
        "named",
        `${describe(step)} names ${person}, who has not touched ${object} since: ${message}`,
      );
    }
  }

  #afterRead(account: Account): void {
    const look = this.#atStart;
    if (this.around.operation().weather.bent || this.around.metFault()) return;
    if (!look || account.isOther(look.identity)) {
      account.noteGone(undefined, look ? account.identity : GONE);
      account.touched = true;
    } else account.noteSeen(look.facets);
  }

  /**
   * If a refreshing run finds nothing to do, the declared values become applied. The resource may not store that, so
   * it may still refuse.
   */
  #afterDiff(step: Step, subject: Subject, object: string, account: Account, outcome: Outcome): void {
    const { options, weather } = this.around.operation();
    const look = subject.look(this.around.store, object);
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
    const { unkept, weather } = this.around.operation();
    const { bent } = weather;
    const look = subject.look(this.around.store, object);
    const start = this.#atStart;
    const isDone =
      look !== undefined && Object.entries(declared).every(([facet, value]) => look.facets[facet] === value);
    if (!outcome.error && look && !isDone && !subject.isUnseen && !(bent && !subject.isOpen(look.facets))) {
      const held = JSON.stringify(look.facets);
      this.around.break(
        7,
        "not as declared",
        `${describe(step)} succeeds, but the Hub has ${held} instead of ${JSON.stringify(declared)}`,
      );
    }
    const told = subject.pageOf !== undefined && this.around.saw(subject.pageOf(object));
    const observed = !this.around.metFault();
    if (start && account.isOther(start.identity) && (told || (observed && !bent))) {
      account.noteGone(reason, start.identity);
      // This step's own requests came later.
      for (const [facet, value] of this.#sent) account.noteTried(facet, value);
    } else if (start && observed && reason !== undefined && step.method === "update") {
      account.noteReason(reason, start.identity, start.facets, !outcome.error && isDone);
    } else if (!start && observed && step.method === "update") {
      account.noteGone(reason, GONE);
    }
    const hasSeen = observed && !bent && !subject.isUnseen;
    if (start && hasSeen && outcome.error && step.method === "update") {
      for (const [facet, value] of Object.entries(declared))
        if (start.facets[facet] === value && !account.isOther(start.identity))
          account.noteFound(facet, value);
    }
    // Undecidable: a change whose answer was lost may have arrived, so the value counts as the run's own if the Hub
    // has it.
    if (step.method === "update" && outcome.error && this.around.lostAnswer()) {
      for (const [facet, value] of Object.entries(declared)) {
        // A facet declared for the first time, whose change did not arrive, is still new in the next run.
        if (account.knows(facet)) account.noteTried(facet, value);
      }
    }
    if (
      step.method === "create" &&
      outcome.error &&
      !outcome.stored &&
      start &&
      this.#knowsAnother(step, start, object)
    ) {
      unkept.add(step.name);
    }
    // What the Hub never shows counts as applied once it was sent.
    if (!outcome.error && look && (isDone || subject.isUnseen)) {
      const events = this.around.store.auditEventsOf(ORGANIZATION).length;
      this.#touched.delete(object);
      account.noteApplied(bent ? undefined : look.identity, declared, events);
      if (reason !== undefined) account.noteReason(reason, look.identity, look.facets, true);
    }
  }

  /** Whether this run knows a resource that had the object, or that may have had another object of the same name. */
  #knowsAnother(step: Step, { identity }: Look, object: string): boolean {
    const known = this.around.operation().known.get(metIn(step, object)) ?? [];
    return [...known].some((each) => each.identity === undefined || each.isOther(identity));
  }

  /** The next run would see a new object in what this run forgets. */
  #endOfDeletion(step: Step, object: string): void {
    const other = this.#uncreated(step, object);
    if (other !== undefined)
      this.around.break(
        6,
        "forgotten",
        `${describe(step)} forgets ${object}, but ${other} failed to take it over`,
      );
    this.#accounts.delete(step.old?.uid as number);
  }

  /** The resource of this run that declares the object, if its creation has failed. */
  #uncreated(step: Step, object: string): string | undefined {
    const { declared, uncreated } = this.around.operation();
    const other = declared.get(metIn(step, object));
    return other !== undefined && uncreated.has(other) ? other : undefined;
  }

  #mayFail(step: Step, subject: Subject, account: Account | undefined): boolean {
    if (step.method === "delete" && this.#uncreated(step, account?.object ?? "") !== undefined) return true;
    if (subject.mayRefuse?.(this.around.store, step.declared?.args ?? {}, step.method) === true) return true;
    if (step.method !== "create") return account?.touched ?? true;
    const args = step.declared?.args ?? {};
    if (!this.#atStart) return subject.needsObject;
    const { facets } = this.#atStart;
    const differs = Object.entries(subject.declared(args)).some(([facet, value]) => facets[facet] !== value);
    // A creation may refuse more than the rule requires.
    return (
      ((differs || subject.isWriteOnly === true) && !subject.mayAdopt(args)) ||
      this.#touched.has(subject.objectOf(args))
    );
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
}

function isAbout(object: string, data: Record<string, unknown> | undefined): boolean {
  const repo = data?.["repo"] as { type: string; name: string } | undefined;
  return repo ? object.split(" ")[0] === `${repo.type}/${repo.name}` : object.startsWith("sso");
}

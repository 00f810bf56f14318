// The laws for the visibility of a whole organization: nothing is widened, and only what an earlier run has shown is
// narrowed, at most so many in a run.
import { type Outcome, type Step } from "./engine";
import { ORGANIZATION } from "./hub";
import { describe, type Current, type Judge, type Surroundings } from "./surroundings";

const TYPE = "OrganizationVisibility";
const LIST = `/api/organizations/${ORGANIZATION}/settings/repositories`;
const ORDER = ["private", "internal", "protected", "public"];
/** The visibilities of each type that the Hub's API can change. */
const POSSIBLE: Record<string, readonly string[]> = {
  model: ["private", "internal", "public"],
  space: ORDER,
  bucket: ["private", "public"],
};

interface Exception {
  repo: string;
  repoType?: string;
  visibility: string;
}

type Args = Record<string, unknown>;

const isWider = (to: string, from: string): boolean => ORDER.indexOf(to) > ORDER.indexOf(from);
const typeOf = (object: string): string => object.split("/")[0] ?? "";

/** The widest visibility that the arguments allow for a repository, as `type/namespace/name`. */
function allowedBy({ widest = "private", exceptions = [] }: Args, object: string): string {
  const own = (exceptions as Exception[]).find(
    ({ repo, repoType = "model" }) => `${repoType}/${repo}` === object,
  );
  const limit = String(widest);
  return own && isWider(own.visibility, limit) ? own.visibility : limit;
}

/** What the oracle knows about one resource of a stack. */
interface Known {
  /** What the last step that stored something has shown. */
  shown: Set<string>;
  /** The same, without what a failed step has narrowed. */
  left: Set<string>;
  /** How many events the audit log had in the last `pulumi up` that looked at a repository and did not show it. */
  events: Map<string, number>;
  /** The same for a repository that did not exist. */
  eventsOfOthers?: number | undefined;
  /** What the program declared in the last `pulumi up`. */
  args: Args;
}

export class OrganizationLaws implements Judge {
  readonly #known = new Map<number, Known>();
  #current: Current | undefined;
  /** What was known at the beginning of the operation. */
  #earlier = new Map<number, ReadonlySet<string>>();
  #changes = new Map<number, number>();
  /** Whether a refresh of this operation has read the list, which all its reads share. */
  #isListed = false;
  #before = new Map<string, string>();
  #atStart = new Map<string, string>();

  constructor(private readonly around: Surroundings) {}

  begin(step: Step): void {
    if (this.#current !== this.around.operation()) {
      this.#current = this.around.operation();
      this.#earlier = new Map([...this.#known].map(([uid, { shown }]) => [uid, new Set(shown)]));
      this.#changes = new Map();
      this.#isListed = false;
    }
    if (step.type === TYPE) this.#atStart = this.#look();
  }

  beforeWrite(): void {
    this.#before = this.#look();
  }

  afterWrite(step: Step): void {
    if (step.type !== TYPE) return;
    const after = this.#look();
    for (const [object, from] of this.#before) {
      const to = after.get(object);
      if (to === undefined) this.around.break(4, "deletion", `${describe(step)} deletes ${object}`);
      else if (to !== from) this.#judgeWrite(step, object, { from, to });
    }
  }

  end(step: Step, outcome: Outcome): void {
    if (step.type !== TYPE || step.preview || outcome.dead) return;
    const { happened, willBend } = this.around.operation().weather;
    const isCalm = !happened && !willBend;
    if (outcome.error && isCalm) {
      this.around.break(9, `${step.method} refused`, `${describe(step)}: ${outcome.error.message}`);
    }
    if (step.method === "diff" && !step.refreshing) this.#judgePlan(step, outcome);
    if (step.method === "update" && !outcome.error && isCalm) this.#judgeProgress(step);
    if (!outcome.error || outcome.stored) this.#note(step, outcome);
  }

  /** Someone is named only for a change after the last step that did not show the repository. */
  judgeNames(step: Step, message: string): void {
    if (step.type !== TYPE) return;
    const events = this.around.store.auditEventsOf(ORGANIZATION);
    for (const [, type = "", repo = "", person = ""] of message.matchAll(
      /(\w+) (\S+\/\S+) \([^)]*\) \(by (\S+) at/g,
    )) {
      const object = `${type}/${repo}`;
      const known = this.#known.get(step.old?.uid ?? -1);
      const since = known?.events.get(object) ?? known?.eventsOfOthers;
      const later = since === undefined ? [] : events.slice(since);
      this.around.counters.row(`${TYPE}: someone is named`);
      if (later.some(({ author, data }) => author.user === person && isAbout(object, data))) continue;
      this.around.break(8, "named", `${describe(step)} names ${person} for ${object}: ${message}`);
    }
  }

  judgeEnd(): void {
    // What is left is narrowed in later runs: see `#judgeProgress`.
  }

  #judgeWrite(step: Step, object: string, { from, to }: { from: string; to: string }): void {
    const what = `${describe(step)} takes ${object} from ${from} to ${to}`;
    const args = step.declared?.args ?? {};
    const uid = step.old?.uid ?? -1;
    const allowed = allowedBy(args, object);
    const changes = (this.#changes.get(uid) ?? 0) + 1;
    this.#changes.set(uid, changes);
    const broken = (kind: string): void => this.around.break(1, kind, `${what} (allowed: ${allowed})`);
    if (isWider(to, from)) return broken("widened");
    if (step.preview || step.refreshing || step.method !== "update") return broken("narrowed elsewhere");
    if (args["mode"] !== "enforce") return broken("narrowed in mode report");
    if (!isWider(from, allowed)) return broken("allowed, but narrowed");
    if (to !== this.#targetOf(object, allowed)) return broken("narrowed further than necessary");
    if (!this.#earlier.get(uid)?.has(object)) return broken("narrowed before it was shown");
    if (changes > Number(args["maxChanges"] ?? 10)) return broken("more than maxChanges");
    this.around.counters.row(`${TYPE}: narrowed`);
  }

  #targetOf(object: string, allowed: string): string | undefined {
    return POSSIBLE[typeOf(object)]?.filter((each) => !isWider(each, allowed)).at(-1);
  }

  /** What an update has to narrow: an earlier run has shown it, and no declaration since has allowed it. */
  #due(step: Step): string[] {
    const uid = step.old?.uid ?? -1;
    const left = this.#known.get(uid)?.left;
    const { kept } = this.around.stacks.find(({ name }) => name === step.stack) ?? { kept: [] };
    // A second resource in the stack, after a rename, delays what it has not shown itself.
    if (kept.filter(({ type }) => type === TYPE).length > 1) return [];
    const declarations = [step.declared?.args ?? {}, this.#known.get(uid)?.args ?? {}];
    return [...(this.#earlier.get(uid) ?? [])].filter((object) => {
      const now = this.#atStart.get(object);
      return (
        now !== undefined &&
        left?.has(object) === true &&
        typeOf(object) in POSSIBLE &&
        declarations.every((args) => isWider(now, allowedBy(args, object)))
      );
    });
  }

  #judgePlan(step: Step, { result }: Outcome): void {
    const { changes, replaces } = result as { changes: boolean; replaces: string[] };
    if (changes || replaces.length > 0 || step.declared?.args["mode"] !== "enforce") return;
    const due = this.#due(step);
    if (due.length > 0)
      this.around.break(2, "forgotten", `${describe(step)} plans nothing, but ${due.join(", ")} is too wide`);
  }

  #judgeProgress(step: Step): void {
    const { mode, maxChanges = 10 } = step.declared?.args ?? {};
    if (mode !== "enforce") return;
    const due = this.#due(step);
    const wanted = Math.min(Number(maxChanges), due.length);
    if (due.length > wanted) this.around.counters.row(`${TYPE}: left for a later run`);
    const done = this.#changes.get(step.old?.uid ?? -1) ?? 0;
    if (done >= wanted) return;
    this.around.break(
      2,
      "not narrowed",
      `${describe(step)} narrows ${done} of ${due.join(", ")}, but at least ${wanted} are due`,
    );
  }

  /** Notes what the stored state shows. */
  #note(step: Step, outcome: Outcome): void {
    const { method } = step;
    if (method === "delete") return void this.#known.delete(step.old?.uid ?? -1);
    if (method !== "create" && method !== "update" && method !== "read") return;
    const uid = (method === "create" ? step.uid : step.old?.uid) ?? -1;
    const before = this.#known.get(uid);
    const args = method === "read" ? (before?.args ?? {}) : (step.declared?.args ?? {});
    const count = this.around.store.auditEventsOf(ORGANIZATION).length;
    const eventsOfOthers = method === "read" ? before?.eventsOfOthers : count;
    const known: Known = {
      shown: new Set(),
      left: new Set(),
      events: new Map(before?.events),
      eventsOfOthers,
      args,
    };
    this.#known.set(uid, known);
    const saw = this.around.saw(LIST);
    if (method === "read") this.#isListed ||= saw;
    if (!saw && !(method === "read" && this.#isListed)) {
      // The list left everything out.
      if (method !== "read") for (const object of this.#atStart.keys()) known.events.set(object, count);
      return;
    }
    // A failed update may not know whether its last request was carried out.
    const now = this.#look();
    for (const [object, visibility] of outcome.error ? this.#atStart : now) {
      const allowed = allowedBy(args, object);
      if (isWider(now.get(object) ?? "private", allowed)) known.left.add(object);
      if (isWider(visibility, allowed)) known.shown.add(object);
      else if (method !== "read" || !known.events.has(object)) known.events.set(object, count);
      this.#count({ object, visibility, args, isKnown: before?.shown.has(object) ?? false });
    }
  }

  #count({
    object,
    visibility,
    args,
    isKnown,
  }: {
    object: string;
    visibility: string;
    args: Args;
    isKnown: boolean;
  }): void {
    const { widest = "private" } = args as { widest?: string };
    const row = !isWider(visibility, widest)
      ? "allowed"
      : !isWider(visibility, allowedBy(args, object))
        ? "allowed by an exception"
        : !(typeOf(object) in POSSIBLE)
          ? "only reported"
          : `too wide, ${isKnown ? "shown before" : "shown first"}`;
    this.around.counters.row(`${TYPE}: ${row}`);
  }

  /** The visibility of each repository, by `type/namespace/name`. */
  #look(): Map<string, string> {
    return new Map([...this.around.store.repositories].map(([key, { visibility }]) => [key, visibility]));
  }
}

function isAbout(object: string, data: Record<string, unknown> | undefined): boolean {
  return JSON.stringify(data ?? {}).includes(object.slice(object.indexOf("/") + 1));
}

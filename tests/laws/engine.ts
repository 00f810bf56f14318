// Simulates the Pulumi engine for dynamic resources: which handler methods it calls, with which arguments, and what it
// stores of the answers. Based on measurements of the real engine; tests/engine checks these assumptions.
import { Calls, Stopped } from "./calls";
import { type LawHub } from "./hub";
import { copy, findOld, newInputs, wire } from "./stacks";
import {
  type Declared,
  type Ended,
  type Engine,
  type Kept,
  type Options,
  type Properties,
  type Stack,
  type Watcher,
} from "./steps";

export type * from "./steps";

/** The engine's placeholder for a value that is known only during the run. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let lastUid = 0;

export const simulated: Engine = {
  operation: (...about) => new Operation(...about),
  move: () => Promise.resolve(),
};

/** One operation on one stack. Each provider has its own process and its own run. */
export class Operation {
  readonly #ended: Ended = { failed: false, dead: false, plan: new Map() };
  readonly #calls: Calls;

  constructor(
    private readonly stack: Stack,
    private readonly program: readonly Declared[],
    private readonly options: Options,
    watcher: Watcher,
    hub: LawHub,
  ) {
    this.#calls = new Calls(stack.name, options.preview ?? false, { watcher, hub, ended: this.#ended });
  }

  /** `pulumi up`, or `pulumi preview`. */
  up(): Promise<Ended> {
    return this.#operate(async (stack) => {
      this.#findReplaced(stack);
      if (this.options.refresh) await this.#refresh(stack);
      const reached = await this.#declare(stack);
      // With --continue-on-error, resources that are no longer declared are deleted even after a failure.
      if (!this.#ended.failed || this.options.othersGoOn) await this.#deleteOthers(stack, reached);
    });
  }

  /** `pulumi refresh`. */
  refresh(): Promise<Ended> {
    return this.#operate((stack) => this.#refresh(stack));
  }

  /** `pulumi destroy`. */
  destroy(): Promise<Ended> {
    return this.#operate(async (stack) => {
      if (this.options.refresh) await this.#refresh(stack);
      await this.#deleteOthers(stack, new Set());
    });
  }

  async #operate(work: (stack: Stack) => Promise<void>): Promise<Ended> {
    const { stack, options } = this;
    try {
      await work(options.preview ? copy(stack) : stack);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
    return this.#ended;
  }

  /** `--replace` only accepts the exact names of resources in the stack. */
  #findReplaced({ kept }: Stack): void {
    const isThere = (replaced: string): boolean => kept.some(({ name }) => name === replaced);
    if (this.options.replace?.every(isThere) ?? true) return;
    this.#ended.failed = true;
    throw new Stopped();
  }

  async #refresh(stack: Stack): Promise<void> {
    for (const old of [...stack.kept]) {
      if (!this.#isTarget(old.name)) continue;
      const read = await this.#calls.call("read", { old, refreshing: true }, (handler) =>
        handler.read(old.id, wire(old.outputs)),
      );
      if (!read) continue;
      if (read.id === "") {
        stack.kept.splice(stack.kept.indexOf(old), 1);
        continue;
      }
      const before = old.inputs;
      const found: Kept = { ...old, outputs: wire(read.props ?? {}), inputs: wire(read.inputs ?? before) };
      // A refresh clears what a failed step left to do.
      found.unfinished = false;
      stack.kept[stack.kept.indexOf(old)] = found;
      await this.#calls.call("diff", { old: found, refreshing: true }, (handler) =>
        handler.diff(found.id, wire(found.outputs), wire(before)),
      );
    }
    if (this.#ended.failed) throw new Stopped();
  }

  /** Handles each resource of the program in turn. Returns the uids of the declared resources. */
  async #declare(stack: Stack): Promise<Set<number>> {
    const reached = new Set<number>();
    for (const declared of this.program) {
      if (this.#ended.failed && !this.options.othersGoOn) throw new Stopped();
      const old = findOld(stack, declared);
      if (this.#isTarget(declared.name)) await this.#step(stack, declared, old);
      // With --target, other resources stay unchanged, without a call.
      else if (old) this.#ended.plan.set(declared.name, "same");
      for (const kept of [old, findOld(stack, declared)]) if (kept) reached.add(kept.uid);
    }
    return reached;
  }

  async #step(stack: Stack, declared: Declared, old: Kept | undefined): Promise<void> {
    const { replace = [], preview } = this.options;
    const taken = this.#taken(stack, declared);
    if (!taken) return;
    const news = { ...newInputs(stack, declared), ...taken };
    // A resource named by `--replace` is checked once, as if it were new, and not compared.
    let replaces = old !== undefined && replace.includes(declared.name);
    const checked = await this.#calls.call(
      "check",
      replaces ? { declared, replaces } : { declared, old },
      (handler) => handler.check(wire(replaces ? {} : (old?.inputs ?? {})), wire(news)),
    );
    if (!checked) return;
    if (checked.failures.length > 0) return this.#refuse(declared);
    let inputs = wire(checked.inputs);
    if (!old) return this.#dependsOnFailed(declared) ? undefined : this.#create(stack, declared, inputs);
    if (replaces) {
      this.#ended.plan.set(declared.name, "replace");
      return this.#create(stack, declared, inputs, old);
    }
    let changes = old.unfinished === true;
    const diff = await this.#calls.call("diff", { declared, old }, (handler) =>
      handler.diff(old.id, wire(old.outputs), wire(inputs)),
    );
    if (!diff || this.#dependsOnFailed(declared)) return;
    replaces = diff.replaces.length > 0;
    changes ||= diff.changes;
    const plan = replaces ? "replace" : changes ? "update" : "same";
    this.#ended.plan.set(declared.name, plan);
    if (replaces) {
      const again = await this.#calls.call("check", { declared, replaces }, (handler) =>
        handler.check({}, wire(news)),
      );
      if (!again) return;
      if (again.failures.length > 0) return this.#refuse(declared);
      inputs = wire(again.inputs);
      return this.#create(stack, declared, inputs, old);
    }
    const { type, name, retainOnDelete, provider } = declared;
    const kept: Kept = { ...old, type, name, retainOnDelete, provider };
    const put = (next: Kept): void => {
      stack.kept[stack.kept.findIndex(({ uid }) => uid === old.uid)] = next;
    };
    if (!changes || preview) return put({ ...kept, inputs });
    const stored = (properties: Properties): void => {
      put({ ...kept, outputs: properties, unfinished: true });
    };
    const updated = await this.#calls.call(
      "update",
      { declared, old },
      (handler) => handler.update(old.id, wire(old.outputs), wire(inputs)),
      stored,
    );
    if (updated) put({ ...kept, inputs, outputs: wire(updated.outs), unfinished: false });
  }

  /**
   * The values that a resource takes from another one's outputs. In a preview, values that an update may change are
   * unknown. `undefined` if the other failed.
   */
  #taken(stack: Stack, { from }: Declared): Properties | undefined {
    if (!from) return {};
    const plan = this.#ended.plan.get(from.name);
    const other = stack.kept.find(
      ({ type, name, doomed }) => type === from.type && name === from.name && !doomed,
    );
    const isNew = this.options.preview && plan !== "same";
    // Of a failed resource the program only has the arguments. The engine still checks and compares the resources
    // that use them, then stops.
    if (this.#calls.failed.has(from.name) && !other?.unfinished) return this.#argumentsOf(stack, from);
    if (!other && !isNew) return undefined;
    const value = (name: string): unknown =>
      name in (other?.inputs ?? {}) ? other?.inputs[name] : isNew ? UNKNOWN : other?.outputs[name];
    return Object.fromEntries(from.takes.map((name) => [name, value(name)]));
  }

  #argumentsOf(stack: Stack, { name, takes }: NonNullable<Declared["from"]>): Properties {
    const declared = this.program.find((each) => each.name === name);
    const given = declared ? newInputs(stack, declared) : {};
    return Object.fromEntries(takes.flatMap((each) => (each in given ? [[each, given[each]]] : [])));
  }

  #dependsOnFailed({ from }: Declared): boolean {
    return from !== undefined && this.#calls.failed.has(from.name);
  }

  async #create(stack: Stack, declared: Declared, inputs: Properties, old?: Kept): Promise<void> {
    const { type, name, retainOnDelete, provider } = declared;
    if (!old) this.#ended.plan.set(name, "create");
    if (this.options.preview) return;
    const uid = ++lastUid;
    const keep = (id: string, outputs: Properties, unfinished: boolean): void => {
      stack.kept.push({ uid, type, name, id, inputs, outputs, unfinished, retainOnDelete, provider });
      if (old) old.doomed = true;
    };
    const created = await this.#calls.call(
      "create",
      { declared, old, uid, replaces: old !== undefined },
      (handler) => handler.create(wire(inputs)),
      (properties, id) => keep(id, properties, true),
    );
    if (created) keep(created.id, wire(created.outs), false);
  }

  async #deleteOthers(stack: Stack, reached: Set<number>): Promise<void> {
    for (const old of [...stack.kept].reverse()) {
      if (!old.doomed && (reached.has(old.uid) || !this.#isTarget(old.name))) continue;
      // A replacement already shows its own deletion.
      if (!old.doomed) this.#ended.plan.set(old.name, this.#ended.plan.get(old.name) ?? "delete");
      if (this.options.preview) continue;
      if (old.retainOnDelete !== true) {
        const { failed } = this.#ended;
        this.#ended.failed = false;
        await this.#calls.call("delete", { old }, (handler) => handler.delete(old.id, wire(old.outputs)));
        const stays = this.#ended.failed;
        this.#ended.failed ||= failed;
        if (stays && !this.options.othersGoOn) throw new Stopped();
        if (stays) continue;
      }
      stack.kept.splice(stack.kept.indexOf(old), 1);
    }
  }

  #refuse({ name }: Declared): void {
    this.#ended.plan.set(name, "refused");
    this.#calls.failed.add(name);
    this.#ended.failed = true;
  }

  #isTarget(name: string): boolean {
    return this.options.target?.includes(name) ?? true;
  }
}

// Follows what the engine does to a stack, call by call: which resource each call is about, and what the stack has
// afterwards.
import { findOld } from "../stacks";
import { type Declared, type Kept, type Options, type Stack, type Step, type Watcher } from "../steps";
import { type StateResource } from "../../support/engine";
import { type Answered, type Asked } from "./front";
import { providerOf, resourceOf } from "./program";

let lastUid = 0;

export class Mirror {
  readonly #kept: Kept[];
  readonly refused = new Set<string>();
  failed = false;
  #step: (Step & { id: string }) | undefined;
  #isRefreshing: boolean;
  /** Calls that wait for the end of the call before them. */
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly stack: Stack,
    private readonly program: readonly Declared[],
    private readonly options: Options & { refreshes: boolean },
    private readonly watcher: Watcher,
  ) {
    this.#kept = stack.kept.map((kept) => ({ ...kept }));
    this.#isRefreshing = options.refreshes;
  }

  async begin(asked: Asked): Promise<void> {
    while (this.#step) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const { method } = asked;
    const { type, name } = resourceOf(asked.urn);
    // The refresh comes first.
    if (method !== "read" && method !== "diff") this.#isRefreshing = false;
    const isRefreshing = this.#isRefreshing;
    const declared =
      method === "read" || method === "delete" || isRefreshing
        ? undefined
        : this.program.find((each) => each.type === type && each.name === name);
    const old = declared ? this.#oldOf(declared) : this.#known(type, name, asked);
    this.#step = {
      method,
      provider: (declared ?? old)?.provider ?? 0,
      type,
      name,
      id: asked.id,
      stack: this.stack.name,
      preview: this.options.preview ?? false,
      refreshing: isRefreshing,
      ...(declared && { declared }),
      ...(old && !(method === "check" && asked.isFresh) && { old }),
      ...(method === "check" && old && asked.isFresh && { replaces: true }),
      ...(method === "create" && { uid: ++lastUid, replaces: old !== undefined }),
    };
    if (!declared && !old) throw new Error(`No resource of the history for ${method} of ${asked.urn}`);
    this.watcher.begin(this.#step);
  }

  end({ error, stored = false, result }: Answered): void {
    const step = this.#step as Step & { id: string };
    const failures = (result?.["failures"] ?? []) as unknown[];
    if (error !== undefined || failures.length > 0) this.failed = true;
    if (failures.length > 0) this.refused.add(step.name);
    if (!step.preview) this.#keep(step, { failed: error !== undefined, stored, result });
    this.watcher.end(step, {
      stored,
      dead: false,
      ...(error === undefined ? { result } : { error: new Error(error) }),
    });
    this.#release();
  }

  /** Called if the process died in the middle of a call. */
  die(): void {
    const step = this.#step;
    if (step)
      this.watcher.end(step, { error: new Error("The process has died."), stored: false, dead: true });
    this.#release();
  }

  /** The resources of the state, matched to those that the stack had before. */
  matched(resources: readonly StateResource[]): Kept[] {
    const left = [...this.#kept];
    return resources.map((resource) => {
      const { type, name } = resourceOf(resource.urn);
      const doomed = resource.delete ?? false;
      // The id of an unfinished creation is not reported.
      const isSame = (each: Kept): boolean =>
        each.type === type && (each.id === resource.id || (each.id === "" && each.name === name));
      const exactly = left.find(
        (each) => isSame(each) && each.name === name && (each.doomed ?? false) === doomed,
      );
      const found = exactly ?? left.find(isSame);
      if (!found) throw new Error(`The state has ${resource.urn} (${resource.id}), but no call created it.`);
      left.splice(left.indexOf(found), 1);
      return {
        uid: found.uid,
        type,
        name,
        id: resource.id ?? "",
        inputs: resource.inputs ?? {},
        outputs: resource.outputs ?? {},
        unfinished: (resource.initErrors ?? []).length > 0,
        doomed,
        retainOnDelete: resource.retainOnDelete ?? false,
        provider: providerOf(resource.provider),
      };
    });
  }

  #release(): void {
    this.#step = undefined;
    this.#waiting.shift()?.();
  }

  #oldOf(declared: Declared): Kept | undefined {
    return findOld({ name: this.stack.name, kept: this.#kept }, declared);
  }

  /** The resource that is read or deleted. A replaced one comes before its successor. */
  #known(type: string, name: string, { id, method }: Asked): Kept | undefined {
    const own = this.#kept.filter((each) => each.type === type && each.id === id);
    const named = own.filter((each) => each.name === name);
    const doomed = named.find((each) => each.doomed);
    return (method === "delete" ? doomed : named.find((each) => !each.doomed)) ?? named[0] ?? own[0];
  }

  #keep(
    step: Step & { id: string },
    { failed, stored, result }: { failed: boolean; stored: boolean; result: Answered["result"] },
  ): void {
    const { method, type, name, old, declared } = step;
    if (method === "diff" && !step.refreshing && old && declared) old.name = name;
    if (failed && !stored) return;
    if (method === "read" && old && result?.["id"] === "") this.#kept.splice(this.#kept.indexOf(old), 1);
    if (method === "read" && old) old.unfinished = false;
    if (method === "update" && old) old.unfinished = stored;
    if (method === "delete" && old) this.#kept.splice(this.#kept.indexOf(old), 1);
    if (method !== "create" || !declared) return;
    const id = (result?.["id"] as string | undefined) ?? "";
    this.#kept.push({
      uid: step.uid as number,
      type,
      name,
      id,
      inputs: declared.args,
      outputs: {},
      unfinished: stored,
    });
    if (old) old.doomed = true;
  }
}

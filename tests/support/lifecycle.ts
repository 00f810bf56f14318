// What the engine does with one resource, step by step and without an engine: calls the resource's plain functions
// with plain data and the test's own clock.
import { HubClient } from "../../provider/src/client";
import { checkArguments } from "../../provider/src/model/check";
import {
  type CheckFailure,
  type LifecycleContext,
  type ResourceDefinition,
  UnfinishedError,
} from "../../provider/src/model/definition";
import { changedProperties, diffOf } from "../../provider/src/model/diff";
import { type Properties, sameData, withoutKeys, withoutUndefined } from "../../provider/src/model/plain";
import { lifecycleContext, randomHex } from "./context";
import { type Hub } from "./hub";
import { published } from "./published";

/** A clock that the test sets. */
export class Clock {
  constructor(public now = new Date("2026-11-20T08:00:00Z")) {}

  /** Moves the clock forward by this many hours. */
  pass(hours: number): void {
    this.now = new Date(this.now.getTime() + hours * 3_600_000);
  }
}

/** The Hub, the token and the time of a lifecycle. */
export interface Surroundings {
  hub: Hub;
  clock: Clock;
  /** The value of the token. Default: the Hub administrator's. */
  token?: string;
  rotation?: "auto" | "defer";
  /** What the resources of one run claim. Default: each step is its own run. */
  claims?: Set<string>;
  reported?: LifecycleContext["reported"];
  /** Documents from other servers, by address. Default: none can be reached. */
  published?: Record<string, string>;
}

/** The arguments were refused. */
export class Refused extends Error {
  constructor(readonly failures: CheckFailure[]) {
    super(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
  }
}

/** One resource of a stack. */
export class ResourceHarness<I extends object, S extends I> {
  id?: string;
  /** Everything that is stored, as the engine returns it. */
  state?: S;
  /** All messages, oldest first. */
  readonly said: { severity: "info" | "warning"; message: string }[] = [];
  /** The arguments that the last refresh found, or those before a failed update. */
  private found?: I;
  /** Whether the last update failed but stored something. */
  private isUnfinished = false;

  constructor(
    readonly definition: ResourceDefinition<I, S>,
    readonly surroundings: Surroundings,
  ) {}

  get kept(): S {
    if (!this.state) throw new Error("nothing is stored yet");
    return this.state;
  }

  warnings(): string[] {
    return this.said.filter(({ severity }) => severity === "warning").map(({ message }) => message);
  }

  /** A context like that of a fresh process. */
  context(): LifecycleContext {
    const { hub, clock, token, rotation, claims, reported } = this.surroundings;
    const client = new HubClient({
      endpoint: hub.endpoint,
      token: token ?? hub.tokens.admin,
      maxRetries: 0,
    });
    return lifecycleContext(client, {
      now: clock.now,
      behaviour: { rotation: rotation ?? "auto" },
      ...(claims && { claims }),
      ...(reported && { reported }),
      log: {
        info: (message) => void this.said.push({ severity: "info", message }),
        warn: (message) => void this.said.push({ severity: "warning", message }),
      },
      randomHex,
      fetchDocument: published(this.surroundings.published),
    });
  }

  /** Returns the arguments as they are stored, or throws an error with all problems. */
  check(args: object): I {
    const previous = (this.found ?? this.state ?? {}) as Properties;
    const { inputs, failures } = checkArguments(
      this.definition,
      args as Properties,
      previous,
      this.context(),
    );
    if (failures.length > 0) throw new Refused(failures);
    return plain(inputs as I);
  }

  /** What a preview shows. No request is made. */
  preview(args: object): "create" | "same" | "update" | "replace" {
    const inputs = this.check(args);
    if (!this.state) return "create";
    const changed = changedProperties(this.definition, this.state, inputs);
    const result =
      this.definition.diff?.(this.state, inputs, changed, this.context()) ?? diffOf(this.definition, changed);
    if (result.replaces.length > 0) return "replace";
    return result.changes || this.isUnfinished ? "update" : "same";
  }

  /** Does what the preview shows. A replacement creates the new resource first. */
  async up(args: object): Promise<"create" | "same" | "update" | "replace"> {
    const step = this.preview(args);
    if (step === "same") return step;
    const inputs = this.check(args);
    if (step === "update") {
      await this.update(inputs);
      return step;
    }
    const before = this.state && { id: this.id as string, state: this.state };
    const created = await this.definition.create(inputs, this.context());
    this.id = created.id;
    this.state = plain(created.state);
    this.found = undefined;
    if (before) await this.definition.delete(before.id, before.state, this.context());
    return step;
  }

  private async update(inputs: I): Promise<void> {
    try {
      this.state = plain(await this.definition.update(this.id as string, this.kept, inputs, this.context()));
      this.found = undefined;
      this.isUnfinished = false;
    } catch (error) {
      if (error instanceof UnfinishedError) {
        this.found ??= this.kept;
        this.state = plain(stored(this.definition, error.state as S, inputs));
        this.isUnfinished = true;
      }
      throw error;
    }
  }

  /** Reads the Hub. Returns the arguments that differ from the stored ones, or "gone". */
  async refresh(): Promise<string[] | "gone"> {
    const before = this.kept;
    const inputs = (this.found ?? before) as Properties;
    const read = await this.definition.read(this.id as string, before, this.context());
    if (!read) {
      this.id = this.state = this.found = undefined;
      return "gone";
    }
    this.state = plain(read.state);
    this.found = plain(read.inputs);
    this.isUnfinished = false;
    return Object.keys(this.definition.schema.properties).filter(
      (name) => JSON.stringify((this.found as Properties)[name]) !== JSON.stringify(inputs[name]),
    );
  }

  async destroy(): Promise<void> {
    await this.definition.delete(this.id as string, this.kept, this.context());
    this.id = this.state = this.found = undefined;
  }
}

/** What the handler makes the engine store after a failed update. */
export function stored<I extends object, S extends I>(
  { schema, secrets }: ResourceDefinition<I, S>,
  state: S,
  inputs: I,
): S {
  const outputs = state as Properties;
  const others = Object.keys(schema.properties).filter(
    (name) => !secrets.includes(name) && !sameData(outputs[name], (inputs as Properties)[name]),
  );
  return withoutKeys(outputs, others) as unknown as S;
}

/** The values after the engine's wire format and its state file. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(withoutUndefined(value))) as T;
}

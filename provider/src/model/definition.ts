import type { HubClient } from "../client";
import type { Reader } from "../client/shape";
import type { Properties } from "./plain";

/** One thing that is wrong with the arguments of a resource. */
export interface CheckFailure {
  /** The property at fault; `""` where the engine must not print its value, because it may be a secret. */
  property: string;
  /** What was wrong, what is allowed, and what to do. Never holds a secret. */
  reason: string;
}

/**
 * What a run would do about the difference between the program and what is kept. Pulumi's dynamic resources can be told `changes` and
 * `replaces` alone; the other two are for front doors whose previews show each output as known or unknown.
 */
export interface DiffResult {
  /** Whether there is anything for an update to do: send, decide, or keep. */
  changes: boolean;
  /** The declared arguments that differ. */
  changed: string[];
  /** The properties that can only be changed by a new object. */
  replaces: string[];
  /** The outputs whose values only the update will know; it leaves all others as they are. */
  renews: string[];
}

/** Where a lifecycle says something to the person at the terminal, beside errors. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
}

/** Settings of the provider that are no credentials. */
export interface Behaviour {
  /** `defer` leaves rotations that are due by the clock to a later run. */
  rotation: "auto" | "defer";
}

/** What a rule may know beside its data. No network: check and diff run one after another for every resource. */
export interface PureContext {
  /**
   * The time by the Hub's clock, as far as its answers in this run have told it; before the first one by this machine's. So a lifecycle
   * step takes it after its first answer, and never earlier.
   */
  readonly now: Date;
  /** Whether an answer of this run has told the Hub's time; otherwise `now` is this machine's. */
  readonly hubTimeIsKnown: boolean;
  /** The time by this machine's clock: nothing is revoked by one clock alone. */
  readonly runnerNow: Date;
  log: Logger;
  behaviour: Behaviour;
  /**
   * Ids of tokens and accounts that a resource of this run holds, as far as the run has come. Two resources may carry one
   * mark, so what is claimed here is not a stray.
   */
  claims: Set<string>;
  /**
   * Tokens that this run has reported as strays, by their ids and times of creation. `new`: no earlier run has recorded it, so this one only reports it.
   */
  strays: Map<string, "new" | "recorded">;
  /** Which resource of this run declares an object: the owner's mark by a key of the object. */
  declaredBy: Map<string, string>;
}

/** What a lifecycle step gets to work with. */
export interface LifecycleContext extends PureContext {
  client: HubClient;
  /**
   * In a creation: the state that another resource of this run has, or had, of the same object, for example under a former name.
   * It may make a creation stricter, never laxer.
   */
  former?: object | undefined;
  /** The same by what the Hub knows the object by, whatever its name: see `identityOf`. */
  formerOf?(identity: string): object | undefined;
  /** A fresh string of `length` random hex digits. */
  randomHex: (length: number) => string;
  /**
   * Fetches what somebody else than the Hub publishes over https, with nothing of the Hub's: no token goes along.
   * Fails with an error whose message is a reason in words.
   */
  fetchDocument: (url: string) => Promise<string>;
}

/** What the option `import` has found on the Hub. */
export interface Imported<S> {
  /** The arguments that differ from the Hub, by name, with what is on the Hub; `undefined` for a value that is not to be shown. */
  differing: Record<string, unknown>;
  /** What is kept if nothing differs. */
  state: S;
}

/** How a resource takes over what the option `import` names. */
export interface ImportRules<I, S> {
  /** @throws LifecycleError for what cannot be an id of this type */
  parseId(id: string): unknown;
  /** Compares the arguments with the Hub, and changes nothing there. `undefined` says that there is no such object. */
  compare(id: string, inputs: I, context: LifecycleContext): Promise<Imported<S> | undefined>;
}

/** A JSON Schema of a resource's arguments: the one source of their validation. */
export interface ArgsSchema {
  type: "object";
  properties: Record<string, Record<string, unknown>>;
  required: readonly string[];
  additionalProperties: false;
}

/**
 * A resource without Pulumi: what it takes, and plain functions on plain data for its life. The adapter in
 * `dynamic/` gives it to the engine; another front door can use the same functions.
 *
 * @typeParam I - the checked arguments
 * @typeParam S - all that is kept: the checked arguments, write-only ones too, and the outputs
 */
export interface ResourceDefinition<I extends object, S extends I> {
  /** The name of the resource, as in `pulumi-nodejs:dynamic/huggingface:<type>`. */
  type: string;
  schema: ArgsSchema;
  /** Arguments and outputs whose values are never shown, logged or kept in clear. */
  secrets: readonly string[];
  /** Arguments whose change needs a new object. The doc comments of the arguments say the same. */
  replaceOn: readonly string[];
  /** Checks the kept data, as far as the lifecycle rests on it: someone may have edited the state. */
  stateReader?: Reader<unknown>;
  /**
   * Names the object on the Hub. Two resources may have the same one, for example under a former and a new name: what this operation
   * declares is not taken back by the deletion of the other.
   */
  sharedObject?(id: string, state: S): string;
  /**
   * The same name from the arguments alone; `undefined` if it is not known yet. Absent if the arguments do not say which object it is: a
   * comparison with the program's arguments declares it then.
   */
  declaredObject?(inputs: I): string | undefined;
  /**
   * By what a creation finds the state that another resource of this run has, or had, of what it replaces; from the arguments or a state.
   * Absent: by `declaredObject`.
   */
  formerBy?(inputs: I): string | undefined;
  /**
   * The group of resources, of whichever type, of which one may be meant to replace the other, and the owner's mark: the run ends none of them
   * as long as one that is to be created is not there. From the arguments or a state; `undefined` if that is not known yet.
   */
  replacedAmong?(inputs: I): { group: string; owner: string } | undefined;
  /** By what the Hub knows the object of a state, whatever its name. */
  identityOf?(state: S): string | undefined;
  /** The version of the kept data that this code writes. */
  stateVersion: number;
  /** Whether the owner's mark is that of another resource and changes with it; otherwise it stays what it first was. */
  followsOwner?: boolean;
  /** A few words that name the object in messages. */
  label(inputs: Partial<I>): string;
  /**
   * Rewrites other ways of saying the same thing before anything is checked. `previous` are the arguments that the stack has, unchecked;
   * after a refresh those that it found. Before a creation, `former` is the state that another resource of this run has of the same object.
   */
  prepare?(inputs: Properties, context: PureContext, previous?: Properties, former?: Properties): Properties;
  /**
   * Rules between arguments, and rules that a schema cannot say. `previous` is absent before a creation. `declarer` is the owner's mark
   * as the program sets it; after a rename or a move that in `inputs` is still the older one.
   */
  check?(inputs: I, previous: I | undefined, context: PureContext, declarer?: unknown): CheckFailure[];
  /**
   * Reasons for an update that do not lie in the arguments (time, status), or arguments that do not count. What it says is about
   * the program, so nobody hears it in a refresh, which compares with the arguments of the last `up`.
   */
  diff?(state: S, inputs: I, changed: string[], context: PureContext): DiffResult;
  create(inputs: I, context: LifecycleContext): Promise<{ id: string; state: S }>;
  /**
   * What the Hub holds now. `state` is absent where only the id is known (`X.get`).
   * `undefined` says that the object is certainly gone.
   */
  read(
    id: string,
    state: S | undefined,
    context: LifecycleContext,
  ): Promise<{ inputs: I; state: S } | undefined>;
  update(id: string, state: S, inputs: I, context: LifecycleContext): Promise<S>;
  delete(id: string, state: S, context: LifecycleContext): Promise<void>;
  /** How the option `import` takes an object over; a sentence says why there is no such way, and what to do instead. */
  imports: ImportRules<I, S> | string;
  /** Brings kept data of an earlier version up to date; gets only versions below `stateVersion`. */
  migrate?(outputs: Properties, version: number): Properties;
}

/** An error that tells a person what to do; its message is shown as it is. */
export class LifecycleError extends Error {
  override name = "LifecycleError";
}

/**
 * An update that has failed after it changed something, or decided or heard something that has to be remembered: `state` is kept all the
 * same. Of its arguments, those are kept that are as the program declares them now; what was applied and seen belongs into the memory.
 * Not for a creation, whose object would then be the stack's to delete.
 */
export class UnfinishedError extends LifecycleError {
  override name = "UnfinishedError";

  /**
   * @param state - all that is kept, as the update would have returned it
   * @param cause - the error that ended it, if it is not the library's own decision
   */
  constructor(
    message: string,
    readonly state: object,
    override readonly cause?: unknown,
  ) {
    super(message);
  }
}

/**
 * Runs a part of an update. If it fails, what the update has seen, heard and sent is kept.
 *
 * @param state - all that is kept; asked after the failure
 * @throws UnfinishedError with the message of the failure
 */
export async function keepingOnFailure<R>(
  state: (error: unknown) => object,
  step: () => Promise<R>,
): Promise<R> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof UnfinishedError) throw error;
    throw new UnfinishedError(error instanceof Error ? error.message : String(error), state(error), error);
  }
}

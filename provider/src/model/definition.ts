import type { HubClient } from "../client";
import type { Reader } from "../client/shape";
import type { Properties } from "./plain";
import { messageOf } from "./words";

/** One problem with the arguments of a resource. */
export interface CheckFailure {
  /** The property with the problem; `""` if the engine must not print its value, because it may be a secret. */
  property: string;
  /** What is wrong, what is allowed, and what to do. It never contains a secret. */
  reason: string;
}

/**
 * What a run would do about the difference between the program and the state. Pulumi's dynamic resources use only `changes` and
 * `replaces`; the other fields are for other adapters, whose previews show each output as known or unknown.
 */
export interface DiffResult {
  /** Whether an update has something to send, decide or store. */
  changes: boolean;
  /** The declared arguments that differ. */
  changed: string[];
  /** The changed properties that need a new object. */
  replaces: string[];
  /** The outputs whose values only the update will know. The update does not change other outputs. */
  renews: string[];
  /** Why the update would refuse something, and what to do. */
  refusal?: string | undefined;
}

/** Prints messages of a lifecycle at the terminal. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
}

/** Settings of the provider other than its credentials. */
export interface Behaviour {
  /** `defer` leaves rotations that are due by the clock to a later run. */
  rotation: "auto" | "defer";
}

/** What a rule can use in addition to its data. It has no network, because check and diff run for every resource, one after another. */
export interface PureContext {
  /**
   * The time by the Hub's clock. Before the Hub's first answer in this run, it is the time by this machine's clock, so a lifecycle step
   * reads it only after its first answer.
   */
  readonly now: Date;
  /** Whether `now` is the time by the Hub's clock; otherwise it is the time by this machine's clock. */
  readonly hubTimeIsKnown: boolean;
  /** The time by this machine's clock. A token is revoked only if both clocks agree that it is due. */
  readonly runnerNow: Date;
  log: Logger;
  behaviour: Behaviour;
  /**
   * Ids of tokens and accounts that belong to a resource of this run, as far as the run has come. Two resources may have the same mark,
   * so these ids are not strays.
   */
  claims: Set<string>;
  /**
   * What this run has reported, such as strays. What is `new` is not in a state of an earlier run, so this run only reports it and does not
   * act on it.
   */
  reported: Map<string, "new" | "recorded">;
  /** The resource that declares an object in this run: the owner's mark by a key of the object. */
  declaredBy: Map<string, string>;
}

/** What a lifecycle step can use. */
export interface LifecycleContext extends PureContext {
  client: HubClient;
  /**
   * In a creation: the state that another resource of this run has, or had, of the same object, for example under an earlier name.
   * It may make a creation stricter, but not less strict.
   */
  former?: object | undefined;
  /** The former state of the object with this identity on the Hub, whatever its name is: see `identityOf`. */
  formerOf?(identity: string): object | undefined;
  /** A new string of `length` random hex digits. */
  randomHex: (length: number) => string;
  /** Fetches a public document over https, without a token. If it fails, the error's message is a reason in words. */
  fetchDocument: (url: string) => Promise<string>;
}

/** What the option `import` found on the Hub. */
export interface Imported<S> {
  /** The values on the Hub that differ from the arguments, by name; `undefined` for a value that must not be shown. */
  differing: Record<string, unknown>;
  /** The state to store if nothing differs. */
  state: S;
}

/** How the option `import` works for a resource. */
export interface ImportRules<I, S> {
  /** @throws LifecycleError if the text is not an id of this resource type */
  parseId(id: string): unknown;
  /** Compares the arguments with the Hub without changing it. Returns `undefined` if the object does not exist. */
  compare(id: string, inputs: I, context: LifecycleContext): Promise<Imported<S> | undefined>;
}

/** A JSON Schema of a resource's arguments, from which they are validated. */
export interface ArgsSchema {
  type: "object";
  properties: Record<string, Record<string, unknown>>;
  required: readonly string[];
  additionalProperties: false;
}

/**
 * A resource without Pulumi: its arguments, and plain functions on plain data for its lifecycle. The adapter in `dynamic/` connects
 * it to the engine; another adapter can use the same functions.
 *
 * @typeParam I - the checked arguments
 * @typeParam S - the state: the checked arguments, including write-only ones, and the outputs
 */
export interface ResourceDefinition<I extends object, S extends I> {
  /** The name of the resource, as in `pulumi-nodejs:dynamic/huggingface:<type>`. */
  type: string;
  schema: ArgsSchema;
  /** Arguments and outputs whose values are never shown, logged or stored unencrypted. */
  secrets: readonly string[];
  /** Arguments whose change replaces the object. Their doc comments say the same. */
  replaceOn: readonly string[];
  /** Checks the data in the state that the lifecycle uses, because someone may have edited the state. */
  stateReader?: Reader<unknown>;
  /**
   * Names the object on the Hub. Two resources may have the same object, for example after a rename. If this operation declares the
   * object, deleting the other resource does not change it.
   */
  sharedObject?(id: string, state: S): string;
  /**
   * Names the object from the arguments alone; `undefined` if it is not known yet. Absent if the arguments do not identify the object;
   * then `diff` declares it.
   */
  declaredObject?(inputs: I): string | undefined;
  /**
   * The key, from the arguments or a state, under which a creation finds the state of the resource that it replaces. Default:
   * `declaredObject`.
   */
  formerBy?(inputs: I): string | undefined;
  /**
   * The owner's mark, and the group of resources that may replace each other. The run deletes no member of a group while another member
   * is still to be created. `undefined` if the group is not known yet.
   */
  replacedAmong?(inputs: I): { group: string; owner: string } | undefined;
  /** The Hub's own identity of the object, which does not depend on its name. */
  identityOf?(state: S): string | undefined;
  /** The version of the state that this code writes. */
  stateVersion: number;
  /** Whether the owner's mark belongs to another resource and changes with it; otherwise it never changes. */
  followsOwner?: boolean;
  /** A few words that name the object in messages. */
  label(inputs: Partial<I>): string;
  /**
   * Rewrites equivalent arguments to one form before they are checked. `previous` are the unchecked arguments in the stack, or after a
   * refresh those on the Hub. Before a creation, `former` is the state that another resource of this run has of the same object.
   */
  prepare?(inputs: Properties, context: PureContext, previous?: Properties, former?: Properties): Properties;
  /**
   * Checks rules that the schema cannot express. `previous` is absent before a creation. `declarer` is the owner's mark that the program
   * sets; after a rename or a move, `inputs` still has the older mark.
   */
  check?(inputs: I, previous: I | undefined, context: PureContext, declarer?: unknown): CheckFailure[];
  /**
   * Adds reasons for an update other than changed arguments (time, status), or ignores some changes. Its messages are about the program,
   * so they are not shown in a refresh, which compares with the arguments of the last `up`.
   */
  diff?(state: S, inputs: I, changed: string[], context: PureContext): DiffResult;
  create(inputs: I, context: LifecycleContext): Promise<{ id: string; state: S }>;
  /**
   * Reads the object from the Hub. `state` is absent if only the id is known (`X.get`). Returns `undefined` if the object is certainly
   * gone.
   */
  read(
    id: string,
    state: S | undefined,
    context: LifecycleContext,
  ): Promise<{ inputs: I; state: S } | undefined>;
  update(id: string, state: S, inputs: I, context: LifecycleContext): Promise<S>;
  delete(id: string, state: S, context: LifecycleContext): Promise<void>;
  /** How the option `import` works; or, if it is not supported, a sentence with the reason and what to do instead. */
  imports: ImportRules<I, S> | string;
  /** Converts a state of an earlier version; called only for versions below `stateVersion`. */
  migrate?(outputs: Properties, version: number): Properties;
}

/** An error whose message tells the user what to do. The message is shown unchanged. */
export class LifecycleError extends Error {
  override name = "LifecycleError";
}

/**
 * An update that failed after it changed, decided or learned something. Its `state` is stored: of the arguments only those that equal the
 * program's; what was applied and seen belongs in the memory. In a creation, use it only with the `id` of an object that this creation
 * made, because the stack then owns the object.
 */
export class UnfinishedError extends LifecycleError {
  override name = "UnfinishedError";

  /**
   * @param state - the state to store, as the update would have returned it
   * @param cause - the error that stopped the update, if the library did not stop it itself
   * @param id - the id of the object, if a creation made it and then failed
   */
  constructor(
    message: string,
    readonly state: object,
    override readonly cause?: unknown,
    readonly id?: string,
  ) {
    super(message);
  }
}

/**
 * Runs a part of an update. If it fails, the update's state is stored.
 *
 * @param state - returns the state to store; called after the failure
 * @param id - the id of the object, if this is a part of the creation that made it
 * @throws UnfinishedError with the message of the failure
 */
export async function keepingOnFailure<R>(
  state: (error: unknown) => object,
  step: () => Promise<R>,
  id?: string,
): Promise<R> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof UnfinishedError) throw error;
    throw new UnfinishedError(messageOf(error), state(error), error, id);
  }
}

// What a resource says about the one value that it manages on the Hub.
import { type LifecycleContext } from "../../model/definition";
import { type ResourceModel } from "../../model/fields";
import { type HubValue, type ValueRule, type ValueState } from "../../rules/managedValue";
import { type Author, type Between } from "../outsideChange";

/** Arguments with the reason that lets a run overwrite what someone changed on the Hub. */
export interface Reasoned {
  acknowledgeOverwrite?: string | undefined;
}

/** The messages about a value. */
export interface ValueWords<I> {
  /** Names the value, such as "the role of ana in acme". */
  subject(inputs: I): string;
  /** The value, to follow "is": `write`, or "not a member of it". */
  value(value: string | null): string;
  /** How to keep a value of the Hub, to begin a sentence: `Declare role: "read"`. */
  keep(value: string | null): string;
  /** Why the declared value is not sent, and what to do. For values that are not shown. */
  refusal?(inputs: I, value: string | null, kept: ValueState | undefined): string;
  /** That the value was changed on the Hub. For values that are not shown. */
  changed?(inputs: I, value: string | null): string;
  /** Why the value cannot exist, and what to do: the object that has it is not on the Hub. */
  missing(inputs: I): string;
}

/** The object that has the value certainly does not exist. */
export interface Missing {
  /** Why, and what to do. */
  missing: string;
}

/** A kind of value, and how it is read from the Hub and sent to it. */
export interface ManagedValue<I extends Reasoned, S extends I & ValueState> {
  model: ResourceModel;
  rule: ValueRule<I>;
  words: ValueWords<I>;
  label(inputs: Partial<I>): string;
  id(inputs: I): string;
  /** What an identity belongs to, if one person or object can have several such values: for example the organization. */
  scope?(address: Partial<I>): string;
  /** The arguments in an id. */
  parseId(id: string): Partial<I>;
  /**
   * Reads the value. `undefined` means that the object that has it certainly does not exist.
   *
   * @param kept - the state; in a creation, that of another resource of the run for the same value
   */
  observe(address: Partial<I>, context: LifecycleContext, kept?: S): Promise<HubValue | Missing | undefined>;
  /**
   * Sends the declared value. Returns what the Hub answers, or nothing if the answer does not contain the value.
   *
   * @throws SentError if the Hub has the value, but a step after that failed
   */
  send(inputs: I, before: HubValue, context: LifecycleContext): Promise<HubValue | void>;
  /** What `observe` returns if the Hub may have a value that was sent without a response. Default: the value. */
  tried?: string;
  /** Reads the value after it was sent. Default: `observe`. */
  readBack?(inputs: I, before: HubValue, context: LifecycleContext): Promise<HubValue | Missing | undefined>;
  /** The arguments that describe what the Hub has. An argument without a value is `undefined`. */
  shown(current: HubValue, kept: S | undefined): Partial<I>;
  /**
   * Whether a failed update keeps the program's arguments, and what the Hub has only in the memory. For arguments that the program may have
   * made secret: the engine would store one that disappears and returns unencrypted.
   */
  keepsArguments?: true;
  /** Whether something differs that is not under the rule, such as a description. It is sent with the value. */
  differs?(inputs: I, current: HubValue): boolean;
  /** Who changed the value in a period. */
  author?(
    inputs: I,
    current: HubValue,
    between: Between,
    context: LifecycleContext,
  ): Promise<Author | undefined>;
  /** Ends the value on the Hub. Called only if it is the one that this resource manages. Absent: a delete sends nothing. */
  end?(state: S, current: HubValue, context: LifecycleContext): Promise<void>;
  /** Whether a delete leaves the value unchanged. */
  retains?(state: S): boolean;
  /** A sentence if the option `import` is not supported. */
  imports?: string;
}

/** Reads the value, and says why if the object that has it does not exist. */
export async function look<I extends Reasoned, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
  address: Partial<I>,
  context: LifecycleContext,
  kept?: S,
): Promise<HubValue | Missing> {
  return (await kind.observe(address, context, kept)) ?? { missing: kind.words.missing(address as I) };
}

/** Whether the object that has the value exists. */
export function exists(found: HubValue | Missing | undefined): found is HubValue {
  return found !== undefined && !("missing" in found);
}

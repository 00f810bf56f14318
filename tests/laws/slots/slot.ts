// What can be declared, and how people change it in the program and on the Hub.
import { type Declared } from "../engine";
import { type Actor, type Store } from "../../../local-hub/src/store/store";

export type Args = Record<string, unknown>;

/** A change by hand. */
export interface HandChange {
  words: string;
  /** @param current - for a token: the one that the program has */
  apply(store: Store, actor: Actor, current?: string): void;
  /** Whether it touches everything that is declared. */
  touchesAll?: boolean;
}

/** A change of the program. */
export interface ProgramChange {
  words: string;
  apply(args: Args): Args;
}

/** One object of the Hub and its declaration. */
export interface Slot {
  type: string;
  object: string;
  name: string;
  /** Creates the object as it is before any run. */
  begin(store: Store, actor: Actor): void;
  args: Args | ((store: Store) => Args);
  program: readonly ProgramChange[];
  hand: readonly HandChange[];
  /** The name of the argument that only a person changes, if there is one. */
  reason?: string;
  /** Converts a reason to that argument's form. Default: the text itself. */
  asReason?(text: string): unknown;
  /** Whether each declaration creates its own object. */
  mayBeDeclaredAgain?: boolean;
  /** Whether the resource may get another provider of the program. */
  mayChangeProvider?: boolean;
  /** The children that are declared with it. */
  children?(declared: Declared): Declared[];
  /** Whether the arguments need a reason. */
  needsReason(args: Args): boolean;
  /** What a person adds so that a first declaration takes over an existing object. */
  adopting?(args: Args): Args;
  /** The arguments that match what the Hub has; `undefined` if no arguments can. */
  asOnHub(args: Args, facets: Record<string, string>, store: Store, current?: string): Args | undefined;
}

export function omit(args: Args, ...names: string[]): Args {
  return Object.fromEntries(Object.entries(args).filter(([key]) => !names.includes(key)));
}

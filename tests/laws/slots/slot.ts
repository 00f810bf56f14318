// What can be declared, and what people do to it in the program and on the Hub.
import { type Declared } from "../engine";
import { type Actor, type Store } from "../../../local-hub/src/store/store";

export type Args = Record<string, unknown>;

/** What someone does by hand. */
export interface HandChange {
  words: string;
  /** @param current - of a token: the one that the program has */
  apply(store: Store, actor: Actor, current?: string): void;
  /** Whether it touches everything that is declared. */
  touchesAll?: boolean;
}

/** A change of the program. */
export interface ProgramChange {
  words: string;
  apply(args: Args): Args;
}

/** One object of the Hub, and its declaration. */
export interface Slot {
  type: string;
  object: string;
  name: string;
  /** Makes the object as it is before any run. */
  begin(store: Store, actor: Actor): void;
  args: Args | ((store: Store) => Args);
  program: readonly ProgramChange[];
  hand: readonly HandChange[];
  /** The argument that only a person changes, if there is one. */
  reason?: string;
  /** A reason in the form of that argument. Default: the text itself. */
  asReason?(text: string): unknown;
  /** Whether each declaration makes an object of its own. */
  mayBeDeclaredAgain?: boolean;
  /** Whether it may get another provider of the program. */
  mayChangeProvider?: boolean;
  /** What is declared along with it. */
  children?(declared: Declared): Declared[];
  /** Whether the arguments need a reason. */
  needsReason(args: Args): boolean;
  /** What a person adds so that a first declaration takes over what is there. */
  adopting?(args: Args): Args;
  /** The arguments that say what the Hub holds. */
  asOnHub(args: Args, facets: Record<string, string>, store: Store, current?: string): Args;
}

export function omit(args: Args, ...names: string[]): Args {
  return Object.fromEntries(Object.entries(args).filter(([key]) => !names.includes(key)));
}

// What the oracle knows of a resource: which object of the Hub it is about, which facets that has, and which way is looser. Written
// from the rule, not from the code that is judged.
import { type Store } from "../../../local-hub/src/store/store";

/** What the Hub really holds of an object, by facet. */
export interface Look {
  identity: string;
  facets: Record<string, string>;
}

/** One type of resource. */
export interface Subject {
  type: string;
  /** What the declaration is about, as a key; the same for all resources that declare one object. */
  objectOf(args: Record<string, unknown>): string;
  /** The Hub's truth. */
  look(store: Store, object: string): Look | undefined;
  /** The path of the answer that shows the object itself, whatever the listings show; absent if there is none. */
  pageOf?(object: string): string;
  /** What these arguments declare, by facet. */
  declared(args: Record<string, unknown>): Record<string, string>;
  /** Whether `to` lets more happen than `from`, or is another value of a facet without order. */
  isLooser(facet: string, to: string, from: string): boolean;
  /** Whether the facet has an order. */
  isOrdered(facet: string): boolean;
  /** Why a facet may stay looser than declared. */
  isExcused?(facet: string, held: Record<string, string>, declared: Record<string, string>): boolean;
  /** Whether the resource does not create its object. */
  needsObject: boolean;
  /** Whether outsiders get something to see. */
  isOpen(look: Record<string, string>): boolean;
  /** Whether the program accepts that outsiders may see what these credentials do not; a warning is due then. */
  acceptsUnseen?(args: Record<string, unknown>): boolean;
  /** The value that only a person changes. */
  reasonOf(args: Record<string, unknown>): string | undefined;
  /** Whether the Hub shows nothing of it: then only the program's own changes can be told. */
  isUnseen?: boolean;
  /** Whether a first declaration may bring this about without a look at who set what is there. */
  mayAdopt(args: Record<string, unknown>): boolean;
}

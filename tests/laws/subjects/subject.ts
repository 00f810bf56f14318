// What the oracle knows about a resource type: its object on the Hub, the object's facets, and which direction is
// looser. Written from the rule, not from the provider's code.
import { type Store } from "../../../local-hub/src/store/store";

/** What the Hub really has for an object, by facet. */
export interface Look {
  identity: string;
  facets: Record<string, string>;
}

/** One type of resource. */
export interface Subject {
  type: string;
  /** A key for the declared object, the same for all resources that declare it. */
  objectOf(args: Record<string, unknown>): string;
  /** The object's real state on the Hub. */
  look(store: Store, object: string): Look | undefined;
  /** The path of the answer that shows the object itself, whatever the listings show. Absent if there is none. */
  pageOf?(object: string): string;
  /** What these arguments declare, by facet. */
  declared(args: Record<string, unknown>): Record<string, string>;
  /** Whether `to` allows more than `from`, or is another value of a facet without order. */
  isLooser(facet: string, to: string, from: string): boolean;
  /** Whether the facet has an order. */
  isOrdered(facet: string): boolean;
  /** Whether a facet may stay looser than declared. */
  isExcused?(facet: string, held: Record<string, string>, declared: Record<string, string>): boolean;
  /** Whether a refused facet may get this value, which allows no more than the Hub's value and the declared one. */
  isCommon?(facet: string, to: string, values: { from: string; declared: string | undefined }): boolean;
  /** Whether the resource deletes its object. */
  deletes?: boolean;
  /** Whether a step may be refused although no one has touched the object, because of other objects. No preview knows them. */
  mayRefuse?(store: Store, args: Record<string, unknown>, method: string): boolean;
  /** Notes that no state has the objects that are newer than the one with the identity `kept`. */
  noteOrphans?(store: Store, object: string, kept: string | undefined): void;
  /** Whether the resource does not create its object. */
  needsObject: boolean;
  /** Whether outsiders can see anything of the object. */
  isOpen(look: Record<string, string>): boolean;
  /** Whether the program accepts that outsiders may see more than these credentials show. A warning is due then. */
  acceptsUnseen?(args: Record<string, unknown>): boolean;
  /** The value that only a person changes. */
  reasonOf(args: Record<string, unknown>): string | undefined;
  /** Whether an event of the audit log is about the object. Default: an event about the repository or single sign-on. */
  isAbout?(object: string, data: Record<string, unknown> | undefined): boolean;
  /** Whether the Hub shows nothing of it, so that only the program's own changes can be noticed. */
  isUnseen?: boolean;
  /** Whether the Hub does not show the value, so that a creation cannot know that it is as declared. */
  isWriteOnly?: boolean;
  /** Whether a new value in the program replaces this value, although someone else set it. */
  newValueWinsOver?(held: string): boolean;
  /** Whether a first declaration may take over the object without a check of who set its current values. */
  mayAdopt(args: Record<string, unknown>): boolean;
}

// What the oracle knows of a resource: which object of the Hub it is about, which facets that has, and which way is looser. Written
// from the rule, not from the code that is judged.
import { type Store } from "huggingface-local-hub";

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
  /** What these arguments declare, by facet. */
  declared(args: Record<string, unknown>): Record<string, string>;
  /** Whether `to` lets more happen than `from`, or is another value of a facet without order. */
  isLooser(facet: string, to: string, from: string): boolean;
  /** Whether the facet has an order. */
  isOrdered(facet: string): boolean;
  /** Whether outsiders get something to see. */
  isOpen(look: Record<string, string>): boolean;
  /** The value that only a person changes. */
  reasonOf(args: Record<string, unknown>): string | undefined;
  /** Whether a first declaration may bring this about without a look at who set what is there. */
  mayAdopt(args: Record<string, unknown>): boolean;
}

const VISIBILITIES = ["private", "internal", "protected", "public"];
const GATES = ["manual", "auto", "false"];

export const repoVisibility: Subject = {
  type: "RepoVisibility",
  objectOf: ({ repo, repoType }) => `${String(repoType)}/${String(repo)}`,
  look(store, object) {
    const repo = store.repositories.get(object);
    if (!repo) return undefined;
    const { id, visibility, gated } = repo;
    const facets: Record<string, string> = { visibility };
    if (!object.startsWith("space/")) facets["gate"] = String(gated);
    return { identity: id, facets };
  },
  declared: ({ visibility, gated }) => ({
    visibility: String(visibility),
    ...(gated !== undefined && { gate: String(gated as string) }),
  }),
  isLooser(facet, to, from) {
    const order = facet === "gate" ? GATES : VISIBILITIES;
    return order.indexOf(to) > order.indexOf(from);
  },
  isOrdered: () => true,
  isOpen: ({ visibility = "" }) => ["protected", "public"].includes(visibility),
  reasonOf: ({ acknowledgePublic }) => acknowledgePublic as string | undefined,
  mayAdopt: () => true,
};

export const subjects: Record<string, Subject> = { RepoVisibility: repoVisibility };

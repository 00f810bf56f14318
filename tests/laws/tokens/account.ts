// What the oracle records about one declared token.
import { type Store } from "../../../local-hub/src/store/store";
import { type Current } from "../surroundings";
import { type LiveToken } from "./look";

/** What the Hub had when a trigger was seen. */
interface Seen {
  held: string;
  open: boolean;
}

/** When a token was superseded: by the Hub's clock, by the runner's clock, and in which operation. */
interface Superseded {
  hub: number;
  runner: number;
  operation: Current;
}

export class TokenAccount {
  /** The stack and the name of the resource that created it. */
  madeAs = "";
  /** The token that the program has. */
  current: string | undefined;
  /** The hash of its value, by which the Hub tells values apart. */
  hash: string | undefined;
  /** All tokens that this resource has issued. */
  readonly issued = new Set<string>();
  readonly superseded = new Map<string, Superseded>();
  /** By element: whether having it, not having it, or both count as applied. */
  readonly #applied = new Map<string, Set<boolean>>();
  /** What the current token could do when a run last saw it. */
  lastSeen: ReadonlySet<string> = new Set();
  /** The arguments that a user's own token was issued with, apart from its permissions. */
  issuedWith = "";
  readonly #seen = new Map<string, Seen>();
  touched = false;
  /** The run that last refreshed it, and whether its token was gone then. */
  seenIn: unknown;
  seenGone = false;
  /** Whether a refresh found the token revoked while its account or user existed. */
  seenRevoked = false;
  #lastDone: string | undefined;
  /** Ids of the declared repositories, by name. */
  readonly #repositories: Map<string, string>;

  /** @param former - the account of the token that this one replaces; repository names keep their meaning */
  constructor(former?: TokenAccount) {
    this.#repositories = new Map(former ? former.#repositories : []);
  }

  /** @param fresh - whether a person has just asked for what the names mean now */
  noteRepositories(repos: readonly string[] = [], store: Store, fresh: boolean): void {
    for (const name of this.#repositories.keys()) if (!repos.includes(name)) this.#repositories.delete(name);
    for (const name of repos) {
      const id = store.repository(name)?.id;
      if (id !== undefined && (fresh || !this.#repositories.has(name))) this.#repositories.set(name, id);
    }
  }

  /** The id of the repository that a name meant when it was first declared, or at the last fresh trigger. */
  repositoryOf(name: string): string | undefined {
    return this.#repositories.get(name);
  }

  /** The current token, if its value is still valid. */
  token(live: Map<string, LiveToken>): LiveToken | undefined {
    const found = live.get(this.current ?? "");
    return found?.hash === this.hash ? found : undefined;
  }

  /** Whether it counts as applied that the token does not have the element. */
  isAppliedWithout(element: string): boolean {
    return this.#applied.get(element)?.has(false) ?? true;
  }

  /** The resource itself has removed the elements. */
  noteTaken(elements: Iterable<string>): void {
    for (const element of elements) this.#applied.get(element)?.add(false);
  }

  noteTried(elements: Iterable<string>): void {
    for (const element of elements) {
      const values = this.#applied.get(element) ?? new Set([false]);
      this.#applied.set(element, values.add(true));
    }
  }

  /** After a successful run: what is on the Hub as declared. */
  noteApplied(held: ReadonlySet<string>, declared: ReadonlySet<string>): void {
    for (const element of held) if (declared.has(element)) this.#applied.set(element, new Set([true]));
    for (const element of this.#applied.keys()) {
      if (!declared.has(element)) this.#applied.set(element, new Set([false]));
    }
  }

  /** A run found these declared elements on the Hub before the run failed. */
  noteFound(elements: Iterable<string>): void {
    for (const element of elements) this.#applied.set(element, new Set([true]));
  }

  /** A refresh has seen what the Hub has. A trigger given for something else no longer counts. */
  noteSeen(held: string): void {
    for (const seen of this.#seen.values()) seen.open &&= seen.held === held;
  }

  wasSeen(trigger: string | undefined): boolean {
    return trigger !== undefined && this.#seen.has(trigger);
  }

  speaks(trigger: string | undefined, held: string): boolean {
    if (trigger === undefined) return false;
    const seen = this.#seen.get(trigger);
    return !seen || (seen.open && seen.held === held);
  }

  /**
   * Whether the trigger is a rotation request that is not done yet. Any change of it is one, even to an old value or
   * to none.
   */
  isOrder(trigger: string | undefined): boolean {
    return trigger !== this.#lastDone || (trigger !== undefined && (this.#seen.get(trigger)?.open ?? true));
  }

  noteDone(trigger: string | undefined): void {
    this.#lastDone = trigger;
  }

  /**
   * @param after - what the Hub has after the run: a trigger that counts continues to count for what its own run
   * changed
   */
  noteTrigger(trigger: string | undefined, held: string, after: string, done: boolean): void {
    if (trigger === undefined) return;
    const open = this.speaks(trigger, held) && !done;
    this.#seen.set(trigger, { held: after, open });
  }
}

/** What a token can do on the Hub, as one text. */
export function heldText(token: LiveToken | undefined): string {
  return token ? [...token.elements].sort().join(", ") : "gone";
}

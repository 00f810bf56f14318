// The oracle's own account of one declared token.
import { type Store } from "../../../local-hub/src/store/store";
import { type Current } from "../surroundings";
import { type LiveToken } from "./look";

/** What a trigger was seen with. */
interface Seen {
  held: string;
  open: boolean;
}

/** When a token was superseded: by the Hub's clock, by the runner's, and in which operation. */
interface Superseded {
  hub: number;
  runner: number;
  operation: Current;
}

export class TokenAccount {
  /** The stack and the name of the resource that made it. */
  madeAs = "";
  /** The token that the program has. */
  current: string | undefined;
  /** Its value, as the Hub tells values apart. */
  hash: string | undefined;
  /** All tokens that this resource has brought about. */
  readonly issued = new Set<string>();
  readonly superseded = new Map<string, Superseded>();
  /** By element: whether it counts as applied that the token has it, has it not, or both. */
  readonly #applied = new Map<string, Set<boolean>>();
  /** What the current token could do when a run last saw it. */
  lastSeen: ReadonlySet<string> = new Set();
  /** What the user's own token was issued with, beside what it can do. */
  issuedWith = "";
  readonly #seen = new Map<string, Seen>();
  touched = false;
  /** The run that has last refreshed it, and whether its token was gone then. */
  seenIn: unknown;
  seenGone = false;
  /** Whether a refresh has seen it revoked while its place was there. */
  seenRevoked = false;
  #lastDone: string | undefined;
  /** Ids of the declared repositories, by name. */
  readonly #repositories: Map<string, string>;

  /** @param former - the account of the token that this one replaces; its names go on to stand for what they stood for */
  constructor(former?: TokenAccount) {
    this.#repositories = new Map(former ? former.#repositories : []);
  }

  /** @param fresh - whether a person has just asked for what the names stand for now */
  noteRepositories(repos: readonly string[] = [], store: Store, fresh: boolean): void {
    for (const name of this.#repositories.keys()) if (!repos.includes(name)) this.#repositories.delete(name);
    for (const name of repos) {
      const id = store.repository(name)?.id;
      if (id !== undefined && (fresh || !this.#repositories.has(name))) this.#repositories.set(name, id);
    }
  }

  /** The repository that a name stood for when it was first declared, or last by a fresh trigger. */
  repositoryOf(name: string): string | undefined {
    return this.#repositories.get(name);
  }

  /** The current token, if its value is still good. */
  token(live: Map<string, LiveToken>): LiveToken | undefined {
    const found = live.get(this.current ?? "");
    return found?.hash === this.hash ? found : undefined;
  }

  /** Whether it is as applied that the token does not have the element. */
  isAppliedWithout(element: string): boolean {
    return this.#applied.get(element)?.has(false) ?? true;
  }

  /** The resource itself has taken it away. */
  noteTaken(elements: Iterable<string>): void {
    for (const element of elements) this.#applied.get(element)?.add(false);
  }

  noteTried(elements: Iterable<string>): void {
    for (const element of elements) {
      const values = this.#applied.get(element) ?? new Set([false]);
      this.#applied.set(element, values.add(true));
    }
  }

  /** After a run that succeeded: what is on the Hub as declared. */
  noteApplied(held: ReadonlySet<string>, declared: ReadonlySet<string>): void {
    for (const element of held) if (declared.has(element)) this.#applied.set(element, new Set([true]));
    for (const element of this.#applied.keys()) {
      if (!declared.has(element)) this.#applied.set(element, new Set([false]));
    }
  }

  /** A run has found these, and they are declared, before it failed. */
  noteFound(elements: Iterable<string>): void {
    for (const element of elements) this.#applied.set(element, new Set([true]));
  }

  /** A refresh has seen what the Hub holds: a trigger that was given for something else does not speak any more. */
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

  /** Whether the trigger is an order that is not done yet: any change of it is one, to an old value or none too. */
  isOrder(trigger: string | undefined): boolean {
    return trigger !== this.#lastDone || (trigger !== undefined && (this.#seen.get(trigger)?.open ?? true));
  }

  noteDone(trigger: string | undefined): void {
    this.#lastDone = trigger;
  }

  /** @param after - what the Hub holds after the run: one that speaks goes on to speak for what its own run has made of it */
  noteTrigger(trigger: string | undefined, held: string, after: string, done: boolean): void {
    if (trigger === undefined) return;
    const open = this.speaks(trigger, held) && !done;
    this.#seen.set(trigger, { held: after, open });
  }
}

/** What the Hub holds of a token, as one text. */
export function heldText(token: LiveToken | undefined): string {
  return token ? [...token.elements].sort().join(", ") : "gone";
}

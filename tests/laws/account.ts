// The oracle's own account of one resource: what it brought about, what has spoken, and for what.

/** A reason that a run has seen. */
interface Seen {
  identity: string | undefined;
  /** What the Hub held in that run. */
  held: Record<string, string>;
  /** Whether what it spoke for is still to be done. */
  open: boolean;
}

export class Account {
  /** @param object - what the resource declares */
  constructor(readonly object: string) {}

  /** The object that was last brought about. */
  identity: string | undefined;
  /** By facet: the values that count as applied; more than one if the outcome of a request is unknown. */
  readonly applied = new Map<string, Set<string>>();
  readonly #seen = new Map<string, Seen>();
  /** How many events the audit log had at the last apply. */
  eventsAtApply = 0;
  /** Whether a hand, a deletion or a crash has touched the object since it was last as declared. */
  touched = false;

  isApplied(facet: string, value: string): boolean {
    return this.applied.get(facet)?.has(value) ?? false;
  }

  /** Whether the facet was declared before. */
  knows(facet: string): boolean {
    return this.applied.has(facet);
  }

  /** Whether this is not the object that was brought about, or last reported. */
  isOther(identity: string): boolean {
    return this.identity !== undefined && this.identity !== identity;
  }

  /** A value that may have arrived. */
  noteTried(facet: string, value: string): void {
    const values = this.applied.get(facet) ?? new Set();
    this.applied.set(facet, values.add(value));
  }

  /** A run has found the facet as it is declared, before it failed. */
  noteFound(facet: string, value: string): void {
    this.applied.set(facet, new Set([value]));
  }

  /** A refresh has seen what the Hub holds: a reason that was given for another value does not speak for that any more. */
  noteSeen(held: Record<string, string>): void {
    for (const seen of this.#seen.values())
      for (const [facet, value] of Object.entries(held)) {
        if (seen.held[facet] === value) continue;
        const { [facet]: _overtaken, ...others } = seen.held;
        seen.held = others;
      }
  }

  /** The Hub holds what is declared. */
  noteApplied(identity: string | undefined, declared: Record<string, string>, events: number): void {
    this.identity = identity ?? this.identity;
    this.applied.clear();
    for (const [facet, value] of Object.entries(declared)) this.applied.set(facet, new Set([value]));
    this.eventsAtApply = events;
    this.touched = false;
  }

  /** Nothing counts as applied any more, and all reasons count as seen. No reason speaks until a run has reported a new object. */
  noteGone(reason: string | undefined, identity: string | undefined): void {
    this.identity = identity;
    for (const values of this.applied.values()) values.clear();
    for (const seen of this.#seen.values()) seen.open = false;
    if (reason !== undefined) this.#seen.set(reason, { identity: undefined, held: {}, open: false });
  }

  /** Whether the reason speaks for a value that the Hub holds in this run. */
  speaks(reason: string | undefined, identity: string, facet: string, held: string): boolean {
    if (reason === undefined) return false;
    if (this.isOther(identity)) return false;
    const seen = this.#seen.get(reason);
    if (!seen) return true;
    return seen.open && seen.identity === identity && seen.held[facet] === held;
  }

  /** A run has seen the reason, and the Hub. */
  noteReason(reason: string, identity: string, held: Record<string, string>, done: boolean): void {
    const seen = this.#seen.get(reason);
    if (!seen) this.#seen.set(reason, { identity, held, open: !done });
    else if (done) seen.open = false;
  }
}

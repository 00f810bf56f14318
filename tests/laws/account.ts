// What the oracle records about one resource: what it applied, and which reasons it has seen.

/** A reason that a run has seen. */
interface Seen {
  identity: string | undefined;
  /** What the Hub had in that run. */
  held: Record<string, string>;
  /** Whether the change that it allows is not done yet. */
  open: boolean;
}

export class Account {
  /** @param object - what the resource declares */
  constructor(readonly object: string) {}

  /** The object that the resource last applied its declaration to. */
  identity: string | undefined;
  /** The values that count as applied, by facet. There are several if the outcome of a request is unknown. */
  readonly applied = new Map<string, Set<string>>();
  readonly #seen = new Map<string, Seen>();
  /** How many events the audit log had at the last apply. */
  eventsAtApply = 0;
  /** Whether a change by hand, a deletion or a crash has touched the object since it last matched the declaration. */
  touched = false;

  isApplied(facet: string, value: string): boolean {
    return this.applied.get(facet)?.has(value) ?? false;
  }

  /** Whether the facet was declared before. */
  knows(facet: string): boolean {
    return this.applied.has(facet);
  }

  /** Whether this is a different object from the one last applied or reported. */
  isOther(identity: string): boolean {
    return this.identity !== undefined && this.identity !== identity;
  }

  /** Records a value that may have reached the Hub. */
  noteTried(facet: string, value: string): void {
    const values = this.applied.get(facet) ?? new Set();
    this.applied.set(facet, values.add(value));
  }

  /** A run found the facet as declared before the run failed. */
  noteFound(facet: string, value: string): void {
    this.applied.set(facet, new Set([value]));
  }

  /** A refresh has seen the Hub's values. A reason given for another value no longer counts. */
  noteSeen(held: Record<string, string>): void {
    for (const seen of this.#seen.values())
      for (const [facet, value] of Object.entries(held)) {
        if (seen.held[facet] === value) continue;
        const { [facet]: _overtaken, ...others } = seen.held;
        seen.held = others;
      }
  }

  /** The Hub has the declared values. */
  noteApplied(identity: string | undefined, declared: Record<string, string>, events: number): void {
    this.identity = identity ?? this.identity;
    this.applied.clear();
    for (const [facet, value] of Object.entries(declared)) this.applied.set(facet, new Set([value]));
    this.eventsAtApply = events;
    this.touched = false;
  }

  /**
   * Nothing counts as applied any more, and every reason counts as seen. No reason counts until a run has reported a
   * new object.
   */
  noteGone(reason: string | undefined, identity: string | undefined): void {
    this.identity = identity;
    for (const values of this.applied.values()) values.clear();
    for (const seen of this.#seen.values()) seen.open = false;
    if (reason !== undefined) this.#seen.set(reason, { identity: undefined, held: {}, open: false });
  }

  /** Whether the reason counts for a value that the Hub has in this run. */
  speaks(reason: string | undefined, identity: string, facet: string, held: string): boolean {
    if (reason === undefined) return false;
    if (this.isOther(identity)) return false;
    const seen = this.#seen.get(reason);
    if (!seen) return true;
    return seen.open && seen.identity === identity && seen.held[facet] === held;
  }

  /** A run has seen the reason and the Hub's values. */
  noteReason(reason: string, identity: string, held: Record<string, string>, done: boolean): void {
    const seen = this.#seen.get(reason);
    if (!seen) this.#seen.set(reason, { identity, held, open: !done });
    else if (done) seen.open = false;
  }
}

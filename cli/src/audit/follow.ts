import { type AuditLogEntry } from "pulumi-huggingface/client";

/** How much later than its own time an entry may appear in the log. */
const LATENESS_MS = 5 * 60_000;

/** The first removal of old ids happens at this number. */
const FEW = 1000;

/**
 * Recognizes the entries that a poll of the log shows for the first time. It remembers only the ids of the last minutes, because the Hub
 * exports the whole log each time.
 */
export class Seen {
  readonly #times = new Map<string, number>();
  /** The time of the newest entry so far. */
  #newest = -Infinity;
  #pruneAt = FEW;

  /** Entries before this time were in an earlier poll. It changes only with {@link endPoll}, because the log has no order. */
  #floor = -Infinity;

  /** @param now - milliseconds since 1970. An entry with a later time does not hide the entries before that time. */
  constructor(readonly now: () => number = Date.now) {}

  isNew({ id, timestamp }: AuditLogEntry): boolean {
    return Date.parse(timestamp) >= this.#floor && !this.#times.has(id);
  }

  add({ id, timestamp }: AuditLogEntry): void {
    const at = Date.parse(timestamp);
    if (at > this.#newest) this.#newest = Math.max(this.#newest, Math.min(at, this.now()));
    if (at < this.#newest - LATENESS_MS) return;
    this.#times.set(id, at);
    if (this.#times.size >= this.#pruneAt) this.#prune();
  }

  /** Call it after a complete poll. */
  endPoll(): void {
    this.#floor = this.#newest - LATENESS_MS;
    this.#prune();
  }

  /** How many ids are remembered. */
  get size(): number {
    return this.#times.size;
  }

  #prune(): void {
    for (const [id, at] of this.#times) if (at < this.#newest - LATENESS_MS) this.#times.delete(id);
    this.#pruneAt = Math.max(FEW, 2 * this.#times.size);
  }
}

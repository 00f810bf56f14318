import { type Clock } from "./clock";

/** How many measurements count: the middle one is taken, so that one odd answer moves nothing. */
const MEASUREMENTS = 5;

/** A `Date` before this library was made is not a clock. */
const EARLIEST = Date.parse("2025-01-01T00:00:00Z");

/** Milliseconds: what a `Date` in whole seconds, or a slow answer, explains. */
const ACCURACY = 2000;

type Answered = { status: number; headers: Readonly<Record<string, string>> };

/** How far the Hub's clock is from this machine's, as the `Date` of its answers says. */
export class HubClock {
  readonly #offsets: number[] = [];

  constructor(private readonly clock: Clock) {}

  /** @param sentAt - when the request was sent, by this machine's clock */
  note({ status, headers }: Answered, sentAt: number): void {
    // A gateway's own answer, such as a 429, has the gateway's date, and one out of a cache the date of its making.
    // guard: hub-clock
    if (status < 200 || status > 299 || headers["age"] !== undefined) return;
    const date = Date.parse(headers["date"] ?? "");
    if (!(date >= EARLIEST)) return;
    // The header leaves fractions of a second out.
    this.#offsets.push(date + 500 - (sentAt + this.clock.now()) / 2);
    if (this.#offsets.length > MEASUREMENTS) this.#offsets.shift();
  }

  /** Whether an answer has told the Hub's time. */
  get isKnown(): boolean {
    return this.#offsets.length > 0;
  }

  /** Milliseconds by which the Hub's clock is ahead of this machine's; 0 if no answer has told, or they agree. */
  get offset(): number {
    const ordered = [...this.#offsets].sort((a, b) => a - b);
    const middle = ordered[Math.floor((ordered.length - 1) / 2)] ?? 0;
    return Math.abs(middle) <= ACCURACY ? 0 : Math.round(middle);
  }
}

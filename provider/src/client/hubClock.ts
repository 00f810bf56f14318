import { type Clock } from "./clock";

/** How many measurements count. The median is used, so that one wrong answer has no effect. */
const MEASUREMENTS = 5;

/** A `Date` before this library existed is wrong. */
const EARLIEST = Date.parse("2025-01-01T00:00:00Z");

/** Milliseconds of difference that whole seconds in `Date` or a slow answer can cause. */
const ACCURACY = 2000;

type Answered = { status: number; headers: Readonly<Record<string, string>> };

/** Measures the difference between the Hub's clock and this machine's clock from the `Date` of the Hub's answers. */
export class HubClock {
  readonly #offsets: number[] = [];

  constructor(private readonly clock: Clock) {}

  /** @param sentAt - when the request was sent, by this machine's clock */
  note({ status, headers }: Answered, sentAt: number): void {
    // A gateway's own answer, such as a 429, has the gateway's date, and a cached answer has an old date.
    // guard: hub-clock
    if (status < 200 || status > 299 || headers["age"] !== undefined) return;
    const date = Date.parse(headers["date"] ?? "");
    if (!(date >= EARLIEST)) return;
    // The header has no fractions of a second, so half a second is added.
    this.#offsets.push(date + 500 - (sentAt + this.clock.now()) / 2);
    if (this.#offsets.length > MEASUREMENTS) this.#offsets.shift();
  }

  /** Whether an answer contained the Hub's time. */
  get isKnown(): boolean {
    return this.#offsets.length > 0;
  }

  /** Milliseconds by which the Hub's clock is ahead of this machine's clock; 0 if they agree or the Hub's time is not known. */
  get offset(): number {
    const ordered = [...this.#offsets].sort((a, b) => a - b);
    const middle = ordered[Math.floor((ordered.length - 1) / 2)] ?? 0;
    return Math.abs(middle) <= ACCURACY ? 0 : Math.round(middle);
  }
}

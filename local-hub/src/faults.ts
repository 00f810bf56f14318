/** A deliberate failure, for tests of how a client handles it. */
export interface Fault {
  /** Affects only requests with this method. Default: all methods. */
  method?: string;
  /** Affects only requests whose path, without the query, equals or matches this. Default: all paths. */
  path?: string | RegExp;
  /** The number of requests that it affects. Default: 1. */
  times?: number;
  /**
   * - `lose-answer`: the Hub carries out the request, then closes the connection without an answer.
   * - `refuse`: the Hub closes the connection and does not carry out the request.
   * - a status: the Hub answers with this status, `body` and `headers`, and does not carry out the request.
   */
  effect: "lose-answer" | "refuse" | { status: number; body?: unknown; headers?: Record<string, string> };
}

/** The faults that have not happened yet. */
export class Faults {
  readonly #waiting: (Fault & { left: number })[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ ...fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  /** Returns the first fault for this request, if there is one, and counts it as used. */
  take(method: string, path: string): Fault | undefined {
    const index = this.#waiting.findIndex(
      (fault) => (fault.method === undefined || fault.method === method) && pathMatches(fault.path, path),
    );
    const fault = this.#waiting[index];
    if (fault && --fault.left <= 0) this.#waiting.splice(index, 1);
    return fault;
  }
}

function pathMatches(wanted: string | RegExp | undefined, path: string): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === "string" ? wanted === path : wanted.test(path);
}

/** Something that goes wrong on purpose, for tests of what a client makes of it. */
export interface Fault {
  /** Requests with this method; default: any. */
  method?: string;
  /** Requests whose path (without the query) is this, or matches this; default: any. */
  path?: string | RegExp;
  /** How many requests it hits before it is over. Default: 1. */
  times?: number;
  /**
   * - `lose-answer`: the request is carried out, and the connection breaks before the answer;
   * - `refuse`: the connection breaks before anything is done;
   * - a status: nothing is done, and this is answered, with `body` and `headers`.
   */
  effect: "lose-answer" | "refuse" | { status: number; body?: unknown; headers?: Record<string, string> };
}

/** The faults that are still to come. */
export class Faults {
  readonly #waiting: (Fault & { left: number })[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ ...fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  /** The first fault that hits this request, if any; it counts as used. */
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

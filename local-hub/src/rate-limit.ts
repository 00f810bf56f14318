/** Requests that a plan allows in one window. */
export const QUOTAS = { free: 1000, academia: 3000, team: 3000, enterprise: 6000, plus: 10_000 } as const;

/** Settings of a {@link RateLimiter}. */
export interface RateLimits {
  /** Requests for each token in one window; undefined: none is ever refused. */
  limit: number | undefined;
  /** The same for who-am-I, which has a count of its own. */
  whoAmILimit: number | undefined;
  windowSeconds: number;
}

/** How one request stands to its limit. */
export interface Standing {
  allowed: boolean;
  headers: Record<string, string>;
}

/** Fixed windows, one count for each token. */
export class RateLimiter {
  readonly #windows = new Map<string, { startedAt: number; used: number }>();

  constructor(private readonly limits: RateLimits) {}

  /**
   * Counts a request.
   *
   * @param who - The token's id.
   * @param quota - What the headers say where no limit is set.
   */
  count(who: string, isWhoAmI: boolean, quota: number): Standing {
    const { limit, whoAmILimit, windowSeconds } = this.limits;
    const own = isWhoAmI && whoAmILimit !== undefined;
    const key = own ? `${who} whoami` : who;
    const enforced = own ? whoAmILimit : limit;
    // By the machine's clock, not the Hub's: a client waits in real time.
    const now = Date.now();
    let window = this.#windows.get(key);
    if (!window || now - window.startedAt >= windowSeconds * 1000) {
      window = { startedAt: now, used: 0 };
      this.#windows.set(key, window);
    }
    window.used++;
    const q = enforced ?? quota;
    const left = q - window.used;
    // Where nothing is refused, the count must not say so.
    const remaining = Math.max(left, enforced === undefined ? 1 : 0);
    const seconds = Math.max(1, Math.ceil((window.startedAt + windowSeconds * 1000 - now) / 1000));
    return {
      allowed: enforced === undefined || left >= 0,
      headers: {
        ratelimit: `"api";r=${remaining};t=${seconds}`,
        "ratelimit-policy": `"fixed window";"api";q=${q};w=${windowSeconds}`,
      },
    };
  }
}

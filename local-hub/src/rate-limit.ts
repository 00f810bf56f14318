/** Allowed requests in one window, by plan. */
export const QUOTAS = { free: 1000, academia: 3000, team: 3000, enterprise: 6000, plus: 10_000 } as const;

/** Settings of a {@link RateLimiter}. */
export interface RateLimits {
  /** Allowed requests per token in one window. Undefined: no limit. */
  limit: number | undefined;
  /** A separate limit for who-am-I. Undefined: these requests count toward `limit`. */
  whoAmILimit: number | undefined;
  windowSeconds: number;
}

/** The result of counting a request. */
export interface Standing {
  allowed: boolean;
  headers: Record<string, string>;
}

/** Counts requests per token in fixed windows. */
export class RateLimiter {
  readonly #windows = new Map<string, { startedAt: number; used: number }>();

  constructor(private readonly limits: RateLimits) {}

  /**
   * Counts a request.
   *
   * @param who - The token's id.
   * @param quota - The limit to report in the headers if no limit is set.
   */
  count(who: string, isWhoAmI: boolean, quota: number): Standing {
    const { limit, whoAmILimit, windowSeconds } = this.limits;
    const own = isWhoAmI && whoAmILimit !== undefined;
    const key = own ? `${who} whoami` : who;
    const enforced = own ? whoAmILimit : limit;
    // Use the machine's clock instead of the Hub's, because clients wait in real time.
    const now = Date.now();
    let window = this.#windows.get(key);
    if (!window || now - window.startedAt >= windowSeconds * 1000) {
      window = { startedAt: now, used: 0 };
      this.#windows.set(key, window);
    }
    window.used++;
    const q = enforced ?? quota;
    const left = q - window.used;
    // Without a limit, never report that no requests are left.
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

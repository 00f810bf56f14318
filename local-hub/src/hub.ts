import { type AddressInfo } from "node:net";
import { Faults, type Fault } from "./faults.js";
import { PROFILES, type Profile } from "./profile.js";
import { RateLimiter } from "./rate-limit.js";
import { buildServer } from "./server.js";
import { fillWithShipped } from "./store/contents.js";
import { Journal } from "./store/journal.js";
import { STARTER_NAMES, type StarterName, type UserTokenRole } from "./store/records.js";
import { applySeed, readSeed, type Seed } from "./store/seed.js";
import { Store } from "./store/store.js";
import { createUserToken } from "./store/user-tokens.js";

/** The Hub listens here and nowhere else: its starter tokens are no secret to whoever started it. */
const ADDRESS = "127.0.0.1";

/** Settings of {@link startLocalHub}. */
export interface LocalHubOptions {
  /** Port to listen on, 0 to 65535. Default: 0, any free one. */
  port?: number;
  /** `public`: what huggingface.co offers. `extended`: that and the extended routes. Default: `extended`. */
  profile?: Profile;
  /** File that keeps the state, made if it is missing. Default: none, the state goes with the process. */
  stateFile?: string;
  /** JSON file with what a fresh state has beside what ships with the Hub. */
  seedFile?: string;
  /** The same as data; applied after the file. */
  seed?: Seed;
  /** Milliseconds that every answer takes longer. Default: 0. */
  latencyMs?: number;
  /** Requests for each token in one window; more are answered 429. Default: no limit. */
  rateLimit?: number;
  /** The same for `GET /api/whoami-v2`, counted apart. Default: counted with the rest. */
  whoAmIRateLimit?: number;
  /** Length of the rate limit's window in seconds. Default: 300. */
  rateLimitWindowSeconds?: number;
  /** At most this many events in one answer of the audit log, the rest behind `Link`. Default: all in one. */
  auditPageSize?: number;
  /** Holds every answer against its schema, and answers 500 instead of one that does not fit. Default: false. */
  checkAnswers?: boolean;
  /** The Hub's clock. Default: the machine's. */
  now?: () => Date;
  /** Takes a line for each request and for what goes wrong inside. Never holds a token. Default: nowhere. */
  log?: (line: string) => void;
}

/** A Hub that listens. */
export interface LocalHub {
  /** Such as `http://127.0.0.1:40123`. */
  endpoint: string;
  /** Values of the tokens that every state begins with. */
  tokens: Record<StarterName, string>;
  /** The Hub's own truth. */
  store: Store;
  /** Gives any user a token, as they would make it on the Hub's pages; no audit event tells of it. */
  createToken(
    user: string,
    settings: { name: string; role: UserTokenRole; expiresAt?: string },
  ): { id: string; value: string };
  /** Makes something go wrong. */
  inject(fault: Fault): void;
  /** Takes back all faults that have not come yet. */
  clearFaults(): void;
  /** Stops listening, and closes the state file. */
  close(): Promise<void>;
}

/**
 * Starts a Hub on this machine.
 *
 * @throws `RangeError` for a setting outside its limits; an error that says why for a state or seed file that cannot
 * be used, or for a port that is taken.
 */
export async function startLocalHub(options: LocalHubOptions = {}): Promise<LocalHub> {
  const profile = options.profile ?? "extended";
  checkOptions(options);
  const seeds = [options.seedFile === undefined ? undefined : readSeed(options.seedFile), options.seed];
  const log = options.log ?? (() => undefined);
  const journal = options.stateFile === undefined ? undefined : new Journal(options.stateFile);
  const store = new Store({ now: options.now, journal });
  try {
    const changes = journal?.load() ?? [];
    for (const line of changes) store.restore(line);
    if (changes.length) {
      if (seeds.some(Boolean)) log("The state file has a state already: the seed is not applied.");
    } else {
      fillWithShipped(store, { ssoByHand: profile === "public" });
      for (const seed of seeds) if (seed) applySeed(store, seed);
    }
    await journal?.start(store.snapshot());
  } catch (error) {
    await journal?.close();
    throw error;
  }

  const faults = new Faults();
  const server = buildServer({
    store,
    profile,
    faults,
    rateLimiter: new RateLimiter({
      limit: options.rateLimit,
      whoAmILimit: options.whoAmIRateLimit,
      windowSeconds: options.rateLimitWindowSeconds ?? 300,
    }),
    latencyMs: options.latencyMs ?? 0,
    auditPageSize: options.auditPageSize,
    checkAnswers: options.checkAnswers ?? false,
    log,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(options.port ?? 0, ADDRESS, resolve);
    });
  } catch (error) {
    await journal?.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://${ADDRESS}:${port}`,
    tokens: starterTokens(store),
    store,
    createToken: (user, settings) => {
      if (!store.users.has(user)) throw new Error(`There is no user ${user}.`);
      const { token, value } = createUserToken(store, user, settings);
      return { id: token.id, value };
    },
    inject: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await journal?.close();
    },
  };
}

function starterTokens(store: Store): Record<StarterName, string> {
  const values = STARTER_NAMES.map((name) => [name, store.tables.starters.get(name)?.value ?? ""]);
  return Object.fromEntries(values) as Record<StarterName, string>;
}

function checkOptions(options: LocalHubOptions): void {
  if (options.profile !== undefined && !PROFILES.includes(options.profile)) {
    throw new RangeError(`profile must be one of ${PROFILES.join(", ")}`);
  }
  checkWhole("port", options.port, 0, 65_535);
  checkWhole("latencyMs", options.latencyMs, 0, 600_000);
  checkWhole("rateLimit", options.rateLimit, 1, Number.MAX_SAFE_INTEGER);
  checkWhole("whoAmIRateLimit", options.whoAmIRateLimit, 1, Number.MAX_SAFE_INTEGER);
  checkWhole("rateLimitWindowSeconds", options.rateLimitWindowSeconds, 1, 86_400);
  checkWhole("auditPageSize", options.auditPageSize, 1, Number.MAX_SAFE_INTEGER);
}

function checkWhole(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}`);
}

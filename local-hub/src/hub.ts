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

/** The only address that the Hub listens on. Other machines must not reach it, because it prints its tokens. */
const ADDRESS = "127.0.0.1";

/** Settings of {@link startLocalHub}. */
export interface LocalHubOptions {
  /** Port to listen on, 0 to 65535. Default: 0, which selects a free port. */
  port?: number;
  /** `public`: the API of huggingface.co. `extended`: additional operations too. Default: `extended`. */
  profile?: Profile;
  /** File that stores the state; created if it does not exist. Default: none, the state is lost when the process ends. */
  stateFile?: string;
  /** JSON file with additional contents for a new state. Ignored if the state file already has a state. */
  seedFile?: string;
  /** Additional contents as data. Applied after `seedFile`. */
  seed?: Seed;
  /** Delay of every response in milliseconds, 0 to 600000. Default: 0. */
  latencyMs?: number;
  /** Allowed requests per token in one window. Further requests get status 429. Default: no limit. */
  rateLimit?: number;
  /** A separate limit for `GET /api/whoami-v2`. Default: these requests count toward `rateLimit`. */
  whoAmIRateLimit?: number;
  /** Length of the rate limit's window in seconds, 1 to 86400. Default: 300. */
  rateLimitWindowSeconds?: number;
  /** Most events in one response of the audit log; a `Link` header leads to the rest. Default: all events in one response. */
  auditPageSize?: number;
  /** Compares every response with its schema and sends status 500 if it does not match. Default: false. */
  checkAnswers?: boolean;
  /** The Hub's clock. Default: the machine's clock. */
  now?: () => Date;
  /** Receives a line for each request and each internal error. Lines never contain a token. Default: no log. */
  log?: (line: string) => void;
}

/** A running Hub. */
export interface LocalHub {
  /** URL of the Hub, such as `http://127.0.0.1:40123`. */
  endpoint: string;
  /** Values of the starter tokens. */
  tokens: Record<StarterName, string>;
  /** The Hub's state. */
  store: Store;
  /** Creates a token for any user, as the user could in the browser. It writes no audit event. */
  createToken(
    user: string,
    settings: { name: string; role: UserTokenRole; expiresAt?: string },
  ): { id: string; value: string };
  /** Adds a deliberate failure. */
  inject(fault: Fault): void;
  /** Removes all faults that have not happened yet. */
  clearFaults(): void;
  /** Stops the server and closes the state file. */
  close(): Promise<void>;
}

/**
 * Starts a Hub on this machine.
 *
 * @throws `RangeError` if an option is outside its limits; {@link StateFileError} or {@link SeedError} if a file cannot
 * be used; the system's error if the port is in use.
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
      if (seeds.some(Boolean)) log("The state file already has a state, so the seed is not applied.");
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

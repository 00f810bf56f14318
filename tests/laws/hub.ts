// The local Hub in this process, without sockets: each request of the client goes to the Hub's own request handler.
// Above the transport (paths, retries, readers, errors) everything is the provider's code; below, the Hub's.
import { type IncomingMessage, type Server } from "node:http";
import { Writable } from "node:stream";
import { type Store } from "huggingface-local-hub";
import { buildServer } from "../../local-hub/src/server";
import { Faults } from "../../local-hub/src/faults";
import { RateLimiter } from "../../local-hub/src/rate-limit";
import { type Actor, Store as HubStore } from "../../local-hub/src/store/store";
import { makeUser } from "../../local-hub/src/store/contents";
import { repeatableHex } from "../../local-hub/src/store/ids";
import { createUserToken } from "../../local-hub/src/store/user-tokens";
import {
  type TransportAnswer,
  TransportFailure,
  type TransportRequest,
} from "../../provider/src/client/transport";
import { type Weather } from "./weather";

export const ENDPOINT = "http://127.0.0.1:9";
export const ORGANIZATION = "acme";
/** The user whose token the provider has. */
export const PIPELINE = "pia-pipeline";
/** The people who change things by hand. */
export const PEOPLE = ["ada-admin", "wim-wary", "cora-contributor"] as const;

/** One request, as seen on the wire. */
export interface Seen {
  method: string;
  /** The path without the query. */
  path: string;
  /** What the client got: a status, or 0 if no answer came. */
  status: number;
  /** Whether the answer differs from the Hub's own. */
  faulty: boolean;
}

/** A Hub in this process, and what goes wrong on the way to it. */
export class LawHub {
  readonly store: Store;
  readonly token: string;
  /** What goes wrong on the way; replaced for each operation. */
  weather: Weather | undefined;
  /** Called before and after each request that changes something. */
  onWrite: ((seen: Seen | undefined) => void) | undefined;
  requests: Seen[] = [];
  readonly #server: Server;

  /** @param now - the Hub's clock */
  constructor(private readonly now: () => Date) {
    const hex = repeatableHex("laws");
    const store = new HubStore({ now });
    store.hex = hex;
    for (const name of [PIPELINE, ...PEOPLE]) {
      store.tables.users.put(name, makeUser(name, hex));
      const member = { organization: ORGANIZATION, user: name, role: "admin" } as const;
      store.tables.memberships.put(`${ORGANIZATION}/${name}`, member);
    }
    const organization = { id: store.newId(), name: ORGANIZATION, fullname: "Acme", avatarUrl: "" };
    store.tables.organizations.put(ORGANIZATION, {
      ...organization,
      plan: "enterprise",
      tokenPolicy: "none",
    });
    this.store = store;
    this.token = createUserToken(store, PIPELINE, { name: "pipeline", role: "admin" }).value;
    this.#server = buildServer({
      store,
      profile: "extended",
      faults: new Faults(),
      rateLimiter: new RateLimiter({ limit: undefined, whoAmILimit: undefined, windowSeconds: 300 }),
      latencyMs: 0,
      auditPageSize: undefined,
      checkAnswers: false,
      log: () => undefined,
    });
  }

  /** One of the people, by number. */
  actor(who: number): Actor {
    const user = this.store.users.get(PEOPLE[who % PEOPLE.length] as string);
    return { author: { id: user?.id ?? "", user: user?.name ?? "", avatarUrl: "", type: "user" } };
  }

  /** Replaces the client's transport. */
  async send(request: TransportRequest): Promise<TransportAnswer> {
    const path = new URL(request.url).pathname;
    const seen: Seen = { method: request.method, path, status: 0, faulty: false };
    this.requests.push(seen);
    const writes = request.method !== "GET";
    if (writes) this.onWrite?.(undefined);
    try {
      const answer = await (this.weather
        ? this.weather.pass(request, seen, (changed = request) => this.#ask(changed))
        : this.#ask(request));
      seen.status = answer.status;
      return {
        status: answer.status,
        headers: { date: this.now().toUTCString(), ...answer.headers },
        body: bytes(answer.text),
        cancel: () => undefined,
      };
    } finally {
      if (writes) this.onWrite?.(seen);
    }
  }

  #ask(request: TransportRequest): Promise<HubAnswer> {
    const { pathname, search } = new URL(request.url);
    return new Promise((resolve) => {
      const response = new Response(resolve);
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const incoming = {
        method: request.method,
        url: pathname + search,
        headers: { ...headers, host: "127.0.0.1", "accept-encoding": "identity" },
        socket: { remoteAddress: "127.0.0.1", destroy: () => undefined },
        [Symbol.asyncIterator]: () => bytes(request.body ?? ""),
      };
      this.#server.emit("request", incoming as unknown as IncomingMessage, response);
    });
  }
}

/** An answer as the client receives it. */
export interface HubAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** The error for a missing answer. The Hub may still have done what was asked. */
export const noAnswer = (mayHaveArrived: boolean): TransportFailure =>
  new TransportFailure("timeout", mayHaveArrived);

/** The part of a server's response that the local Hub uses. */
class Response extends Writable {
  #status = 200;
  #headers: Record<string, string> = {};
  readonly #chunks: Buffer[] = [];

  constructor(private readonly done: (answer: HubAnswer) => void) {
    super();
  }

  setHeader(name: string, value: string): void {
    this.#headers[name.toLowerCase()] = value;
  }

  writeHead(status: number, headers: Record<string, string>): void {
    this.#status = status;
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, String(value));
  }

  override _write(chunk: Buffer, _encoding: string, next: () => void): void {
    this.#chunks.push(chunk);
    next();
  }

  override _final(next: () => void): void {
    this.done({
      status: this.#status,
      headers: this.#headers,
      text: Buffer.concat(this.#chunks).toString("utf8"),
    });
    next();
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- nothing has to be waited for
async function* bytes(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  if (text !== "") yield Buffer.from(text, "utf8");
}

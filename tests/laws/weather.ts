// What goes wrong between the provider and the Hub during one operation.
import { type TransportRequest } from "../../provider/src/client/transport";
import { type HubAnswer, noAnswer, type Seen } from "./hub";

/** What can happen to one request of an operation. */
export const ACCIDENTS = [
  "503 before",
  "503 after",
  "no answer after",
  "404 without a code",
  "200 without effect",
  "200 with another visibility",
  "death before",
  "death after",
] as const;
/** Accidents that only happen to tokens. */
export const TOKEN_ACCIDENTS = ["grants more"] as const;
export type Accident = (typeof ACCIDENTS | typeof TOKEN_ACCIDENTS)[number];

/** Conditions that last for the whole operation. */
export const VIEWS = ["whole", "listing 402", "listing 403", "listing leaves out"] as const;
export type View = (typeof VIEWS)[number];

/** The process has died. Nothing that it does later counts. */
export class Dead extends Error {
  override name = "Dead";
}

/** What goes wrong: an accident to the n-th matching request (counted from 0), and a view. */
export interface Forecast {
  accident?: Accident;
  nth: number;
  /** Whether only requests that change something are counted. */
  writes: boolean;
  view: View;
}

/** Passes a request to the Hub, unchanged by default. */
type Ask = (changed?: TransportRequest) => Promise<HubAnswer>;

const FINE: Forecast = { nth: 0, writes: false, view: "whole" };

/** What goes wrong in one operation. */
export class Weather {
  /** Whether the accident has happened. */
  happened = false;
  dead = false;
  /** The request that the accident has happened to. */
  hit: { accident: Accident; method: string } | undefined;
  /** Whether the view has changed an answer. */
  bent = false;
  #counted = 0;

  constructor(private readonly forecast: Forecast = FINE) {}

  /** Whether the view can change answers. */
  get willBend(): boolean {
    return this.forecast.view !== "whole";
  }

  /** Passes a request on, or stops it. */
  async pass(request: TransportRequest, seen: Seen, ask: Ask): Promise<HubAnswer> {
    if (this.dead) throw new Dead();
    const accident = this.#accidentTo(request);
    if (accident === undefined) return this.#look(request, seen, ask);
    seen.faulty = true;
    this.hit = { accident, method: request.method };
    switch (accident) {
      case "503 before":
        return error(503, "Service Unavailable");
      case "503 after":
        await ask();
        return error(503, "Service Unavailable");
      case "no answer after":
        await ask();
        throw noAnswer(true);
      case "404 without a code":
        return error(404, "Not Found");
      case "200 without effect":
        return { status: 200, headers: { "content-type": "application/json" }, text: "{}" };
      case "200 with another visibility": {
        const visibility = visibilityIn(request) === "private" ? "public" : "private";
        const text = JSON.stringify({ visibility, private: visibility === "private" });
        return { status: 200, headers: { "content-type": "application/json" }, text };
      }
      case "grants more":
        return ask({ ...request, body: grantingMore(request) });
      case "death before":
        this.dead = true;
        throw new Dead();
      case "death after":
        await ask();
        this.dead = true;
        throw new Dead();
    }
  }

  #accidentTo(request: TransportRequest): Accident | undefined {
    const { accident, nth, writes } = this.forecast;
    if (accident === undefined || this.happened) return undefined;
    const isRead = request.method === "GET";
    if (accident === "grants more" && grantingMore(request) === undefined) return undefined;
    if (isRead && (writes || accident === "200 without effect")) return undefined;
    if (accident === "200 with another visibility" && visibilityIn(request) === undefined) return undefined;
    if (this.#counted++ < nth) return undefined;
    this.happened = true;
    return accident;
  }

  async #look(request: TransportRequest, seen: Seen, ask: Ask): Promise<HubAnswer> {
    const { view } = this.forecast;
    const path = new URL(request.url).pathname;
    const others = view === "listing leaves out" ? [SHARED_LISTING] : [SSO, TOKEN_LISTING];
    const meets = [OWN_LISTING, GROUPS_AND_MEMBERS, ...others].some((listing) => listing.test(path));
    if (view === "whole" || request.method !== "GET" || !meets) return ask();
    this.bent = seen.faulty = true;
    if (view === "listing 402") return error(402, "Payment Required");
    if (view === "listing 403") return error(403, "Forbidden");
    const answer = await ask();
    return answer.status === 200 ? { ...answer, text: "[]" } : answer;
  }
}

const SSO = /^\/api\/organizations\/[^/]+\/settings\/sso$/;

/** The visibility that a request sends for a repository. */
function visibilityIn({ method, body }: TransportRequest): unknown {
  if (method !== "PUT" || typeof body !== "string") return undefined;
  return (JSON.parse(body) as { visibility?: unknown; private?: unknown }).visibility;
}

/**
 * The listings that a view can change: the organization's own repositories, resource groups and members, an account's
 * tokens, and public repositories by author. Single sign-on can be refused too, but is never left out.
 */
const OWN_LISTING = /^\/api\/organizations\/[^/]+\/settings\/repositories$/;
const GROUPS_AND_MEMBERS = /^\/api\/organizations\/[^/]+\/(?:resource-groups|members)$/;
const TOKEN_LISTING = /^\/api\/organizations\/[^/]+\/service-accounts\/[0-9a-f]{24}$/;
const SHARED_LISTING = /^\/api\/(?:models|datasets|spaces|buckets\/[^/]+)$/;

/** The body of a request that sets what a token can do, changed to ask for more; `undefined` for any other request. */
function grantingMore({ method, url, body }: TransportRequest): string | undefined {
  if (method === "GET" || body === undefined || !/\/tokens(?:\/|$)/.test(new URL(url).pathname))
    return undefined;
  const { role, permissions, ...rest } = JSON.parse(body) as { role?: string; permissions?: string[] };
  if (permissions) return JSON.stringify({ ...rest, permissions: [...permissions, "job.write"] });
  return role === "read" ? JSON.stringify({ ...rest, role: "write" }) : undefined;
}

function error(status: number, message: string): HubAnswer {
  return {
    status,
    headers: { "content-type": "application/json" },
    text: JSON.stringify({ error: message }),
  };
}

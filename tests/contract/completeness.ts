// Checks that a run covers the whole project.
import { HubClient } from "../../provider/src/client";
import { routes } from "../../local-hub/src/routes";
import { type Exchange } from "./record";

/** A route of the local Hub, or anything else with a method and a path. */
export interface AnyRoute {
  method: string;
  /** With parameters such as `:org`. */
  url: string;
}

/** Routes that refuse every request, with the reason. */
export const ALWAYS_REFUSED: Readonly<Record<string, string>> = {
  "POST /api/settings/webhooks/:id/replay/:logId":
    "the local Hub never calls a webhook, so there is no delivery to replay",
};

/** Routes without a successful answer through a front. */
export function unseenRoutes(exchanges: Exchange[], all: readonly AnyRoute[] = routes): string[] {
  const accepted = exchanges.filter(({ status, injected }) => status >= 200 && status < 300 && !injected);
  return all
    .filter(({ method, url }) => {
      // A parameter in one route can be fixed text in another: `…/webhooks/:id/:action`.
      const pattern = patternOf(url);
      return !accepted.some((exchange) => exchange.method === method && pattern.test(exchange.path));
    })
    .map(({ method, url }) => `${method} ${url}`)
    .filter((route) => ALWAYS_REFUSED[route] === undefined);
}

function patternOf(url: string): RegExp {
  const parts = url.split("/").map((part) => (part.startsWith(":") ? "[^/]+" : part));
  return new RegExp(`^${parts.join("/")}$`);
}

/** Methods of the client that send a request. */
export function clientMethods(): string[] {
  const quiet = ["constructor", "close", "requester"];
  const names = new Set<string>();
  let prototype = HubClient.prototype as object;
  // The methods are spread over several base classes.
  for (; prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype) as object) {
    for (const name of Object.getOwnPropertyNames(prototype)) names.add(name);
  }
  return [...names].filter((name) => !quiet.includes(name));
}

/** Methods of the client that the table does not call. */
export function uncalledMethods(called: readonly string[], all = clientMethods()): string[] {
  return all.filter((method) => !called.includes(method));
}

import { HubClient } from "../../provider/src/client";

/** The public methods of the client, also those of its base classes. */
export function clientMethods(): string[] {
  const names = new Set<string>();
  let prototype = HubClient.prototype as object;
  for (; prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype) as object) {
    for (const name of Object.getOwnPropertyNames(prototype)) names.add(name);
  }
  return [...names].filter((name) => !["constructor", "requester"].includes(name));
}

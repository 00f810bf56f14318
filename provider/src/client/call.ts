import { type Advice } from "./refusal";

/** The query of a request. A list is sent as one parameter for each item. */
export type Query = Record<string, string | number | readonly string[] | undefined>;

/** One request of the Hub's API, without the form of its answer. */
export interface Call {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with `/`; its parts are encoded. */
  path: string;
  query?: Readonly<Query>;
  body?: object;
  /** Whether sending it twice has the same effect as once. Default: `true` for every method except POST. */
  repeatable?: boolean;
  /** Default `true`. */
  authenticated?: boolean;
  /** Values in the body that must not appear in any message. */
  secrets?: readonly (string | undefined)[];
  advice?: Advice;
  /** Whether the Hub has a separate rate limit for this request. */
  separateRateLimit?: boolean;
}

export function isRepeatable(call: Call): boolean {
  // guard: creation-once
  return call.repeatable ?? call.method !== "POST";
}

export function isChange(call: Call): boolean {
  return call.method !== "GET";
}

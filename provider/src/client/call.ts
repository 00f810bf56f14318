import { type Advice } from "./refusal";

/** One operation of the Hub, without the answer's form. */
export interface Call {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with `/`, its parts encoded. */
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: object;
  /** Whether carrying it out twice has the same effect as once. Default: every method but POST. */
  repeatable?: boolean;
  /** Default `true`. */
  authenticated?: boolean;
  /** Values in the body that no text may repeat. */
  secrets?: readonly (string | undefined)[];
  advice?: Advice;
  /** Whether the Hub counts it apart from all other requests. */
  separateRateLimit?: boolean;
}

export function isRepeatable(call: Call): boolean {
  // guard: creation-once
  return call.repeatable ?? call.method !== "POST";
}

export function isChange(call: Call): boolean {
  return call.method !== "GET";
}

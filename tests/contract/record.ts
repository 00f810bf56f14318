// What was seen of one request, as a line of JSON. Never holds a header's or a body's content.
import { appendFileSync } from "node:fs";

/** A request and its answer, as the front saw them. */
export interface Exchange {
  /** Such as `GET /api/whoami-v2`; undefined if the document has no such operation. */
  operation?: string;
  method: string;
  /** Without the query. */
  path: string;
  status: number;
  /** Which client sent it: the first product of its `User-Agent`. */
  client: string;
  /** What is wrong with the request. */
  request: string[];
  /** What of the request the document does not know. */
  beyond: string[];
  /** What is wrong with the answer. */
  answer: string[];
  /** A test had the Hub answer this: it says nothing about the Hub. */
  injected?: true;
}

/** Takes what was seen. */
export type Recorder = (exchange: Exchange) => void;

/** Appends to a file, which several processes may do at the same time. */
export function fileRecorder(file: string): Recorder {
  return (exchange) => appendFileSync(file, `${JSON.stringify(exchange)}\n`);
}

/** Reads what recorders have written. */
export function parseRecords(text: string): Exchange[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Exchange);
}

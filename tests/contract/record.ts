// The record of one request, as a line of JSON. It never contains values of headers or bodies.
import { appendFileSync } from "node:fs";

/** A request and its answer at the front. */
export interface Exchange {
  /** For example `GET /api/whoami-v2`; undefined if the document has no such operation. */
  operation?: string;
  method: string;
  /** Without the query. */
  path: string;
  status: number;
  /** The client that sent it: the first product of its `User-Agent`. */
  client: string;
  /** The problems of the request. */
  request: string[];
  /** The parts of the request that the document does not know. */
  beyond: string[];
  /** The problems of the answer. */
  answer: string[];
  /** A test injected this answer, so it shows nothing about the Hub. */
  injected?: true;
}

/** Receives each exchange. */
export type Recorder = (exchange: Exchange) => void;

/** Appends to a file that several processes can share. */
export function fileRecorder(file: string): Recorder {
  return (exchange) => appendFileSync(file, `${JSON.stringify(exchange)}\n`);
}

/** Parses the lines that recorders have written. */
export function parseRecords(text: string): Exchange[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Exchange);
}

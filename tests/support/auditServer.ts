import type * as http from "node:http";
import { type ScriptedServer, startScriptedServer, type Step } from "./scriptedServer";

/** An event in the Hub's form. */
export function auditEvent(number: number, fields: object = {}): object {
  return {
    _id: number.toString(16).padStart(24, "0"),
    createdAt: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
    type: "repo.update_settings",
    message: `Updated settings of model acme/m${number}: visibility private to public`,
    data: { repo: { type: "model", name: `acme/m${number}` }, visibility: "public" },
    ip: "192.0.2.1",
    location: { formatted: "Paris, France", country: "FR", city: "Paris" },
    author: { _id: "0".repeat(24), user: `user-${number % 50}`, type: "user", avatarUrl: "" },
    token: { type: "access_token", id: "1".repeat(24), role: "write", last4: "wxyz", deleted: false },
    ...fields,
  };
}

/** The most bytes of one chunk of an answer. */
const CHUNK = 60_000;

/** Answers with events as one JSON list, and waits if the client is slower. */
export function eventsAnswer(events: Iterable<object>): Step {
  return async (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    let chunk = "[";
    let separator = "";
    for (const event of events) {
      chunk += separator + JSON.stringify(event);
      separator = ",";
      if (chunk.length < CHUNK) continue;
      if (!response.write(chunk)) await drained(response);
      if (response.destroyed) return;
      chunk = "";
    }
    response.end(`${chunk}]`);
  };
}

function drained(response: http.ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off("drain", go).off("close", go);
      resolve();
    };
    response.on("drain", go).on("close", go);
  });
}

/** Many events. */
export function* manyEvents(count: number): Generator<object> {
  for (let number = 0; number < count; number++) yield auditEvent(number);
}

/** A server whose audit log has these events. */
export function startAuditServer(events: Iterable<object>): Promise<ScriptedServer> {
  return startScriptedServer(eventsAnswer(events));
}

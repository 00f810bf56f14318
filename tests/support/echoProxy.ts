// A proxy in front of the local Hub that is as careless as a server can be: it repeats what it was sent.
import * as http from "node:http";
import { closeServer, listen } from "./httpServer";

/**
 * - `pass`: passes every request on.
 * - `echo`: refuses requests that change something, and repeats the request in the refusal. The form changes with
 *   each request: plain, base64, URL-encoded, in a header.
 * - `garble`: the same, but answers 200 with unexpected text that contains the request.
 * - `silent`: never answers requests that change something.
 */
export type Manner = "pass" | "echo" | "garble" | "silent";

/** A request to the proxy. */
export interface Asked {
  method: string;
  url: string;
  /** Token and body, as one text. */
  said: string;
  /** Passes the request to the Hub, and returns its answer. */
  forward(): Promise<{ status: number; headers: Record<string, string>; text: string }>;
}

/** Answers a request instead of the Hub. Returns whether it did; otherwise the manner applies. */
export type Treatment = (asked: Asked, response: http.ServerResponse) => boolean | Promise<boolean>;

/** A running proxy. */
export interface EchoProxy {
  endpoint: string;
  manner: Manner;
  /** Runs before the manner, for reading requests too. */
  treatment: Treatment | undefined;
  /** Values of tokens that the Hub issued through the proxy. */
  readonly madeTokens: ReadonlySet<string>;
  /** How many requests were echoed, garbled, left without an answer, or answered by the treatment. */
  readonly mistreated: number;
  close(): Promise<void>;
}

/** Starts a proxy in front of a Hub. */
export async function startEchoProxy(hub: string): Promise<EchoProxy> {
  const madeTokens = new Set<string>();
  let mistreated = 0;
  const forward = async (request: http.IncomingMessage, body: string) => {
    const { authorization } = request.headers;
    const answer = await fetch(hub + request.url, {
      method: request.method,
      headers: {
        ...(authorization && { authorization }),
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body }),
    });
    const text = await answer.text();
    for (const [, token] of text.matchAll(/"token":"(hf_[^"]+)"/g)) madeTokens.add(token as string);
    const headers: Record<string, string> = {};
    for (const name of ["content-type", "link", "x-error-code", "x-request-id"]) {
      const value = answer.headers.get(name);
      if (value !== null) headers[name] = value;
    }
    return { status: answer.status, headers, text };
  };
  const repeat = (said: string, response: http.ServerResponse, status: number) => {
    const base64 = Buffer.from(said).toString("base64");
    const forms: [string, Record<string, string>][] = [
      [JSON.stringify({ error: said }), {}],
      [JSON.stringify({ error: base64 }), {}],
      [JSON.stringify({ error: encodeURIComponent(said) }), {}],
      ["", { "X-Error-Message": base64 }],
      [said, { "Content-Type": "text/plain" }],
      [`<html><title>${said}</title></html>`, { "Content-Type": "text/html" }],
    ];
    const [text, headers] = forms[mistreated % forms.length] as (typeof forms)[number];
    response.writeHead(status, headers).end(text);
  };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const { method = "", url = "" } = request;
      const said = `${request.headers.authorization ?? ""} ${body}`;
      const asked: Asked = { method, url, said, forward: () => forward(request, body) };
      handle(asked, response).catch(() => response.destroy());
    });
  });
  const handle = async (asked: Asked, response: http.ServerResponse): Promise<void> => {
    if (await proxy.treatment?.(asked, response)) {
      mistreated++;
      return;
    }
    if (asked.method === "GET" || proxy.manner === "pass") {
      const { status, headers, text } = await asked.forward();
      response.writeHead(status, headers).end(text);
      return;
    }
    mistreated++;
    if (proxy.manner !== "silent") repeat(asked.said, response, proxy.manner === "echo" ? 400 : 200);
  };
  const endpoint = await listen(server);
  const proxy: EchoProxy = {
    endpoint,
    manner: "pass",
    treatment: undefined,
    madeTokens,
    get mistreated() {
      return mistreated;
    },
    close: () => closeServer(server),
  };
  return proxy;
}

// A proxy before the local Hub that is as careless as a server can be: it repeats what it was sent.
import { once } from "node:events";
import * as http from "node:http";
import { type AddressInfo } from "node:net";

/**
 * - `pass`: everything goes through;
 * - `echo`: what would change something is refused, with the request in the refusal, in a form that changes from one
 *   request to the next: as it is, base64, escaped for a URL, in a header;
 * - `garble`: the same, answered 200 with text that is not what was asked for, and holds the request;
 * - `silent`: what would change something is never answered.
 */
export type Manner = "pass" | "echo" | "garble" | "silent";

/** A request that came. */
export interface Asked {
  method: string;
  url: string;
  /** Token and body, in one text. */
  said: string;
  /** Has the Hub carry it out, and gives its answer. */
  forward(): Promise<{ status: number; headers: Record<string, string>; text: string }>;
}

/** Answers a request in place of the Hub, and says whether it has; otherwise the manner counts. */
export type Treatment = (asked: Asked, response: http.ServerResponse) => boolean | Promise<boolean>;

/** A proxy that listens. */
export interface EchoProxy {
  endpoint: string;
  manner: Manner;
  /** Comes before the manner, and for reading requests too. */
  treatment: Treatment | undefined;
  /** Values of tokens that the Hub has made through it. */
  readonly madeTokens: ReadonlySet<string>;
  /** How many requests were echoed, garbled, not answered, or dealt with by the treatment. */
  readonly mistreated: number;
  close(): Promise<void>;
}

/** Starts a proxy before a Hub. */
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
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: EchoProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    manner: "pass",
    treatment: undefined,
    madeTokens,
    get mistreated() {
      return mistreated;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return proxy;
}

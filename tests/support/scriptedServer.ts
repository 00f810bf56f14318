import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as the server saw it. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** The number of the connection. Requests with equal numbers came over the same one. */
  connection: number;
}

/** What the server does with a request: an ordinary answer, or anything else. */
export type Step = Answer | ((request: SeenRequest, response: http.ServerResponse) => void | Promise<void>);

/** An ordinary answer. */
export interface Answer {
  status?: number;
  headers?: http.OutgoingHttpHeaders;
  /** A string or bytes are sent unchanged, anything else as JSON. */
  body?: unknown;
}

/** A server that sends the answers that a test scripts, in the order of the requests. */
export interface ScriptedServer {
  endpoint: string;
  requests: SeenRequest[];
  /** Appends to the script. The last step is repeated for all further requests. */
  script(...steps: Step[]): ScriptedServer;
  /** How many connections are open now. */
  openConnections(): number;
  close(): Promise<void>;
}

/** Starts a scripted server on a free port of this machine. */
export async function startScriptedServer(...steps: Step[]): Promise<ScriptedServer> {
  const remaining = [...steps];
  const requests: SeenRequest[] = [];
  const sockets = new Map<Socket, number>();
  let connections = 0;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const seen: SeenRequest = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
        connection: sockets.get(request.socket) ?? 0,
      };
      requests.push(seen);
      const step = (remaining.length > 1 ? remaining.shift() : remaining[0]) ?? {
        status: 500,
        body: "no step left",
      };
      if (typeof step === "function") void step(seen, response);
      else answer(response, step);
    });
  });
  server.on("connection", (socket) => {
    sockets.set(socket, ++connections);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const scripted: ScriptedServer = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script(...more) {
      remaining.push(...more);
      return scripted;
    },
    openConnections: () => sockets.size,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets.keys()) socket.destroy();
      await closed;
    },
  };
  return scripted;
}

function answer(response: http.ServerResponse, { status = 200, headers = {}, body }: Answer): void {
  const raw = typeof body === "string" || body instanceof Uint8Array;
  response.writeHead(
    status,
    raw || body === undefined ? headers : { "Content-Type": "application/json", ...headers },
  );
  response.end(raw || body === undefined ? body : JSON.stringify(body));
}

/** Closes the connection without an answer. */
export const resetBefore: Step = (_request, response) => {
  response.socket?.resetAndDestroy();
};

/** Sends the headers and the beginning of the body, then closes the connection. */
export function resetDuring(status: number, beginning: string): Step {
  return (_request, response) => {
    response.writeHead(status, {
      "Content-Type": "application/json",
      "Content-Length": beginning.length + 100,
    });
    response.write(beginning, () => setTimeout(() => response.socket?.resetAndDestroy(), 20));
  };
}

/** Accepts the request and never answers. */
export const silence: Step = () => {};

/** Sends one byte at a time, without end. */
export function drip(everyMs: number): Step {
  return (_request, response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    const timer = setInterval(() => response.write(" "), everyMs);
    response.on("close", () => clearInterval(timer));
  };
}

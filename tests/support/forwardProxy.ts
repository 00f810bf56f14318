// An outgoing proxy as companies have it: it requires a user name and a password, and opens a tunnel (CONNECT).
import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";

/**
 * - `tunnel`: lets clients with the password through, and answers 407 to all others.
 * - `echo`: lets no one through, and repeats the request in the refusal. The form changes with each request.
 * - `cut`: closes the connection without an answer.
 */
export type ProxyManner = "tunnel" | "echo" | "cut";

/** A running proxy. */
export interface ForwardProxy {
  /** The port; the address has no user name and password. */
  port: number;
  manner: ProxyManner;
  /** The first lines of each request, unencrypted. */
  readonly heads: readonly string[];
  /** Everything that went through the tunnels, as sent on the wire. */
  wire(): string;
  close(): Promise<void>;
}

/** Starts a proxy that connects every tunnel to one port of this machine. */
export async function startForwardProxy(target: number, credentials: string): Promise<ForwardProxy> {
  const sockets = new Set<net.Socket>();
  const heads: string[] = [];
  const chunks: Buffer[] = [];
  let echoes = 0;

  const refuse = (socket: net.Socket, status: string, body: string, headers: readonly string[] = []) => {
    const lines = [`HTTP/1.1 ${status}`, `Content-Length: ${Buffer.byteLength(body)}`, ...headers, "", body];
    socket.end(lines.join("\r\n"));
  };
  const echo = (socket: net.Socket, head: string) => {
    const sent = /^proxy-authorization: *(.*)$/im.exec(head)?.[1] ?? "";
    const decoded = Buffer.from(sent.replace(/^Basic +/i, ""), "base64").toString();
    const json = ["Content-Type: application/json"];
    const forms: [string, string, string[]?][] = [
      ["407 Proxy Authentication Required", JSON.stringify({ error: `not you: ${sent}` }), json],
      ["407 Proxy Authentication Required", JSON.stringify({ error: `not you: ${decoded}` }), json],
      ["403 Forbidden", `<html><title>${decoded} may not do this</title></html>`],
      ["502 Bad Gateway", `for ${encodeURIComponent(decoded)} and ${encodeURIComponent(sent)}`],
      ["407 Proxy Authentication Required", "", [`X-Error-Message: ${decoded}`]],
      ["407 Proxy Authentication Required", "", [`X-Error-Code: ${sent}`, `X-Request-Id: ${decoded}`]],
      [`407 Not ${decoded}`, Buffer.from(`who is ${decoded}?`).toString("base64")],
      ["407 Proxy Authentication Required", `at http://${decoded}@127.0.0.1/`],
    ];
    const [status, body, headers] = forms[echoes++ % forms.length] as (typeof forms)[number];
    refuse(socket, status, body, headers);
  };

  const server = http.createServer((request, response) => {
    // Plain http: none of our requests may come this way.
    heads.push(`${request.method} ${request.url}`);
    response.writeHead(501).end();
  });
  server.on("connect", (request, socket: net.Socket, first: Buffer) => {
    const head = [
      `CONNECT ${request.url}`,
      ...Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`),
    ].join("\n");
    heads.push(head);
    socket.on("error", () => undefined);
    if (proxy.manner === "cut") return void socket.destroy();
    if (proxy.manner === "echo") return echo(socket, head);
    const expected = `Basic ${Buffer.from(credentials).toString("base64")}`;
    if (request.headers["proxy-authorization"] !== expected) {
      return refuse(socket, "407 Proxy Authentication Required", "");
    }
    const onward = net.connect(target, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      if (first.length > 0) onward.write(first);
      socket.pipe(onward).pipe(socket);
    });
    sockets.add(onward);
    onward.on("error", () => socket.destroy());
    for (const side of [socket, onward]) side.on("data", (chunk: Buffer) => void chunks.push(chunk));
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: ForwardProxy & { manner: ProxyManner } = {
    port: (server.address() as net.AddressInfo).port,
    manner: "tunnel",
    heads,
    wire: () => Buffer.concat(chunks).toString("latin1"),
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return proxy;
}

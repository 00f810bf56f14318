// An https server in front of a test's http server, under the name of another machine: for behavior that only applies
// to other machines.
import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { type AddressInfo } from "node:net";
import { type Duplex } from "node:stream";
import { makeCertificate } from "./certificate";

/** A running server. */
export interface TlsFront {
  port: number;
  /** The certificate authority for NODE_EXTRA_CA_CERTS: the certificate itself. */
  certificate: string;
  close(): Promise<void>;
}

/** Starts the server for a host name. */
export async function startTlsFront(name: string, behind: string): Promise<TlsFront> {
  const { certificate, privateKey } = await makeCertificate({
    cn: name,
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: name }] }],
  });
  const sockets = new Set<Duplex>();
  const server = https.createServer({ cert: certificate, key: privateKey }, (request, response) => {
    const { host: _host, ...headers } = request.headers;
    const onward = http.request(behind + request.url, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

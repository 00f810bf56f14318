import assert from "node:assert/strict";
import { once } from "node:events";
import * as https from "node:https";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { fetchPublicDocument } from "../../provider/src/client/publicDocument";
import {
  type Transport,
  type TransportAnswer,
  TransportFailure,
  type TransportRequest,
} from "../../provider/src/client/transport";
import { makeCertificate } from "../support/certificate";

interface Scripted {
  status?: number;
  headers?: Record<string, string>;
  body?: (string | Uint8Array)[];
}

/** Answers for each address, without a network. */
class Web implements Transport {
  readonly requests: TransportRequest[] = [];
  cancelled = 0;
  closed = false;

  constructor(readonly pages: Record<string, Scripted | Error>) {}

  send(request: TransportRequest): Promise<TransportAnswer> {
    this.requests.push(request);
    const page = this.pages[request.url];
    if (page === undefined || page instanceof Error) {
      return Promise.reject(page ?? new TransportFailure("dns", false, "ENOTFOUND"));
    }
    const { status = 200, headers = {}, body = [] } = page;
    return Promise.resolve({
      status,
      headers,
      body: (async function* () {
        for (const part of body) yield await Promise.resolve(Buffer.from(part));
      })(),
      cancel: () => void this.cancelled++,
    });
  }

  close(): void {
    this.closed = true;
  }
}

describe("public document", () => {
  const limits = { timeoutMs: 500, maxBytes: 100 };
  const fetched = (web: Web, address = "https://a.example/x?q=geheim") =>
    fetchPublicDocument(address, limits, web);
  const refused = async (web: Web, reason: RegExp, address?: string) => {
    await assert.rejects(fetched(web, address), (error: Error) => {
      assert.equal(error.name, "DocumentUnavailable");
      assert.match(error.message, reason);
      assert.ok(!error.message.includes("geheim"), error.message);
      return true;
    });
    assert.ok(web.closed || web.requests.length === 0);
  };

  it("is returned as text, and the request carries nothing of the Hub", async () => {
    const web = new Web({ "https://a.example/x?q=geheim": { body: ["gr", Buffer.from("ü"), "n"] } });
    assert.equal(await fetched(web), "grün");
    const { method, headers, body } = web.requests[0] as TransportRequest;
    assert.equal(method, "GET");
    assert.equal(body, undefined);
    assert.deepEqual(Object.keys(headers), ["Accept", "Accept-Encoding", "User-Agent"]);
    assert.ok(web.closed);
  });

  it("is fetched over a limited number of redirects, and only over https", async () => {
    const to = (location: string): Scripted => ({ status: 302, headers: { location } });
    const web = new Web({
      "https://a.example/x?q=geheim": to("/y"),
      "https://a.example/y": to("https://b.example/z"),
      "https://b.example/z": { body: ["there"] },
    });
    assert.equal(await fetched(web), "there");
    assert.equal(web.cancelled, 2);
    const from = (location: string) => new Web({ "https://a.example/x?q=geheim": to(location) });
    await refused(
      from("http://a.example/x"),
      /^https:\/\/a.example\/x redirects to an address that is not https$/,
    );
    await refused(from("http://127.0.0.1:80/x"), /not https/);
    await refused(from("file:///etc/passwd"), /not https/);
    await refused(from("https://u:geheim@a.example"), /with a user name or a password/);
    await refused(from("https://[geheim"), /an invalid URL/);
    const circle = new Web({ "https://a.example/x": to("/x") });
    await refused(circle, /redirects too many times/, "https://a.example/x");
    assert.equal(circle.requests.length, 4);
    await refused(new Web({ "https://a.example/x": { status: 302 } }), /answered 302/, "https://a.example/x");
  });

  it("is requested over https only, even from this machine", async () => {
    for (const address of [
      "http://a.example",
      "http://127.0.0.1:1/x",
      "http://localhost",
      "ftp://a.example",
      "https://u:geheim@a.example",
      "geheim",
    ]) {
      const web = new Web({});
      await refused(web, /https|user name|not a URL/, address);
      assert.equal(web.requests.length, 0);
    }
  });

  it("is refused if it is too large, is encoded or comes with an error status", async () => {
    const of = (page: Scripted | Error) => new Web({ "https://a.example/x?q=geheim": page });
    await refused(of({ body: ["x".repeat(60), "x".repeat(60)] }), /more than 100 bytes/);
    await refused(of({ headers: { "content-encoding": "gzip" }, body: ["x"] }), /encoding/);
    await refused(of({ status: 404, body: ["geheim"] }), /answered 404/);
    await refused(of(new Error("geheim")), /could not be fetched/);
    await refused(
      of(new TransportFailure("unreachable", false, "EHOSTUNREACH")),
      /could not be reached \(EHOSTUNREACH\)/,
    );
    await refused(new Web({}), /could not be found \(ENOTFOUND\)/);
  });

  it("is refused if the server's certificate is not trusted", async () => {
    const { certificate: cert, privateKey: key } = await makeCertificate({ cn: "localhost" });
    const seen: string[] = [];
    const server = https.createServer({ cert, key }, (request, response) => {
      seen.push(request.url ?? "");
      response.end("x");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      await assert.rejects(
        fetchPublicDocument(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`, limits),
        /has a certificate that is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
      );
      assert.deepEqual(seen, []);
    } finally {
      server.close();
    }
  });

  it("has one time limit for the whole fetch", async () => {
    // Accepts the connection but never answers in TLS.
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket.on("error", () => {})));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const started = Date.now();
    try {
      await assert.rejects(
        fetchPublicDocument(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, {
          ...limits,
          timeoutMs: 200,
        }),
        /no complete answer within 0.2 s/,
      );
      assert.ok(Date.now() - started < 2000);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
});

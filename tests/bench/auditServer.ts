// Serves one audit log from memory, at full speed or, with `pace`, in pieces with pauses in between. The figures then
// measure the reader and not the server. Reports to the parent process what it has sent.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type AddressInfo } from "node:net";

const [file = "", pause = "0"] = process.argv.slice(2);
const body = readFileSync(file);
const PIECE = 32 * 1024;

const server = createServer((request, response) => {
  if (!request.url?.includes("/audit-log/export")) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  void (async () => {
    const closed = once(response, "close");
    let sent = 0;
    while (sent < body.length && !response.destroyed) {
      const piece = body.subarray(sent, sent + PIECE);
      const room = response.write(piece);
      sent += piece.length;
      // Also ends if the reader closes the connection.
      if (!room) await Promise.race([once(response, "drain"), closed]);
      if (Number(pause) > 0) await sleep(Number(pause));
    }
    process.send?.({ share: sent / body.length });
    response.end();
  })();
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once("disconnect", () => process.exit(0));

// Loaded before the program and before the process that serves dynamic resources. If CRASH names the process, it ends
// in the middle of its first request that changes something: by an uncaught error or an immediate exit.
"use strict";
const http = require("node:http");

const script = process.argv[1] ?? "";
const place = /dynamic-provider/.test(script) ? "handler" : /cmd\/run\b/.test(script) ? "program" : "";
const by = process.env["CRASH_BY"];

if (place !== "" && process.env["CRASH"] === place) {
  const request = http.request;
  http.request = function (...args) {
    const sent = request.apply(this, args);
    if (sent.method !== "GET") {
      sent.once("finish", () =>
        setTimeout(() => {
          if (by === "exit") process.exit(70);
          // Gives anyone who catches the error the time to log it. The process exits in any case.
          setTimeout(() => process.exit(70), 500);
          throw new Error("ended in the middle of a request");
        }, 1),
      );
    }
    return sent;
  };
}

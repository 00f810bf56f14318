// Loaded before the process that serves dynamic resources. Reports each call of the engine to LAWS_REPORTS, in order
// and one at a time, and stops the process's clock at LAWS_NOW, the time in the history.
"use strict";
const { createRequire } = require("node:module");
const http = require("node:http");

const { LAWS_REPORTS: reports, LAWS_NOW: now } = process.env;
const [, script = ""] = process.argv;
const METHODS = ["check", "diff", "create", "read", "update", "delete"];

let last = Promise.resolve();

/**
 * Sends a report after all earlier ones. A call may have to wait for the end of another call, but does not delay
 * other reports.
 */
function tell(kind, report) {
  const sent = last.then(() => post(kind, report));
  if (kind !== "begin") last = sent;
  return sent;
}

function post(kind, report) {
  return new Promise((resolve) => {
    const sent = http.request(`${reports}/${kind}`, { method: "POST", agent: false }, (answer) =>
      answer.resume().on("end", resolve),
    );
    // The test has ended this process, or is about to.
    sent.on("error", () => undefined);
    sent.end(JSON.stringify(report));
  });
}

const asked = (method, request) => ({
  method,
  urn: request.getUrn(),
  id: request.getId?.() ?? "",
  isFresh: method === "check" && Object.keys(request.getOlds().toJavaScript()).length === 0,
});

const answers = {
  check: (answer) => ({
    failures: answer
      .getFailuresList()
      .map((each) => ({ property: each.getProperty(), reason: each.getReason() })),
  }),
  // DIFF_SOME
  diff: (answer) => ({ changes: answer.getChanges() === 2, replaces: answer.getReplacesList() }),
  create: (answer) => ({ id: answer.getId(), outs: answer.getProperties().toJavaScript() }),
  read: (answer) => ({ id: answer.getId() }),
  update: (answer) => ({ outs: answer.getProperties().toJavaScript() }),
  delete: () => ({}),
};

function answered(method, error, answer) {
  if (!error) return { result: answers[method](answer) };
  const stored = (error.metadata?.get("grpc-status-details-bin").length ?? 0) > 0;
  return { error: error.message, stored };
}

if (reports && /dynamic-provider/.test(script)) {
  const stopped = Number(now);
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, self) => Reflect.construct(target, args.length > 0 ? args : [stopped], self),
    get: (target, key) => (key === "now" ? () => stopped : Reflect.get(target, key)),
  });

  const ofSdk = createRequire(script);
  const { Server } = ofSdk("@grpc/grpc-js");
  const { addService } = Server.prototype;
  Server.prototype.addService = function (service, implementation) {
    for (const method of METHODS) {
      const serve = implementation[method];
      implementation[method] = async function (call, callback) {
        await tell("begin", asked(method, call.request));
        return serve.call(implementation, call, async (error, answer, ...rest) => {
          await tell("end", answered(method, error, answer));
          callback(error, answer, ...rest);
        });
      };
    }
    return addService.call(this, service, implementation);
  };

  const { EngineClient } = ofSdk("@pulumi/pulumi/proto/engine_grpc_pb");
  const { log } = EngineClient.prototype;
  EngineClient.prototype.log = function (request, ...rest) {
    const severity = request.getSeverity() >= 2 ? "warning" : "info";
    void tell("say", { severity, message: request.getMessage() });
    return log.call(this, request, ...rest);
  };
}

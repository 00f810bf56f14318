// Loaded before the process that serves dynamic resources. Holds each finished step until the test's proxy releases
// it, before the engine gets the result.
"use strict";
const Module = require("node:module");
const http = require("node:http");

const isProvider = /dynamic-provider/.test(process.argv[1] ?? "");
const to = process.env["HOLD_RETURN"];
if (isProvider && to) {
  const load = Module._load;
  Module._load = function (request, ...others) {
    const found = load.call(this, request, ...others);
    if (request !== "pulumi-huggingface/dynamic") return found;
    return { handler: (type) => held(type, found.handler(type)) };
  };
}

/** @param {string} type @param {Record<string, (...args: unknown[]) => unknown>} handler */
function held(type, handler) {
  const wrapped = { ...handler };
  for (const step of ["create", "read", "update", "delete"]) {
    wrapped[step] = async (...args) => {
      const result = await handler[step](...args);
      await told(`/returned/${type}.${step}`);
      return result;
    };
  }
  return wrapped;
}

/** @param {string} path */
function told(path) {
  return new Promise((resolve) => {
    http.get(to + path, (answer) => answer.resume().on("end", resolve)).on("error", resolve);
  });
}

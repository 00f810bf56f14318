// Loaded into a process with --require: writes the largest heap after a garbage collection, in bytes, to the file in HEAP_FILE.
"use strict";
const { writeFileSync } = require("node:fs");
const { setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
let largest = 0;
const measure = () => {
  collect();
  largest = Math.max(largest, process.memoryUsage().heapUsed);
};
setInterval(measure, 500).unref();
process.on("exit", () => {
  measure();
  writeFileSync(process.env.HEAP_FILE, String(largest));
});

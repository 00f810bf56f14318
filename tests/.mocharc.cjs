"use strict";
const { availableParallelism } = require("node:os");

// No "spec": mocha would add it to the files of the command line.
module.exports = {
  require: ["tsx"],
  extension: ["test.ts"],
  reporter: require.resolve("./support/reporter.cjs"),
  // A test of a pure function takes no time. A file that runs the engine sets its own limit.
  timeout: 20_000,
  jobs: Math.min(4, Math.max(3, availableParallelism())),
  "forbid-only": Boolean(process.env.CI),
};

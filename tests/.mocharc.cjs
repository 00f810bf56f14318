"use strict";
module.exports = {
  require: ["tsx"],
  extension: ["ts"],
  // A test of a pure function is done at once; a file that runs the engine sets its own limit.
  timeout: 20_000,
  "forbid-only": Boolean(process.env.CI),
};

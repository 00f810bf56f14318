"use strict";
// Mocha's "spec" reporter, which also writes the numbers to a file (option "stats") for scripts/test.mjs.
const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

module.exports = class StatsReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = options?.reporterOptions?.stats;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      if (file) writeFileSync(file, JSON.stringify({ passes, failures, pending }));
    });
  }
};

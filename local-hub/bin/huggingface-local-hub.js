#!/usr/bin/env node
// Not built, so that it is there, and may be run, before the rest is compiled.
require("../dist/cli.js");

#!/usr/bin/env node
// This file is not compiled, so npm can link it and make it executable before the build.
require("../dist/main.js");

// Loaded before a program of a test and before the process of its dynamic resources. Pulumi's SDK loads npm's resolver for a feature
// that these programs do not use, which takes a quarter of each start. This file delays that until the first use.
"use strict";
const Module = require("node:module");

const load = Module._load;
Module._load = function (request, ...rest) {
  if (request !== "@npmcli/arborist") return load.call(this, request, ...rest);
  return {
    __esModule: true,
    get Arborist() {
      return load(request, ...rest).Arborist;
    },
  };
};

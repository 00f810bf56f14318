// The engine does not show properties whose names begin with two underscores, and programs have no such arguments.

/** The property in which the engine keeps the code that serves a dynamic resource. */
export const PROVIDER_KEY = "__provider";

/** The input that carries the option `import`: the id of an object that exists on the Hub. */
export const IMPORT_KEY = "__importId";

/** The output that says which Hub the resource is on, so that no stored token goes to another by mistake. */
export const ENDPOINT_KEY = "__endpoint";

/** The output of a look-up (`get`), which has brought nothing about. */
export const LOOKUP_KEY = "__lookup";

/** The output that says that the last update did not come to its end: the engine then calls an update, whatever `diff` says. */
export const UNFINISHED_KEY = "__unfinished";

// The engine does not show properties whose names begin with two underscores, and programs have no such arguments.

/** The input that carries the option `import`: the id of what is on the Hub already. */
export const IMPORT_KEY = "__importId";

/** The output that says which Hub the resource is on, so that no stored token goes to another by mistake. */
export const ENDPOINT_KEY = "__endpoint";

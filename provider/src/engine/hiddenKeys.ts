// The engine does not show properties whose names begin with two underscores, and programs have no such arguments.

/** The input that carries the option `import`: the id of what is on the Hub already. */
export const IMPORT_KEY = "__importId";

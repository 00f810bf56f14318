/** The property in which the engine keeps the code that serves a dynamic resource. */
export const PROVIDER_KEY = "__provider";

// The engine does not show properties whose names begin with two underscores, and arguments have no such names.

/** The property in which the engine stores the code of a dynamic resource. */
export const PROVIDER_KEY = "__provider";

/** The input with the option `import`: the id of an existing object on the Hub. */
export const IMPORT_KEY = "__importId";

/** The output with the address of the resource's Hub, so that a stored token does not go to another Hub by mistake. */
export const ENDPOINT_KEY = "__endpoint";

/** The output that marks a look-up (`get`), which manages nothing. */
export const LOOKUP_KEY = "__lookup";

/**
 * The output that names the arguments that a refresh found different from what was applied, and how they differ. The applied values may
 * be encrypted in the state, and a drift check must not miss a difference that a refresh has stored.
 */
export const DRIFTED_KEY = "__drifted";

/** The output that marks an update that did not finish, so that the next run updates again even if nothing differs. */
export const UNFINISHED_KEY = "__unfinished";

/** Properties that the engine sends in addition to the arguments. */
export const notArguments = [PROVIDER_KEY, IMPORT_KEY];

/** Stored properties that are not part of the resource's own state. */
export const notState = [...notArguments, ENDPOINT_KEY, LOOKUP_KEY, DRIFTED_KEY, UNFINISHED_KEY];

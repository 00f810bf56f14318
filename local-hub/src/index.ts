/**
 * A local server with the organization API of the Hugging Face Hub, for trials and tests.
 *
 * @packageDocumentation
 */
export { startLocalHub, type LocalHub, type LocalHubOptions } from "./hub.js";
export { type Fault } from "./faults.js";
export { PROFILES, type Profile } from "./profile.js";
export { Store, type Actor, type FoundToken } from "./store/store.js";
export { SeedError, type Seed } from "./store/seed.js";
export { StateFileError } from "./store/journal.js";
export type * from "./store/records.js";

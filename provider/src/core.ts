/**
 * The resources without Pulumi's SDK, for other programs of this project, such as its command line. It is not part of the public API: it
 * may change in every release.
 *
 * @packageDocumentation
 */
export { ConfigurationError, resolveEnvironment } from "./client/environment";
export { printableLine } from "./client/printable";
export { fits, objectsOf, visibilityIn } from "./hub/auditEvents";
export { Run, texts } from "./hub/run";
export { checkArguments } from "./model/check";
export { type LifecycleContext, type Logger, type PureContext } from "./model/definition";
export { changedProperties } from "./model/diff";
export {
  type DriftRules,
  type EventPattern,
  type Finding,
  isSealed,
  type Order,
  SEALED,
} from "./model/drift";
export {
  ENDPOINT_KEY,
  LOOKUP_KEY,
  notArguments,
  notState,
  PROVIDER_KEY,
  UNFINISHED_KEY,
} from "./model/hiddenKeys";
export { type Properties, sameData, sameName, withoutKeys } from "./model/plain";
export { checkTokenEnv, NAMESPACE, SETTING_KEYS } from "./model/settings";
export { readState } from "./model/state";
export { defaultsOf } from "./model/validate";
export { capital, messageOf } from "./model/words";
export { fingerprint } from "./rules/intent";
export { noteDeclaredVisibility } from "./rules/visibility";
export { type AnyDriftRules, driftRulesOf } from "./resources/driftRules";
export {
  type AnyDefinition,
  definitionOf,
  isResourceType,
  type ResourceType,
  resourceTypes,
} from "./resources/registry";

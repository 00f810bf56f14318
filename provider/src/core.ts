/**
 * The resources without Pulumi's SDK, for other programs of this project, such as its command line. It is not part of the public API: it
 * may change in every release.
 *
 * @packageDocumentation
 */
export { auditQuery, entryOf, Newest } from "./client/auditLog";
export { systemClock } from "./client/clock";
export { ConfigurationError, DEFAULT_ENDPOINT, resolveEnvironment } from "./client/environment";
export { HubClock } from "./client/hubClock";
export { printableLine } from "./client/printable";
export { recordOf } from "./client/shape";
export { parseRateLimit, type RateLimit } from "./client/retry";
export { AxiosTransport } from "./client/transport";
export { engineHandler, type EngineHandler } from "./dynamic/handler";
export { doubtAbout } from "./hub/absence";
export { fits, objectsOf, visibilityIn } from "./hub/auditEvents";
export { clientOf } from "./hub/clientOf";
export { Run, texts } from "./hub/run";
export { ssoSettingsOf } from "./hub/ssoSettings";
export { checkArguments } from "./model/check";
export {
  type CheckFailure,
  type LifecycleContext,
  LifecycleError,
  type Logger,
  type PureContext,
} from "./model/definition";
export { changedProperties } from "./model/diff";
export {
  type DriftRules,
  type EventPattern,
  type Finding,
  isSealed,
  type Order,
  SEALED,
} from "./model/drift";
export { handlerText } from "./model/handlerText";
export {
  DRIFTED_KEY,
  ENDPOINT_KEY,
  IMPORT_KEY,
  LOOKUP_KEY,
  notArguments,
  notState,
  PROVIDER_KEY,
  UNFINISHED_KEY,
} from "./model/hiddenKeys";
export { type Properties, sameData, sameName, withoutKeys } from "./model/plain";
export { organizationSchema } from "./model/schemas";
export { checkTokenEnv, NAMESPACE, SETTING_KEYS } from "./model/settings";
export { readState, writtenState } from "./model/state";
export { defaultsOf } from "./model/validate";
export { capital, messageOf } from "./model/words";
export { type AnyDriftRules, driftRulesOf } from "./resources/driftRules";
export {
  type AnyDefinition,
  definitionOf,
  isResourceType,
  type ResourceType,
  resourceTypes,
} from "./resources/registry";
export { fingerprint } from "./rules/intent";
export { ownerOf, splitMark } from "./rules/mark";
export { noteDeclaredVisibility } from "./rules/visibility";

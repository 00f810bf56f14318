/**
 * The resources without Pulumi's SDK, for other programs of this project, such as its command line. It is not part of the public API: it
 * may change in every release.
 *
 * @packageDocumentation
 */
export { ConfigurationError, resolveEnvironment } from "./client/environment";
export { printableLine } from "./client/printable";
export { engineHandler, type EngineHandler } from "./dynamic/handler";
export { clientOf } from "./hub/clientOf";
export { Run } from "./hub/run";
export { ssoSettingsOf } from "./hub/ssoSettings";
export { type CheckFailure, LifecycleError } from "./model/definition";
export { handlerText } from "./model/handlerText";
export { ENDPOINT_KEY, IMPORT_KEY, PROVIDER_KEY } from "./model/hiddenKeys";
export { type Properties, sameName } from "./model/plain";
export { organizationSchema } from "./model/schemas";
export { NAMESPACE } from "./model/settings";
export { writtenState } from "./model/state";
export { type AnyDefinition, definitionOf, type ResourceType } from "./resources/registry";
export { ownerOf, splitMark } from "./rules/mark";

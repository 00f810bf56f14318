import { engineHandler, type EngineHandler } from "./handler";

// Each is loaded where it is first needed: the process that serves a thousand repositories has no use for the others.
const handlers: Record<string, () => EngineHandler> = {
  HubToken: () =>
    engineHandler(
      (require("../resources/hubToken") as typeof import("../resources/hubToken")).hubTokenDefinition,
    ),
  HubTokenPredecessors: () =>
    engineHandler(
      (require("../resources/hubTokenPredecessors") as typeof import("../resources/hubTokenPredecessors"))
        .hubTokenPredecessorsDefinition,
    ),
  RepoVisibility: () =>
    engineHandler(
      (require("../resources/repoVisibility") as typeof import("../resources/repoVisibility"))
        .repoVisibilityDefinition,
    ),
  ServiceAccount: () =>
    engineHandler(
      (require("../resources/serviceAccount") as typeof import("../resources/serviceAccount"))
        .serviceAccountDefinition,
    ),
  SsoConfig: () =>
    engineHandler(
      (require("../resources/ssoConfig") as typeof import("../resources/ssoConfig")).ssoConfigDefinition,
    ),
  SsoCredential: () =>
    engineHandler(
      (require("../resources/ssoCredential") as typeof import("../resources/ssoCredential"))
        .ssoCredentialDefinition,
    ),
};

/**
 * The entry of the process that serves dynamic resources: the line of code that the engine keeps with each resource calls
 * it. Not meant for programs.
 *
 * @internal
 */
export function handler(type: string): EngineHandler {
  const make = handlers[type];
  if (!make) {
    throw new Error(
      `This release of pulumi-huggingface has no resource ${type}. The state was written by another release: install that one, or a later one.`,
    );
  }
  return make();
}

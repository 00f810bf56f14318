import { engineHandler, type EngineHandler } from "./engine/handler";
import { hubTokenDefinition } from "./resources/hubToken";
import { hubTokenPredecessorsDefinition } from "./resources/hubTokenPredecessors";
import { repoVisibilityDefinition } from "./resources/repoVisibility";
import { serviceAccountDefinition } from "./resources/serviceAccount";
import { ssoConfigDefinition } from "./resources/ssoConfig";
import { ssoCredentialDefinition } from "./resources/ssoCredential";

const handlers: Record<string, () => EngineHandler> = {
  HubToken: () => engineHandler(hubTokenDefinition),
  HubTokenPredecessors: () => engineHandler(hubTokenPredecessorsDefinition),
  RepoVisibility: () => engineHandler(repoVisibilityDefinition),
  ServiceAccount: () => engineHandler(serviceAccountDefinition),
  SsoConfig: () => engineHandler(ssoConfigDefinition),
  SsoCredential: () => engineHandler(ssoCredentialDefinition),
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

import { repoAdvice } from "../advice";
import { invalidArgument } from "../arguments";
import { repoPath } from "../paths";
import { type SpaceSecretInfo, type SpaceSettingUpdate, type SpaceVariableInfo } from "../types";
import { readSpaceSecrets, readSpaceVariables } from "../wire/spaces";
import { ResourceGroupOperations } from "./resourceGroups";

/** The methods about the secrets and variables of a Space. */
export abstract class SpaceOperations extends ResourceGroupOperations {
  /**
   * Returns the secrets of a Space by their keys, without their values.
   *
   * Endpoint: `GET /api/spaces/{namespace}/{name}/secrets`. It needs write access to the Space.
   *
   * @param space - the full name: `namespace/name`
   */
  async listSpaceSecrets(space: string): Promise<Record<string, SpaceSecretInfo>> {
    return this.requester.json(
      { method: "GET", path: settingsPath(space, "secrets"), advice: repoAdvice },
      readSpaceSecrets,
    );
  }

  /**
   * Creates or overwrites a secret of a Space. The Hub restarts the Space.
   *
   * Endpoint: `POST /api/spaces/{namespace}/{name}/secrets`. It needs write access to the Space.
   *
   * @param space - the full name: `namespace/name`
   * @param secret - the key, the value and the description
   */
  async setSpaceSecret(space: string, secret: SpaceSettingUpdate): Promise<void> {
    await this.#set(space, "secrets", secret);
  }

  /**
   * Deletes a secret of a Space. The Hub restarts the Space.
   *
   * Endpoint: `DELETE /api/spaces/{namespace}/{name}/secrets`. It needs write access to the Space.
   *
   * @param space - the full name: `namespace/name`
   * @param key - the key of the secret
   */
  async deleteSpaceSecret(space: string, key: string): Promise<void> {
    await this.#delete(space, "secrets", key);
  }

  /**
   * Returns the variables of a Space by their keys.
   *
   * Endpoint: `GET /api/spaces/{namespace}/{name}/variables`.
   *
   * @param space - the full name: `namespace/name`
   */
  async listSpaceVariables(space: string): Promise<Record<string, SpaceVariableInfo>> {
    return this.requester.json(
      { method: "GET", path: settingsPath(space, "variables"), advice: repoAdvice },
      readSpaceVariables,
    );
  }

  /**
   * Creates or overwrites a variable of a Space. The Hub restarts the Space.
   *
   * Endpoint: `POST /api/spaces/{namespace}/{name}/variables`. It needs write access to the Space.
   *
   * @param space - the full name: `namespace/name`
   * @param variable - the key, the value and the description
   */
  async setSpaceVariable(space: string, variable: SpaceSettingUpdate): Promise<void> {
    await this.#set(space, "variables", variable);
  }

  /**
   * Deletes a variable of a Space. The Hub restarts the Space.
   *
   * Endpoint: `DELETE /api/spaces/{namespace}/{name}/variables`. It needs write access to the Space.
   *
   * @param space - the full name: `namespace/name`
   * @param key - the key of the variable
   */
  async deleteSpaceVariable(space: string, key: string): Promise<void> {
    await this.#delete(space, "variables", key);
  }

  async #set(space: string, kind: Kind, { key, value, description }: SpaceSettingUpdate): Promise<void> {
    if (typeof value !== "string") return invalidArgument("value must be a string.");
    await this.requester.send({
      method: "POST",
      path: settingsPath(space, kind),
      body: { key: checkedKey(key), value, description },
      // Setting it a second time changes nothing.
      repeatable: true,
      // The program may also keep the value of a variable secret.
      secrets: [value],
      advice: repoAdvice,
    });
  }

  async #delete(space: string, kind: Kind, key: string): Promise<void> {
    await this.requester.send({
      method: "DELETE",
      path: settingsPath(space, kind),
      body: { key: checkedKey(key) },
      advice: repoAdvice,
    });
  }
}

type Kind = "secrets" | "variables";

function settingsPath(space: string, kind: Kind): string {
  return `${repoPath(space, "space")}/${kind}`;
}

function checkedKey(key: string): string {
  if (typeof key === "string" && /^[a-zA-Z][_a-zA-Z0-9]*$/.test(key)) return key;
  return invalidArgument("key must begin with a letter, followed by letters, digits and _.");
}

import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../client/environment";
import { checkTokenEnv, NAMESPACE, SETTING_KEYS } from "../model/settings";
import { printableLine } from "../client/printable";
import { underMocks } from "./mocks";

// Missing in the SDK's types, and in some of its releases.
const runtime = pulumi.runtime as unknown as { isConfigSecret?: (key: string) => boolean };

/**
 * Checks the stack's settings before they are used.
 *
 * @throws ConfigurationError if a setting is unknown, or if a secret is not encrypted
 */
export function checkStackSettings(): void {
  // A unit test has no state and cannot mark a configuration value as a secret.
  if (underMocks()) return;
  refuseUnknownSettings();
  refusePlainSecrets();
}

/** Without this check, a misspelt setting would be ignored and other credentials used. */
function refuseUnknownSettings(): void {
  // In a project of this name, the program's own settings have the same prefix.
  if (pulumi.getProject() === NAMESPACE) return;
  const known: readonly string[] = [...SETTING_KEYS, "owner"];
  for (const key of Object.keys(pulumi.runtime.allConfig() ?? {})) {
    const [namespace, name = ""] = key.split(":");
    if (namespace !== NAMESPACE || known.includes(name)) continue;
    throw new ConfigurationError(
      `${printableLine(key, 100)} in the stack's configuration is not a setting of this package. Known: ${known.join(", ")}. Remove it with ` +
        `\`pulumi config rm\`, or correct its name.`,
    );
  }
}

/**
 * Refuses unencrypted secrets in the stack's configuration: a token, also in `tokenEnv`, and an endpoint with a password. Otherwise
 * Pulumi would store them in the state, its backups and its history.
 */
function refusePlainSecrets(): void {
  const key = `${NAMESPACE}:token`;
  if (pulumi.runtime.getConfig(key) !== undefined && runtime.isConfigSecret?.(key) === false) {
    throw new ConfigurationError(
      `${key} is unencrypted in the stack's configuration. Treat the token as leaked: revoke it on the Hub and create another one. Set that ` +
        `with \`pulumi config set --secret ${key}\`, or set ${NAMESPACE}:tokenEnv to the name of an environment variable that contains it.`,
    );
  }
  const tokenEnv = pulumi.runtime.getConfig(`${NAMESPACE}:tokenEnv`);
  if (tokenEnv !== undefined) checkTokenEnv(`${NAMESPACE}:tokenEnv`, tokenEnv);
  if (pulumi.runtime.getConfig(`${NAMESPACE}:endpoint`)?.includes("@")) {
    throw new ConfigurationError(
      `${NAMESPACE}:endpoint in the stack's configuration contains a user name or password. Remove it; the token is set separately. ` +
        "If a password was stored unencrypted, treat it as leaked and change it.",
    );
  }
}

import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../client/environment";
import { checkTokenEnv, NAMESPACE, SETTING_KEYS } from "../model/settings";
import { printableLine } from "../client/printable";
import { underMocks } from "./mocks";

// Not among the SDK's types, and not in every release of it.
const runtime = pulumi.runtime as unknown as { isConfigSecret?: (key: string) => boolean };

/**
 * Checks the stack's settings before anything uses them.
 *
 * @throws ConfigurationError
 */
export function checkStackSettings(): void {
  // A unit test has no state, and cannot mark a value of its configuration as a secret.
  if (underMocks()) return;
  refuseUnknownSettings();
  refusePlainSecrets();
}

/** A setting that is misspelt would be ignored, and other credentials used. */
function refuseUnknownSettings(): void {
  // There the program's own settings have the same prefix.
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
 * Refuses a secret that the stack's configuration holds unencrypted: a token, also in place of a variable's name, and an endpoint with a
 * password. From there the engine would put it into the state, its backups and its history before any handler could refuse it.
 */
function refusePlainSecrets(): void {
  const key = `${NAMESPACE}:token`;
  if (pulumi.runtime.getConfig(key) !== undefined && runtime.isConfigSecret?.(key) === false) {
    throw new ConfigurationError(
      `${key} is in the stack's configuration in clear, so it counts as leaked: revoke that token on the Hub, make another, and set it ` +
        `with \`pulumi config set --secret ${key}\`, or name an environment variable that holds it with ${NAMESPACE}:tokenEnv.`,
    );
  }
  const tokenEnv = pulumi.runtime.getConfig(`${NAMESPACE}:tokenEnv`);
  if (tokenEnv !== undefined) checkTokenEnv(`${NAMESPACE}:tokenEnv`, tokenEnv);
  if (pulumi.runtime.getConfig(`${NAMESPACE}:endpoint`)?.includes("@")) {
    throw new ConfigurationError(
      `${NAMESPACE}:endpoint in the stack's configuration holds a user name or a password. Leave it out, since the token is given apart; ` +
        "where it was written in clear the password counts as leaked: change it.",
    );
  }
}

import * as pulumi from "@pulumi/pulumi";
import { checkTokenEnv, ConfigurationError, NAMESPACE } from "../config";
import { underMocks } from "./mocks";

// Not among the SDK's types, and not in every release of it.
const runtime = pulumi.runtime as unknown as { isConfigSecret?: (key: string) => boolean };

/**
 * Refuses a secret that the stack's configuration holds in clear: a token, also in place of a variable's name, and an endpoint with a
 * password. From there the engine would put it into the state, its backups and its history before any handler could refuse it.
 *
 * @throws ConfigurationError
 */
export function refusePlainSecrets(): void {
  // A unit test has no state, and cannot mark a value of its configuration as a secret.
  if (underMocks()) return;
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

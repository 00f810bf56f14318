import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError, NAMESPACE } from "../config";

// Not among the SDK's types, and not in every release of it.
const runtime = pulumi.runtime as unknown as { isConfigSecret?: (key: string) => boolean };

/**
 * Refuses a token that the stack's configuration holds in clear: from there it would get into the state, its backups and its history.
 *
 * @throws ConfigurationError
 */
export function refusePlainToken(): void {
  const key = `${NAMESPACE}:token`;
  if (pulumi.runtime.getConfig(key) === undefined || runtime.isConfigSecret?.(key) !== false) return;
  throw new ConfigurationError(
    `${key} is in the stack's configuration in clear, so it counts as leaked: revoke that token on the Hub, make another, and set it ` +
      `with \`pulumi config set --secret ${key}\`, or name an environment variable that holds it with ${NAMESPACE}:tokenEnv.`,
  );
}

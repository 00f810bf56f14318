import { checkEndpoint } from "../client/endpoint";
import {
  ConfigurationError,
  DEFAULT_ENDPOINT,
  type Environment,
  resolveEnvironment,
} from "../client/environment";

/** The namespace of the provider's settings in the stack's configuration: `huggingface:token` and so on. */
export const NAMESPACE = "huggingface";

/** The settings as written by the user, before they are resolved. */
export interface ProviderSettings {
  token?: string;
  tokenEnv?: string;
  endpoint?: string;
  timeoutSeconds?: number;
  maxRetries?: number;
  maxWaitSeconds?: number;
  rotation: "auto" | "defer";
  /** Whether a token of the program or the stack may go to the endpoint in the environment. */
  allowEndpointFromEnvironment: boolean;
}

/** The keys of all settings in the namespace. */
export const SETTING_KEYS = [
  "token",
  "tokenEnv",
  "endpoint",
  "timeoutSeconds",
  "maxRetries",
  "maxWaitSeconds",
  "rotation",
  "allowEndpointFromEnvironment",
] as const satisfies readonly (keyof ProviderSettings)[];

/** The endpoint and the token of requests. */
export interface Credentials {
  endpoint: string;
  /** Absent if no token is set. The client then fails before its first request. */
  token?: string;
  /** Where the token comes from, in words; never the token. */
  tokenSource?: string;
  /** Whether the token is stored in the state, where it can be older than the configuration. */
  tokenIsStored: boolean;
}

/** Reads the settings of one provider from the engine's configuration. */
export function parseSettings(get: (key: string) => string | undefined): ProviderSettings {
  const token = get("token");
  const tokenEnv = get("tokenEnv");
  if (token !== undefined && tokenEnv !== undefined) {
    throw new ConfigurationError(
      `Both ${NAMESPACE}:token and ${NAMESPACE}:tokenEnv are set. Keep one: the token itself, or the name of the environment variable that contains it.`,
    );
  }
  if (tokenEnv !== undefined) checkTokenEnv(`${NAMESPACE}:tokenEnv`, tokenEnv);
  return {
    token,
    tokenEnv,
    endpoint: get("endpoint"),
    timeoutSeconds: numberSetting("timeoutSeconds", get("timeoutSeconds"), 1, 600),
    maxRetries: numberSetting("maxRetries", get("maxRetries"), 0, 20),
    maxWaitSeconds: numberSetting("maxWaitSeconds", get("maxWaitSeconds"), 1, 3600),
    rotation: choice("rotation", get("rotation"), ["auto", "defer"]) ?? "auto",
    allowEndpointFromEnvironment:
      choice("allowEndpointFromEnvironment", get("allowEndpointFromEnvironment"), ["true", "false"]) ===
      "true",
  };
}

/**
 * Checks the name of the environment variable that contains the token. Errors do not repeat it, because it may be the token itself.
 *
 * @throws ConfigurationError if it is not the name of a variable
 */
export function checkTokenEnv(setting: string, tokenEnv: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(tokenEnv)) {
    throw new ConfigurationError(
      `${setting} is not the name of an environment variable (letters, digits and underscores), such as HF_ADMIN_TOKEN.`,
    );
  }
  if (/^hf_[A-Za-z0-9]{20,}$/.test(tokenEnv)) {
    throw new ConfigurationError(
      `${setting} looks like a token. Set it to the name of the environment variable that contains the token. Revoke this token, because it is stored unencrypted.`,
    );
  }
}

/**
 * The endpoint for a token of the program or the stack, which a variable on the machine must not redirect. `undefined` if no endpoint
 * is set.
 *
 * @param token - the token's name in the error
 * @throws ConfigurationError if only the environment sets an endpoint and that is not allowed
 */
export function endpointBeside<E>(
  token: string,
  { endpoint, allowed }: { endpoint: E | undefined; allowed: boolean | undefined },
  environment: Pick<Environment, "endpoint" | "endpointSource">,
): E | string | undefined {
  if (endpoint !== undefined || environment.endpointSource === undefined) return endpoint;
  // guard: endpoint-of-environment
  if (allowed === true) return environment.endpoint;
  throw new ConfigurationError(
    `${token} is set by the program or the stack's configuration, but the endpoint comes from ${environment.endpointSource}. ` +
      "This is refused, so that a variable on a machine cannot send the token to another Hub. To use that Hub, run " +
      `\`${commandToSet(environment.endpoint)}\`${AND_THEN}. To let the variable decide each time, set ` +
      `${NAMESPACE}:allowEndpointFromEnvironment to true.`,
  );
}

/**
 * Refuses to send a token of the program or the stack to another Hub than that of the state's resources, unless the program or the
 * stack's configuration sets the endpoint. An endpoint from the environment or the default may have changed by accident.
 *
 * @param places - the Hubs of the state's resources
 * @throws ConfigurationError if the endpoint is another Hub and was not set explicitly
 */
export function refuseOtherHub(
  settings: ProviderSettings,
  places: ReadonlySet<string>,
  env: NodeJS.ProcessEnv = process.env,
): void {
  if (places.size === 0 || settings.endpoint !== undefined || !isChosen(settings)) return;
  const environment = resolveEnvironment(env);
  const endpoint = checkEndpoint(environment.endpoint);
  const place = [...places].find((each) => each !== endpoint);
  // guard: hub-of-state
  if (place === undefined) return;
  const source = environment.endpointSource
    ? `from ${environment.endpointSource}`
    : "the default, because no endpoint is set";
  throw new ConfigurationError(
    `The state has resources on the Hub at ${place}, but the endpoint is ${endpoint} (${source}). ` +
      "Nothing was sent, so that the token does not go to another Hub by mistake. If the Hub has not moved, run " +
      `\`${commandToSet(place)}\`; if it has moved, run \`${commandToSet(endpoint)}\`${AND_THEN}.`,
  );
}

const AND_THEN =
  ", then `pulumi up` (to refresh or destroy before that, add --run-program: they use the configuration of the last `pulumi up`)";

/** The command that sets an endpoint; without the address if it may contain a password or special characters of a shell. */
function commandToSet(endpoint: string): string {
  const address = /^https?:\/\/[A-Za-z0-9.:[\]-]+(?:\/[A-Za-z0-9._~/-]*)?$/.test(endpoint)
    ? endpoint
    : "<its address>";
  return `pulumi config set ${NAMESPACE}:endpoint ${address}`;
}

function isChosen({ token, tokenEnv }: ProviderSettings): boolean {
  return token !== undefined || tokenEnv !== undefined;
}

function resolveEndpoint(settings: ProviderSettings, environment: Environment): string {
  if (!isChosen(settings)) return settings.endpoint ?? environment.endpoint;
  const { endpoint, allowEndpointFromEnvironment: allowed } = settings;
  return endpointBeside("The token", { endpoint, allowed }, environment) ?? DEFAULT_ENDPOINT;
}

/** Resolves the settings and the environment. Call it for each operation, because a variable may have changed. */
export function resolveCredentials(
  settings: ProviderSettings,
  env: NodeJS.ProcessEnv = process.env,
): Credentials {
  const environment = resolveEnvironment(env);
  const endpoint = resolveEndpoint(settings, environment);
  if (settings.token !== undefined) {
    return { endpoint, token: settings.token, tokenSource: `${NAMESPACE}:token`, tokenIsStored: true };
  }
  if (settings.tokenEnv !== undefined) {
    const token = env[settings.tokenEnv];
    if (token === undefined || token === "") {
      throw new ConfigurationError(
        `The environment variable ${settings.tokenEnv}, which tokenEnv names, is not set. Set it on the machine that runs Pulumi.`,
      );
    }
    return {
      endpoint,
      token,
      tokenSource: `the environment variable ${settings.tokenEnv}`,
      tokenIsStored: false,
    };
  }
  return {
    endpoint,
    token: environment.token,
    tokenSource: environment.tokenSource,
    tokenIsStored: false,
  };
}

function numberSetting(
  key: string,
  value: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (value === undefined || value === "") return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > most) {
    throw new ConfigurationError(
      `${NAMESPACE}:${key} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value.slice(0, 40))}.`,
    );
  }
  return number;
}

function choice<T extends string>(
  key: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined || value === "") return undefined;
  if (!(allowed as readonly string[]).includes(value)) {
    throw new ConfigurationError(
      `${NAMESPACE}:${key} must be ${allowed.join(" or ")}, not ${JSON.stringify(value.slice(0, 40))}.`,
    );
  }
  return value as T;
}

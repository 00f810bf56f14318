import { checkEndpoint } from "../client/endpoint";
import {
  ConfigurationError,
  DEFAULT_ENDPOINT,
  type Environment,
  resolveEnvironment,
} from "../client/environment";

/** Where the engine's configuration of the provider lives: `huggingface:token` and so on. */
export const NAMESPACE = "huggingface";

/** The settings as somebody wrote them, before any of it is resolved or trusted. */
export interface ProviderSettings {
  token?: string;
  tokenEnv?: string;
  endpoint?: string;
  timeoutSeconds?: number;
  maxRetries?: number;
  maxWaitSeconds?: number;
  rotation: "auto" | "defer";
  /** Allows a token of the program or the stack to go to the endpoint that the environment names. */
  allowEndpointFromEnvironment: boolean;
}

/** The keys of all settings, as the engine's configuration names them below the namespace. */
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

/** Where requests go and with what right. */
export interface Credentials {
  endpoint: string;
  /** Absent where none is set; the client says so before the first request. */
  token?: string;
  /** What the token came from, in words for a person; never the token. */
  tokenSource?: string;
  /** Whether the engine keeps the token in its state, where it can be older than the configuration. */
  tokenIsStored: boolean;
}

/** The settings of one set of credentials from the engine's configuration. */
export function parseSettings(get: (key: string) => string | undefined): ProviderSettings {
  const token = get("token");
  const tokenEnv = get("tokenEnv");
  if (token !== undefined && tokenEnv !== undefined) {
    throw new ConfigurationError(
      `Both ${NAMESPACE}:token and ${NAMESPACE}:tokenEnv are set. Keep one: the token itself, or the name of the environment variable that holds it.`,
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
 * Checks what is to be the name of the variable that holds the token. Never repeats it: it may be the token itself.
 *
 * @throws ConfigurationError
 */
export function checkTokenEnv(setting: string, tokenEnv: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(tokenEnv)) {
    throw new ConfigurationError(
      `${setting} is not the name of an environment variable (letters, digits and underscores), such as HF_ADMIN_TOKEN.`,
    );
  }
  if (/^hf_[A-Za-z0-9]{20,}$/.test(tokenEnv)) {
    throw new ConfigurationError(
      `${setting} looks like a token itself. Give the name of the environment variable that holds it, and revoke this token: it is stored in clear.`,
    );
  }
}

/**
 * The endpoint for a token of the program or the stack: a variable on the machine must not be able to send it elsewhere.
 * `undefined` if nothing names one.
 *
 * @param token - whose token it is, in words
 * @throws ConfigurationError if only the environment names an endpoint, and is not allowed to
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
    `${token} is set by the program or the stack's configuration, but the endpoint from ${environment.endpointSource}. ` +
      "So that a variable on a machine cannot send the token to another Hub, this is refused. If that Hub is meant, run " +
      `\`${commandToSet(environment.endpoint)}\`${AND_THEN}. To let the variable decide each time, set ` +
      `${NAMESPACE}:allowEndpointFromEnvironment to true.`,
  );
}

/**
 * Refuses to take a token of the program or the stack from the Hub that its resources are on to another, unless the program or the
 * stack's configuration names the other. What the environment names, or nothing at all, may have changed without anyone's intent.
 *
 * @param places - the Hubs that the state's resources are on
 * @throws ConfigurationError
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
    : "the default: nothing names another";
  throw new ConfigurationError(
    `In the state, resources are on the Hub at ${place}, but the endpoint is ${endpoint} (${source}). ` +
      "So that the token does not go to another Hub by mistake, nothing was sent. If the Hub is still where it was, run " +
      `\`${commandToSet(place)}\`; if it has moved, \`${commandToSet(endpoint)}\`${AND_THEN}.`,
  );
}

const AND_THEN =
  ", then `pulumi up` (to refresh or destroy before that, add --run-program: they use the configuration of the last `pulumi up`)";

/** The command that puts an endpoint beside the token; without the address if that could hold a password, or upset a shell. */
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

/** Resolves what the settings name, the environment included. Read at each call: a variable is always fresh. */
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
        `The environment variable ${settings.tokenEnv}, which tokenEnv names, is not set. Set it where pulumi runs.`,
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

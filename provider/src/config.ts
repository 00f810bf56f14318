import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The Hub that is meant where nothing else is said. */
export const DEFAULT_ENDPOINT = "https://huggingface.co";

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

/** A setting that cannot be used; the message says which, why and what to write instead. */
export class ConfigurationError extends Error {
  override name = "ConfigurationError";

  /** What is printed if the program does not catch the error: the message, without frames of this library. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.name}: ${this.message}`;
  }
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
 * Resolves what the settings name, the environment included. Read anew at each call: a variable is always fresh.
 *
 * A token goes to an endpoint only if the endpoint comes from a source that ranks at least as high as the
 * token's: a variable on the machine must not be able to send the stack's token elsewhere.
 */
export function resolveCredentials(
  settings: ProviderSettings,
  env: NodeJS.ProcessEnv = process.env,
): Credentials {
  const environment = resolveEnvironment(env);
  const chosen = settings.token !== undefined || settings.tokenEnv !== undefined;
  if (
    chosen &&
    settings.endpoint === undefined &&
    environment.endpointSource !== undefined &&
    !settings.allowEndpointFromEnvironment
  ) {
    throw new ConfigurationError(
      `The token comes from the program or the stack's configuration, but the endpoint from ${environment.endpointSource}. ` +
        `So that a variable on a machine cannot send the token to another Hub, this is refused. Set the endpoint beside the token ` +
        `(${NAMESPACE}:endpoint, or the provider's argument endpoint), or say ${NAMESPACE}:allowEndpointFromEnvironment true.`,
    );
  }
  const endpoint = settings.endpoint ?? environment.endpoint;
  if (settings.token !== undefined) {
    return { endpoint, token: settings.token, tokenSource: `${NAMESPACE}:token`, tokenIsStored: true };
  }
  if (settings.tokenEnv !== undefined) {
    const token = env[settings.tokenEnv];
    if (token === undefined || token === "") {
      throw new ConfigurationError(
        `The environment variable ${settings.tokenEnv}, which ${NAMESPACE}:tokenEnv names, is not set. Set it where pulumi runs.`,
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

/**
 * Whether the Pulumi CLI started this process to run one program. An inline program of the Automation API, whose working folder is
 * another than the provider's, and a unit test run in a process of their caller.
 */
export function isStartedByEngine(env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(env["PULUMI_NODEJS_MONITOR"]);
}

/**
 * What the environment alone says, as the official clients read it. The token file is not opened before somebody asks for the token:
 * one that cannot be read is in nobody's way who has another token.
 */
export function resolveEnvironment(env: NodeJS.ProcessEnv = process.env): {
  endpoint: string;
  endpointSource?: string;
  token?: string;
  tokenSource?: string;
} {
  const endpoint = env["HF_ENDPOINT"] || undefined;
  let found: { token?: string; source?: string } | undefined;
  const read = (): { token?: string; source?: string } => (found ??= tokenFromEnvironment(env) ?? {});
  return {
    endpoint: endpoint ?? DEFAULT_ENDPOINT,
    endpointSource: endpoint === undefined ? undefined : "the environment variable HF_ENDPOINT",
    get token() {
      return read().token;
    },
    get tokenSource() {
      return read().source;
    },
  };
}

/**
 * The passwords of the proxies that the environment names, in each way of writing them. They are for the proxy alone, but one that
 * refuses may repeat what it was sent.
 */
export function proxyPasswords(env: NodeJS.ProcessEnv = process.env): string[] {
  const passwords = new Set<string>();
  for (const [name, value = ""] of Object.entries(env)) {
    if (!/^(?:https?|all)_proxy$/i.test(name)) continue;
    // By hand, because what the URL parser refuses may hold a password too.
    const from = value.indexOf("://");
    const signIn = value.slice(from < 0 ? 0 : from + 3, Math.max(0, value.lastIndexOf("@")));
    // A user name alone is a key in place of both.
    const password = signIn.slice(signIn.indexOf(":") + 1);
    if (password === "") continue;
    passwords.add(password);
    try {
      passwords.add(decodeURIComponent(password));
      passwords.add(new URL(value).password);
    } catch {
      // Then nobody writes it so.
    }
  }
  return [...passwords].filter((each) => each !== "");
}

function tokenFromEnvironment(env: NodeJS.ProcessEnv): { token: string; source: string } | undefined {
  for (const variable of ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"]) {
    const token = env[variable];
    if (token) return { token, source: `the environment variable ${variable}` };
  }
  const cache = env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const home = env["HF_HOME"] || join(cache, "huggingface");
  const path = env["HF_TOKEN_PATH"] || join(home, "token");
  try {
    const token = readFileSync(path, "utf8").trim();
    return token ? { token, source: "the token file" } : undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new ConfigurationError(
      `The token file ${path} cannot be read (${code ?? "unknown error"}). Mend its permissions, or set HF_TOKEN.`,
    );
  }
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

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { printableLine } from "./printable";

/** The Hub that is used if no endpoint is set. */
export const DEFAULT_ENDPOINT = "https://huggingface.co";

const MAX_MESSAGE = 3000;

/**
 * A setting of the provider, of the stack's configuration or of the environment that cannot be used.
 *
 * The message is one line with the setting, the reason and what to set instead.
 */
export class ConfigurationError extends Error {
  override name = "ConfigurationError";

  constructor(message: string) {
    // The message may contain names from outside.
    super(printableLine(message, MAX_MESSAGE));
  }

  /** Prints only the message, without a stack, if the program does not catch the error. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.name}: ${this.message}`;
  }
}

/** The settings in the environment. */
export interface Environment {
  endpoint: string;
  /** Absent if the endpoint is the default. */
  endpointSource?: string;
  token?: string;
  tokenSource?: string;
}

/**
 * Reads the settings in the environment in the same way as the Hub's official clients. The token file is opened only when its token is
 * needed, so that an unreadable file does not matter if another token is set.
 */
export function resolveEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
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
 * The passwords of the proxies in the environment, in each form. They are redacted, because a proxy that refuses a request may repeat
 * what it received.
 */
export function proxyPasswords(env: NodeJS.ProcessEnv = process.env): string[] {
  const passwords = new Set<string>();
  for (const [name, value = ""] of Object.entries(env)) {
    if (!/^(?:https?|all)_proxy$/i.test(name)) continue;
    // Parsed by hand, because an address that the URL parser refuses may also contain a password.
    const from = value.indexOf("://");
    const signIn = value.slice(from < 0 ? 0 : from + 3, Math.max(0, value.lastIndexOf("@")));
    // A user name without a password is a key.
    const password = signIn.slice(signIn.indexOf(":") + 1);
    if (password === "") continue;
    passwords.add(password);
    try {
      passwords.add(decodeURIComponent(password));
      passwords.add(new URL(value).password);
    } catch {
      // The password has no such form.
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
      `The token file ${path} cannot be read (${code ?? "unknown error"}). Fix its permissions, or set HF_TOKEN.`,
    );
  }
}

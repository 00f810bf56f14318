import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { printableLine } from "./printable";

/** The Hub that is meant where nothing else is said. */
export const DEFAULT_ENDPOINT = "https://huggingface.co";

const MAX_MESSAGE = 3000;

/** A setting that cannot be used; the message says which, why and what to write instead. */
export class ConfigurationError extends Error {
  override name = "ConfigurationError";

  constructor(message: string) {
    // It may hold names from outside.
    super(printableLine(message, MAX_MESSAGE));
  }

  /** What is printed if the program does not catch the error: the message, without frames of this library. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.name}: ${this.message}`;
  }
}

/** What the environment alone says. */
export interface Environment {
  endpoint: string;
  /** Absent if the endpoint is the default. */
  endpointSource?: string;
  token?: string;
  tokenSource?: string;
}

/**
 * What the environment alone says, as the official clients read it. The token file is not opened before the token is needed:
 * one that cannot be read does not stop those who have another token.
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
      `The token file ${path} cannot be read (${code ?? "unknown error"}). Fix its permissions, or set HF_TOKEN.`,
    );
  }
}

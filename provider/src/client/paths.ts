import { invalidArgument } from "./arguments";
import { type Query } from "./call";
import { REPO_TYPES, type RepoType } from "./types";

/** The longest name that is sent, in characters. */
const MAX_NAME_LENGTH = 200;

/**
 * Encodes a freely chosen name, such as a token's, as one part of a path. It refuses names that a server or proxy could read as
 * several parts.
 *
 * @throws HubError with the code `invalid_argument` and `what` in the message
 */
export function freeSegment(what: string, value: string): string {
  const refuse = (why: string): never => invalidArgument(`${what} ${why}.`);
  if (typeof value !== "string" || value === "") return refuse("must be a non-empty string");
  if (value.length > MAX_NAME_LENGTH) return refuse(`is longer than ${MAX_NAME_LENGTH} characters`);
  if (/\p{Cc}|\p{Cs}|[\u2028\u2029]/u.test(value)) {
    return refuse("contains control characters or broken Unicode");
  }
  // Some servers normalise a decoded name, which can turn a similar character into a slash.
  const normal = value.normalize("NFKC");
  if (/[/\\\p{Cc}]/u.test(value) || /[/\\\p{Cc}]/u.test(normal))
    return refuse("contains a slash or a character that looks like one");
  if (/%2f|%5c|%2e|%00/i.test(normal)) return refuse("contains an escaped slash, dot or zero");
  if (/^\.+$/.test(normal.trim())) return refuse("consists only of dots");
  // guard: encoded-segment
  return encodeURIComponent(value);
}

/**
 * Checks a name with the Hub's restrictions, such as an organization's or a repository's, as one part of a path.
 *
 * @throws HubError with the code `invalid_argument` and `what` in the message
 */
export function nameSegment(what: string, value: string): string {
  if (
    typeof value !== "string" ||
    value.length > MAX_NAME_LENGTH ||
    // guard: hub-name
    !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(value)
  ) {
    return invalidArgument(
      `${what} must be a valid name on the Hub: letters, digits, ".", "_" and "-", beginning with a letter, a digit or "_", at most ${MAX_NAME_LENGTH} characters.`,
    );
  }
  if (value.includes("..")) return invalidArgument(`${what} must not contain "..".`);
  return value;
}

/**
 * Checks an id from the Hub as one part of a path.
 *
 * @throws HubError with the code `invalid_argument` and `what` in the message
 */
export function idSegment(what: string, value: string): string {
  if (typeof value !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(value)) {
    return invalidArgument(`${what} must be an id from the Hub: 24 hexadecimal digits.`);
  }
  return value;
}

/**
 * The path of a repository, such as `/api/models/acme/m`.
 *
 * @throws HubError with the code `invalid_argument`
 */
export function repoPath(repo: string, repoType: RepoType = "model"): string {
  if (!REPO_TYPES.includes(repoType)) {
    return invalidArgument(`repoType must be one of ${REPO_TYPES.join(", ")}.`);
  }
  const parts = typeof repo === "string" ? repo.split("/") : [];
  const [namespace, name] = parts;
  if (parts.length !== 2 || namespace === undefined || name === undefined) {
    return invalidArgument('repo must be "namespace/name".');
  }
  return `/api/${repoType}s/${nameSegment("The namespace of repo", namespace)}/${nameSegment("The name of repo", name)}`;
}

/**
 * The path of an organization, such as `/api/organizations/acme`.
 *
 * @throws HubError with the code `invalid_argument`
 */
export function organizationPath(organization: string): string {
  return `/api/organizations/${nameSegment("The organization", organization)}`;
}

/**
 * The URL of a request. It checks again that the path and the query do not change the endpoint or the path.
 *
 * @param path - begins with `/`; its parts are encoded
 */
export function urlOf(endpoint: string, path: string, query: Readonly<Query> = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const each of value as readonly string[]) search.append(key, each);
    else if (value !== undefined) search.append(key, String(value));
  }
  const text = endpoint + path + (search.size > 0 ? `?${search.toString()}` : "");
  const url = new URL(text);
  const wanted = new URL(endpoint);
  if (
    url.origin !== wanted.origin ||
    url.pathname !== wanted.pathname.replace(/\/$/, "") + path ||
    url.hash !== ""
  ) {
    return invalidArgument("A name in the request would change the path of the request.");
  }
  return text;
}

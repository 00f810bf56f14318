import { invalidArgument } from "./arguments";
import { REPO_TYPES, type RepoType } from "./types";

/** The longest name that is sent, in characters. */
const MAX_NAME_LENGTH = 200;

/**
 * One part of a path: a name that people choose freely, such as a token's. It is encoded, and refused where some
 * server or proxy could read it as more than one part.
 *
 * @throws HubError with code `invalid_argument`, naming `what`
 */
export function freeSegment(what: string, value: string): string {
  const refuse = (why: string): never => invalidArgument(`${what} ${why}.`);
  if (typeof value !== "string" || value === "") return refuse("must be a non-empty string");
  if (value.length > MAX_NAME_LENGTH) return refuse(`is longer than ${MAX_NAME_LENGTH} characters`);
  if (/\p{Cc}|\p{Cs}|[\u2028\u2029]/u.test(value)) {
    return refuse("contains control characters or broken Unicode");
  }
  // Some servers normalise what they have decoded, and so make a slash of a character that only looks like one.
  const normal = value.normalize("NFKC");
  if (/[/\\\p{Cc}]/u.test(value) || /[/\\\p{Cc}]/u.test(normal))
    return refuse("contains a slash or what looks like one");
  if (/%2f|%5c|%2e|%00/i.test(normal)) return refuse("contains an escaped slash, dot or zero");
  if (/^\.+$/.test(normal.trim())) return refuse("consists of dots");
  // guard: encoded-segment
  return encodeURIComponent(value);
}

/**
 * One part of a path: a name that the Hub restricts, such as an organization's or a repository's.
 *
 * @throws HubError with code `invalid_argument`, naming `what`
 */
export function nameSegment(what: string, value: string): string {
  if (
    typeof value !== "string" ||
    value.length > MAX_NAME_LENGTH ||
    // guard: hub-name
    !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(value)
  ) {
    return invalidArgument(
      `${what} must be a name of the Hub: letters, digits, ".", "_" and "-", beginning with a letter, a digit or "_", at most ${MAX_NAME_LENGTH} characters.`,
    );
  }
  if (value.includes("..")) return invalidArgument(`${what} must not contain "..".`);
  return value;
}

/**
 * One part of a path: an id of the Hub.
 *
 * @throws HubError with code `invalid_argument`, naming `what`
 */
export function idSegment(what: string, value: string): string {
  if (typeof value !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(value)) {
    return invalidArgument(`${what} must be an id of the Hub: 24 hexadecimal digits.`);
  }
  return value;
}

/**
 * The path of a repository: `/api/models/acme/m`.
 *
 * @throws HubError with code `invalid_argument`
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
 * The path of an organization: `/api/organizations/acme`.
 *
 * @throws HubError with code `invalid_argument`
 */
export function organizationPath(organization: string): string {
  return `/api/organizations/${nameSegment("The organization", organization)}`;
}

/**
 * The URL that is called. Proves once more that neither the path nor the query led anywhere else.
 *
 * @param path - begins with `/`, its parts encoded
 */
export function urlOf(
  endpoint: string,
  path: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) search.append(key, String(value));
  }
  const text = endpoint + path + (search.size > 0 ? `?${search.toString()}` : "");
  const url = new URL(text);
  const wanted = new URL(endpoint);
  if (
    url.origin !== wanted.origin ||
    url.pathname !== wanted.pathname.replace(/\/$/, "") + path ||
    url.hash !== ""
  ) {
    return invalidArgument("A name in the request would change the path that is called.");
  }
  return text;
}

// What the Hub really has for tokens.
import { type Store } from "../../../local-hub/src/store/store";

/** A token that the Hub accepts. */
export interface LiveToken {
  id: string;
  /** The mark in its name, which says who owns it. */
  mark: string | undefined;
  /** The account's id, or the user's name. */
  place: string;
  /** What it can do, as single elements. */
  elements: ReadonlySet<string>;
  /** Tells its value apart from others. */
  hash: string;
  createdAt: number;
  lastUsedAt: number | undefined;
}

const ROLES = ["read", "write", "admin"] as const;

export const roleElements = (role: string): string[] =>
  ROLES.slice(0, ROLES.indexOf(role as "read") + 1).map((each) => `role ${each}`);

/** All endpoint patterns used in histories. */
export const PATTERNS = ["one", "two"] as const;

/**
 * The endpoints that the patterns allow, as far as the permissions allow them. Without a pattern, any endpoint is
 * allowed.
 */
export const endpointElements = (patterns: readonly string[]): string[] =>
  (patterns.length > 0 ? patterns : [...PATTERNS, "any other"]).map((each) => `endpoint ${each}`);

/** All valid tokens, by the Hub's id. */
export function liveTokens(store: Store): Map<string, LiveToken> {
  const live = new Map<string, LiveToken>();
  for (const token of store.serviceAccountTokens.values()) {
    if (token.deletedAt !== undefined || !store.serviceAccounts.has(token.accountId)) continue;
    const elements = new Set<string>(token.permissions);
    for (const id of token.repoIds)
      for (const each of token.repoPermissions) elements.add(inRepository(each, id));
    for (const each of endpointElements(token.endpointPatterns)) elements.add(each);
    live.set(token.id, { ...common(token, token.displayName), place: token.accountId, elements });
  }
  for (const token of store.userTokens.values()) {
    if (token.deletedAt !== undefined) continue;
    const elements = new Set(roleElements(token.role));
    live.set(token.id, { ...common(token, token.name), place: token.owner, elements });
  }
  return live;
}

export const inRepository = (permission: string, id: string): string => `${permission} in ${id}`;

/** The id of the repository that the element gives access to. */
export const repositoryIn = (element: string): string | undefined => / in ([0-9a-f]{24})$/.exec(element)?.[1];

function common(
  { id, hash, createdAt, lastUsedAt }: { id: string; hash: string; createdAt: string; lastUsedAt?: string },
  name: string,
): Omit<LiveToken, "place" | "elements"> {
  const mark = /\[([0-9a-f]{8})-[0-9a-f]{4}\]$/.exec(name)?.[1];
  return {
    id,
    hash,
    mark,
    createdAt: Date.parse(createdAt),
    lastUsedAt: lastUsedAt === undefined ? undefined : Date.parse(lastUsedAt),
  };
}

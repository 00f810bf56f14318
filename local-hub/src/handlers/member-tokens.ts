import { badRequest, forbidden, notFound } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { type UserToken } from "../store/records.js";
import { type Store } from "../store/store.js";
import { revokeForOrganization, revokeLeaked } from "../store/user-tokens.js";
import { requireOrganization } from "./access.js";
import { byId, paginateById } from "./paging.js";

export interface MemberTokensQuery {
  cursor?: string;
  limit: number;
  q: string;
}

/** This list knows only the roles read and write, so an admin token counts as a write token. */
const WIRE_ROLE = { read: "read", write: "write", admin: "write" } as const;

const TERMS = ["owner", "role", "status", "token"] as const;

export function listMemberTokens(call: Call<{ org: string }, MemberTokensQuery>): Answer {
  const { store, params, query } = call;
  requireOrganization(call, params.org, { role: "admin", permissions: ["org.write"], plan: "team" });
  const matches = parseSearch(query.q, params.org);
  const now = store.now().getTime();
  const found = store.membersOf
    .all(params.org)
    .flatMap((member) => store.tokensOfUser(member.user))
    .filter((token) => !token.expiresAt || Date.parse(token.expiresAt) > now)
    .filter(matches)
    .sort(byId);
  const page = paginateById(call, found, query.limit);
  return ok(
    page.items.map((token) => describe(store, params.org, token)),
    page.headers,
  );
}

export function revokeMemberToken(call: Call<{ org: string; id: string }>): Answer {
  const { store, params, principal, actor } = call;
  requireOrganization(call, params.org, { role: "admin", permissions: ["org.write"], plan: "enterprise" });
  const token = store.userTokens.get(params.id.toLowerCase());
  const isMembers = token && store.memberships.has(`${params.org}/${token.owner}`);
  if (!token || token.deletedAt || !isMembers) throw notFound("Token not found");
  if (principal?.kind === "user" && principal.user.name === token.owner) {
    throw forbidden("You cannot revoke your own token.");
  }
  revokeForOrganization(store, params.org, token, actor);
  return { status: 200 };
}

/** Always gives the same answer, so that callers cannot find out whether a value is a token. */
export function revokeCredentials(call: Call<unknown, unknown, { credentials: string[] }>): Answer {
  revokeLeaked(call.store, call.body.credentials);
  return { status: 202 };
}

/** Parses a search such as `status:approved -owner:ada` and returns a test for tokens. */
function parseSearch(q: string, organization: string): (token: UserToken) => boolean {
  const tests = q
    .split(/\s+/)
    .filter(Boolean)
    .map((term) => {
      const [, minus, key, value] = /^(-?)([a-z]+):(\S+)$/.exec(term) ?? [];
      if (!key || !value || !(TERMS as readonly string[]).includes(key)) {
        throw badRequest(
          `q: terms are ${TERMS.map((name) => `${name}:…`).join(", ")}, with - in front to negate`,
        );
      }
      const hit = (token: UserToken): boolean => termMatches(token, organization, key, value);
      return minus ? (token: UserToken) => !hit(token) : hit;
    });
  return (token) => tests.every((test) => test(token));
}

function termMatches(token: UserToken, organization: string, key: string, value: string): boolean {
  switch (key) {
    case "owner":
      return token.owner.toLowerCase() === value.toLowerCase();
    case "role":
      return WIRE_ROLE[token.role] === value;
    case "token":
      return token.last4 === value;
    default:
      return value === "all" || token.authorizations[organization]?.status === value;
  }
}

function describe(store: Store, organization: string, token: UserToken): Record<string, unknown> {
  const owner = store.users.get(token.owner);
  const authorization = token.authorizations[organization];
  return {
    _id: token.id,
    displayName: token.name,
    role: WIRE_ROLE[token.role],
    last4: token.last4,
    createdAt: token.createdAt,
    ...(token.lastUsedAt && { lastUsedAt: token.lastUsedAt }),
    owner: owner && { _id: owner.id, name: owner.name, fullname: owner.fullname, avatarUrl: owner.avatarUrl },
    ...(authorization && {
      authorization: { ...authorization, authorizer: describeAuthorizer(store, authorization.authorizer) },
    }),
  };
}

function describeAuthorizer(store: Store, name: string | undefined): unknown {
  if (name === undefined) return undefined;
  const user = store.users.get(name);
  if (user) return { name, fullname: user.fullname, avatarUrl: user.avatarUrl };
  // The authorizer can also be a service account.
  const account = [...store.serviceAccounts.values()].find((each) => each.user === name);
  return { name, fullname: account?.name ?? name, avatarUrl: "" };
}

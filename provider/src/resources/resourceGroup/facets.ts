// A resource group as a flat list of facets. A key is the kind and the name, a value is a text:
//   "autoJoin": "write/all"; "limit total": "500"; "member ada": "write"; "repository model/acme/llm": the id of its resource group.
// An absent facet has the value NONE: no one joins, no limit, not a member, in no resource group.
import {
  CONFIGURABLE_REPO_TYPES,
  type ConfigurableRepoType,
  type OrgRole,
  type ResourceGroupInfo,
  type ResourceGroupResource,
  SPEND_LIMITS,
} from "../../client/types";
import { LifecycleError } from "../../model/definition";
import { type ListName } from "../../rules/groupDeclarations";
import {
  AUTO_JOIN,
  AUTO_JOIN_SCOPES,
  type AutoJoinSetting,
  GROUP_OF_REPO,
  SPEND_LIMIT,
} from "../../rules/groups";
import { type Facet } from "../../rules/reconcile";
import { MEMBERSHIP, roleFrom } from "../../rules/roles";
import { type ResourceGroupInputs } from "./model";

/** Values by facet. */
export type Values = Record<string, string>;

/** A repository that the Hub's API can put into a resource group. */
export interface GroupedRepository {
  repo: string;
  repoType: ConfigurableRepoType;
}

/** The value of an absent facet. */
export const NONE = "none";

/** As an applied value: nothing counts as applied. */
export const NOT_APPLIED = "?";

export const AUTO_JOIN_KEY = "autoJoin";

type Kind = "autoJoin" | "limit" | "member" | "repository";

interface Codec<V> {
  facet: Facet<V>;
  read(text: string): V;
  write(value: V): string;
}

const asText = <V>({ facet, ...codec }: Codec<V>): Facet<string> => ({
  equals: (left, right) => facet.equals(codec.read(left), codec.read(right)),
  meet(left, right) {
    const both = facet.meet(codec.read(left), codec.read(right));
    return both === undefined ? undefined : codec.write(both);
  },
});

const FACETS: Record<Kind, Facet<string>> = {
  autoJoin: asText({ facet: AUTO_JOIN, read: autoJoinFrom, write: autoJoinText }),
  limit: asText({
    facet: SPEND_LIMIT,
    read: limitFrom,
    write: (value) => (value === null ? NONE : String(value)),
  }),
  member: asText({
    facet: MEMBERSHIP,
    read: (text) => (text === NONE ? null : (text as OrgRole)),
    write: (value) => value ?? NONE,
  }),
  repository: asText({
    facet: GROUP_OF_REPO,
    read: (text) => (text === NONE ? null : text),
    write: (value) => value ?? NONE,
  }),
};

/** The kind of a facet. */
export function kindOf(key: string): Kind {
  return key.split(" ")[0] as Kind;
}

/** The name after the kind: a limit, a user name in lower case, or `repoType/namespace/name` in lower case. */
export function nameIn(key: string): string {
  return key.slice(key.indexOf(" ") + 1);
}

export function facetOf(key: string): Facet<string> {
  return FACETS[kindOf(key)];
}

/** The list that the facet is an element of. */
export function listOf(key: string): ListName | undefined {
  const kind = kindOf(key);
  return kind === "member" ? "members" : kind === "repository" ? "repositories" : undefined;
}

export const memberKey = (user: string): string => `member ${user.toLowerCase()}`;

export function repoKey({
  repo,
  repoType = "model",
}: {
  repo: string;
  repoType?: string | undefined;
}): string {
  return `repository ${repoType}/${repo.toLowerCase()}`;
}

export function limitFrom(text: string): number | null {
  return text === NONE ? null : Number(text);
}

export function autoJoinText(setting: AutoJoinSetting): string {
  return setting === null ? NONE : `${setting.role}/${setting.scope}`;
}

/** @throws LifecycleError for a role or a scope that this release does not know */
export function autoJoinFrom(text: string): AutoJoinSetting {
  if (text === NONE) return null;
  const [role = "", name = ""] = text.split("/");
  const scope = AUTO_JOIN_SCOPES.find((each) => each === name);
  if (scope) return { role: roleFrom(role, "The automatic joining of a resource group"), scope };
  throw new LifecycleError(
    `The resource group has the automatic joining "${name}" on the Hub, which this release does not know. Install a later release.`,
  );
}

/** The lists that the program declares. */
export function listsIn({ members, repositories }: Pick<ResourceGroupInputs, ListName>): ListName[] {
  return [...(members ? (["members"] as const) : []), ...(repositories ? (["repositories"] as const) : [])];
}

/** What the program declares. Without `autoJoin`, no one joins automatically. */
export function declaredValues(inputs: ResourceGroupInputs, groupId: string): Values {
  const { autoJoin, spendLimits = {}, members = [], repositories = [] } = inputs;
  const joining = autoJoin ? { role: autoJoin.role, scope: autoJoin.scope ?? "all" } : null;
  return {
    [AUTO_JOIN_KEY]: autoJoinText(joining),
    ...Object.fromEntries(
      Object.entries(spendLimits).map(([name, value]) => [`limit ${name}`, String(value)]),
    ),
    ...Object.fromEntries(members.map(({ user, role }) => [memberKey(user), role])),
    ...Object.fromEntries(repositories.map((each) => [repoKey(each), groupId])),
  };
}

/** What the Hub has. */
export interface View {
  facets: Values;
  /** The Hub's ids of the members, by facet. */
  people: Values;
}

/** The known ids of the members with these keys. */
export function idsOf(keys: readonly string[], people: Values): Values {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const id = people[key];
      return id === undefined ? [] : [[key, id]];
    }),
  );
}

/** The names as the Hub writes them, by facet. */
export type Names = Record<string, string>;

/**
 * A resource group's own facets, the members' ids, and the names as the Hub writes them.
 *
 * @throws LifecycleError for a role that this release does not know
 */
export function viewOfGroup(group: ResourceGroupInfo): View & { names: Names } {
  const { id, autoJoin, spendLimits, users } = group;
  const repos = repositoriesIn(group);
  const joining = autoJoin?.enabled ? `${autoJoin.role ?? ""}/${autoJoin.scope ?? "all"}` : NONE;
  return {
    facets: {
      [AUTO_JOIN_KEY]: joining,
      ...Object.fromEntries(
        SPEND_LIMITS.flatMap((limit) => {
          const value = spendLimits?.[limit];
          return value === undefined ? [] : [[`limit ${limit}`, String(value)]];
        }),
      ),
      ...Object.fromEntries(users.map(({ name, role }) => [memberKey(name), roleFrom(role, name)])),
      ...Object.fromEntries(repos.map((each) => [repoKey(each), id])),
    },
    people: Object.fromEntries(users.map(({ name, _id }) => [memberKey(name), _id])),
    names: Object.fromEntries([
      ...users.map(({ name }) => [memberKey(name), name] as const),
      ...repos.map((each) => [repoKey(each), each.repo] as const),
    ]),
  };
}

/** The repositories in a resource group that the Hub's API can move. */
export function repositoriesIn({ resources }: ResourceGroupInfo): GroupedRepository[] {
  return resources.flatMap((each) => repositoryIn(each) ?? []);
}

/** The number of other objects in a resource group, such as collections and kernels. */
export function othersIn({ resources }: ResourceGroupInfo): number {
  return resources.filter((each) => !repositoryIn(each)).length;
}

function repositoryIn({ type, name }: ResourceGroupResource): GroupedRepository | undefined {
  const repoType = CONFIGURABLE_REPO_TYPES.find((each) => each === type);
  return repoType === undefined || name === undefined ? undefined : { repo: name, repoType };
}

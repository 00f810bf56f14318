// Resource groups: each member, each repository, each limit and automatic joining is one facet.
import { type ResourceGroup } from "../../../local-hub/src/store/records";
import { type Store } from "../../../local-hub/src/store/store";
import { ORGANIZATION } from "../hub";
import { type Look, type Subject } from "./subject";

/** The users that histories put into groups, and the repositories. */
export const USERS = ["mia-member", "max-member"] as const;
export const MOVED = `${ORGANIZATION}/moved`;
export const ADDED = `${ORGANIZATION}/added`;
/** A group that no program declares. */
export const OTHER = "other";

const ROLES = ["none", "no_access", "read", "contributor", "write", "admin"];
const SCOPES = ["read_plus", "all"];

/** All groups with one name, oldest first, also those that are deleted. A group that no state has is left out. */
const made = new WeakMap<Store, Map<string, string[]>>();
const orphans = new WeakMap<Store, Set<string>>();

function idsOf(store: Store, object: string): string[] {
  const ofStore = made.get(store) ?? new Map<string, string[]>();
  made.set(store, ofStore);
  const ids = ofStore.get(object) ?? [];
  ofStore.set(object, ids);
  for (const { id, name } of store.resourceGroups.values()) {
    if (`group ${name}` === object && !ids.includes(id)) ids.push(id);
  }
  return ids.filter((id) => !orphans.get(store)?.has(id));
}

/** The newest group, if it exists. A replacement exists at the same time as the group that it replaces. */
export function groupOf(store: Store, object: string): ResourceGroup | undefined {
  return store.resourceGroups.get(idsOf(store, object).at(-1) ?? "");
}

function joiningText(autoJoin: { role: string; scope?: string } | undefined): string {
  return autoJoin ? `${autoJoin.role}/${autoJoin.scope ?? "all"}` : "none";
}

function placeOf(store: Store, { id, name }: ResourceGroup, repo: string): string {
  const place = store.repository(repo)?.resourceGroupId;
  if (place === id) return "here";
  // A group that is being replaced is not another one.
  const other = place === undefined ? undefined : store.resourceGroups.get(place);
  return other === undefined || other.name === name ? "none" : "elsewhere";
}

/** Whether the object has members. Automatic joining adds members, so it has its own group. */
const hasMembers = (object: string): boolean => object === "group lab";

export const resourceGroup: Subject = {
  type: "ResourceGroup",
  objectOf: ({ name }) => `group ${String(name)}`,
  look(store, object): Look | undefined {
    const group = groupOf(store, object);
    if (!group) return undefined;
    const roleOf = (user: string): string => group.users.find((each) => each.user === user)?.role ?? "none";
    return {
      identity: group.id,
      facets: {
        autoJoin: joiningText(group.autoJoin),
        "limit total": String(group.spendLimits?.["total"] ?? "none"),
        ...(hasMembers(object) && {
          ...Object.fromEntries(USERS.map((user) => [`member ${user}`, roleOf(user)])),
          "repository moved": placeOf(store, group, MOVED),
          "repository added": placeOf(store, group, ADDED),
        }),
      },
    };
  },
  declared(args) {
    const { autoJoin, spendLimits, members, repositories } = args as {
      autoJoin?: { role: string; scope?: string };
      spendLimits?: { total?: number };
      members?: { user: string; role: string }[];
      repositories?: { repo: string }[];
    };
    const isIn = (name: string): boolean | undefined => repositories?.some(({ repo }) => repo === name);
    return {
      autoJoin: joiningText(autoJoin),
      ...(spendLimits?.total !== undefined && { "limit total": String(spendLimits.total) }),
      ...(members &&
        Object.fromEntries(
          USERS.map((user) => [`member ${user}`, members.find((each) => each.user === user)?.role ?? "none"]),
        )),
      ...(isIn(MOVED) && { "repository moved": "here" }),
      ...(repositories && { "repository added": isIn(ADDED) ? "here" : "none" }),
    };
  },
  isLooser(facet, to, from) {
    if (to === from) return false;
    if (facet.startsWith("member")) return ROLES.indexOf(to) > ROLES.indexOf(from);
    if (facet.startsWith("limit")) return to === "none" || (from !== "none" && Number(to) > Number(from));
    if (facet.startsWith("repository")) return from !== "none";
    const [[role = "", scope = ""], [ownRole = "", ownScope = ""]] = [to.split("/"), from.split("/")];
    if (to === "none") return false;
    return (
      from === "none" ||
      ROLES.indexOf(role) > ROLES.indexOf(ownRole) ||
      SCOPES.indexOf(scope) > SCOPES.indexOf(ownScope)
    );
  },
  isOrdered: () => true,
  // Two groups have no order.
  isExcused: (facet, held) => held[facet] === "elsewhere",
  isCommon(facet, to, { from, declared }) {
    const both = [from, declared].filter((each) => each !== undefined);
    // This repository may be in another group, so it is declared only if it has to be in this one.
    if (facet === "repository moved") return to === "none" && declared === undefined;
    return facet === "autoJoin" && both.every((each) => !resourceGroup.isLooser(facet, to, each));
  },
  deletes: true,
  mayRefuse(store, { name, repositories }, method) {
    const declared = (repositories ?? []) as { repo: string }[];
    const groupOf = (repo: string) => store.resourceGroups.get(store.repository(repo)?.resourceGroupId ?? "");
    const isElsewhere = declared.some(({ repo }) => {
      const place = groupOf(repo);
      return place !== undefined && (method === "create" || place.name !== name);
    });
    // Someone put it in while the program declared no list.
    const isLeft = groupOf(ADDED)?.name === name && !declared.some(({ repo }) => repo === ADDED);
    return isElsewhere || (method !== "preview" && repositories !== undefined && isLeft);
  },
  noteOrphans(store, object, kept) {
    const known = orphans.get(store) ?? new Set<string>();
    orphans.set(store, known);
    const ids = idsOf(store, object);
    for (const id of ids.slice(kept === undefined ? 0 : ids.indexOf(kept) + 1)) known.add(id);
  },
  needsObject: false,
  isOpen: () => false,
  reasonOf: ({ acknowledgeOverwrite }) => acknowledgeOverwrite as string | undefined,
  mayAdopt: () => true,
};

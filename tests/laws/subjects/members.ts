import { memberKey } from "../../../local-hub/src/store/members";
import { type Store } from "../../../local-hub/src/store/store";
import { ORGANIZATION } from "../hub";
import { groupMemberObject, GROUPS, memberObject, roleIn, ROLES } from "../slots/members";
import { type Subject } from "./subject";

const ORDER = ["none", ...ROLES];
const isHigher = (_facet: string, to: string, from: string): boolean =>
  ORDER.indexOf(to) > ORDER.indexOf(from);
const userOf = (object: string): string => object.split(" ").at(-1) as string;

/** The id of a member of the organization. */
function identityOf(store: Store, user: string): string | undefined {
  return store.memberships.has(memberKey(ORGANIZATION, user)) ? store.users.get(user)?.id : undefined;
}

/** The users in an event, which has one user or several. */
function isAboutUser(object: string, data: Record<string, unknown> | undefined): boolean {
  const all = [data?.["user"], ...((data?.["users"] as unknown[] | undefined) ?? [])];
  return all.some((each) => [each, (each as { user?: string } | undefined)?.user].includes(userOf(object)));
}

const person = {
  isLooser: isHigher,
  isOrdered: () => true,
  needsObject: true,
  isOpen: () => false,
  reasonOf: ({ acknowledgeOverwrite }: Record<string, unknown>) => acknowledgeOverwrite as string | undefined,
  mayAdopt: () => true,
  isAbout: isAboutUser,
};

export const memberRole: Subject = {
  ...person,
  type: "MemberRole",
  objectOf: ({ user }) => memberObject(String(user)),
  look(store, object) {
    const user = userOf(object);
    const identity = identityOf(store, user);
    const role = store.memberships.get(memberKey(ORGANIZATION, user))?.role;
    return identity === undefined || role === undefined ? undefined : { identity, facets: { role } };
  },
  declared: ({ role }) => ({ role: String(role) }),
};

export const resourceGroupMember: Subject = {
  ...person,
  type: "ResourceGroupMember",
  objectOf: ({ user }) => groupMemberObject(String(user)),
  look(store, object) {
    const user = userOf(object);
    const identity = identityOf(store, user);
    const group = store.resourceGroups.get(GROUPS[0]);
    return identity === undefined || !group
      ? undefined
      : { identity, facets: { role: roleIn(group, user) ?? "none" } };
  },
  declared: ({ role }) => ({ role: String(role) }),
};

const OBJECT = "group of ";

export const repoResourceGroup: Subject = {
  type: "RepoResourceGroup",
  objectOf: ({ repo, repoType }) => `${OBJECT}${String(repoType)}/${String(repo)}`,
  look(store, object) {
    const repo = store.repositories.get(object.slice(OBJECT.length));
    return repo && { identity: repo.id, facets: { group: repo.resourceGroupId ?? "none" } };
  },
  pageOf: (object) => `/api/${object.slice(OBJECT.length).replace("/", "s/")}`,
  declared: ({ groupId }) => ({ group: String(groupId) }),
  // Without a resource group, all members have access. Two resource groups have no order.
  isLooser: (_facet, to, from) => to !== from && from !== "none",
  isOrdered: () => true,
  isExcused: (_facet, held) => held["group"] !== "none",
  needsObject: true,
  isOpen: () => false,
  reasonOf: ({ acknowledgeOverwrite }) => acknowledgeOverwrite as string | undefined,
  mayAdopt: ({ acknowledgeOverwrite }) => acknowledgeOverwrite !== undefined,
  isAbout(object, data) {
    const repo = data?.["repo"] as { type: string; name: string } | undefined;
    return repo !== undefined && `${OBJECT}${repo.type}/${repo.name}` === object;
  },
};

// People in the organization and in a resource group, and repositories in resource groups.
import { makeUser } from "../../../local-hub/src/store/contents";
import { groupChanges, memberKey, setMemberRole } from "../../../local-hub/src/store/members";
import { type OrgRole, type Repository, type ResourceGroup } from "../../../local-hub/src/store/records";
import * as repositories from "../../../local-hub/src/store/repositories";
import * as groups from "../../../local-hub/src/store/resource-groups";
import { type Actor, type Store } from "../../../local-hub/src/store/store";
import { ORGANIZATION } from "../hub";
import { type Args, type HandChange, omit, type Slot } from "./slot";

export const ROLES = ["no_access", "read", "contributor", "write", "admin"] as const;
/** Two resource groups. */
export const GROUPS = ["65aa00000000000000000001", "65aa00000000000000000002"] as const;
const [RESEARCH, LEGAL] = GROUPS;

export const memberObject = (user: string): string => `member ${user}`;
export const groupMemberObject = (user: string): string => `group member ${user}`;

/** The objects of a person. */
const objectsOf = (user: string): string[] => [memberObject(user), groupMemberObject(user)];

/** Ensures that the resource groups exist. A new one has the id of the former one. */
function beginGroups(store: Store): void {
  for (const id of GROUPS) {
    if (store.resourceGroups.has(id)) continue;
    const name = id === RESEARCH ? "research" : "legal";
    store.tables.resourceGroups.put(id, { id, organization: ORGANIZATION, name, users: [] });
  }
}

function beginPerson(store: Store, user: string): void {
  if (store.users.has(user)) return;
  store.tables.users.put(user, makeUser(user, store.hex));
  join(store, user, "read");
}

function join(store: Store, user: string, role: OrgRole): void {
  store.tables.memberships.put(memberKey(ORGANIZATION, user), { organization: ORGANIZATION, user, role });
}

function leave(store: Store, user: string, actor: Actor): void {
  for (const group of store.groupsOf.all(ORGANIZATION)) {
    if (roleIn(group, user) !== undefined) groups.removeUser(store, group, user, actor);
  }
  store.tables.memberships.delete(memberKey(ORGANIZATION, user));
}

export function roleIn(group: ResourceGroup | undefined, user: string): OrgRole | undefined {
  return group?.users.find((each) => each.user === user)?.role;
}

/** The person leaves, and then that person or another one with the same user name joins. */
function comingsAndGoings(user: string): HandChange[] {
  const touches = objectsOf(user);
  return [
    {
      words: `removes ${user} from the organization`,
      touches,
      apply: (store, actor) => leave(store, user, actor),
    },
    ...(["read", "admin"] as const).flatMap((role): HandChange[] => [
      {
        words: `lets ${user} leave, and join again as ${role}`,
        touches,
        apply(store, actor) {
          leave(store, user, actor);
          join(store, user, role);
        },
      },
      {
        words: `lets another person with the name ${user} join as ${role}`,
        touches,
        apply(store, actor) {
          leave(store, user, actor);
          store.tables.users.put(user, makeUser(user, store.hex));
          join(store, user, role);
        },
      },
    ]),
  ];
}

const declares = (words: string, changes: Args) => ({
  words: `declares ${words}`,
  apply: (args: Args) => ({ ...args, ...changes }),
});

/** The role of a person in the organization. */
function memberSlot(user: string): Slot {
  return {
    type: "MemberRole",
    object: memberObject(user),
    name: user,
    begin(store) {
      beginGroups(store);
      beginPerson(store, user);
    },
    args: { organization: ORGANIZATION, user, role: "read" },
    program: [
      ...ROLES.map((role) => declares(`the role ${role} for ${user}`, { role })),
      ...["retain", "read"].map((onDestroy) => declares(`onDestroy ${onDestroy} for ${user}`, { onDestroy })),
    ],
    hand: [
      ...ROLES.map((role) => ({
        words: `gives ${user} the role ${role}`,
        apply(store: Store, actor: Actor) {
          const member = store.memberships.get(memberKey(ORGANIZATION, user));
          if (!member) return;
          const kept = groupChanges(store, member, []).map(({ group, before }) => ({
            id: group.id,
            role: before as OrgRole,
          }));
          setMemberRole(store, member, role, kept, actor);
        },
      })),
      ...comingsAndGoings(user),
    ],
    reason: "acknowledgeOverwrite",
    mayChangeProvider: true,
    needsReason: () => false,
    asOnHub: (args, { role }) => ({ ...args, role }),
  };
}

/** The role of a person in a resource group. */
function groupMemberSlot(user: string): Slot {
  const group = (store: Store): ResourceGroup | undefined => store.resourceGroups.get(RESEARCH);
  return {
    type: "ResourceGroupMember",
    object: groupMemberObject(user),
    name: `${user}-in-research`,
    begin(store) {
      beginGroups(store);
      beginPerson(store, user);
    },
    args: { organization: ORGANIZATION, groupId: RESEARCH, user, role: "read" },
    program: ROLES.map((role) => declares(`the role ${role} in research for ${user}`, { role })),
    hand: [
      ...ROLES.map((role) => ({
        words: `gives ${user} the role ${role} in research`,
        apply(store: Store, actor: Actor) {
          const found = group(store);
          if (!found || !store.memberships.has(memberKey(ORGANIZATION, user))) return;
          if (roleIn(found, user) === undefined) groups.addUsers(store, found, [{ user, role }], actor);
          else groups.changeUser(store, found, user, role, actor);
        },
      })),
      {
        words: `takes ${user} out of research`,
        apply(store, actor) {
          const found = group(store);
          if (found && roleIn(found, user) !== undefined) groups.removeUser(store, found, user, actor);
        },
      },
      ...comingsAndGoings(user),
    ],
    reason: "acknowledgeOverwrite",
    mayChangeProvider: true,
    needsReason: () => false,
    // What the Hub has is declared by removing the resource.
    asOnHub: (args, { role }) => (role === "none" ? undefined : { ...args, role }),
  };
}

/** The resource group of a repository. */
function repoGroupSlot(repoType: "model" | "space", name: string): Slot {
  const repo = `${ORGANIZATION}/${name}`;
  const object = `group of ${repoType}/${repo}`;
  const found = (store: Store): Repository | undefined => store.repositories.get(`${repoType}/${repo}`);
  const make = (store: Store, actor: Actor): Repository => {
    const settings = { type: repoType, namespace: ORGANIZATION, name, author: actor.author.user };
    return repositories.createRepository(store, { ...settings, visibility: "private" }, actor);
  };
  const remove = (store: Store, actor: Actor): void => {
    const repository = found(store);
    if (repository) repositories.deleteRepository(store, repository, actor);
  };
  const named = (id: string | null): string =>
    id === null ? "no resource group" : id === RESEARCH ? "research" : "legal";
  return {
    type: "RepoResourceGroup",
    object,
    name,
    begin(store, actor) {
      beginGroups(store);
      make(store, actor);
    },
    args: { repo, repoType, groupId: RESEARCH },
    program: [
      ...GROUPS.map((groupId) => declares(`${named(groupId)} for ${repo}`, { groupId })),
      ...["retain", "remove"].map((onDestroy) =>
        declares(`onDestroy ${onDestroy} for ${repo}`, { onDestroy }),
      ),
    ],
    hand: [
      ...[null, RESEARCH, LEGAL].flatMap((id): HandChange[] => [
        {
          words: `moves ${repo} into ${named(id)}`,
          apply(store, actor) {
            const repository = found(store);
            if (repository) repositories.setResourceGroup(store, repository, id, actor);
          },
        },
        {
          words: `deletes ${repo} if it exists, and creates it again in ${named(id)}`,
          apply(store, actor) {
            remove(store, actor);
            const repository = make(store, actor);
            if (id !== null) repositories.setResourceGroup(store, repository, id, actor);
          },
        },
      ]),
      { words: `deletes ${repo}`, apply: remove },
    ],
    reason: "acknowledgeOverwrite",
    mayChangeProvider: true,
    needsReason: () => false,
    asOnHub: (args, { group }) => ({ ...omit(args, "groupId"), groupId: group }),
  };
}

/** The second person's membership of a resource group must survive each change of a role. */
export const memberSlots: readonly Slot[] = [memberSlot("mia"), memberSlot("noa"), groupMemberSlot("noa")];
export const groupMemberSlots: readonly Slot[] = [groupMemberSlot("mia"), groupMemberSlot("noa")];
export const repoGroupSlots: readonly Slot[] = [
  repoGroupSlot("model", "alpha"),
  repoGroupSlot("space", "beta"),
];

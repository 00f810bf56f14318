// Resource groups: one with members and repositories, and one that members join automatically.
import { makeUser } from "../../../local-hub/src/store/contents";
import { repeatableHex } from "../../../local-hub/src/store/ids";
import { type OrgRole, type ResourceGroup } from "../../../local-hub/src/store/records";
import * as groups from "../../../local-hub/src/store/resource-groups";
import * as repositories from "../../../local-hub/src/store/repositories";
import { type Actor, type Store } from "../../../local-hub/src/store/store";
import { ORGANIZATION } from "../hub";
import { ADDED, groupOf, MOVED, OTHER, USERS } from "../subjects/groups";
import { type Args, type HandChange, omit, type ProgramChange, type Slot } from "./slot";

const [MIA, MAX] = USERS;
const JOININGS = [
  undefined,
  { role: "read", scope: "read_plus" },
  { role: "read", scope: "all" },
  { role: "write", scope: "read_plus" },
  { role: "write", scope: "all" },
] as const;
const LIMITS = [100, 500, undefined] as const;
const MEMBERS: { user: string; role: OrgRole }[][] = [
  [],
  [{ user: MIA, role: "write" }],
  [{ user: MIA, role: "read" }],
  [
    { user: MIA, role: "write" },
    { user: MAX, role: "read" },
  ],
];

const set = (words: string, changes: Args, ...without: string[]): ProgramChange => ({
  words,
  apply: (args) => ({ ...omit(args, ...without), ...changes }),
});

const changing =
  (object: string, change: (store: Store, group: ResourceGroup, actor: Actor) => void) =>
  (store: Store, actor: Actor): void => {
    const group = groupOf(store, object);
    if (group) change(store, group, actor);
  };

const handOnGroup = (object: string): HandChange[] => [
  ...LIMITS.map((total) => ({
    words: `sets the limit of ${object} to ${total ?? "none"}`,
    apply: changing(object, (store, group, actor) => {
      const spendLimits = { ...group.spendLimits };
      delete spendLimits["total"];
      const merged = total === undefined ? spendLimits : { ...spendLimits, total };
      groups.updateGroup(store, group, { spendLimits: merged }, actor);
    }),
  })),
  ...JOININGS.map((joining) => ({
    words: `lets members join ${object} as ${joining ? `${joining.role}/${joining.scope}` : "none"}`,
    // Without the present members, who are facets of their own.
    apply: changing(object, (store, group) => {
      const autoJoin = joining && { ...joining, enabled: true as const };
      store.tables.resourceGroups.put(group.id, { ...group, autoJoin });
    }),
  })),
  {
    words: `deletes ${object}`,
    apply: changing(object, (store, group, actor) => groups.deleteGroup(store, group, actor)),
  },
];

const setRole = (object: string, user: string, role: OrgRole | undefined): HandChange => ({
  words: role === undefined ? `takes ${user} out of ${object}` : `makes ${user} ${role} of ${object}`,
  apply: changing(object, (store, group, actor) => {
    const isIn = group.users.some((each) => each.user === user);
    if (role === undefined) groups.removeUser(store, group, user, actor);
    else if (isIn) groups.changeUser(store, group, user, role, actor);
    else groups.addUsers(store, group, [{ user, role }], actor);
  }),
});

const move = (object: string, repo: string, to: "here" | "none" | "elsewhere"): HandChange => ({
  words: `moves ${repo}: ${to}`,
  apply: changing(object, (store, group, actor) => {
    const found = store.repository(repo);
    const other = [...store.resourceGroups.values()].find(({ name }) => name === OTHER);
    const place = to === "here" ? group.id : to === "none" ? null : (other?.id ?? null);
    if (found) repositories.setResourceGroup(store, found, place, actor);
  }),
});

function begin(store: Store, actor: Actor): void {
  for (const user of USERS) {
    store.tables.users.put(user, makeUser(user, repeatableHex(user)));
    store.tables.memberships.put(`${ORGANIZATION}/${user}`, {
      organization: ORGANIZATION,
      user,
      role: "read",
    });
  }
  for (const repo of [MOVED, ADDED]) {
    const name = repo.split("/")[1] ?? "";
    const settings = { type: "model", namespace: ORGANIZATION, name, visibility: "private" } as const;
    repositories.createRepository(store, { ...settings, author: actor.author.user }, actor);
  }
  groups.createGroup(store, ORGANIZATION, { name: OTHER }, [], actor);
}

const LAB = "group lab";
const OPEN = "group open";

const limitsOf = ({ "limit total": total = "none" }: Record<string, string>, args: Args): Args =>
  args["spendLimits"] === undefined || total === "none"
    ? omit(args, "spendLimits")
    : { ...args, spendLimits: { total: Number(total) } };

export const groupSlot: Slot = {
  type: "ResourceGroup",
  object: LAB,
  name: "lab",
  begin,
  args: {
    organization: ORGANIZATION,
    name: "lab",
    members: MEMBERS[1],
    repositories: [{ repo: MOVED }],
    forceDestroy: true,
  },
  program: [
    ...MEMBERS.map((members, index) => set(`declares members ${index}`, { members })),
    set("declares no members", {}, "members"),
    set("declares one repository", { repositories: [{ repo: MOVED }] }),
    set("declares two repositories", { repositories: [{ repo: MOVED }, { repo: ADDED }] }),
    set("declares no repositories", {}, "repositories"),
    ...LIMITS.map((total) =>
      total === undefined
        ? set("declares no limit", {}, "spendLimits")
        : set(`declares the limit ${total}`, { spendLimits: { total } }),
    ),
    ...[true, false].map((on) => set(`declares recreateIfMissing ${on}`, { recreateIfMissing: on })),
  ],
  hand: [
    ...USERS.flatMap((user) =>
      ([undefined, "read", "write"] as const).map((role) => setRole(LAB, user, role)),
    ),
    ...(["here", "none", "elsewhere"] as const).map((to) => move(LAB, MOVED, to)),
    ...(["here", "none"] as const).map((to) => move(LAB, ADDED, to)),
    ...handOnGroup(LAB),
  ],
  reason: "acknowledgeOverwrite",
  needsReason: () => false,
  asOnHub(args, facets) {
    const members = USERS.flatMap((user) => {
      const role = facets[`member ${user}`] ?? "none";
      return role === "none" ? [] : [{ user, role }];
    });
    const repos = [
      ...(facets["repository moved"] === "here" ? [{ repo: MOVED }] : []),
      ...(facets["repository added"] === "here" ? [{ repo: ADDED }] : []),
    ];
    return {
      ...limitsOf(facets, args),
      ...(args["members"] !== undefined && { members }),
      ...(args["repositories"] !== undefined && { repositories: repos }),
    };
  },
};

export const openGroupSlot: Slot = {
  type: "ResourceGroup",
  object: OPEN,
  name: "open",
  begin: () => undefined,
  args: { organization: ORGANIZATION, name: "open", forceDestroy: true },
  program: [
    ...JOININGS.map((autoJoin) =>
      autoJoin
        ? set(`declares automatic joining ${autoJoin.role}/${autoJoin.scope}`, { autoJoin })
        : set("declares no automatic joining", {}, "autoJoin"),
    ),
    ...LIMITS.map((total) =>
      total === undefined
        ? set("declares no limit of the open group", {}, "spendLimits")
        : set(`declares the limit ${total} of the open group`, { spendLimits: { total } }),
    ),
  ],
  hand: handOnGroup(OPEN),
  reason: "acknowledgeOverwrite",
  needsReason: () => false,
  asOnHub(args, facets) {
    const [role, scope] = (facets["autoJoin"] ?? "none").split("/");
    const own = scope === undefined ? omit(args, "autoJoin") : { ...args, autoJoin: { role, scope } };
    return limitsOf(facets, own);
  },
};

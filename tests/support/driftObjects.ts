// Objects of the Hub of all kinds, what a program declares about them, and how people change them by hand.
import { makeUser } from "../../local-hub/src/store/contents";
import { memberKey, setMemberRole } from "../../local-hub/src/store/members";
import {
  type Repository,
  type RepoType,
  type ServiceAccountToken,
  type UserToken,
} from "../../local-hub/src/store/records";
import * as repositories from "../../local-hub/src/store/repositories";
import * as groups from "../../local-hub/src/store/resource-groups";
import * as accounts from "../../local-hub/src/store/service-accounts";
import { putSpaceSetting, removeSpaceSetting, spaceSetting } from "../../local-hub/src/store/space-settings";
import { deleteSso, mergeSso, saveSso, type SsoUpdate } from "../../local-hub/src/store/sso";
import { type Actor, type Store } from "../../local-hub/src/store/store";
import { createUserToken, deleteUserToken } from "../../local-hub/src/store/user-tokens";
import { fixedCertificates } from "../rules/fixedCertificates";

export const ACME = "acme";
export const GLOBEX = "globex";
/** The user whose token the provider has. */
export const PIPELINE = "ada-admin";

/** What the stack has of the object: the resource's id and its outputs. */
export interface Known {
  id: string;
  outputs: Record<string, unknown>;
}

/** A change by hand. It does nothing if its object does not exist. */
export type HandChange = (store: Store, actor: Actor, known: Known) => void;

/** One object, and what the program declares about it. */
export interface DriftObject {
  type: string;
  name: string;
  args: Record<string, unknown>;
  /** The arguments that the program makes secret, in addition to those that always are. */
  secret?: readonly string[];
  /** Creates what the declaration needs. */
  begin(store: Store, actor: Actor): void;
  hand: readonly HandChange[];
  /** Changes that the others do not undo. */
  ends?: readonly HandChange[];
}

/** The author of a change, by user name. The account does not have to exist. */
export function actorNamed(user: string): Actor {
  return { author: { id: "0".repeat(24), user, avatarUrl: "", type: "user" } };
}

const nothing = (): void => undefined;

type Visibility = Repository["visibility"];

function makeRepo(
  store: Store,
  actor: Actor,
  type: RepoType,
  repo: string,
  visibility: Visibility,
): Repository {
  const [namespace = "", name = ""] = repo.split("/");
  const sdk = type === "space" ? { sdk: "static" } : {};
  const settings = { type, namespace, name, visibility, author: actor.author.user, ...sdk };
  return repositories.createRepository(store, settings, actor);
}

const toRepo =
  (
    type: RepoType,
    repo: string,
    change: (store: Store, found: Repository, actor: Actor) => void,
  ): HandChange =>
  (store, actor) => {
    const found = store.repository(repo, type);
    if (found) change(store, found, actor);
  };

function recreate(type: RepoType, repo: string, visibility: Visibility): HandChange {
  return (store, actor) => {
    const found = store.repository(repo, type);
    if (found) repositories.deleteRepository(store, found, actor);
    makeRepo(store, actor, type, repo, visibility);
  };
}

/** Moves the repository away, and sometimes lets another one take the name. */
function move(type: RepoType, repo: string, isReplaced: boolean): HandChange {
  return (store, actor) => {
    const found = store.repository(repo, type);
    const name = `${repo.split("/")[1] ?? ""}-moved`;
    if (!found || store.repository(`${found.namespace}/${name}`, type)) return;
    repositories.moveRepository(store, found, { namespace: found.namespace, name }, actor);
    if (isReplaced) makeRepo(store, actor, type, repo, "public");
  };
}

const VISIBILITIES: Record<RepoType, readonly Visibility[]> = {
  model: ["private", "internal", "public"],
  dataset: ["private", "internal", "public"],
  space: ["private", "internal", "protected", "public"],
  bucket: ["private", "public"],
  kernel: ["private", "public"],
};

/** A repository with its visibility, and perhaps its gate. */
export function repository(
  type: "model" | "dataset" | "space" | "bucket",
  name: string,
  {
    visibility = "private",
    gated,
    ...more
  }: { visibility?: Visibility; gated?: Repository["gated"] } & Partial<DriftObject> = {},
): DriftObject {
  const repo = `${ACME}/${name}`;
  const settings = VISIBILITIES[type].map((each) => ({ visibility: each }));
  const gates = type === "model" || type === "dataset" ? ([false, "auto", "manual"] as const) : [];
  return {
    type: "RepoVisibility",
    name: `${type} ${name}`,
    args: {
      ...{ repo, repoType: type, visibility },
      ...(gated !== undefined && { gated }),
      ...(["public", "protected"].includes(visibility) && { acknowledgePublic: "a reason" }),
    },
    begin: (store, actor) => void makeRepo(store, actor, type, repo, "private"),
    hand: [
      ...[...settings, ...gates.map((each) => ({ gated: each }))].map((update) =>
        toRepo(
          type,
          repo,
          (store, found, actor) => void repositories.updateRepository(store, found, update, actor),
        ),
      ),
      toRepo(type, repo, repositories.deleteRepository),
      recreate(type, repo, "private"),
      recreate(type, repo, "public"),
      move(type, repo, true),
    ],
    ends: [move(type, repo, false)],
    ...more,
  };
}

/** All repositories of an organization. */
export function organization(
  name: string,
  organizationName: string,
  args: Record<string, unknown>,
): DriftObject {
  const stray = (type: RepoType): string => `${organizationName}/${name}-stray-${type}`;
  return {
    type: "OrganizationVisibility",
    name,
    args: { organization: organizationName, ...args },
    begin(store, actor) {
      for (const type of ["model", "space", "bucket", "kernel"] as const) {
        makeRepo(store, actor, type, stray(type), "private");
      }
    },
    hand: (["model", "space", "bucket", "kernel"] as const).flatMap((type) => [
      ...VISIBILITIES[type].map((visibility) =>
        toRepo(
          type,
          stray(type),
          (store, found, actor) => void repositories.updateRepository(store, found, { visibility }, actor),
        ),
      ),
      recreate(type, stray(type), "public"),
      toRepo(type, stray(type), repositories.deleteRepository),
    ]),
  };
}

/** A service account. */
export function account(name: string): DriftObject {
  return {
    type: "ServiceAccount",
    name,
    args: { organization: ACME, name },
    begin: nothing,
    hand: [(store, actor) => void accounts.createServiceAccount(store, ACME, { name }, actor)],
    ends: [
      (store, actor, { outputs }) => {
        const found = store.serviceAccounts.get(String(outputs["accountId"]));
        if (found) accounts.deleteServiceAccount(store, found, actor);
      },
    ],
  };
}

/** The id of a repository that no program gives access to. */
const OTHER_REPO = "65cc00000000000000000001";

/** A token of a service account. */
export function token(
  name: string,
  args: Record<string, unknown>,
  more: Partial<DriftObject> & { accountId: string },
): DriftObject {
  const { accountId, ...others } = more;
  const repo = `${ACME}/${name}-granted`;
  const change =
    (settings: (held: ServiceAccountToken) => accounts.TokenSettings): HandChange =>
    (store, actor, { outputs }) => {
      const found = store.serviceAccountTokens.get(String(outputs["tokenId"]));
      const owner = store.serviceAccounts.get(accountId);
      if (found && owner && found.deletedAt === undefined) {
        accounts.updateServiceAccountToken(store, owner, found, settings(found), actor);
      }
    };
  const toToken =
    (end: typeof accounts.deleteServiceAccountToken): HandChange =>
    (store, actor, { outputs }) => {
      const found = store.serviceAccountTokens.get(String(outputs["tokenId"]));
      const owner = store.serviceAccounts.get(accountId);
      if (found && owner && found.deletedAt === undefined) end(store, owner, found, actor);
    };
  return {
    type: "HubToken",
    name,
    args: {
      ...{ organization: ACME, serviceAccount: accountId, name },
      ...args,
      ...(args["repoPermissions"] !== undefined && { repos: [repo] }),
    },
    begin(store, actor) {
      if (!store.serviceAccounts.has(accountId)) makeAccount(store, accountId);
      makeRepo(store, actor, "model", repo, "private");
    },
    hand: [
      change(({ permissions }) => ({ permissions: permissions.filter((each) => each !== "org.read") })),
      change(({ permissions }) => ({ permissions: [...new Set([...permissions, "org.write" as const])] })),
      change(() => ({ permissions: ["org.write"] })),
      change((held) => ({
        permissions: [...new Set([...held.permissions, "inference.endpoints.infer.write" as const])],
        endpointPatterns: ["acme/other"],
      })),
      change(() => ({ permissions: ["org.read", "repo.write"] })),
      change(() => ({ repoIds: [], repoPermissions: [] })),
      change(({ repoIds }) => ({
        repoIds: [...new Set([...repoIds, OTHER_REPO])],
        repoPermissions: ["repo.content.read"],
      })),
      change(() => ({ displayName: "renamed by hand" })),
    ],
    ends: [
      toToken(accounts.deleteServiceAccountToken),
      toToken(
        (store, owner, found, actor) => void accounts.rotateServiceAccountToken(store, owner, found, actor),
      ),
      recreate("model", repo, "private"),
      toRepo("model", repo, repositories.deleteRepository),
      (store, actor) => {
        const owner = store.serviceAccounts.get(accountId);
        if (owner) accounts.deleteServiceAccount(store, owner, actor);
      },
    ],
    ...others,
  };
}

/** An account with a chosen id. */
function makeAccount(store: Store, id: string): void {
  const made = accounts.createServiceAccount(store, ACME, { name: `account ${id}` }, actorNamed(PIPELINE));
  store.tables.serviceAccounts.delete(made.id);
  store.tables.serviceAccounts.put(id, { ...made, id });
}

/** A token of the pipeline's user. */
export function ownToken(name: string, role: "read" | "write"): DriftObject {
  const toOwn =
    (change: (store: Store, found: UserToken) => void): HandChange =>
    (store, _actor, { outputs }) => {
      // The name is the id of a user's own token.
      const found = store.tokensOfUser(PIPELINE).find(({ name }) => name === outputs["tokenId"]);
      if (found) change(store, found);
    };
  return {
    type: "HubToken",
    name,
    args: { name, role },
    begin: nothing,
    hand: [
      ...(["read", "write", "admin"] as const).map((each) =>
        toOwn((store, found) => store.tables.userTokens.put(found.id, { ...found, role: each })),
      ),
      toOwn((store, found) => store.setTokenExpiry(found.id, "2030-01-01T00:00:00Z")),
      toOwn((store, found) => store.setTokenExpiry(found.id, null)),
    ],
    ends: [
      toOwn(deleteUserToken),
      toOwn((store, found) => {
        deleteUserToken(store, found);
        createUserToken(store, PIPELINE, { name: found.name, role: "admin" });
      }),
    ],
  };
}

const { p384, p521 } = fixedCertificates;
export const CERTIFICATES = [p384, p521] as const;
const SIGN_ON = "https://idp.acme.example/sso";

const setSso =
  (organizationName: string, update: SsoUpdate): HandChange =>
  (store, actor) => {
    const settings = mergeSso(store, organizationName, update);
    if (settings) saveSso(store, settings, Object.keys(update), actor);
  };

/** The single sign-on of an organization. */
export function sso(name: string): DriftObject {
  const remove: HandChange = (store, actor) => {
    const settings = store.sso.get(ACME);
    if (settings) deleteSso(store, settings, actor);
  };
  const saml = { provider: "saml", ssoUrl: SIGN_ON, certificate: p384 } as const;
  const oidc = {
    provider: "oidc",
    ssoUrl: "https://login.acme.example",
    clientId: "hub",
    clientSecret: "a",
  } as const;
  return {
    type: "SsoConfig",
    name,
    args: { organization: ACME, ...saml, enabled: true, verifyIssuer: false },
    begin: nothing,
    hand: [
      setSso(ACME, { enabled: false }),
      setSso(ACME, { ...saml, enabled: true }),
      setSso(ACME, { ...saml, certificate: p521 }),
      setSso(ACME, { ...saml, ssoUrl: "https://elsewhere.example" }),
      setSso(ACME, oidc),
      remove,
      (store, actor, known) => {
        remove(store, actor, known);
        setSso(ACME, { ...saml, certificate: p521, enabled: true })(store, actor, known);
      },
    ],
  };
}

/** The credential of the single sign-on of a second organization. */
export function ssoCredential(name: string): DriftObject {
  const begin = setSso(GLOBEX, { provider: "saml", ssoUrl: SIGN_ON, certificate: p384, enabled: true });
  return {
    type: "SsoCredential",
    name,
    args: { organization: GLOBEX, certificate: p521, replaceExisting: true },
    begin: (store, actor) => begin(store, actor, { id: "", outputs: {} }),
    hand: [setSso(GLOBEX, { certificate: p384 }), setSso(GLOBEX, { certificate: p521 })],
  };
}

/** A secret or a variable of a Space. */
export function setting(kind: "secret" | "variable", name: string, reason?: string): DriftObject {
  const space = `${ACME}/${name}`;
  const put = (value: string): HandChange =>
    toRepo("space", space, (store, found, actor) =>
      putSpaceSetting(store, found, kind, { key: "MODEL", value }, actor),
    );
  return {
    type: kind === "secret" ? "SpaceSecret" : "SpaceVariable",
    name: `${kind} ${name}`,
    args: {
      space,
      key: "MODEL",
      value: `declared for ${name}`,
      ...(reason && { acknowledgeOverwrite: reason }),
    },
    begin: (store, actor) => void makeRepo(store, actor, "space", space, "private"),
    hand: [
      put("set by hand"),
      put(`declared for ${name}`),
      toRepo("space", space, (store, found, actor) => {
        const present = spaceSetting(store, found, "MODEL");
        if (present) removeSpaceSetting(store, found, present, actor);
      }),
      toRepo("space", space, repositories.deleteRepository),
      recreate("space", space, "private"),
    ],
  };
}

/** Makes a person a member, if that person is not one. */
function join(store: Store, user: string): void {
  if (!store.users.has(user)) store.tables.users.put(user, makeUser(user, store.hex));
  if (store.memberships.has(memberKey(ACME, user))) return;
  store.tables.memberships.put(memberKey(ACME, user), { organization: ACME, user, role: "read" });
}

/** The person leaves the organization, and so all its resource groups. */
const leave =
  (user: string): HandChange =>
  (store, actor) => {
    for (const group of store.groupsOf.all(ACME)) {
      if (group.users.some((each) => each.user === user)) groups.removeUser(store, group, user, actor);
    }
    store.tables.memberships.delete(memberKey(ACME, user));
  };

/** The person leaves, and another one takes the name. */
const replacePerson =
  (user: string): HandChange =>
  (store, actor, known) => {
    leave(user)(store, actor, known);
    store.tables.users.put(user, makeUser(user, store.hex));
    join(store, user);
  };

/** The role of a person in the organization. */
export function member(user: string, role: string, args: Record<string, unknown> = {}): DriftObject {
  return {
    type: "MemberRole",
    name: `member ${user}`,
    args: { organization: ACME, user, role, ...args },
    begin: (store) => join(store, user),
    hand: [
      ...(["no_access", "read", "contributor", "write", "admin"] as const).map(
        (each): HandChange =>
          (store, actor) => {
            const found = store.memberships.get(memberKey(ACME, user));
            if (!found) return;
            const kept = store.groupsOf.all(ACME).flatMap(({ id, users }) => {
              const present = users.find((one) => one.user === user);
              return present ? [{ id, role: present.role }] : [];
            });
            setMemberRole(store, found, each, kept, actor);
          },
      ),
      replacePerson(user),
    ],
    ends: [leave(user)],
  };
}

const toGroup =
  (
    id: (known: Known) => string,
    change: (store: Store, group: ReturnType<typeof groups.createGroup>, actor: Actor) => void,
  ): HandChange =>
  (store, actor, known) => {
    const group = store.resourceGroups.get(id(known));
    if (group) change(store, group, actor);
  };

/** Changes of a person in a resource group. */
function memberships(id: (known: Known) => string, user: string): HandChange[] {
  return [
    ...(["read", "write", "admin"] as const).map((role) =>
      toGroup(id, (store, group, actor) => {
        if (!store.memberships.has(memberKey(ACME, user))) return;
        if (group.users.some((each) => each.user === user))
          groups.changeUser(store, group, user, role, actor);
        else groups.addUsers(store, group, [{ user, role }], actor);
      }),
    ),
    toGroup(id, (store, group, actor) => {
      if (group.users.some((each) => each.user === user)) groups.removeUser(store, group, user, actor);
    }),
  ];
}

const LIMITS: readonly Record<string, number>[] = [{ total: 500 }, { total: 10, jobs: 0 }, {}, { jobs: 5 }];

/** A resource group with members, a repository and a limit; or one that members join automatically. */
export function group(name: string, isOpen: boolean): DriftObject {
  const users = [`${name}-one`, `${name}-two`];
  const repos = [`${ACME}/${name}-in`, `${ACME}/${name}-out`];
  const id = ({ outputs }: Known): string => String(outputs["groupId"]);
  const place = (repo: string, isIn: boolean): HandChange =>
    toGroup(id, (store, found, actor) => {
      const present = store.repository(repo);
      if (present) repositories.setResourceGroup(store, present, isIn ? found.id : null, actor);
    });
  const lists = {
    members: [{ user: users[0], role: "write" }],
    repositories: [{ repo: repos[0] }],
    spendLimits: { total: 100, jobs: 0 },
    description: `for ${name}`,
  };
  return {
    type: "ResourceGroup",
    name,
    args: {
      ...{ organization: ACME, name, forceDestroy: true },
      ...(isOpen ? { autoJoin: { role: "read", scope: "read_plus" } } : lists),
    },
    begin(store, actor) {
      for (const user of users) join(store, user);
      for (const repo of repos) makeRepo(store, actor, "model", repo, "private");
    },
    hand: [
      ...(isOpen ? [] : users.flatMap((user) => memberships(id, user))),
      ...repos.flatMap((repo) => [place(repo, true), place(repo, false)]),
      ...LIMITS.map((spendLimits) =>
        toGroup(id, (store, found, actor) => void groups.updateGroup(store, found, { spendLimits }, actor)),
      ),
      ...(isOpen
        ? [undefined, { role: "write", scope: "all" } as const, { role: "read" } as const].map((autoJoin) =>
            toGroup(id, (store, found) => {
              const joining = autoJoin && { ...autoJoin, enabled: true as const };
              store.tables.resourceGroups.put(found.id, { ...found, autoJoin: joining });
            }),
          )
        : []),
      toGroup(
        id,
        (store, found, actor) => void groups.updateGroup(store, found, { name: `${name} renamed` }, actor),
      ),
      toGroup(
        id,
        (store, found, actor) => void groups.updateGroup(store, found, { description: "by hand" }, actor),
      ),
    ],
    ends: [toGroup(id, groups.deleteGroup)],
  };
}

/** Ensures that a resource group with this id exists. */
function makeGroup(store: Store, id: string): void {
  if (store.resourceGroups.has(id)) return;
  store.tables.resourceGroups.put(id, { id, organization: ACME, name: `group ${id}`, users: [] });
}

/** A person in a resource group. */
export function groupMember(user: string, groupId: string): DriftObject {
  return {
    type: "ResourceGroupMember",
    name: `group member ${user}`,
    args: { organization: ACME, groupId, user, role: "write" },
    begin(store) {
      makeGroup(store, groupId);
      join(store, user);
    },
    hand: [...memberships(() => groupId, user), replacePerson(user)],
    ends: [leave(user)],
  };
}

/** A repository in a resource group. */
export function repoGroup(
  type: "model" | "space",
  name: string,
  [groupId, other]: readonly [string, string],
): DriftObject {
  const repo = `${ACME}/${name}`;
  return {
    type: "RepoResourceGroup",
    name: `group of ${type} ${name}`,
    args: { repo, repoType: type, groupId },
    begin(store, actor) {
      for (const id of [groupId, other]) makeGroup(store, id);
      makeRepo(store, actor, type, repo, "private");
    },
    hand: [
      ...[null, groupId, other].map((id) =>
        toRepo(type, repo, (store, found, actor) => repositories.setResourceGroup(store, found, id, actor)),
      ),
      toRepo(type, repo, repositories.deleteRepository),
      recreate(type, repo, "private"),
      move(type, repo, true),
    ],
  };
}

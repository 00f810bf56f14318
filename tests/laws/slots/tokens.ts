// Tokens: of a service account, and a user's own.
import * as accounts from "../../../local-hub/src/store/service-accounts";
import * as repositories from "../../../local-hub/src/store/repositories";
import { deleteUserToken, createUserToken } from "../../../local-hub/src/store/user-tokens";
import { type ServiceAccountToken, type UserToken } from "../../../local-hub/src/store/records";
import { type Actor, type Store } from "../../../local-hub/src/store/store";
import { type Declared } from "../engine";
import { ORGANIZATION, PIPELINE } from "../hub";
import { PATTERNS } from "../tokens/look";
import { type Args, type HandChange, omit, type ProgramChange, type Slot } from "./slot";

const REPO = `${ORGANIZATION}/granted`;
const PERMISSIONS = ["org.read", "repo.write", "collection.read"] as const;
const INFER = "inference.endpoints.infer.write";
const [ONE, TWO] = PATTERNS;

type Touch = (store: Store, actor: Actor, token: ServiceAccountToken) => void;

/** Does something to the token that the program has, if it exists. */
const toToken = (touch: Touch) => (store: Store, actor: Actor, current?: string) => {
  const token = store.serviceAccountTokens.get(current ?? "");
  if (token && token.deletedAt === undefined) touch(store, actor, token);
};

const edit = (change: (token: ServiceAccountToken) => accounts.TokenSettings) =>
  toToken((store, actor, token) => {
    const account = store.serviceAccounts.get(token.accountId);
    if (account) accounts.updateServiceAccountToken(store, account, token, change(token), actor);
  });

const without = (token: ServiceAccountToken, permission: string): accounts.TokenSettings => ({
  permissions: token.permissions.filter((each) => each !== permission),
});

const makeRepo = (store: Store, actor: Actor): void => {
  const [namespace = "", name = ""] = REPO.split("/");
  const settings = {
    type: "model",
    namespace,
    name,
    visibility: "private",
    author: actor.author.user,
  } as const;
  repositories.createRepository(store, settings, actor);
};

const ROBOTS: Actor = { author: { id: "", user: "ada-admin", avatarUrl: "", type: "user" } };
const makeAccount = (store: Store, actor = ROBOTS): string =>
  accounts.createServiceAccount(store, ORGANIZATION, { name: "robot" }, actor).id;

const use = (store: Store, current: string | undefined): void => {
  if (current !== undefined && (store.serviceAccountTokens.has(current) || store.userTokens.has(current))) {
    store.markTokenUsed(current, store.now());
  }
};

const handUse: HandChange[] = [
  { words: "uses the token", apply: (store, _actor, current) => use(store, current) },
  {
    words: "uses every remaining token",
    apply: (store) => {
      for (const { id } of [...store.serviceAccountTokens.values(), ...store.userTokens.values()])
        use(store, id);
    },
  },
];

const handOnAccount: HandChange[] = [
  ...PERMISSIONS.flatMap((permission) => [
    { words: `removes ${permission} from the token`, apply: edit((token) => without(token, permission)) },
    {
      words: `adds ${permission} to the token`,
      apply: edit((token) => ({ permissions: [...new Set([...token.permissions, permission])] })),
    },
  ]),
  ...[[], [ONE], [TWO], [ONE, TWO]].map((endpointPatterns) => ({
    words: `lets the token call ${endpointPatterns.join(" and ") || "any endpoint"}`,
    apply: edit(({ permissions }) => ({
      permissions: [...new Set([...permissions, INFER])] as ServiceAccountToken["permissions"],
      endpointPatterns,
    })),
  })),
  {
    words: "removes the repositories from the token",
    apply: edit(() => ({ repoIds: [], repoPermissions: [] })),
  },
  {
    words: "revokes the token",
    apply: toToken((store, actor, token) => {
      const account = store.serviceAccounts.get(token.accountId);
      if (account) accounts.deleteServiceAccountToken(store, account, token, actor);
    }),
  },
  {
    words: "replaces the token's value",
    apply: toToken((store, actor, token) => {
      const account = store.serviceAccounts.get(token.accountId);
      if (account) accounts.rotateServiceAccountToken(store, account, token, actor);
    }),
  },
  {
    words: `deletes ${REPO} and creates it again`,
    apply: (store, actor) => {
      const repo = store.repository(REPO);
      if (repo) repositories.deleteRepository(store, repo, actor);
      makeRepo(store, actor);
    },
    touchesAll: true,
  },
  {
    words: "deletes the service account",
    apply: toToken((store, actor, token) => {
      const account = store.serviceAccounts.get(token.accountId);
      if (account) accounts.deleteServiceAccount(store, account, actor);
    }),
    touchesAll: true,
  },
  ...handUse,
];

const set = (words: string, changes: Args): ProgramChange => ({
  words,
  apply: (args) => ({ ...args, ...changes }),
});

const unset = (words: string, ...names: string[]): ProgramChange => ({
  words,
  apply: (args) => omit(args, ...names),
});

const programOfAll: ProgramChange[] = [
  set("declares rotateEveryDays 1", { rotateEveryDays: 1 }),
  set("declares revokeStrays", { revokeStrays: true }),
  unset("declares no revokeStrays", "revokeStrays"),
  set("declares rotateEveryDays 30", { rotateEveryDays: 30 }),
  unset("declares no rotation by the clock", "rotateEveryDays"),
  set("declares recreateIfInvalid", { recreateIfInvalid: true }),
  set("declares no recreateIfInvalid", { recreateIfInvalid: false }),
  set("declares overlapHours 0", { overlapHours: 0 }),
  set("declares overlapHours 24", { overlapHours: 24 }),
];

const programOnAccount: ProgramChange[] = [
  ...[[], ["org.read"], ["org.read", "repo.write"], [...PERMISSIONS]].map((permissions) =>
    set(`declares the permissions ${permissions.join(", ") || "none"}`, { permissions }),
  ),
  ...[[], [ONE], [ONE, TWO]].map((endpointPatterns) =>
    set(`declares the endpoints ${endpointPatterns.join(" and ") || "any"}`, {
      permissions: ["org.read", INFER],
      endpointPatterns,
    }),
  ),
  set(`declares repo.content.read in ${REPO}`, { repos: [REPO], repoPermissions: ["repo.content.read"] }),
  unset("declares no repositories", "repos", "repoPermissions"),
  ...programOfAll,
];

/** The child that the class HubToken declares with each token. */
function child({ name, args, aliases = [], provider }: Declared): Declared {
  const { organization, serviceAccount, overlapHours, idleMinutes, revokeStrays } = args;
  const place = organization === undefined ? {} : { organization, serviceAccount };
  const settings = {
    ...(overlapHours !== undefined && { overlapHours }),
    ...(idleMinutes !== undefined && { idleMinutes }),
    ...(revokeStrays !== undefined && { revokeStrays }),
  };
  return {
    type: "HubTokenPredecessors",
    name: `${name} predecessors`,
    provider,
    aliases: aliases.map((alias) => `${alias} predecessors`),
    args: { ...place, ...settings },
    from: { type: "HubToken", name, takes: ["owner", "tokenId", "status", "predecessors"] },
  };
}

const common = {
  type: "HubToken",
  reason: "rotationTriggers",
  asReason: (text: string) => ({ at: text }),
  mayBeDeclaredAgain: true,
  mayChangeProvider: true,
  needsReason: () => false,
  children: (declared: Declared) => [child(declared)],
};

export const accountTokenSlot: Slot = {
  ...common,
  object: "token of an account",
  name: "ci",
  begin(store, actor) {
    makeRepo(store, actor);
    makeAccount(store, actor);
  },
  args: (store) => ({
    organization: ORGANIZATION,
    serviceAccount: [...store.serviceAccounts.keys()][0],
    name: "ci",
    permissions: ["org.read", "repo.write"],
    repos: [REPO],
    repoPermissions: ["repo.content.read"],
    endpointPatterns: [ONE],
    rotateEveryDays: 30,
  }),
  program: programOnAccount,
  hand: handOnAccount,
  asOnHub: (args, _facets, store, current = "") => {
    const token = store.serviceAccountTokens.get(current);
    // No token can be issued for a deleted account. Only another account helps.
    if (!store.serviceAccounts.has(String(args["serviceAccount"])))
      return { ...args, serviceAccount: makeAccount(store) };
    if (!token) return args;
    const { permissions, repoPermissions, endpointPatterns } = token;
    return {
      ...omit(args, "repos", "repoPermissions"),
      ...{ permissions, endpointPatterns },
      ...(token.repoIds.length > 0 && { repos: [REPO], repoPermissions }),
    };
  },
};

const toOwn =
  (touch: (store: Store, token: UserToken) => void) => (store: Store, _actor: Actor, current?: string) => {
    const token = store.userTokens.get(current ?? "");
    if (token && token.deletedAt === undefined) touch(store, token);
  };

export const ownTokenSlot: Slot = {
  ...common,
  object: "token of a user",
  name: "mine",
  begin: () => undefined,
  args: () => ({ name: "mine", role: "read", revokeStrays: true, overlapHours: 0 }),
  program: [
    ...["read", "write", "admin"].map((role) => set(`declares the role ${role}`, { role })),
    ...programOfAll,
  ],
  hand: [
    { words: "revokes the token", apply: toOwn(deleteUserToken) },
    ...(["read", "write"] as const).map((role) => ({
      words: `revokes the token and creates another one with its name and the role ${role}`,
      apply: toOwn((store, token) => {
        deleteUserToken(store, token);
        createUserToken(store, PIPELINE, { name: token.name, role });
      }),
    })),
    ...handUse,
  ],
  asOnHub: (args) => args,
};

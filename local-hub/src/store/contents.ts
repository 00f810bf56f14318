import { makeId, repeatableHex, sha256, type HexSource } from "./ids.js";
import {
  STARTER_NAMES,
  type Gated,
  type OrgRole,
  type Plan,
  type Repository,
  type Scan,
  type RepoType,
  type StarterName,
  type User,
  type UserTokenRole,
  type Visibility,
} from "./records.js";
import { memberKey } from "./members.js";
import { addition } from "./plot.js";
import { repoKey } from "./repositories.js";
import { FIRST_DAY, generateEvents, type Happening } from "./story.js";
import { type Store } from "./store.js";
import { createUserToken } from "./user-tokens.js";

/** The number of audit events of the organization `acme` in a new state. */
const SHIPPED_EVENTS = 360;

const USERS: Record<string, { fullname: string; isPro?: boolean }> = {
  "ada-admin": { fullname: "Ada Adler", isPro: true },
  "wim-write": { fullname: "Wim Wolters" },
  "cora-contributor": { fullname: "Cora Conti" },
  "rex-read": { fullname: "Rex Reyes" },
  "nia-no-access": { fullname: "Nia Novak" },
  "otto-outsider": { fullname: "Otto Olsen" },
};

const STARTERS: Record<StarterName, { user: string; role: UserTokenRole }> = {
  admin: { user: "ada-admin", role: "admin" },
  write: { user: "wim-write", role: "write" },
  contributor: { user: "cora-contributor", role: "write" },
  read: { user: "rex-read", role: "read" },
  outsider: { user: "otto-outsider", role: "admin" },
};

const ORGANIZATIONS: Record<string, { fullname: string; plan: Plan; members: Record<string, OrgRole> }> = {
  acme: {
    fullname: "Acme Corporation",
    plan: "enterprise",
    members: {
      "ada-admin": "admin",
      "wim-write": "write",
      "cora-contributor": "contributor",
      "rex-read": "read",
      "nia-no-access": "no_access",
    },
  },
  globex: { fullname: "Globex", plan: "enterprise", members: { "otto-outsider": "admin" } },
};

type RepoLine = [
  RepoType,
  string,
  Visibility,
  author: string,
  more?: { gated?: Gated; storage?: number; sdk?: string; scan?: Scan },
];

const GIB = 1024 ** 3;

/** A scan that found a file that runs code when it is loaded. */
const UNSAFE: Scan = {
  scansDone: true,
  filesWithIssues: [{ path: "checkpoints/epoch-03.pkl", level: "unsafe" }],
};

const REPOSITORIES: RepoLine[] = [
  ["model", "acme/llm", "private", "ada-admin", { storage: 14 * GIB }],
  ["model", "acme/llm-private", "private", "ada-admin", { storage: 14 * GIB }],
  ["model", "acme/llm-public", "public", "wim-write", { storage: 13 * GIB }],
  ["model", "acme/llm-gated", "public", "wim-write", { gated: "manual", storage: 15 * GIB }],
  ["model", "acme/embeddings", "public", "cora-contributor", { storage: 2 * GIB }],
  ["model", "acme/fraud-detector", "private", "ada-admin", { storage: GIB }],
  ["model", "acme/speech-base", "private", "wim-write", { storage: 3 * GIB }],
  ["model", "acme/vision-experiments", "private", "cora-contributor", { storage: 5 * GIB, scan: UNSAFE }],
  ["dataset", "acme/corpus", "public", "wim-write", { storage: 40 * GIB }],
  ["dataset", "acme/customer-tickets", "private", "ada-admin", { storage: 6 * GIB }],
  ["dataset", "acme/evaluation", "public", "cora-contributor", { gated: "auto", storage: GIB }],
  ["dataset", "acme/telemetry", "private", "wim-write", { storage: 90 * GIB }],
  ["space", "acme/demo-space", "public", "wim-write", { sdk: "gradio" }],
  ["space", "acme/internal-dashboard", "private", "ada-admin", { sdk: "docker" }],
  ["space", "acme/customer-portal", "protected", "ada-admin", { sdk: "docker" }],
  ["space", "acme/labeling", "private", "cora-contributor", { sdk: "static" }],
  ["bucket", "acme/checkpoints", "private", "wim-write", { storage: 200 * GIB }],
  ["model", "globex/forecast", "private", "otto-outsider", { storage: GIB }],
  ["model", "globex/forecast-mini", "public", "otto-outsider", { storage: GIB }],
  ["dataset", "globex/weather", "public", "otto-outsider", { storage: 9 * GIB }],
  ["space", "globex/status", "private", "otto-outsider", { sdk: "static" }],
];

/** Creates a user with default values. */
export function makeUser(name: string, hex: HexSource, fullname = name): User {
  return {
    id: makeId(new Date(FIRST_DAY), hex),
    name,
    fullname,
    email: `${name}@users.invalid`,
    isPro: false,
    avatarUrl: `/avatars/${sha256(name).slice(0, 32)}.svg`,
    twoFaEnabled: true,
  };
}

/** Fills an empty store with the initial contents. Everything except the values of the tokens is the same every time. */
export function fillWithShipped(store: Store, options: { ssoByHand: boolean }): void {
  const hex = repeatableHex("shipped");
  const { tables } = store;
  for (const [name, { fullname, isPro }] of Object.entries(USERS)) {
    tables.users.put(name, { ...makeUser(name, hex, fullname), isPro: isPro ?? false });
  }
  for (const [name, { fullname, plan, members }] of Object.entries(ORGANIZATIONS)) {
    const id = makeId(new Date(FIRST_DAY), hex);
    const avatarUrl = `/avatars/${sha256(name).slice(0, 32)}.svg`;
    tables.organizations.put(name, { id, name, fullname, plan, avatarUrl, tokenPolicy: "none" });
    for (const [user, role] of Object.entries(members)) {
      tables.memberships.put(memberKey(name, user), { organization: name, user, role });
    }
  }
  for (const [index, [type, full, visibility, author, more]] of REPOSITORIES.entries()) {
    const [namespace = "", name = ""] = full.split("/");
    const created = new Date(FIRST_DAY + index * 36e5);
    addRepository(store, hex, created, { type, namespace, name, visibility, author, ...more });
  }
  generateEvents(store, hex, "acme", SHIPPED_EVENTS, beginnings(store, "acme", options));
  for (const name of STARTER_NAMES) {
    const { user, role } = STARTERS[name];
    const { token, value } = createUserToken(store, user, { name: `local hub ${name}`, role });
    tables.starters.put(name, { name, tokenId: token.id, value });
  }
  if (options.ssoByHand) {
    // The public API cannot create a configuration, so the initial contents have one.
    tables.sso.put("acme", {
      organization: "acme",
      provider: "oidc",
      enabled: true,
      ssoUrl: "https://login.acme.example",
      clientId: "acme-hub",
      clientSecretHash: sha256(hex(40)),
      updatedAt: new Date(FIRST_DAY).toISOString(),
    });
  }
}

/** The first events of an organization: its creation, its members and single sign-on. */
function beginnings(store: Store, organization: string, { ssoByHand }: { ssoByHand: boolean }): Happening[] {
  const [admin, ...others] = store.membersOf.all(organization);
  const author = admin && store.users.get(admin.user);
  if (!author) return [];
  const sso = [
    {
      author,
      type: "org.settings.sso" as const,
      message: "Updated single sign-on (oidc)",
      data: { provider: "oidc", enabled: true },
    },
    {
      author,
      type: "org.settings.sso.enable" as const,
      message: "Enabled single sign-on (oidc)",
      data: { provider: "oidc" },
    },
  ];
  const deeds = [
    { author, type: "org.create" as const, message: `Created organization ${organization}` },
    ...others.map(({ user, role }) => addition(author, user, role)),
    ...(ssoByHand ? sso : []),
  ];
  return deeds.map((deed) => ({ at: FIRST_DAY, ...deed }));
}

/** Adds a repository without an audit event. */
export function addRepository(
  store: Store,
  hex: HexSource,
  created: Date,
  repo: Pick<Repository, "type" | "namespace" | "name" | "visibility" | "author"> &
    Partial<Pick<Repository, "gated" | "storage" | "sdk" | "scan">>,
): Repository {
  const at = created.toISOString();
  const record: Repository = {
    id: makeId(created, hex),
    gated: false,
    storage: 0,
    downloads: repo.visibility === "public" ? Number.parseInt(hex(3), 16) : 0,
    likes: repo.visibility === "public" ? Number.parseInt(hex(1), 16) : 0,
    tags: [],
    createdAt: at,
    updatedAt: at,
    ...repo,
  };
  return store.tables.repositories.put(repoKey(record), record);
}

/** Adds the models `bulk-00000`, `bulk-00001`, … to an organization. Every third model is public. */
export function generateRepositories(
  store: Store,
  hex: HexSource,
  organization: string,
  count: number,
): void {
  const author = anyAdmin(store, organization);
  for (let i = 0; i < count; i++) {
    const name = `bulk-${String(i).padStart(5, "0")}`;
    const visibility = i % 3 === 0 ? "public" : "private";
    const created = new Date(FIRST_DAY + i * 1000);
    addRepository(store, hex, created, {
      type: "model",
      namespace: organization,
      name,
      visibility,
      author,
      storage: i,
    });
  }
}

function anyAdmin(store: Store, organization: string): string {
  return store.membersOf.all(organization).find((member) => member.role === "admin")?.user ?? "system";
}

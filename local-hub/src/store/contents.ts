import { makeId, repeatableHex, sha256, type HexSource } from "./ids.js";
import {
  STARTER_NAMES,
  type AuditEvent,
  type Gated,
  type OrgRole,
  type Plan,
  type Repository,
  type RepoType,
  type StarterName,
  type User,
  type UserTokenRole,
  type Visibility,
} from "./records.js";
import { memberKey } from "./members.js";
import { repoKey, repoName } from "./repositories.js";
import { type Store } from "./store.js";
import { createUserToken } from "./user-tokens.js";

/** What ships with the Hub was made in this time. */
const FIRST_DAY = Date.UTC(2026, 4, 4);
const LAST_DAY = Date.UTC(2026, 10, 13);

/** How many audit events ship for the organization `acme`. */
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
  more?: { gated?: Gated; storage?: number; sdk?: string },
];

const GIB = 1024 ** 3;
const REPOSITORIES: RepoLine[] = [
  ["model", "acme/llm-private", "private", "ada-admin", { storage: 14 * GIB }],
  ["model", "acme/llm-public", "public", "wim-write", { storage: 13 * GIB }],
  ["model", "acme/llm-gated", "public", "wim-write", { gated: "manual", storage: 15 * GIB }],
  ["model", "acme/embeddings", "public", "cora-contributor", { storage: 2 * GIB }],
  ["model", "acme/fraud-detector", "private", "ada-admin", { storage: GIB }],
  ["model", "acme/speech-base", "private", "wim-write", { storage: 3 * GIB }],
  ["model", "acme/vision-experiments", "private", "cora-contributor", { storage: 5 * GIB }],
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

const PLACES: AuditEvent["location"][] = [
  { formatted: "Paris, France", country: "FR", city: "Paris" },
  { formatted: "Zurich, Switzerland", country: "CH", city: "Zurich" },
  { formatted: "Lisbon, Portugal", country: "PT", city: "Lisbon" },
  undefined,
];

const AGENTS = ["Mozilla/5.0 (X11; Linux x86_64)", "unknown/None; hf_hub/1.4.0; python/3.12.4", "curl/8.9.1"];

/** A user with nothing but a name. */
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

/** Fills an empty store with what ships with the Hub. Everything but the tokens' values is the same every time. */
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
  generateEvents(store, hex, "acme", SHIPPED_EVENTS);
  for (const name of STARTER_NAMES) {
    const { user, role } = STARTERS[name];
    const { token, value } = createUserToken(store, user, { name: `local hub ${name}`, role });
    tables.starters.put(name, { name, tokenId: token.id, value });
  }
  if (options.ssoByHand) {
    // Without the extended API nobody can configure it over HTTP, so somebody already has.
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

/** A repository that was there before anybody asked: no event tells of it. */
export function addRepository(
  store: Store,
  hex: HexSource,
  created: Date,
  repo: Pick<Repository, "type" | "namespace" | "name" | "visibility" | "author"> &
    Partial<Pick<Repository, "gated" | "storage" | "sdk">>,
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

/** Adds models `bulk-00000`, `bulk-00001`, … to an organization, every third of them public. */
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

/** Adds to an organization's audit log what people there could have done. */
export function generateEvents(store: Store, hex: HexSource, organization: string, count: number): void {
  const repos = store.repositoriesOf.all(organization);
  const members = store.membersOf
    .all(organization)
    .filter((member) => member.role !== "no_access")
    .map((member) => store.users.get(member.user))
    .filter((user) => user !== undefined);
  const step = (LAST_DAY - FIRST_DAY) / Math.max(count, 1);
  for (let i = 0; i < count; i++) {
    const at = new Date(FIRST_DAY + Math.floor(i * step));
    const draw = (): number => Number.parseInt(hex(6), 16);
    const author = pick(members, draw());
    const repo = pick(repos, draw());
    if (!author) return;
    const event = draw() % 10 < 7 && repo ? repoEvent(repo, draw()) : organizationEvent(author.name, draw());
    const location = pick(PLACES, draw());
    store.addEvent({
      id: makeId(at, hex),
      organization,
      createdAt: at.toISOString(),
      ...event,
      ip: `192.0.2.${(draw() % 250) + 1}`,
      ...(location && { location }),
      userAgent: pick(AGENTS, draw()),
      author: { id: author.id, user: author.name, avatarUrl: author.avatarUrl, type: "user" },
    });
  }
}

function repoEvent(repo: Repository, draw: number): Pick<AuditEvent, "type" | "message" | "data"> {
  const subject = { type: repo.type, name: repoName(repo), _id: repo.id };
  const name = `${repo.type} ${repoName(repo)}`;
  switch (draw % 6) {
    case 0:
      return {
        type: "repo.create",
        message: `Created ${name}`,
        data: { repo: subject, visibility: "private" },
      };
    case 1:
      return {
        type: "repo.update_settings",
        message: `Updated settings of ${name}: visibility private to public`,
        data: { repo: subject, visibility: "public", previous: { visibility: "private" } },
      };
    case 2:
      return {
        type: "repo.update_settings",
        message: `Updated settings of ${name}: visibility public to private`,
        data: { repo: subject, visibility: "private", previous: { visibility: "public" } },
      };
    case 3:
      return {
        type: "repo.update_settings",
        message: `Updated settings of ${name}`,
        data: { repo: subject, gated: "auto", previous: { gated: false } },
      };
    case 4:
      return { type: "repo.add_secrets", message: `Added a secret to ${name}`, data: { repo: subject } };
    default:
      return { type: "repo.duplication", message: `Duplicated ${name}`, data: { repo: subject } };
  }
}

function organizationEvent(user: string, draw: number): Pick<AuditEvent, "type" | "message" | "data"> {
  const guest = `guest-${(draw >> 4) % 40}`;
  switch (draw % 8) {
    case 0:
      return { type: "org.invite_user", message: `Invited ${guest}`, data: { user: guest, role: "read" } };
    case 1:
      return { type: "org.remove_user", message: `Removed ${guest}`, data: { user: guest } };
    case 2:
      return {
        type: "org.change_role",
        message: `Changed the role of ${guest} from read to write`,
        data: { user: guest, role: "write", previous: { role: "read" } },
      };
    case 3:
      return {
        type: "collection.create",
        message: `Created collection ${draw % 100}`,
        data: { slug: `c-${draw % 100}` },
      };
    case 4:
      return {
        type: "spaces.update_hardware",
        message: "Changed the hardware of Space acme/demo-space",
        data: { user },
      };
    case 5:
      return { type: "billing.update_payment_method", message: "Updated the payment method" };
    case 6:
      return {
        type: "org.invite.email",
        message: `Invited ${guest}@example.org`,
        data: { email: `${guest}@example.org` },
      };
    default:
      return { type: "org.rotate_token", message: "Rotated a token", data: { user } };
  }
}

function anyAdmin(store: Store, organization: string): string {
  return store.membersOf.all(organization).find((member) => member.role === "admin")?.user ?? "system";
}

function pick<T>(from: readonly T[], draw: number): T | undefined {
  return from[draw % from.length];
}

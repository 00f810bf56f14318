import { readFileSync } from "node:fs";
import { count, flag, listOf, object, oneOf, text } from "../schema.js";
import { problems } from "../validation.js";
import { addRepository, generateRepositories, makeUser } from "./contents.js";
import { makeId, repeatableHex, sha256 } from "./ids.js";
import { memberKey } from "./members.js";
import {
  ORG_ROLES,
  PLANS,
  REPO_TYPES,
  SPACE_SDKS,
  VISIBILITIES,
  type Gated,
  type OrgRole,
  type Plan,
  type RepoType,
  type SpaceSdk,
  type Visibility,
} from "./records.js";
import { repoKey } from "./repositories.js";
import { createServiceAccount } from "./service-accounts.js";
import { SYSTEM, type Store } from "./store.js";
import { type SsoUpdate } from "./sso.js";
import { generateEvents } from "./story.js";

/** Additional contents for a new state. Values for existing organizations and repositories replace the current values. */
export interface Seed {
  organizations?: {
    name: string;
    fullname?: string;
    plan?: Plan;
    members?: { user: string; role: OrgRole }[];
  }[];
  repositories?: {
    /** `namespace/name`. */
    repo: string;
    type?: RepoType;
    visibility?: Visibility;
    gated?: Gated;
    author?: string;
    /** Bytes. */
    storage?: number;
    sdk?: SpaceSdk;
  }[];
  serviceAccounts?: { organization: string; name: string; description?: string }[];
  sso?: ({ organization: string } & SsoUpdate & { provider: "saml" | "oidc" })[];
  /** Large numbers of generated contents, for performance tests. */
  generate?: { organization: string; repositories?: number; auditEvents?: number; members?: number }[];
}

const NAME = { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$" };
const BULK = { type: "integer", minimum: 0, maximum: 1_000_000 };

const SEED_SCHEMA = object({
  "organizations?": listOf(
    object({
      name: NAME,
      "fullname?": text({ min: 1 }),
      "plan?": oneOf(...PLANS),
      "members?": listOf(object({ user: NAME, role: oneOf(...ORG_ROLES) })),
    }),
  ),
  "repositories?": listOf(
    object({
      repo: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*$" },
      "type?": oneOf(...REPO_TYPES),
      "visibility?": oneOf(...VISIBILITIES),
      "gated?": oneOf(false, "auto", "manual"),
      "author?": NAME,
      "storage?": count,
      "sdk?": oneOf(...SPACE_SDKS),
    }),
  ),
  "serviceAccounts?": listOf(
    object({ organization: NAME, name: text({ min: 1, max: 50 }), "description?": text({ max: 500 }) }),
  ),
  "sso?": listOf(
    object({
      organization: NAME,
      provider: oneOf("saml", "oidc"),
      "enabled?": flag,
      "ssoUrl?": text({ min: 1 }),
      "certificate?": text({ min: 1 }),
      "clientId?": text({ min: 1 }),
      "clientSecret?": text({ min: 1 }),
    }),
  ),
  "generate?": listOf(
    object({ organization: NAME, "repositories?": BULK, "auditEvents?": BULK, "members?": BULK }),
  ),
});

/** The seed cannot be used. The message lists its errors. */
export class SeedError extends Error {
  override readonly name = "SeedError";
}

/** Reads a seed file. */
export function readSeed(path: string): Seed {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    throw new SeedError(
      `The seed file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? "error"}).`,
    );
  }
  let seed: unknown;
  try {
    seed = JSON.parse(content);
  } catch {
    throw new SeedError(`The seed file ${path} is not JSON.`);
  }
  return checkSeed(seed, `The seed file ${path}`);
}

/** Returns the seed if it is valid. */
export function checkSeed(seed: unknown, what = "The seed"): Seed {
  const found = problems(SEED_SCHEMA, seed);
  if (found.length)
    throw new SeedError(`${what} has errors:\n${found.map((line) => `  ${line}`).join("\n")}`);
  return seed as Seed;
}

/** Adds a seed to a new state. */
export function applySeed(store: Store, unchecked: Seed): void {
  const seed = checkSeed(unchecked);
  const hex = repeatableHex("seed");
  const made = store.now();
  const { tables } = store;
  for (const { name: written, fullname, plan, members = [] } of seed.organizations ?? []) {
    const name = store.canonicalName(written);
    if (store.users.has(name)) {
      throw new SeedError(`The seed has an organization ${written}, but this is the name of a user.`);
    }
    const current = store.organizations.get(name);
    tables.organizations.put(name, {
      id: current?.id ?? makeId(made, hex),
      name,
      fullname: fullname ?? current?.fullname ?? name,
      plan: plan ?? current?.plan ?? "enterprise",
      avatarUrl: `/avatars/${sha256(name).slice(0, 32)}.svg`,
      tokenPolicy: "none",
    });
    for (const { user: member, role } of members) {
      const user = store.canonicalName(member);
      if (store.organizations.has(user)) {
        throw new SeedError(`The seed has a user ${member}, but this is the name of an organization.`);
      }
      if (!store.users.has(user)) tables.users.put(user, makeUser(user, hex));
      tables.memberships.put(memberKey(name, user), { organization: name, user, role });
    }
  }
  for (const { repo, type = "model", ...written } of seed.repositories ?? []) {
    const settings = {
      ...written,
      ...(written.author !== undefined && { author: store.canonicalName(written.author) }),
    };
    const [owner = "", name = ""] = repo.split("/");
    const namespace = store.canonicalName(owner);
    if (!store.organizations.has(namespace) && !store.users.has(namespace)) {
      throw new SeedError(`The seed has a repository ${repo}, but the namespace ${owner} does not exist.`);
    }
    if (settings.visibility === "protected" && type !== "space") {
      throw new SeedError(`The seed has a protected ${type} ${repo}, but only Spaces can be protected.`);
    }
    const current = store.repository(repo, type);
    if (current) {
      tables.repositories.put(repoKey(current), { ...current, ...settings });
      continue;
    }
    const author = settings.author ?? anybody(store, namespace);
    addRepository(store, hex, made, { visibility: "public", ...settings, type, namespace, name, author });
  }
  for (const { organization: written, ...settings } of seed.serviceAccounts ?? []) {
    const organization = requireOrganization(store, written);
    createServiceAccount(store, organization, settings, SYSTEM);
  }
  for (const { organization: written, clientSecret, enabled = false, ...settings } of seed.sso ?? []) {
    const organization = requireOrganization(store, written);
    tables.sso.put(organization, {
      ...settings,
      organization,
      enabled,
      ...(clientSecret !== undefined && { clientSecretHash: sha256(clientSecret) }),
      updatedAt: store.timestamp(),
    });
  }
  for (const { organization: written, repositories = 0, auditEvents = 0, members = 0 } of seed.generate ??
    []) {
    const organization = requireOrganization(store, written);
    for (let i = 0; i < members; i++) {
      const user = `member-${String(i).padStart(5, "0")}`;
      if (!store.users.has(user)) tables.users.put(user, makeUser(user, hex));
      tables.memberships.put(memberKey(organization, user), { organization, user, role: "read" });
    }
    generateRepositories(store, hex, organization, repositories);
    generateEvents(store, hex, organization, auditEvents);
  }
}

function anybody(store: Store, namespace: string): string {
  const members = store.membersOf.all(namespace);
  return (members.find((member) => member.role === "admin") ?? members[0])?.user ?? namespace;
}

/** Returns the canonical name of an organization in the seed. */
function requireOrganization(store: Store, written: string): string {
  const name = store.canonicalName(written);
  if (!store.organizations.has(name)) {
    throw new SeedError(`The seed refers to the organization ${written}, which does not exist.`);
  }
  return name;
}

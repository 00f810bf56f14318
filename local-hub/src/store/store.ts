import { makeId, randomHex, sha256, type HexSource } from "./ids.js";
import { type Change, type Journal } from "./journal.js";
import { fromOlderState } from "./older-states.js";
import {
  type AuditEvent,
  type AuditType,
  type Collection,
  type Membership,
  type NetworkSecurity,
  type Organization,
  type Plan,
  type Repository,
  type RepoType,
  type RequestRecord,
  type ResourceGroup,
  type Scan,
  type ServiceAccount,
  type ServiceAccountToken,
  type SpaceSetting,
  spaceSettingKey,
  type SsoSettings,
  type Starter,
  type TokenAuthorization,
  type User,
  type UserToken,
  type Webhook,
} from "./records.js";
import { Table } from "./table.js";

/** The least number of answered requests that {@link Store.requests} keeps. */
const REQUESTS_KEPT = 10_000;

/** Uses of a token within this time after the last saved use are kept only in memory, to keep the state file small. */
const USE_RESOLUTION_MS = 1000;

/** The author of a change in the audit log. */
export interface Actor {
  author: AuditEvent["author"];
  token?: AuditEvent["token"];
  ip?: string;
  userAgent?: string;
}

/** The author of changes that the Hub makes itself. */
export const SYSTEM: Actor = {
  author: { id: "000000000000000000000000", user: "system", avatarUrl: "", type: "system" },
};

/** A token found by its value. */
export type FoundToken =
  { kind: "user"; token: UserToken } | { kind: "serviceAccount"; token: ServiceAccountToken };

/** Settings of a {@link Store}. */
export interface StoreOptions {
  /** The Hub's clock. Default: the machine's clock. */
  now?: () => Date;
  /** Stores the changes. Default: they are kept only in memory. */
  journal?: Journal;
}

/**
 * The state of the local Hub. The API reads and writes it. Tests can read it to check results, and can use its functions to
 * make changes that people make in the browser.
 *
 * The comment of each map describes its key. Records are plain data and are never changed in place.
 */
export class Store {
  /** All tables. Only the Hub's own code uses them. */
  readonly tables;
  /** Tokens that are not revoked, by the hash of their value. */
  readonly byHash;
  /** Memberships, by organization. */
  readonly membersOf;
  /** Memberships, by user name. */
  readonly organizationsOf;
  /** Users' own tokens, by user name. */
  readonly userTokensOf;
  /** Service accounts, by organization. */
  readonly accountsOf;
  /** Service accounts' tokens, by the account's id. */
  readonly accountTokensOf;
  /** Repositories, by id. */
  readonly repositoryById;
  /** Repositories, by namespace. */
  readonly repositoriesOf;
  /** Repositories, by the id of their resource group. */
  readonly repositoriesInGroup;
  /** Secrets and variables, by the id of their Space. */
  readonly spaceSettingsOf;
  /** Resource groups, by organization. */
  readonly groupsOf;
  /** Webhooks, by user name. */
  readonly webhooksOf;
  /** Collections, by namespace. */
  readonly collectionsOf;
  /** Collections, by the id of their resource group. */
  readonly collectionsInGroup;
  readonly #repositoryByName;
  readonly #accountByName;

  /** The source of ids. */
  hex: HexSource = randomHex;

  readonly #now: () => Date;
  readonly #journal: Journal | undefined;
  readonly #events: AuditEvent[] = [];
  readonly #eventsByOrganization = new Map<string, AuditEvent[]>();
  readonly #requests: RequestRecord[] = [];
  readonly #useNoted = new Map<string, number>();
  #transaction: Change[] | undefined;

  constructor(options: StoreOptions = {}) {
    this.#now = options.now ?? (() => new Date());
    this.#journal = options.journal;
    const table = <T>(name: string) =>
      new Table<T>(name, (...[inTable, key, record]) => this.#changed([inTable, key, record ?? null]));
    this.tables = {
      organizations: table<Organization>("organizations"),
      users: table<User>("users"),
      memberships: table<Membership>("memberships"),
      userTokens: table<UserToken>("userTokens"),
      serviceAccounts: table<ServiceAccount>("serviceAccounts"),
      serviceAccountTokens: table<ServiceAccountToken>("serviceAccountTokens"),
      sso: table<SsoSettings>("sso"),
      repositories: table<Repository>("repositories"),
      spaceSettings: table<SpaceSetting>("spaceSettings"),
      resourceGroups: table<ResourceGroup>("resourceGroups"),
      networkSecurity: table<NetworkSecurity>("networkSecurity"),
      webhooks: table<Webhook>("webhooks"),
      collections: table<Collection>("collections"),
      starters: table<Starter>("starters"),
    };
    const { tables } = this;
    this.byHash = {
      user: tables.userTokens.indexBy((t) => (t.deletedAt ? undefined : t.hash)),
      serviceAccount: tables.serviceAccountTokens.indexBy((t) => (t.deletedAt ? undefined : t.hash)),
    };
    this.membersOf = tables.memberships.indexBy((m) => m.organization);
    this.organizationsOf = tables.memberships.indexBy((m) => m.user);
    this.userTokensOf = tables.userTokens.indexBy((t) => t.owner);
    this.accountsOf = tables.serviceAccounts.indexBy((a) => a.organization);
    this.accountTokensOf = tables.serviceAccountTokens.indexBy((t) => t.accountId);
    this.repositoryById = tables.repositories.indexBy((r) => r.id);
    this.repositoriesOf = tables.repositories.indexBy((r) => r.namespace);
    this.repositoriesInGroup = tables.repositories.indexBy((r) => r.resourceGroupId);
    this.spaceSettingsOf = tables.spaceSettings.indexBy((s) => s.spaceId);
    this.groupsOf = tables.resourceGroups.indexBy((g) => g.organization);
    this.webhooksOf = tables.webhooks.indexBy((w) => w.owner);
    this.collectionsOf = tables.collections.indexBy((c) => c.namespace);
    this.collectionsInGroup = tables.collections.indexBy((c) => c.resourceGroupId);
    const lower = (name: string): string => name.toLowerCase();
    this.#repositoryByName = tables.repositories.indexBy((r) => lower(`${r.type}/${r.namespace}/${r.name}`));
    this.#accountByName = [
      tables.organizations.indexBy((o) => lower(o.name)),
      tables.users.indexBy((u) => lower(u.name)),
    ] as const;
  }

  // ---- State for tests ----

  /** By name. */
  get organizations(): ReadonlyMap<string, Organization> {
    return this.tables.organizations.records;
  }
  /** By user name. */
  get users(): ReadonlyMap<string, User> {
    return this.tables.users.records;
  }
  /** By `organization/user`. */
  get memberships(): ReadonlyMap<string, Membership> {
    return this.tables.memberships.records;
  }
  /** By id, revoked ones too (`deletedAt`). */
  get userTokens(): ReadonlyMap<string, UserToken> {
    return this.tables.userTokens.records;
  }
  /** By id. */
  get serviceAccounts(): ReadonlyMap<string, ServiceAccount> {
    return this.tables.serviceAccounts.records;
  }
  /** By id, revoked ones too (`deletedAt`). */
  get serviceAccountTokens(): ReadonlyMap<string, ServiceAccountToken> {
    return this.tables.serviceAccountTokens.records;
  }
  /** By organization. */
  get sso(): ReadonlyMap<string, SsoSettings> {
    return this.tables.sso.records;
  }
  /** By `type/namespace/name`, such as `model/acme/llm-private`. */
  get repositories(): ReadonlyMap<string, Repository> {
    return this.tables.repositories.records;
  }
  /** Secrets and variables of Spaces, by `spaceId/key`. */
  get spaceSettings(): ReadonlyMap<string, SpaceSetting> {
    return this.tables.spaceSettings.records;
  }
  /** By id. */
  get resourceGroups(): ReadonlyMap<string, ResourceGroup> {
    return this.tables.resourceGroups.records;
  }
  /** By organization. */
  get networkSecurity(): ReadonlyMap<string, NetworkSecurity> {
    return this.tables.networkSecurity.records;
  }
  /** By id. */
  get webhooks(): ReadonlyMap<string, Webhook> {
    return this.tables.webhooks.records;
  }
  /** By id. */
  get collections(): ReadonlyMap<string, Collection> {
    return this.tables.collections.records;
  }
  /** The audit events of all organizations, oldest first. */
  get auditEvents(): readonly AuditEvent[] {
    return this.#events;
  }
  /** The last answered requests, oldest first. At least the last 10,000 are kept. */
  get requests(): readonly RequestRecord[] {
    return this.#requests;
  }

  /** An organization's audit events, oldest first. */
  auditEventsOf(organization: string): readonly AuditEvent[] {
    return this.#eventsByOrganization.get(organization) ?? [];
  }

  /** Finds a repository by `namespace/name`, ignoring case. Returns undefined if it does not exist. */
  repository(repo: string, type: RepoType = "model"): Repository | undefined {
    const key = `${type}/${repo}`;
    return this.tables.repositories.get(key) ?? this.#repositoryByName.one(key.toLowerCase());
  }

  /** Returns the canonical form of an organization's or user's name. An unknown name is returned unchanged. */
  canonicalName(name: string): string {
    if (this.organizations.has(name) || this.users.has(name)) return name;
    const [organizations, users] = this.#accountByName;
    return (organizations.one(name.toLowerCase()) ?? users.one(name.toLowerCase()))?.name ?? name;
  }

  /** An organization's service accounts. */
  serviceAccountsOf(organization: string): ServiceAccount[] {
    return this.accountsOf.all(organization);
  }

  /** A service account's tokens. With `deleted`, the result includes revoked tokens. */
  tokensOf(accountId: string, options: { deleted?: boolean } = {}): ServiceAccountToken[] {
    return this.accountTokensOf.all(accountId).filter((token) => options.deleted || !token.deletedAt);
  }

  /** A user's own tokens, including expired tokens. With `deleted`, the result also includes revoked tokens. */
  tokensOfUser(user: string, options: { deleted?: boolean } = {}): UserToken[] {
    return this.userTokensOf.all(user).filter((token) => options.deleted || !token.deletedAt);
  }

  /** Finds a token by its value. Returns undefined if no token has this value, or if the token is revoked. */
  findToken(value: string): FoundToken | undefined {
    const hash = sha256(value);
    const own = this.byHash.user.one(hash);
    if (own) return { kind: "user", token: own };
    const account = this.byHash.serviceAccount.one(hash);
    return account && { kind: "serviceAccount", token: account };
  }

  /** Whether this is the client secret of the organization's single sign-on. */
  hasClientSecret(organization: string, clientSecret: string): boolean {
    return this.sso.get(organization)?.clientSecretHash === sha256(clientSecret);
  }

  /** Whether a Space has a secret with this value. `space` is `namespace/name`. */
  hasSpaceSecret(space: string, key: string, value: string): boolean {
    const spaceId = this.repository(space, "space")?.id ?? "";
    return this.spaceSettings.get(spaceSettingKey({ spaceId, key }))?.valueHash === sha256(value);
  }

  // ---- Changes that tests make in place of people ----

  /** Sets the time of a token's last use; `null` means never. Works for both kinds of token. */
  markTokenUsed(tokenId: string, at: Date | string | null): void {
    this.#editToken(tokenId, { lastUsedAt: at === null ? undefined : new Date(at).toISOString() });
  }

  /** Sets the time of a token's creation. Works for both kinds of token. */
  ageToken(tokenId: string, createdAt: Date | string): void {
    this.#editToken(tokenId, { createdAt: new Date(createdAt).toISOString() });
  }

  /** Sets when a user's own token expires; `null` means never. */
  setTokenExpiry(tokenId: string, expiresAt: Date | string | null): void {
    const token = this.#userToken(tokenId);
    const expiry = expiresAt === null ? undefined : new Date(expiresAt).toISOString();
    this.tables.userTokens.put(tokenId, { ...token, expiresAt: expiry });
  }

  /** Revokes a token outside the API, without an audit event. Works for both kinds of token. */
  revokeToken(tokenId: string): void {
    this.#editToken(tokenId, { deletedAt: this.timestamp() });
  }

  /** Changes the plan of an organization. */
  setPlan(organization: string, plan: Plan): void {
    this.tables.organizations.put(organization, { ...this.#organization(organization), plan });
  }

  /** Changes the token policy. With `approval`, the organization rejects members' tokens until an administrator approves them. */
  setTokenPolicy(organization: string, tokenPolicy: Organization["tokenPolicy"]): void {
    this.tables.organizations.put(organization, { ...this.#organization(organization), tokenPolicy });
  }

  /** Saves an administrator's decision about a member's token. */
  authorizeToken(organization: string, tokenId: string, authorization: TokenAuthorization): void {
    const token = this.#userToken(tokenId);
    const authorizations = { ...token.authorizations, [organization]: authorization };
    this.tables.userTokens.put(tokenId, { ...token, authorizations });
  }

  /** Sets the result of a repository's security scan. `repo` is `namespace/name`. */
  setScan(repo: string, scan: Scan, type: RepoType = "model"): void {
    const found = this.repository(repo, type);
    if (!found) throw new Error(`There is no ${type} ${repo}.`);
    this.tables.repositories.put(`${type}/${found.namespace}/${found.name}`, { ...found, scan });
  }

  /**
   * Links a resource group to a SCIM group; `null` removes the link. With a link, the API refuses to add, change and remove
   * people and to enable automatic joining.
   */
  linkScimGroup(groupId: string, scimGroup: string | null): void {
    const group = this.resourceGroups.get(groupId);
    if (!group) throw new Error(`There is no resource group ${groupId}.`);
    // As on the Hub, only one of the two can decide who is in the group.
    if (scimGroup !== null && group.autoJoin) throw new Error(`Members join ${group.name} automatically.`);
    this.tables.resourceGroups.put(groupId, { ...group, scimGroup: scimGroup ?? undefined });
  }

  // ---- Functions for the Hub itself ----

  now(): Date {
    return this.#now();
  }

  /** The current time of the Hub's clock. */
  timestamp(): string {
    return this.#now().toISOString();
  }

  newId(): string {
    return makeId(this.#now(), this.hex);
  }

  /** Makes several changes together: the state file gets all of them or none. `change` must be synchronous. */
  transact<T>(change: () => T): T {
    if (this.#transaction) return change();
    const changes: Change[] = (this.#transaction = []);
    try {
      return change();
    } finally {
      this.#transaction = undefined;
      if (changes.length) this.#journal?.append(changes);
    }
  }

  /** Resolves when all changes so far are on the disk. */
  durable(): Promise<void> {
    return this.#journal?.durable() ?? Promise.resolve();
  }

  /** Adds an event to an organization's audit log. */
  log(
    organization: string,
    actor: Actor,
    type: AuditType,
    message: string,
    data?: Record<string, unknown>,
  ): void {
    this.addEvent({
      id: this.newId(),
      organization,
      createdAt: this.timestamp(),
      type,
      message,
      ...(data && { data }),
      ...(actor.ip && { ip: actor.ip }),
      ...(actor.userAgent && { userAgent: actor.userAgent }),
      author: actor.author,
      ...(actor.token && { token: actor.token }),
    });
  }

  addEvent(event: AuditEvent): void {
    this.#noteEvent(event);
    this.#changed(["auditEvents", event.id, event]);
  }

  /** Records that a token is used now. */
  noteUse(found: FoundToken): void {
    const now = this.#now();
    const edit = { lastUsedAt: now.toISOString() };
    const noted = this.#useNoted.get(found.token.id);
    const quiet = noted !== undefined && Math.abs(now.getTime() - noted) < USE_RESOLUTION_MS;
    if (!quiet) this.#useNoted.set(found.token.id, now.getTime());
    if (found.kind === "user") {
      const record = { ...found.token, ...edit };
      if (quiet) this.tables.userTokens.load(record.id, record);
      else this.tables.userTokens.put(record.id, record);
    } else {
      const record = { ...found.token, ...edit };
      if (quiet) this.tables.serviceAccountTokens.load(record.id, record);
      else this.tables.serviceAccountTokens.put(record.id, record);
    }
  }

  addRequest(request: RequestRecord): void {
    this.#requests.push(request);
    // Remove many entries at a time, because each removal moves the whole array.
    if (this.#requests.length >= 1.1 * REQUESTS_KEPT) this.#requests.splice(0, 0.1 * REQUESTS_KEPT);
  }

  /** The whole state as a list of changes. */
  *snapshot(): Generator<Change> {
    for (const table of Object.values(this.tables)) {
      for (const [key, record] of table.records) yield [table.name, key, record];
    }
    for (const event of this.#events) yield ["auditEvents", event.id, event];
  }

  /** Applies changes from the state file. */
  restore(changes: Change[]): void {
    for (const [name, key, written] of changes) {
      const record = fromOlderState(name, written);
      if (name === "auditEvents") {
        if (record) this.#noteEvent(record as AuditEvent);
        continue;
      }
      // This class wrote the file, so the record has the type of its table.
      const table = (this.tables as Record<string, Table<unknown> | undefined>)[name];
      table?.load(key, record ?? undefined);
    }
  }

  #noteEvent(event: AuditEvent): void {
    this.#events.push(event);
    const events = this.#eventsByOrganization.get(event.organization);
    if (events) events.push(event);
    else this.#eventsByOrganization.set(event.organization, [event]);
  }

  #changed(change: Change): void {
    if (!this.#journal) return;
    if (this.#transaction) this.#transaction.push(change);
    else this.#journal.append([change]);
  }

  #organization(name: string): Organization {
    const organization = this.organizations.get(name);
    if (!organization) throw new Error(`There is no organization ${name}.`);
    return organization;
  }

  #userToken(id: string): UserToken {
    const token = this.userTokens.get(id);
    if (!token) throw new Error(`There is no user token ${id}.`);
    return token;
  }

  #editToken(id: string, edit: { lastUsedAt?: string; createdAt?: string; deletedAt?: string }): void {
    const account = this.serviceAccountTokens.get(id);
    if (account) this.tables.serviceAccountTokens.put(id, { ...account, ...edit });
    else this.tables.userTokens.put(id, { ...this.#userToken(id), ...edit });
  }
}

import { checkOptions, invalidArgument, wholeNumber } from "./arguments";
import { auditQuery, entryOf, Newest } from "./auditLog";
import { hubError } from "./errors";
import { JsonArrayReader } from "./jsonArrayStream";
import { checkCredentials, checkEndpointPatterns } from "./limits";
import { freeSegment, idSegment, nameSegment, organizationPath, repoPath } from "./paths";
import { type Advice } from "./refusal";
import { Requester } from "./requester";
import { type HubClientInternals, settingsFrom } from "./settings";
import { list } from "./shape";
import {
  type AuditLogEntry,
  type AuditLogEvent,
  type AuditLogOptions,
  type AuditLogStreamOptions,
  type AuthoredRepo,
  type ChangedServiceAccountToken,
  type ConfigurableRepoType,
  type CreatedToken,
  type CreateTokenOptions,
  type HubClientOptions,
  type IssuedServiceAccountToken,
  type ListMembersOptions,
  type ListMemberTokensOptions,
  type ListRepositoriesOptions,
  type ListReposOfOptions,
  type Member,
  type MemberToken,
  ORG_ROLES,
  type OrgRepository,
  type OrgRole,
  type RepoInfo,
  type RepoSettings,
  type RepoSettingsUpdate,
  type RepoType,
  type ServiceAccountDetails,
  type ServiceAccountInfo,
  type ServiceAccountTokenSettings,
  type SsoCredentialUpdate,
  type SsoSettings,
  type SsoUpdate,
  type UserToken,
  VISIBILITIES,
  type Visibility,
  type WhoAmI,
} from "./types";
import {
  readAuditEvent,
  readAuthoredRepo,
  readChangedServiceAccountToken,
  readCreatedServiceAccount,
  readCreatedToken,
  readIssuedServiceAccountToken,
  readMember,
  readMemberToken,
  readOrgRepository,
  readRepo,
  readRepoSettings,
  readServiceAccount,
  readServiceAccountDetails,
  readSsoSettings,
  readUserToken,
  readWhoAmI,
} from "./wire";

/** How many rows a page of a listing is to have. */
const PAGE = { members: 1000, memberTokens: 100, repositories: 1000 };

/**
 * A client of the Hub's API: one method per operation.
 *
 * Every method throws a {@link HubError}, and nothing else, when it fails. Requests that are safe to repeat are repeated
 * after 408, 429, 500, 502, 503, 504 and network failures; creations only where the Hub certainly has done nothing.
 *
 * Whether an operation is part of huggingface.co's public API is said at each: those that are not work only on a Hub that
 * offers them.
 *
 * @example
 * ```ts
 * const client = new HubClient({ token });
 * for await (const entry of client.streamAuditLogs("acme", { action: "member.invite" })) console.log(entry.resource);
 * ```
 */
export class HubClient {
  /** The Hub's address, without a `/` at its end. */
  readonly endpoint: string;
  readonly #requester: Requester;
  #whoami: Promise<WhoAmI> | undefined;

  /**
   * @param options - what is left out comes from the environment
   * @throws HubError `endpoint_refused` or `invalid_argument`
   */
  constructor(options: HubClientOptions = {}, internals: HubClientInternals = {}) {
    const settings = settingsFrom(options, internals);
    this.endpoint = settings.endpoint;
    this.#requester = new Requester(settings);
  }

  /** Closes idle connections. The client can still be used afterwards. */
  close(): void {
    this.#requester.close();
  }

  // ---- Who am I, roles, members ---------------------------------------------------------------------------------

  /**
   * Whose token it is, and what organizations the account belongs to.
   *
   * `GET /api/whoami-v2` (public). Asked once per client, because the Hub limits it strictly; calls at the same time
   * share the request, and a failure is not kept.
   */
  whoami(): Promise<WhoAmI> {
    this.#whoami ??= this.#requester
      .json({ method: "GET", path: "/api/whoami-v2", separateRateLimit: true }, readWhoAmI)
      .catch((error: unknown) => {
        this.#whoami = undefined;
        throw error;
      });
    return this.#whoami;
  }

  /**
   * The role of the token's owner in an organization; `null` for no member. From {@link whoami}.
   *
   * @throws HubError `invalid_response` where the Hub names no role or one that this library does not know: it is not
   *   guessed at
   */
  async myOrgRole(organization: string): Promise<OrgRole | null> {
    organizationPath(organization);
    const { orgs } = await this.whoami();
    const found = orgs.find(({ name }) => name.toLowerCase() === organization.toLowerCase());
    if (!found) return null;
    const role = ORG_ROLES.find((each) => each === found.roleInOrg);
    if (role !== undefined) return role;
    const said =
      found.roleInOrg === undefined
        ? "names no role"
        : `names the unknown role "${found.roleInOrg.slice(0, 40)}"`;
    throw hubError({
      code: "invalid_response",
      what: `The Hub lists the organization ${organization}, but ${said} in it.`,
      method: "GET",
      path: "/api/whoami-v2",
      endpoint: this.endpoint,
      advice: `Known are ${ORG_ROLES.join(", ")}. A newer version of this library may know more; a fine-grained token may need the right to read the organization.`,
    });
  }

  /**
   * Whether the token's owner has at least this role in an organization: no_access < read < contributor < write < admin.
   * Whoever is no member has not even `no_access`.
   */
  async hasOrgRole(organization: string, role: OrgRole): Promise<boolean> {
    const wanted = ORG_ROLES.indexOf(role);
    if (wanted < 0) return invalidArgument(`role must be one of ${ORG_ROLES.join(", ")}.`);
    const actual = await this.myOrgRole(organization);
    return actual !== null && ORG_ROLES.indexOf(actual) >= wanted;
  }

  /** An organization's members, over all pages. `GET /api/organizations/{org}/members` (public). */
  async listMembers(organization: string, { search, email }: ListMembersOptions = {}): Promise<Member[]> {
    return this.#requester.all(
      {
        method: "GET",
        path: `${organizationPath(organization)}/members`,
        query: { search, email, limit: PAGE.members },
      },
      list(readMember),
    );
  }

  // ---- Audit log ------------------------------------------------------------------------------------------------

  /**
   * Entries of an organization's audit log, newest first. Reads the whole export, but holds at most `offset + limit`
   * of its entries. Narrowing is done on this side. The Hub logs each export.
   *
   * `GET /api/organizations/{org}/audit-log/export` (public; Team plan or higher; permission `org.auditLog.write`).
   */
  async auditLogs(organization: string, options: AuditLogOptions = {}): Promise<AuditLogEntry[]> {
    const query = auditQuery(options, { limit: 100, mostLimit: 100_000, mostOffset: 1_000_000 });
    const path = `${organizationPath(organization)}/audit-log/export`;
    return this.#requester.repeating(async () => {
      const newest = new Newest(query.offset + query.limit);
      for await (const events of this.#auditEvents(path)) {
        for (const event of events) if (query.matches(event)) newest.add(event);
      }
      return newest.sorted().slice(query.offset).map(entryOf);
    });
  }

  /**
   * Entries of an organization's audit log in the Hub's order, which is not promised to be that of time. Hands over the
   * first before the answer is complete and holds one at a time, however long the log is; stops the download when the
   * consumer stops. A connection that breaks in the middle ends the stream with an error: what was handed over cannot
   * be taken back.
   *
   * `GET /api/organizations/{org}/audit-log/export` (public; Team plan or higher; permission `org.auditLog.write`).
   */
  streamAuditLogs(organization: string, options: AuditLogStreamOptions = {}): AsyncIterable<AuditLogEntry> {
    const query = auditQuery(options, {
      limit: Infinity,
      mostLimit: Infinity,
      mostOffset: Number.MAX_SAFE_INTEGER,
    });
    const path = `${organizationPath(organization)}/audit-log/export`;
    return { [Symbol.asyncIterator]: () => this.#auditEntries(path, query) };
  }

  async *#auditEntries(
    path: string,
    query: ReturnType<typeof auditQuery>,
  ): AsyncGenerator<AuditLogEntry, void, undefined> {
    let passed = 0;
    for await (const events of this.#auditEvents(path)) {
      for (const event of events) {
        if (!query.matches(event) || passed++ < query.offset) continue;
        yield entryOf(event);
        if (passed >= query.offset + query.limit) return;
      }
    }
  }

  /** The events of each piece of the body, because a wait for each event by itself would be a good part of the whole time. */
  async *#auditEvents(path: string): AsyncGenerator<AuditLogEvent[], void, undefined> {
    for await (const page of this.#requester.open({ method: "GET", path })) {
      const entries = new JsonArrayReader(this.#requester.maxEntryBytes);
      let events: AuditLogEvent[] = [];
      try {
        for await (const chunk of page.answer.body) {
          entries.push(chunk);
          for (let entry = entries.next(); entry !== undefined; entry = entries.next()) {
            events.push(readAuditEvent(entry, `entry ${entries.count - 1}`));
          }
          if (events.length > 0) yield events;
          events = [];
        }
        entries.end();
      } catch (error) {
        // What came before the fault was right.
        if (events.length > 0) yield events;
        throw page.failure(error);
      }
    }
  }

  // ---- The user's own tokens ------------------------------------------------------------------------------------

  /**
   * Creates a token of the user whose token this client has.
   *
   * `POST /api/settings/tokens` (extended: not on huggingface.co). Never repeated by the client once it may have
   * arrived: `outcomeUnknown` says so. 409: the name is taken.
   */
  async createToken({ name, role, expiresAt }: CreateTokenOptions): Promise<CreatedToken> {
    freeSegment("The token's name", name);
    if (name.length > 100) return invalidArgument("The token's name must have at most 100 characters.");
    if (!["read", "write", "admin"].includes(role))
      return invalidArgument("role must be read, write or admin.");
    return this.#requester.json(
      {
        method: "POST",
        path: "/api/settings/tokens",
        body: { name, role, expiresAt },
        advice: ownTokensAdvice,
      },
      readCreatedToken,
    );
  }

  /** The user's own tokens, never their values. `GET /api/settings/tokens` (extended: not on huggingface.co). */
  async listTokens(): Promise<UserToken[]> {
    return this.#requester.json(
      { method: "GET", path: "/api/settings/tokens", advice: ownTokensAdvice },
      list(readUserToken),
    );
  }

  /** Revokes one of the user's own tokens. `DELETE /api/settings/tokens/{name}` (extended: not on huggingface.co). */
  async revokeToken(name: string): Promise<void> {
    await this.#requester.send({
      method: "DELETE",
      path: `/api/settings/tokens/${freeSegment("The token's name", name)}`,
      advice: ({ status }) =>
        status === 404
          ? "There is no token of this name, or this Hub does not offer the API for a user's own tokens (huggingface.co does not)."
          : undefined,
    });
  }

  // ---- Service accounts -----------------------------------------------------------------------------------------

  /** `GET /api/organizations/{org}/service-accounts` (public; Enterprise plan). */
  async listServiceAccounts(organization: string): Promise<ServiceAccountInfo[]> {
    return this.#requester.json(
      { method: "GET", path: accountsPath(organization), advice: accountsAdvice },
      list(readServiceAccount),
    );
  }

  /**
   * `POST /api/organizations/{org}/service-accounts` (public; Enterprise plan). Never repeated by the client once it
   * may have arrived.
   */
  async createServiceAccount(
    organization: string,
    { name, description }: { name: string; description?: string },
  ): Promise<ServiceAccountInfo> {
    return this.#requester.json(
      {
        method: "POST",
        path: accountsPath(organization),
        body: { name, description },
        advice: accountsAdvice,
      },
      readCreatedServiceAccount,
    );
  }

  /** A service account with its tokens. `GET /api/organizations/{org}/service-accounts/{id}` (public; Enterprise plan). */
  async getServiceAccount(organization: string, accountId: string): Promise<ServiceAccountDetails> {
    return this.#requester.json(
      { method: "GET", path: accountPath(organization, accountId), advice: accountsAdvice },
      readServiceAccountDetails,
    );
  }

  /**
   * Deletes a service account with all its tokens. `DELETE /api/organizations/{org}/service-accounts/{id}` (public;
   * Enterprise plan).
   */
  async deleteServiceAccount(organization: string, accountId: string): Promise<void> {
    await this.#requester.send({
      method: "DELETE",
      path: accountPath(organization, accountId),
      advice: accountsAdvice,
    });
  }

  /**
   * `POST /api/organizations/{org}/service-accounts/{id}/tokens` (public; Enterprise plan). Never repeated by the client
   * once it may have arrived.
   */
  async createServiceAccountToken(
    organization: string,
    accountId: string,
    settings: ServiceAccountTokenSettings,
  ): Promise<IssuedServiceAccountToken> {
    checkEndpointPatterns(settings.endpointPatterns);
    return this.#requester.json(
      {
        method: "POST",
        path: `${accountPath(organization, accountId)}/tokens`,
        body: settings,
        advice: settings.skipNetworkSecurity ? exemptionAdvice : accountsAdvice,
      },
      readIssuedServiceAccountToken,
    );
  }

  /**
   * Changes what a token may do, and keeps its value. `PATCH …/service-accounts/{id}/tokens/{tokenId}` (public;
   * Enterprise plan).
   */
  async updateServiceAccountToken(
    organization: string,
    accountId: string,
    tokenId: string,
    settings: ServiceAccountTokenSettings,
  ): Promise<ChangedServiceAccountToken> {
    checkEndpointPatterns(settings.endpointPatterns);
    return this.#requester.json(
      {
        method: "PATCH",
        path: tokenPath(organization, accountId, tokenId),
        body: settings,
        advice: settings.skipNetworkSecurity ? exemptionAdvice : accountsAdvice,
      },
      readChangedServiceAccountToken,
    );
  }

  /**
   * Gives a token another value; **the old one dies at once**. `POST …/service-accounts/{id}/tokens/{tokenId}/rotate`
   * (public; Enterprise plan). Never repeated by the client once it may have arrived.
   */
  async rotateServiceAccountToken(
    organization: string,
    accountId: string,
    tokenId: string,
  ): Promise<IssuedServiceAccountToken> {
    return this.#requester.json(
      {
        method: "POST",
        path: `${tokenPath(organization, accountId, tokenId)}/rotate`,
        advice: accountsAdvice,
      },
      readIssuedServiceAccountToken,
    );
  }

  /** `DELETE …/service-accounts/{id}/tokens/{tokenId}` (public; Enterprise plan). */
  async deleteServiceAccountToken(organization: string, accountId: string, tokenId: string): Promise<void> {
    await this.#requester.send({
      method: "DELETE",
      path: tokenPath(organization, accountId, tokenId),
      advice: accountsAdvice,
    });
  }

  // ---- Members' tokens, seen by the organization ----------------------------------------------------------------

  /**
   * Members' own tokens that reach the organization, over all pages; never their values.
   * `GET /api/organizations/{org}/settings/tokens` (public; Team plan or higher).
   */
  async listMemberTokens(
    organization: string,
    options: ListMemberTokensOptions = {},
  ): Promise<MemberToken[]> {
    checkOptions("a list of members' tokens", options, ["query"]);
    return this.#requester.all(
      {
        method: "GET",
        path: `${organizationPath(organization)}/settings/tokens`,
        query: { q: options.query, limit: PAGE.memberTokens },
      },
      list(readMemberToken),
    );
  }

  /**
   * Cuts a member's token off from the organization, for good. Not possible for the token that this client has.
   * `POST /api/organizations/{org}/settings/tokens/{id}/revoke` (public; Enterprise plan).
   */
  async revokeMemberToken(organization: string, tokenId: string): Promise<void> {
    await this.#requester.send({
      method: "POST",
      path: `${organizationPath(organization)}/settings/tokens/${idSegment("The token's id", tokenId)}/revoke`,
      // Cutting off what is cut off changes nothing.
      repeatable: true,
    });
  }

  /**
   * Revokes leaked tokens everywhere, whoever's they are. Takes 1 to 1000 raw values of 1 to 200 characters each; the Hub
   * does not say which of them were tokens. `POST /api/credentials/revoke` (public; sent without this client's token).
   */
  async revokeLeakedCredentials(values: string[]): Promise<void> {
    checkCredentials(values);
    await this.#requester.send({
      method: "POST",
      path: "/api/credentials/revoke",
      body: { credentials: values },
      authenticated: false,
      repeatable: true,
      secrets: values,
    });
  }

  // ---- Single sign-on -------------------------------------------------------------------------------------------

  /**
   * `GET /api/organizations/{org}/settings/sso` (extended: not on huggingface.co). 404: never configured (code
   * `SsoNotConfigured`), or the Hub does not offer this.
   */
  async getSsoConfig(organization: string): Promise<SsoSettings> {
    return this.#requester.json(
      { method: "GET", path: ssoPath(organization), advice: ssoAdvice },
      readSsoSettings,
    );
  }

  /**
   * Changes what is given and leaves the rest; returns the new configuration.
   * `PUT /api/organizations/{org}/settings/sso` (extended: not on huggingface.co).
   */
  async updateSsoConfig(organization: string, settings: SsoUpdate): Promise<SsoSettings> {
    return this.#requester.json(
      {
        method: "PUT",
        path: ssoPath(organization),
        body: settings,
        secrets: [settings.clientSecret, settings.certificate],
        advice: ssoAdvice,
      },
      readSsoSettings,
    );
  }

  /** `DELETE /api/organizations/{org}/settings/sso` (extended: not on huggingface.co). */
  async deleteSsoConfig(organization: string): Promise<void> {
    await this.#requester.send({ method: "DELETE", path: ssoPath(organization), advice: ssoAdvice });
  }

  /**
   * Replaces the credential of a working configuration without turning it off. It cannot be read back.
   * `PUT /api/organizations/{org}/settings/sso/credentials` (public).
   */
  async updateSsoCredential(organization: string, credential: SsoCredentialUpdate): Promise<void> {
    const { clientSecret, certificate } = credential;
    if ((clientSecret === undefined) === (certificate === undefined)) {
      return invalidArgument("updateSsoCredential takes either clientSecret or certificate.");
    }
    await this.#requester.send({
      method: "PUT",
      path: `${ssoPath(organization)}/credentials`,
      body: clientSecret !== undefined ? { clientSecret } : { x509Cert: certificate },
      secrets: [clientSecret, certificate],
      advice: ({ status }) =>
        status === 404
          ? "There is no such organization for this token, or it has no single sign-on yet: it is set up once by hand in the organization's settings."
          : undefined,
    });
  }

  // ---- Repositories ---------------------------------------------------------------------------------------------

  /**
   * A repository by its name. `GET /api/{models|datasets|spaces|buckets|kernels}/{namespace}/{name}` (public). `private`
   * alone cannot tell `protected` and `internal` apart, and of a bucket the Hub may not say even that;
   * {@link listRepositories} can.
   *
   * @param repo - `namespace/name`
   */
  async getRepo(repo: string, repoType: RepoType = "model"): Promise<RepoInfo> {
    return this.#requester.json(
      { method: "GET", path: repoPath(repo, repoType), advice: repoAdvice },
      readRepo,
    );
  }

  /**
   * An organization's repositories of every type with their visibility, over all pages.
   * `GET /api/organizations/{org}/settings/repositories` (public).
   */
  async listRepositories(
    organization: string,
    options: ListRepositoriesOptions = {},
  ): Promise<OrgRepository[]> {
    checkOptions("a list of repositories", options, ["search", "type", "limit"]);
    const { search, type, limit } = options;
    const most = limit === undefined ? Infinity : wholeNumber("limit", limit, 1, Number.MAX_SAFE_INTEGER);
    return this.#requester.all(
      {
        method: "GET",
        path: `${organizationPath(organization)}/settings/repositories`,
        query: { search, type, limit: Math.min(most, PAGE.repositories) },
      },
      list(readOrgRepository),
      most,
    );
  }

  /**
   * An author's models, datasets or Spaces that these credentials may see, over all pages.
   * `GET /api/{models|datasets|spaces}?author=` (not in the OpenAPI document; the official clients list with it). Unlike
   * {@link listRepositories}, it tells the id of each, and `private` in place of the exact visibility.
   *
   * @param author - an organization or a user
   * @throws HubError `invalid_argument` for a name that the Hub cannot have
   */
  async listReposOf(
    author: string,
    { type = "model", search }: ListReposOfOptions = {},
  ): Promise<AuthoredRepo[]> {
    if (!["model", "dataset", "space"].includes(type)) {
      return invalidArgument("type must be model, dataset or space.");
    }
    return this.#requester.all(
      {
        method: "GET",
        path: `/api/${type}s`,
        query: { author: nameSegment("The author", author), search, limit: PAGE.repositories },
      },
      list(readAuthoredRepo),
    );
  }

  /**
   * A namespace's buckets that these credentials may see. `GET /api/buckets/{namespace}` (public).
   *
   * @param namespace - an organization or a user
   */
  async listBuckets(
    namespace: string,
    { search }: Pick<ListReposOfOptions, "search"> = {},
  ): Promise<AuthoredRepo[]> {
    const path = `/api/buckets/${nameSegment("The namespace", namespace)}`;
    return this.#requester.all({ method: "GET", path, query: { search } }, list(readAuthoredRepo));
  }

  /**
   * Changes a repository's visibility, gating, or both, in one request.
   * `PUT /api/{models|datasets|spaces|buckets}/{namespace}/{name}/settings` (public; `internal` is extended). The Hub asks
   * for a bucket's regions with each change: they are read first, and sent back as they are.
   *
   * @param repo - `namespace/name`
   * @returns what the Hub's answer says of the new settings: fields that it does not tell are absent
   * @throws HubError `invalid_argument` for what the type cannot have: `protected` outside Spaces, gating of Spaces and
   *   buckets, anything but `public` and `private` for buckets, and anything at all for kernels
   */
  async updateRepoSettings(
    repo: string,
    { repoType = "model", visibility, gated }: RepoSettingsUpdate,
  ): Promise<RepoSettings> {
    const path = `${repoPath(repo, repoType)}/settings`;
    if ((repoType as RepoType) === "kernel") {
      return invalidArgument("The Hub has no operation for the settings of a kernel.");
    }
    if (visibility === undefined && gated === undefined) {
      return invalidArgument("updateRepoSettings needs visibility, gated, or both.");
    }
    if (visibility !== undefined && !VISIBILITIES.includes(visibility)) {
      return invalidArgument(`visibility must be one of ${VISIBILITIES.join(", ")}.`);
    }
    if (visibility === "protected" && repoType !== "space") {
      return invalidArgument(`visibility "protected" is for Spaces only, not for a ${repoType}.`);
    }
    if (gated !== undefined && ![false, "auto", "manual"].includes(gated)) {
      return invalidArgument('gated must be false, "auto" or "manual".');
    }
    if (gated !== undefined && repoType !== "model" && repoType !== "dataset") {
      return invalidArgument(`Only models and datasets can be gated, not a ${repoType}.`);
    }
    if (repoType === "bucket" && visibility !== "public" && visibility !== "private") {
      return invalidArgument("A bucket can only be public or private.");
    }
    const body =
      repoType === "bucket"
        ? await this.#bucketSettings(repo, visibility === "private")
        : { visibility, gated };
    const told = await this.#requester.told(
      {
        method: "PUT",
        path,
        body,
        advice: (answer) =>
          visibility === "internal" && [400, 405, 422, 501].includes(answer.status)
            ? "This Hub does not offer internal visibility (huggingface.co does not). Use private, and give members access to it."
            : repoAdvice(answer),
      },
      readRepoSettings,
    );
    return told ?? {};
  }

  async #bucketSettings(repo: string, isPrivate: boolean): Promise<object> {
    try {
      return { private: isPrivate, cdnRegions: (await this.getRepo(repo, "bucket")).cdnRegions };
    } catch (error) {
      // What closes a bucket must not wait for a reading. The official Python client sends no regions either.
      if (isPrivate) return { private: true };
      throw error;
    }
  }

  /**
   * Makes a repository private, or public.
   *
   * @param repo - `namespace/name`
   */
  async setRepoVisibility(
    repo: string,
    { private: isPrivate, repoType }: { private: boolean; repoType?: ConfigurableRepoType },
  ): Promise<void> {
    if (typeof isPrivate !== "boolean") return invalidArgument("private must be true or false.");
    await this.updateRepoSettings(repo, { repoType, visibility: isPrivate ? "private" : "public" });
  }

  /**
   * Sets a repository's visibility, `internal` included: visible for all members of the organization. `internal` is
   * extended: a Hub without it refuses, and the error says so.
   *
   * @param repo - `namespace/name`
   */
  async setRepoInternalVisibility(
    repo: string,
    { visibility, repoType }: { visibility: Visibility; repoType?: ConfigurableRepoType },
  ): Promise<void> {
    if (visibility === undefined)
      return invalidArgument(`visibility must be one of ${VISIBILITIES.join(", ")}.`);
    await this.updateRepoSettings(repo, { repoType, visibility });
  }
}

function accountsPath(organization: string): string {
  return `${organizationPath(organization)}/service-accounts`;
}

function accountPath(organization: string, accountId: string): string {
  return `${accountsPath(organization)}/${idSegment("The service account's id", accountId)}`;
}

function tokenPath(organization: string, accountId: string, tokenId: string): string {
  return `${accountPath(organization, accountId)}/tokens/${idSegment("The token's id", tokenId)}`;
}

function ssoPath(organization: string): string {
  return `${organizationPath(organization)}/settings/sso`;
}

const ownTokensAdvice: Advice = ({ status }) => {
  if (status === 404) {
    return "This Hub does not offer the API for a user's own tokens (huggingface.co does not). Use a token of a service account.";
  }
  return status === 409
    ? "A token of this name exists already; revoke it, or choose another name."
    : undefined;
};

const accountsAdvice: Advice = ({ status }) =>
  status === 402 ? "Service accounts need the Enterprise plan." : undefined;

const exemptionAdvice: Advice = ({ status }) =>
  status === 402
    ? "skipNetworkSecurity needs the Enterprise Plus plan, and service accounts the Enterprise plan."
    : undefined;

const ssoAdvice: Advice = ({ status, code }) => {
  if (status !== 404) return undefined;
  return code === "SsoNotConfigured"
    ? "The organization has no single sign-on yet."
    : "There is no such organization for this token, or this Hub does not offer the API for the whole configuration (huggingface.co does not): there, set it up by hand, and replace its credential with SsoCredential (PUT …/settings/sso/credentials).";
};

const repoAdvice: Advice = ({ status }) =>
  status === 401 || status === 404
    ? "There is no such repository of this type, or this token must not see it. Check the name, the type, and the token."
    : undefined;

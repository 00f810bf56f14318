import { accountsAdvice, exemptionAdvice, ownTokensAdvice, repoAdvice, ssoAdvice } from "./advice";
import { checkOptions, invalidArgument, wholeNumber } from "./arguments";
import { auditQuery, entryOf, Newest } from "./auditLog";
import { hubError } from "./errors";
import { JsonArrayReader } from "./jsonArrayStream";
import { checkCredentials, checkEndpointPatterns } from "./limits";
import { freeSegment, idSegment, nameSegment, organizationPath, repoPath } from "./paths";
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

/** The number of rows to request in each page of a list. */
const PAGE = { members: 1000, memberTokens: 100, repositories: 1000 };

/** How many repositories are requested, if a full answer has no link to further pages. */
const REPOSITORY_LIMITS = [PAGE.repositories, 10_000, 100_000];

/**
 * A client of the Hub's API. It works without Pulumi and has one method for each endpoint.
 *
 * A method that fails throws a {@link HubError}. The client repeats requests that are safe to repeat after the statuses 408, 429, 500,
 * 502, 503 and 504 and after network failures. It repeats a creation only if the Hub certainly did not execute it.
 *
 * Some endpoints are not part of huggingface.co's API. Their methods need a Hub with the extended API, such as the local Hub.
 *
 * @example
 * ```ts
 * const client = new HubClient({ token });
 * for await (const entry of client.streamAuditLogs("acme", { action: "member.invite" })) console.log(entry.resource);
 * ```
 */
export class HubClient {
  /** The address of the Hub, without a `/` at its end. */
  readonly endpoint: string;
  readonly #requester: Requester;
  #whoami: Promise<WhoAmI> | undefined;

  /**
   * Creates a client. It sends no request.
   *
   * @param options - the endpoint, the token and the limits; the endpoint and token default to those in the environment
   * @param internals - for tests of this package only
   * @throws HubError with the code `endpoint_refused` or `invalid_argument`
   */
  constructor(options: HubClientOptions = {}, internals: HubClientInternals = {}) {
    const settings = settingsFrom(options, internals);
    this.endpoint = settings.endpoint;
    this.#requester = new Requester(settings);
  }

  /** Closes idle connections. You can still use the client afterwards. */
  close(): void {
    this.#requester.close();
  }

  // ---- The token's owner, roles, members ------------------------------------------------------------------------

  /**
   * Returns the account that owns the token, and the organizations of that account.
   *
   * The client sends this request once and reuses the answer, because the Hub limits it strictly. A failure is not reused.
   *
   * Endpoint: `GET /api/whoami-v2`.
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
   * Returns the role of the token's owner in an organization, or `null` if the owner is not a member.
   *
   * It uses the answer of {@link whoami}.
   *
   * @param organization - the name of the organization, in any case
   * @throws HubError with the code `invalid_response` if the Hub returns no role or an unknown role
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
        ? "returns no role"
        : `returns the unknown role "${found.roleInOrg.slice(0, 40)}"`;
    throw hubError({
      code: "invalid_response",
      what: `The Hub lists the organization ${organization}, but ${said} for it.`,
      method: "GET",
      path: "/api/whoami-v2",
      endpoint: this.endpoint,
      advice: `The known roles are ${ORG_ROLES.join(", ")}. Use a newer release of pulumi-huggingface; or, if the token is fine-grained, give it permission to read the organization.`,
    });
  }

  /**
   * Returns whether the token's owner has at least a given role in an organization.
   *
   * The roles in ascending order are `no_access`, `read`, `contributor`, `write` and `admin`. Returns `false` for non-members, also for
   * the role `no_access`. It uses the answer of {@link whoami}.
   *
   * @param organization - the name of the organization, in any case
   * @param role - the lowest role that counts
   * @throws HubError with the code `invalid_response` if the Hub returns no role or an unknown role
   */
  async hasOrgRole(organization: string, role: OrgRole): Promise<boolean> {
    const wanted = ORG_ROLES.indexOf(role);
    if (wanted < 0) return invalidArgument(`role must be one of ${ORG_ROLES.join(", ")}.`);
    const actual = await this.myOrgRole(organization);
    return actual !== null && ORG_ROLES.indexOf(actual) >= wanted;
  }

  /**
   * Returns all members of an organization.
   *
   * Endpoint: `GET /api/organizations/{org}/members`, all pages.
   */
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
   * Returns entries of an organization's audit log, newest first.
   *
   * It downloads the whole export, filters it, and keeps at most `offset + limit` entries in memory. The Hub records each export in the
   * audit log.
   *
   * Endpoint: `GET /api/organizations/{org}/audit-log/export`. It needs the Team plan or higher, and the permission
   * `org.auditLog.write`.
   *
   * @param organization - the name of the organization
   * @param options - the filters and limits
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
   * Streams the entries of an organization's audit log in the order of the Hub's export.
   *
   * Use it with `for await`. It yields the first entries before the download is complete, keeps only a small part of the log in memory,
   * and stops the download when the loop ends. The Hub does not promise that its order is the order of time. If the connection breaks,
   * the loop throws an error and does not start again.
   *
   * Endpoint: `GET /api/organizations/{org}/audit-log/export`. It needs the Team plan or higher, and the permission
   * `org.auditLog.write`.
   *
   * @param organization - the name of the organization
   * @param options - the filters and limits; default: all entries
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

  /** Yields the events of each chunk of the body together, because one wait for each event would be slow. */
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
        // The events before the error are valid.
        if (events.length > 0) yield events;
        throw page.failure(error);
      }
    }
  }

  // ---- The user's own tokens ------------------------------------------------------------------------------------

  /**
   * Creates a token of the user whose token the client uses.
   *
   * The client does not repeat the request if it may have arrived; the error then has `outcomeUnknown`.
   *
   * Endpoint: `POST /api/settings/tokens`. It needs a Hub with the extended API; huggingface.co does not offer it.
   *
   * @throws HubError with status 409 if a token with this name already exists
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

  /**
   * Returns the user's own tokens, without their values.
   *
   * Endpoint: `GET /api/settings/tokens`. It needs a Hub with the extended API; huggingface.co does not offer it.
   */
  async listTokens(): Promise<UserToken[]> {
    return this.#requester.json(
      { method: "GET", path: "/api/settings/tokens", advice: ownTokensAdvice },
      list(readUserToken),
    );
  }

  /**
   * Revokes one of the user's own tokens.
   *
   * Endpoint: `DELETE /api/settings/tokens/{name}`. It needs a Hub with the extended API; huggingface.co does not offer it.
   *
   * @param name - the full name of the token on the Hub
   */
  async revokeToken(name: string): Promise<void> {
    await this.#requester.send({
      method: "DELETE",
      path: `/api/settings/tokens/${freeSegment("The token's name", name)}`,
      advice: ({ status }) =>
        status === 404
          ? "There is no token with this name, or this Hub does not offer the API for a user's own tokens (huggingface.co does not)."
          : undefined,
    });
  }

  // ---- Service accounts -----------------------------------------------------------------------------------------

  /**
   * Returns the service accounts of an organization, without their tokens.
   *
   * Endpoint: `GET /api/organizations/{org}/service-accounts`. It needs the Enterprise plan.
   */
  async listServiceAccounts(organization: string): Promise<ServiceAccountInfo[]> {
    return this.#requester.json(
      { method: "GET", path: accountsPath(organization), advice: accountsAdvice },
      list(readServiceAccount),
    );
  }

  /**
   * Creates a service account.
   *
   * The client does not repeat the request if it may have arrived; the error then has `outcomeUnknown`.
   *
   * Endpoint: `POST /api/organizations/{org}/service-accounts`. It needs the Enterprise plan.
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

  /**
   * Returns a service account with its tokens, without their values.
   *
   * Endpoint: `GET /api/organizations/{org}/service-accounts/{id}`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   */
  async getServiceAccount(organization: string, accountId: string): Promise<ServiceAccountDetails> {
    return this.#requester.json(
      { method: "GET", path: accountPath(organization, accountId), advice: accountsAdvice },
      readServiceAccountDetails,
    );
  }

  /**
   * Deletes a service account and all its tokens.
   *
   * Endpoint: `DELETE /api/organizations/{org}/service-accounts/{id}`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   */
  async deleteServiceAccount(organization: string, accountId: string): Promise<void> {
    await this.#requester.send({
      method: "DELETE",
      path: accountPath(organization, accountId),
      advice: accountsAdvice,
    });
  }

  /**
   * Creates a token of a service account. The answer has its value.
   *
   * The client does not repeat the request if it may have arrived; the error then has `outcomeUnknown`.
   *
   * Endpoint: `POST /api/organizations/{org}/service-accounts/{id}/tokens`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   * @param settings - the settings of the new token
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
   * Changes the settings of a service account's token. Its value stays the same.
   *
   * Endpoint: `PATCH /api/organizations/{org}/service-accounts/{id}/tokens/{tokenId}`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   * @param tokenId - the id (`_id`) of the token
   * @param settings - the settings to change
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
   * Gives a service account's token a new value. **The old value stops working immediately.**
   *
   * The client does not repeat the request if it may have arrived; the error then has `outcomeUnknown`.
   *
   * Endpoint: `POST /api/organizations/{org}/service-accounts/{id}/tokens/{tokenId}/rotate`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   * @param tokenId - the id (`_id`) of the token
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

  /**
   * Deletes a service account's token, which revokes it.
   *
   * Endpoint: `DELETE /api/organizations/{org}/service-accounts/{id}/tokens/{tokenId}`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   * @param tokenId - the id (`_id`) of the token
   */
  async deleteServiceAccountToken(organization: string, accountId: string, tokenId: string): Promise<void> {
    await this.#requester.send({
      method: "DELETE",
      path: tokenPath(organization, accountId, tokenId),
      advice: accountsAdvice,
    });
  }

  // ---- Members' tokens ------------------------------------------------------------------------------------------

  /**
   * Returns the tokens of an organization's members, as the organization sees them, without their values.
   *
   * By default the Hub leaves out revoked tokens; see {@link ListMemberTokensOptions}.
   *
   * Endpoint: `GET /api/organizations/{org}/settings/tokens`, all pages. It needs the Team plan or higher.
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
   * Permanently revokes the access of a member's token to the organization.
   *
   * The Hub refuses this for the token that the client uses.
   *
   * Endpoint: `POST /api/organizations/{org}/settings/tokens/{id}/revoke`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param tokenId - the id (`_id`) of the token
   */
  async revokeMemberToken(organization: string, tokenId: string): Promise<void> {
    await this.#requester.send({
      method: "POST",
      path: `${organizationPath(organization)}/settings/tokens/${idSegment("The token's id", tokenId)}/revoke`,
      // Revoking a revoked token changes nothing.
      repeatable: true,
    });
  }

  /**
   * Revokes leaked tokens of any user or service account.
   *
   * The Hub does not say which of the values were tokens. The request is sent without the client's token.
   *
   * Endpoint: `POST /api/credentials/revoke`.
   *
   * @param values - 1 to 1000 values of tokens, each with 1 to 200 characters
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
   * Returns the single sign-on configuration of an organization, without the client secret.
   *
   * Endpoint: `GET /api/organizations/{org}/settings/sso`. It needs a Hub with the extended API; huggingface.co does not offer it.
   *
   * @throws HubError with status 404 if the Hub does not offer this endpoint or if the organization has no single sign-on (then with the
   *   code `SsoNotConfigured`)
   */
  async getSsoConfig(organization: string): Promise<SsoSettings> {
    return this.#requester.json(
      { method: "GET", path: ssoPath(organization), advice: ssoAdvice },
      readSsoSettings,
    );
  }

  /**
   * Changes the single sign-on configuration of an organization, and returns the new configuration.
   *
   * Missing fields keep their values.
   *
   * Endpoint: `PUT /api/organizations/{org}/settings/sso`. It needs a Hub with the extended API; huggingface.co does not offer it.
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

  /**
   * Deletes the single sign-on configuration of an organization.
   *
   * Endpoint: `DELETE /api/organizations/{org}/settings/sso`. It needs a Hub with the extended API; huggingface.co does not offer it.
   */
  async deleteSsoConfig(organization: string): Promise<void> {
    await this.#requester.send({ method: "DELETE", path: ssoPath(organization), advice: ssoAdvice });
  }

  /**
   * Replaces the credential of an existing single sign-on without turning it off.
   *
   * The new credential cannot be read back.
   *
   * Endpoint: `PUT /api/organizations/{org}/settings/sso/credentials`.
   *
   * @param organization - the name of the organization
   * @param credential - a client secret (OIDC) or a certificate (SAML)
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
          ? "The organization does not exist, this token may not see it, or it has no single sign-on yet. Set up single sign-on once in the organization's settings on the Hub."
          : undefined,
    });
  }

  // ---- Repositories ---------------------------------------------------------------------------------------------

  /**
   * Returns a repository by its name.
   *
   * The answer has `private`, but usually not the exact visibility, and for a bucket `private` may be missing. Use
   * {@link listRepositories} to get the exact visibility.
   *
   * Endpoint: `GET /api/{models|datasets|spaces|buckets|kernels}/{namespace}/{name}`.
   *
   * @param repo - the full name: `namespace/name`
   * @param repoType - the type of the repository; default `model`
   */
  async getRepo(repo: string, repoType: RepoType = "model"): Promise<RepoInfo> {
    return this.#requester.json(
      { method: "GET", path: repoPath(repo, repoType), advice: repoAdvice },
      readRepo,
    );
  }

  /**
   * Returns the repositories of an organization with their visibility.
   *
   * Without a limit the list is complete: the client reads all pages, and requests a full answer without a link to further pages again
   * with a limit of 10,000 and then 100,000.
   *
   * Endpoint: `GET /api/organizations/{org}/settings/repositories`, all pages up to the limit.
   *
   * @param organization - the name of the organization
   * @param options - the filters and the limit; default: all repositories of all types
   * @throws HubError with the code `invalid_response` if the list may be incomplete
   */
  async listRepositories(
    organization: string,
    options: ListRepositoriesOptions = {},
  ): Promise<OrgRepository[]> {
    checkOptions("a list of repositories", options, ["search", "type", "limit"]);
    const { search, type, limit } = options;
    const path = `${organizationPath(organization)}/settings/repositories`;
    const call = { method: "GET", path, query: { search, type } } as const;
    if (limit === undefined) {
      return this.#requester.complete(call, list(readOrgRepository), REPOSITORY_LIMITS);
    }
    const most = wholeNumber("limit", limit, 1, Number.MAX_SAFE_INTEGER);
    const query = { ...call.query, limit: Math.min(most, PAGE.repositories) };
    return this.#requester.all({ ...call, query }, list(readOrgRepository), most);
  }

  /**
   * Returns the models, datasets or Spaces of an author that the token may see.
   *
   * Unlike {@link listRepositories}, it returns the id of each repository, and `private` instead of the exact visibility.
   *
   * Endpoint: `GET /api/{models|datasets|spaces}?author=`, all pages. The Hub's official clients use it, but the Hub's OpenAPI document
   * does not contain it.
   *
   * @param author - the name of an organization or a user
   * @param options - the type (default `model`) and a part of the name
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
   * Returns the buckets of an organization or a user that the token may see.
   *
   * Endpoint: `GET /api/buckets/{namespace}`, all pages.
   *
   * @param namespace - the name of an organization or a user
   * @param options - a part of the name
   */
  async listBuckets(
    namespace: string,
    { search }: Pick<ListReposOfOptions, "search"> = {},
  ): Promise<AuthoredRepo[]> {
    const path = `/api/buckets/${nameSegment("The namespace", namespace)}`;
    return this.#requester.all({ method: "GET", path, query: { search } }, list(readAuthoredRepo));
  }

  /**
   * Changes the visibility of a repository, its gating, or both, in one request.
   *
   * For a bucket, the Hub requires the CDN regions with each change. The client reads them first and sends them back unchanged.
   *
   * Endpoint: `PUT /api/{models|datasets|spaces|buckets}/{namespace}/{name}/settings`. The visibility `internal` needs a Hub with the
   * extended API; huggingface.co does not offer it.
   *
   * @param repo - the full name: `namespace/name`
   * @param update - the type of the repository (default `model`) and the new settings
   * @returns the new settings in the Hub's answer; settings that the Hub does not return are absent
   * @throws HubError with the code `invalid_argument` if the type does not allow a setting: `protected` is only for Spaces, gating only for
   *   models and datasets, buckets can only be `public` or `private`, and kernels have no settings
   */
  async updateRepoSettings(
    repo: string,
    { repoType = "model", visibility, gated }: RepoSettingsUpdate,
  ): Promise<RepoSettings> {
    const path = `${repoPath(repo, repoType)}/settings`;
    if ((repoType as RepoType) === "kernel") {
      return invalidArgument("The Hub's API cannot change the settings of a kernel.");
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
      // Making a bucket private must not depend on a read. The official Python client also sends no regions.
      if (isPrivate) return { private: true };
      throw error;
    }
  }

  /**
   * Makes a repository private or public.
   *
   * Endpoint: see {@link updateRepoSettings}.
   *
   * @param repo - the full name: `namespace/name`
   * @param settings - `private`: `true` for private, `false` for public; and the type of the repository (default `model`)
   */
  async setRepoVisibility(
    repo: string,
    { private: isPrivate, repoType }: { private: boolean; repoType?: ConfigurableRepoType },
  ): Promise<void> {
    if (typeof isPrivate !== "boolean") return invalidArgument("private must be true or false.");
    await this.updateRepoSettings(repo, { repoType, visibility: isPrivate ? "private" : "public" });
  }

  /**
   * Sets the visibility of a repository, including `internal`.
   *
   * `internal` means that all members of the organization may see the repository. It needs a Hub with the extended API; another Hub
   * refuses it with an error.
   *
   * Endpoint: see {@link updateRepoSettings}.
   *
   * @param repo - the full name: `namespace/name`
   * @param settings - the visibility, and the type of the repository (default `model`)
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

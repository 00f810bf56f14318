import { badRequest, conflict, forbidden, notFound, planRequired } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { type Gated, type Repository, type RepoType, type Visibility } from "../store/records.js";
import * as repositories from "../store/repositories.js";
import { repoName, repoSha } from "../store/repositories.js";
import {
  canSee,
  requireChangeable,
  requireCreation,
  requireOrganization,
  requirePrincipal,
  requireRepository,
  requireUser,
} from "./access.js";
import { byId, paginate } from "./paging.js";

export interface RepoParams {
  namespace: string;
  repo: string;
}

export interface RepoSettings {
  visibility?: Visibility;
  private?: boolean;
  gated?: Gated;
  discussionsDisabled?: boolean;
}

/** Which types have access requests. */
const GATED_TYPES: readonly RepoType[] = ["model", "dataset"];

/** However many repositories are asked for at once. */
const LARGEST_PAGE = 1000;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;

export function getRepository(type: RepoType) {
  return (call: Call<RepoParams, InfoQuery>): Answer => {
    const { namespace, repo } = call.params;
    const found = requireRepository(call, type, namespace, repo);
    return ok(expand(describe(found), call.query));
  };
}

export function updateSettings(type: RepoType) {
  return (call: Call<RepoParams, unknown, RepoSettings>): Answer => {
    const { namespace, repo } = call.params;
    const found = requireChangeable(call, type, namespace, repo);
    const { body } = call;
    if (!Object.keys(body).length) throw badRequest("At least one setting is required");
    const visibility = resolveVisibility(call, type, namespace, body);
    if (body.gated !== undefined && !GATED_TYPES.includes(type)) {
      throw badRequest(`gated: a ${type} has no access requests`);
    }
    const { gated, discussionsDisabled } = body;
    const settings = {
      ...(visibility !== undefined && { visibility }),
      ...(gated !== undefined && { gated }),
      ...(discussionsDisabled !== undefined && { discussionsDisabled }),
    };
    repositories.updateRepository(call.store, found, settings, call.actor);
    return ok(body);
  };
}

/** The visibility that is asked for, checked against what the type, the namespace and this Hub can have. */
function resolveVisibility(
  call: Call,
  type: RepoType,
  namespace: string,
  asked: { visibility?: Visibility; private?: boolean },
): Visibility | undefined {
  if (asked.visibility !== undefined && asked.private !== undefined) {
    throw badRequest("private: cannot be sent together with visibility");
  }
  if (asked.private !== undefined) return asked.private ? "private" : "public";
  const { visibility } = asked;
  if (visibility === "protected" && type !== "space")
    throw badRequest("visibility: only Spaces can be protected");
  if (visibility === "internal") {
    // A Hub that has no such visibility says what it says to any value it does not know.
    if (call.profile === "public")
      throw badRequest('visibility: must be one of "public", "private", "protected"');
    if (!call.store.organizations.has(namespace)) {
      throw badRequest("visibility: only an organization's repositories can be internal");
    }
  }
  return visibility;
}

export interface NewRepositoryBody extends RepoSettings {
  name: string;
  organization?: string | null;
  type?: RepoType;
  sdk?: string;
  resourceGroupId?: string | null;
}

export function createRepository(call: Call<unknown, unknown, NewRepositoryBody>): Answer {
  const { body } = call;
  return create(call, body.type ?? "model", body.organization ?? ownNamespace(call), body.name, body);
}

export function createBucket(
  call: Call<RepoParams, unknown, RepoSettings & { resourceGroupId?: string | null }>,
): Answer {
  const { namespace, repo } = call.params;
  return create(call, "bucket", namespace === "me" ? ownNamespace(call) : namespace, repo, call.body ?? {});
}

function create(
  call: Call,
  type: RepoType,
  namespace: string,
  name: string,
  settings: RepoSettings & { sdk?: string; resourceGroupId?: string | null },
): Answer {
  const { store } = call;
  const principal = requirePrincipal(call);
  requireCreation(call, type, namespace);
  if (!NAME.test(name) || name.includes("..") || name.includes("--") || name.endsWith(".git")) {
    throw badRequest("name: letters, digits, '-', '_' and '.', at most 96, without '--' and '..'");
  }
  if (type === "space" && settings.sdk === undefined) throw badRequest("sdk: required for a Space");
  const visibility = resolveVisibility(call, type, namespace, settings) ?? "public";
  const resourceGroupId = settings.resourceGroupId ?? undefined;
  if (
    resourceGroupId !== undefined &&
    store.resourceGroups.get(resourceGroupId)?.organization !== namespace
  ) {
    throw badRequest("resourceGroupId: no resource group of this organization has this id");
  }
  if (store.repository(`${namespace}/${name}`, type)) {
    // Official clients that are told to put up with it take the address from here.
    const url = webAddress(call.origin, { type, namespace, name });
    throw conflict(`You already created this ${type} repo`, { url });
  }
  const author = principal.kind === "user" ? principal.user.name : principal.account.user;
  const repo = repositories.createRepository(
    store,
    { type, namespace, name, visibility, author, sdk: settings.sdk, resourceGroupId },
    call.actor,
  );
  return ok({ url: webAddress(call.origin, repo), name: repoName(repo), id: repo.id });
}

function ownNamespace(call: Call): string {
  const principal = requirePrincipal(call);
  return principal.kind === "user" ? principal.user.name : principal.account.organization;
}

export function deleteRepository(
  call: Call<unknown, unknown, { name: string; organization?: string | null; type?: RepoType }>,
): Answer {
  const { body } = call;
  return remove(call, body.type ?? "model", body.organization ?? ownNamespace(call), body.name);
}

export function deleteBucket(call: Call<RepoParams>): Answer {
  const { namespace, repo } = call.params;
  return remove(call, "bucket", namespace === "me" ? ownNamespace(call) : namespace, repo);
}

function remove(call: Call, type: RepoType, namespace: string, name: string): Answer {
  const repo = requireChangeable(call, type, namespace, name);
  repositories.deleteRepository(call.store, repo, call.actor);
  return ok({});
}

export function moveRepository(
  call: Call<unknown, unknown, { fromRepo: string; toRepo: string; type?: RepoType }>,
): Answer {
  const { store, body } = call;
  const type = body.type ?? "model";
  const [fromNamespace = "", fromName = ""] = body.fromRepo.split("/");
  const [namespace = "", name = ""] = body.toRepo.split("/");
  const repo = requireChangeable(call, type, fromNamespace, fromName);
  requireCreation(call, type, namespace);
  if (!NAME.test(name)) throw badRequest("toRepo: not a name that a repository can have");
  if (store.repository(body.toRepo, type)) throw conflict(`There is a ${type} of this name already`);
  if (repo.visibility === "internal" && !store.organizations.has(namespace)) {
    throw badRequest("toRepo: only an organization's repositories can be internal");
  }
  repositories.moveRepository(store, repo, { namespace, name }, call.actor);
  return ok({});
}

export interface ListQuery {
  search?: string;
  author?: string;
  limit: number;
  cursor?: string;
  expand?: string[];
  "expand[]"?: string[];
}

/** What the Hub's own search lists; `sort` and the like are taken and make no difference. */
export function listPublic(type: RepoType) {
  return (call: Call<unknown, ListQuery>): Answer => {
    const { store, query } = call;
    const search = query.search?.toLowerCase();
    const all =
      query.author === undefined ? [...store.repositories.values()] : store.repositoriesOf.all(query.author);
    const found = all
      .filter((repo) => repo.type === type)
      .filter((repo) => !search || repoName(repo).toLowerCase().includes(search))
      .filter((repo) => canSee(store, call.principal, repo))
      .sort(byId);
    const page = paginate(call, found, query.limit, (repo) => repo.id);
    return ok(
      page.items.map((repo) => expand(describe(repo), query)),
      page.headers,
    );
  };
}

export interface SettingsListQuery {
  search?: string;
  type?: string;
  limit: number;
  cursor?: string;
  sort?: "storage" | "updatedAt";
  direction?: string;
}

export function listOrganizationRepositories(call: Call<{ org: string }, SettingsListQuery>): Answer {
  const { org } = call.params;
  requireOrganization(call, org, { role: "read", permissions: ["org.read", "org.write"] });
  return listSettings(call, org);
}

export function listOwnRepositories(call: Call<unknown, SettingsListQuery>): Answer {
  return listSettings(call, requireUser(call).user.name);
}

/** The listing that tells the exact visibility. */
function listSettings(call: Call<unknown, SettingsListQuery>, namespace: string): Answer {
  const { store, query, principal } = call;
  const all = store.repositoriesOf.all(namespace);
  const total = all.reduce((sum, repo) => sum + repo.storage, 0);
  const search = query.search?.toLowerCase();
  const found = all
    .filter((repo) => query.type === undefined || repo.type === query.type)
    .filter((repo) => !search || repoName(repo).toLowerCase().includes(search))
    // An organization's own service account has been given the whole list with the permission.
    .filter((repo) => principal?.kind === "serviceAccount" || canSee(store, principal, repo))
    .sort(order(query));
  const page = paginate(call, found, Math.min(query.limit, LARGEST_PAGE), (repo) => repo.id);
  return ok(
    page.items.map((repo) => ({
      id: repoName(repo),
      type: repo.type,
      updatedAt: repo.updatedAt,
      visibility: repo.visibility,
      storage: repo.storage,
      storagePercent: total ? repo.storage / total : 0,
    })),
    page.headers,
  );
}

function order(query: SettingsListQuery): (a: Repository, b: Repository) => number {
  if (!query.sort) return byId;
  const sign = query.direction === "asc" || query.direction === "1" ? 1 : -1;
  const compare = (a: Repository, b: Repository): number =>
    query.sort === "storage" ? a.storage - b.storage : Date.parse(a.updatedAt) - Date.parse(b.updatedAt);
  return (a, b) => sign * compare(a, b) || byId(a, b);
}

export function getRepositoryGroup(type: RepoType) {
  return (call: Call<RepoParams>): Answer => {
    const { store, params } = call;
    const repo = requireRepository(call, type, params.namespace, params.repo);
    requirePrincipal(call);
    const group = repo.resourceGroupId ? store.resourceGroups.get(repo.resourceGroupId) : undefined;
    if (!group) throw notFound("This repository is in no resource group");
    return ok({ id: group.id, name: group.name, numUsers: group.users.length });
  };
}

export function setRepositoryGroup(type: RepoType) {
  return (call: Call<RepoParams, unknown, { resourceGroupId: string | null }>): Answer => {
    const { store, params, body } = call;
    const repo = requireChangeable(call, type, params.namespace, params.repo);
    const organization = store.organizations.get(params.namespace);
    if (!organization) throw forbidden("Only an organization's repositories can be in a resource group.");
    if (organization.plan === "free") throw planRequired("team");
    const group = body.resourceGroupId === null ? undefined : store.resourceGroups.get(body.resourceGroupId);
    if (body.resourceGroupId !== null && group?.organization !== organization.name) {
      throw notFound("Resource group not found");
    }
    repositories.setResourceGroup(store, repo, body.resourceGroupId, call.actor);
    return ok(group ? { id: group.id, name: group.name, numUsers: group.users.length } : {});
  };
}

interface InfoQuery {
  expand?: string[];
  "expand[]"?: string[];
}

/** With `expand`, an answer has what was asked for and nothing else. */
function expand(info: Record<string, unknown>, query: InfoQuery): Record<string, unknown> {
  const wanted = query.expand ?? query["expand[]"];
  if (!wanted) return info;
  const kept = new Set(["_id", "id", "modelId", ...wanted]);
  return Object.fromEntries(Object.entries(info).filter(([name]) => kept.has(name)));
}

function describe(repo: Repository): Record<string, unknown> {
  const common = {
    _id: repo.id,
    id: repoName(repo),
    author: repo.namespace,
    // Everything that is not open to all reads as private; which of them it is, only the organization's list tells.
    private: repo.visibility !== "public",
    createdAt: repo.createdAt,
  };
  if (repo.type === "bucket") {
    return { ...common, updatedAt: repo.updatedAt, size: repo.storage, totalFiles: repo.storage ? 1 : 0 };
  }
  return {
    ...common,
    ...(repo.type === "model" && { modelId: repoName(repo) }),
    sha: repoSha(repo),
    lastModified: repo.updatedAt,
    disabled: false,
    ...(repo.type !== "space" && { gated: repo.gated, downloads: repo.downloads }),
    likes: repo.likes,
    tags: repo.tags,
    siblings: [{ rfilename: ".gitattributes" }, { rfilename: "README.md" }],
    usedStorage: repo.storage,
    ...(repo.type === "space" && {
      sdk: repo.sdk,
      host: `https://${repo.namespace}-${repo.name}.space.invalid`,
      subdomain: `${repo.namespace}-${repo.name}`,
    }),
  };
}

/** Where the Hub shows a repository. */
function webAddress(origin: string, repo: Pick<Repository, "type" | "namespace" | "name">): string {
  const prefix = repo.type === "model" ? "" : `${repo.type}s/`;
  return `${origin}/${prefix}${repoName(repo)}`;
}

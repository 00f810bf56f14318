import { type Answer, type Call, ok } from "../route.js";
import { type Repository, type RepoType } from "../store/records.js";
import { repoName } from "../store/repositories.js";
import { canSee, requireOrganization, requireUser } from "./access.js";
import { byId, paginate } from "./paging.js";
import {
  describeBucket,
  describeListedKernel,
  describeRepository,
  type InfoQuery,
} from "./repository-answers.js";

export interface ListQuery extends InfoQuery {
  search?: string;
  author?: string;
  limit: number;
  cursor?: string;
}

/** The most entries on a page. The official Python client also sends higher limits. */
const PAGE_MAXIMUM = 1000;

/** The Hub's public search. It accepts sorting and other filters, but ignores them. */
export function listPublic(type: RepoType) {
  return (call: Call<unknown, ListQuery>): Answer => {
    const { query } = call;
    const found = visible(call, type, query.author === undefined ? undefined : [query.author], query.search);
    const page = paginate(call, found, Math.min(query.limit, PAGE_MAXIMUM), (repo) => repo.id);
    return ok(
      page.items.map((repo) => describeRepository(call, repo, query)),
      page.headers,
    );
  };
}

export interface KernelsQuery {
  search?: string;
  author?: string[];
  id?: string[];
  filter?: string[];
  arxivIds?: string[];
  gated?: boolean;
  sort: "downloads" | "likes" | "lastModified" | "trendingScore" | "likes30d" | "_id" | "id";
  direction: "1" | "-1";
  limit: number;
  cursor?: string;
  full?: boolean;
  expand?: string[];
}

export function listKernels(call: Call<unknown, KernelsQuery>): Answer {
  const { query } = call;
  const { id, filter, gated } = query;
  const ids = id?.map((each) => each.toLowerCase());
  const found = visible(call, "kernel", query.author, query.search)
    .filter((repo) => !ids || ids.includes(repoName(repo).toLowerCase()))
    .filter((repo) => !filter || filter.every((tag) => repo.tags.includes(tag)))
    .filter((repo) => gated === undefined || (repo.gated !== false) === gated)
    // No repository here refers to a paper.
    .filter(() => !query.arxivIds)
    .sort(kernelOrder(query));
  const page = paginate(call, found, query.limit, (repo) => repo.id);
  return ok(
    page.items.map((repo) => describeListedKernel(call, repo, query)),
    page.headers,
  );
}

function kernelOrder({ sort, direction }: KernelsQuery): (a: Repository, b: Repository) => number {
  const keyOf = (repo: Repository): string | number => {
    if (sort === "_id") return repo.id;
    if (sort === "id") return repoName(repo);
    if (sort === "lastModified") return repo.updatedAt;
    return sort === "downloads" ? repo.downloads : repo.likes;
  };
  const sign = direction === "1" ? 1 : -1;
  return (a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    return left === right ? byId(a, b) : left < right ? -sign : sign;
  };
}

export function listBuckets(call: Call<{ namespace: string }, { search?: string }>): Answer {
  const { params, query } = call;
  const found = visible(call, "bucket", [params.namespace], query.search);
  return ok(found.map((repo) => describeBucket(call, repo)));
}

/** Repositories of a type that the caller can see, oldest first. */
function visible(call: Call, type: RepoType, authors?: string[], search?: string): Repository[] {
  const { store, principal } = call;
  const namespaces = authors && new Set(authors.map((name) => store.canonicalName(name)));
  const all = namespaces
    ? [...namespaces].flatMap((name) => store.repositoriesOf.all(name))
    : [...store.repositories.values()];
  return all
    .filter((repo) => repo.type === type)
    .filter((repo) => mentions(repo, search))
    .filter((repo) => canSee(store, principal, repo))
    .sort(byId);
}

function mentions(repo: Repository, search: string | undefined): boolean {
  return !search || repoName(repo).toLowerCase().includes(search.toLowerCase());
}

export interface SettingsListQuery {
  search?: string;
  type?: RepoType;
  limit?: number;
  cursor?: string;
  sort: "storage" | "updatedAt";
  direction: "asc" | "desc";
}

export function listOrganizationRepositories(call: Call<{ org: string }, SettingsListQuery>): Answer {
  const { org } = call.params;
  requireOrganization(call, org, { role: "read", permissions: ["org.read", "org.write"] });
  return listSettings(call, org);
}

export function listOwnRepositories(call: Call<unknown, SettingsListQuery>): Answer {
  return listSettings(call, requireUser(call).user.name);
}

/** The list with the exact visibility. Without a limit, one answer has all repositories. */
function listSettings(call: Call<unknown, SettingsListQuery>, namespace: string): Answer {
  const { store, query, principal } = call;
  const all = store.repositoriesOf.all(namespace);
  const total = all.reduce((sum, repo) => sum + repo.storage, 0);
  const found = all
    .filter((repo) => query.type === undefined || repo.type === query.type)
    .filter((repo) => mentions(repo, query.search))
    // The permission gives a service account the whole list.
    .filter((repo) => principal?.kind === "serviceAccount" || canSee(store, principal, repo))
    .sort(order(query));
  const page = paginate(call, found, query.limit ?? Infinity, (repo) => repo.id);
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

function order({ sort, direction }: SettingsListQuery): (a: Repository, b: Repository) => number {
  const sign = direction === "asc" ? 1 : -1;
  const compare = (a: Repository, b: Repository): number =>
    sort === "storage" ? a.storage - b.storage : Date.parse(a.updatedAt) - Date.parse(b.updatedAt);
  return (a, b) => sign * compare(a, b) || byId(a, b);
}

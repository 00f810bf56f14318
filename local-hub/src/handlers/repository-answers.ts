import { type Call } from "../route.js";
import { type Repository, type ResourceGroup } from "../store/records.js";
import { repoName, repoSha } from "../store/repositories.js";
import { canSeeGroup, type Grouped } from "./access.js";

/** The part of a query that selects fields. */
export interface InfoQuery {
  expand?: string[];
  "expand[]"?: string[];
}

/** A model, dataset or Space, as official clients read it. With `expand`, only the requested fields. */
export function describeRepository(call: Call, repo: Repository, query: InfoQuery): object {
  const info = {
    _id: repo.id,
    id: repoName(repo),
    author: repo.namespace,
    private: isPrivate(repo),
    createdAt: repo.createdAt,
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
  const wanted = query.expand ?? query["expand[]"];
  if (!wanted) return info;
  return only(["_id", "id", "modelId", ...wanted], { ...info, ...describeGroupOf(call, repo) });
}

/** A bucket. */
export function describeBucket(call: Call, repo: Repository): object {
  return {
    author: repo.namespace,
    id: repoName(repo),
    private: isPrivate(repo),
    createdAt: repo.createdAt,
    updatedAt: repo.updatedAt,
    size: repo.storage,
    totalFiles: repo.storage ? 1 : 0,
    repoType: "bucket",
    cdnRegions: repo.cdnRegions ?? [],
    ...describeGroupOf(call, repo),
  };
}

/** A single kernel. */
export function describeKernel(call: Call, repo: Repository): object {
  return {
    author: repo.namespace,
    downloads: repo.downloads,
    id: repoName(repo),
    isLikedByUser: false,
    lastModified: repo.updatedAt,
    likes: repo.likes,
    private: isPrivate(repo),
    repoType: "kernel",
    sha: repoSha(repo),
    gated: repo.gated,
    ...describeGroupOf(call, repo),
  };
}

/** A kernel in a list, which has other fields than a single kernel. */
export function describeListedKernel(
  call: Call,
  repo: Repository,
  query: { expand?: string[]; full?: boolean },
): object {
  const short = {
    id: repoName(repo),
    author: repo.namespace,
    private: isPrivate(repo),
    downloads: repo.downloads,
    likes: repo.likes,
    lastModified: repo.updatedAt,
    createdAt: repo.createdAt,
    gated: repo.gated,
    tags: repo.tags,
  };
  if (!query.expand && !query.full) return short;
  const full = { ...short, sha: repoSha(repo), files: [".gitattributes", "README.md"], disabled: false };
  if (!query.expand) return full;
  return only(["id", ...query.expand], { ...full, ...describeGroupOf(call, repo) });
}

function describeGroup(group: ResourceGroup): object {
  return { id: group.id, name: group.name, numUsers: group.users.length };
}

/** The resource group that something is in, if the caller can see it. */
export function visibleGroupOf({ store, principal }: Call, { resourceGroupId }: Grouped): object | undefined {
  const group = resourceGroupId ? store.resourceGroups.get(resourceGroupId) : undefined;
  return group && canSeeGroup(store, principal, group) ? describeGroup(group) : undefined;
}

export function describeGroupOf(call: Call, subject: Grouped): { resourceGroup?: object } {
  const resourceGroup = visibleGroupOf(call, subject);
  return resourceGroup ? { resourceGroup } : {};
}

/** Everything that is not public is shown as private. Only the organization's list has the exact visibility. */
export function isPrivate(repo: Repository): boolean {
  return repo.visibility !== "public";
}

/** The URL of a repository's page on the Hub. */
export function webAddress(origin: string, repo: Pick<Repository, "type" | "namespace" | "name">): string {
  const prefix = repo.type === "model" ? "" : `${repo.type}s/`;
  return `${origin}/${prefix}${repoName(repo)}`;
}

function only(names: string[], info: object): object {
  return Object.fromEntries(Object.entries(info).filter(([name]) => names.includes(name)));
}

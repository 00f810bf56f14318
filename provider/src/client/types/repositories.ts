/** The type of a repository. */
export type RepoType = "model" | "dataset" | "space" | "bucket" | "kernel";

/** All types of repository, in the order in which messages name them. */
export const REPO_TYPES: readonly RepoType[] = ["model", "dataset", "space", "bucket", "kernel"];

/** A type of repository whose settings the Hub's API can change. It cannot change those of kernels. */
export type ConfigurableRepoType = Exclude<RepoType, "kernel">;

/** All types of repository whose settings the Hub's API can change. */
export const CONFIGURABLE_REPO_TYPES: readonly ConfigurableRepoType[] = [
  "model",
  "dataset",
  "space",
  "bucket",
];

/**
 * Who may see a repository.
 *
 * - `private`: members of the organization who have access to it
 * - `internal`: all members of the organization; needs a Hub with the extended API
 * - `protected`: only for Spaces
 * - `public`: everyone
 */
export type Visibility = "private" | "internal" | "protected" | "public";

/** All visibilities of repositories, from the most to the least restrictive. */
export const VISIBILITIES: readonly Visibility[] = ["private", "internal", "protected", "public"];

/**
 * Who gets access to the content of a repository.
 *
 * - `false`: everyone who may see the repository
 * - `"auto"`: everyone who requests access
 * - `"manual"`: everyone whose request someone approves
 */
export type Gated = false | "auto" | "manual";

/** A region of the CDN that serves a bucket. */
export interface CdnRegion {
  /** `gcp` or `aws`. */
  provider: string;
  /** `us` or `eu`. */
  region: string;
}

/** A repository that was looked up by its name. */
export interface RepoInfo {
  /** The Hub's id, for the `repoIds` of a token. The Hub does not return it for buckets and kernels. */
  _id?: string;
  /** The full name: `namespace/name`. */
  id: string;
  /** When the repository was created. ISO 8601. It distinguishes a bucket from an earlier bucket of the same name. */
  createdAt?: string;
  /** `false` if the repository is public. Absent if the Hub does not return it; then the visibility is not known. */
  private?: boolean;
  /** Who gets access to the content. */
  gated?: Gated;
  /** The CDN regions; only for buckets. */
  cdnRegions?: CdnRegion[];
  /** The exact visibility; only some Hubs return it here. */
  visibility?: Visibility;
}

/** A repository in the list of an organization. */
export interface OrgRepository {
  /** The full name: `namespace/name`. */
  id: string;
  /** `model`, `dataset`, `space`, `bucket`, `kernel`, or a newer type. */
  type: string;
  /** When the repository was last changed. */
  updatedAt?: string;
  /** `public`, `private`, `protected`, `internal`, or a newer visibility. */
  visibility: string;
  /** The used storage in bytes. */
  storage?: number;
  /** The used storage in percent, as the Hub returns it. */
  storagePercent?: number;
}

/** A repository in the list of an author, or in the list of a namespace's buckets. */
export interface AuthoredRepo {
  /** The Hub's id. The Hub does not return it for buckets. */
  _id?: string;
  /** The full name: `namespace/name`. */
  id: string;
  /** When the repository was created. ISO 8601. */
  createdAt?: string;
  /** `false` if the repository is public, `true` if it has any other visibility. */
  private?: boolean;
  /** Who gets access to the content. Only in a list that was requested with `gates`. */
  gated?: Gated;
}

/** Filters and the limit for a list of an organization's repositories. */
export interface ListRepositoriesOptions {
  /** A part of the name. */
  search?: string;
  /** The type of the repositories. Default: all types. */
  type?: RepoType;
  /** The most repositories to return; at least 1. Default: all. */
  limit?: number;
}

/** Filters for a list of an author's repositories. */
export interface ListReposOfOptions {
  /** The type of the repositories. Default: `model`. */
  type?: "model" | "dataset" | "space";
  /** A part of the name. */
  search?: string;
  /** Whether to return the gate of each model or dataset. Default: false. */
  gates?: boolean;
}

/** The settings of a repository in the Hub's answer to a change. Settings that the Hub does not return are absent. */
export interface RepoSettings {
  /** `public`, `private`, `protected`, `internal`, or a newer visibility. */
  visibility?: string;
  /** `false` if the repository is public, `true` if it has any other visibility. */
  private?: boolean;
  /** Who gets access to the content. */
  gated?: Gated;
}

/** A change of a repository's settings. Set `visibility`, `gated` or both. */
export interface RepoSettingsUpdate {
  /** The type of the repository. Default: `model`. */
  repoType?: ConfigurableRepoType;
  /** The new visibility. `protected` is only for Spaces; buckets can only be `public` or `private`. */
  visibility?: Visibility;
  /** Who gets access to the content. Only for models and datasets. */
  gated?: Gated;
}

import { repoAdvice } from "../advice";
import { checkOptions, invalidArgument, wholeNumber } from "../arguments";
import { nameSegment, organizationPath, repoPath } from "../paths";
import { list } from "../shape";
import {
  type AuthoredRepo,
  type ConfigurableRepoType,
  type ListRepositoriesOptions,
  type ListReposOfOptions,
  type OrgRepository,
  type RepoInfo,
  type RepoScan,
  type RepoSettings,
  type RepoSettingsUpdate,
  type RepoType,
  type ScannedRepoType,
  VISIBILITIES,
  type Visibility,
} from "../types";
import { readAuthoredRepo, readGatedRepo, readOrgRepository, readRepo, readRepoSettings } from "../wire";
import { readRepoScan } from "../wire/spaces";
import { SsoOperations } from "./sso";

/** The number of repositories to request in each page. */
const PAGE = 1000;

/** How many repositories are requested, if a full answer has no link to further pages. */
const LIMITS = [PAGE, 10_000, 100_000];

/** The methods about repositories, their visibility and their security scans. */
export abstract class RepositoryOperations extends SsoOperations {
  /**
   * Returns a repository by its name.
   *
   * The answer has `private`, but usually not the exact visibility, and for a bucket `private` may be missing. Use
   * {@link HubClient.listRepositories} to get the exact visibility.
   *
   * Endpoint: `GET /api/{models|datasets|spaces|buckets|kernels}/{namespace}/{name}`.
   *
   * @param repo - the full name: `namespace/name`
   * @param repoType - the type of the repository; default `model`
   */
  async getRepo(repo: string, repoType: RepoType = "model"): Promise<RepoInfo> {
    return this.requester.json(
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
      return this.requester.complete(call, list(readOrgRepository), LIMITS);
    }
    const most = wholeNumber("limit", limit, 1, Number.MAX_SAFE_INTEGER);
    const query = { ...call.query, limit: Math.min(most, PAGE) };
    return this.requester.all({ ...call, query }, list(readOrgRepository), most);
  }

  /**
   * Returns the models, datasets or Spaces of an author that the token may see.
   *
   * Unlike {@link HubClient.listRepositories}, it returns the id of each repository, and `private` instead of the exact visibility.
   *
   * Endpoint: `GET /api/{models|datasets|spaces}?author=`, all pages. The Hub's official clients use it, but the Hub's OpenAPI document
   * does not contain it.
   *
   * @param author - the name of an organization or a user
   * @param options - the type (default `model`), a part of the name, and whether to return the gates
   */
  async listReposOf(
    author: string,
    { type = "model", search, gates }: ListReposOfOptions = {},
  ): Promise<AuthoredRepo[]> {
    if (!["model", "dataset", "space"].includes(type)) {
      return invalidArgument("type must be model, dataset or space.");
    }
    return this.requester.all(
      {
        method: "GET",
        path: `/api/${type}s`,
        query: {
          author: nameSegment("The author", author),
          search,
          limit: PAGE,
          // With `expand`, the Hub returns only these fields and the ids.
          expand: gates ? ["gated", "private", "createdAt"] : undefined,
        },
      },
      list(gates ? readGatedRepo : readAuthoredRepo),
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
    return this.requester.all({ method: "GET", path, query: { search } }, list(readAuthoredRepo));
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
    const told = await this.requester.told(
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
   * Endpoint: see {@link HubClient.updateRepoSettings}.
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
   * Endpoint: see {@link HubClient.updateRepoSettings}.
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

  /**
   * Returns the result of the Hub's security scan of a repository.
   *
   * Endpoint: `GET /api/{models|datasets|spaces}/{namespace}/{name}/scan`.
   *
   * @param repo - the full name: `namespace/name`
   * @param repoType - the type of the repository; default `model`
   */
  async getRepoScan(repo: string, repoType: ScannedRepoType = "model"): Promise<RepoScan> {
    if (!["model", "dataset", "space"].includes(repoType)) {
      return invalidArgument("repoType must be model, dataset or space.");
    }
    return this.requester.json(
      { method: "GET", path: `${repoPath(repo, repoType)}/scan`, advice: repoAdvice },
      readRepoScan,
    );
  }
}

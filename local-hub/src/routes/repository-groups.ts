import { type RepoParams, withMe } from "../handlers/repositories.js";
import * as handlers from "../handlers/repository-groups.js";
import { type Assignment } from "../handlers/repository-groups.js";
import { type Route, route } from "../route.js";
import { count, flag, id, input, nullable, object, oneOf, text } from "../schema.js";
import { REPO_TYPES, type RepoType } from "../store/records.js";

/** The resource group of a repository or collection. */
export const group = object({ id, name: text(), "numUsers?": count });

/** Unlike elsewhere, the document accepts only lower-case ids here. */
export const assignment = input({ resourceGroupId: nullable(id) });

const params = object({ namespace: text(), repo: text() });
const repository = object({ name: text(), type: oneOf(...REPO_TYPES), private: flag, addedBy: text() });

/** Operations to read and change the resource group of a repository. The Hub has none for kernels. */
export function groupRoutes(type: RepoType): Route[] {
  // Only buckets have the namespace `me`.
  const own: typeof withMe = type === "bucket" ? withMe : (handle) => handle;
  const url = `/api/${type}s/:namespace/:repo/resource-group`;
  return [
    route<RepoParams>({
      method: "GET",
      url,
      params,
      answers: { 200: group },
      handle: own(handlers.getRepositoryGroup(type)),
    }),
    route<RepoParams, unknown, Assignment>({
      method: "POST",
      url,
      params,
      body: assignment,
      answers: { 200: repository },
      handle: own(handlers.setRepositoryGroup(type)),
    }),
  ];
}

import { listKernels, type KernelsQuery } from "../handlers/repository-lists.js";
import { getRepository, type RepoParams } from "../handlers/repositories.js";
import { type Route, route } from "../route.js";
import { constant, count, flag, input, listOf, object, oneOf, text, time } from "../schema.js";
import { group } from "./repository-groups.js";

const gated = oneOf(false, "auto", "manual");
const url = "/api/kernels/:namespace/:repo";

/** Fields that `expand` can select. */
const FIELDS = [
  "author",
  "cardData",
  "disabled",
  "downloads",
  "downloadsAllTime",
  "gated",
  "lastModified",
  "createdAt",
  "likes",
  "private",
  "sha",
  "files",
  "tags",
  "trendingScore",
  "buildMetadata",
  "supportedDriverFamilies",
  "resourceGroup",
  "arxivIds",
];

const kernel = object({
  author: text(),
  downloads: count,
  id: text(),
  isLikedByUser: flag,
  lastModified: time,
  likes: count,
  private: flag,
  repoType: constant("kernel"),
  sha: text(),
  gated,
  "resourceGroup?": group,
});

const listed = object({
  id: text(),
  "author?": text(),
  "private?": flag,
  "disabled?": flag,
  "downloads?": count,
  "gated?": gated,
  "lastModified?": time,
  "createdAt?": time,
  "likes?": count,
  "sha?": text(),
  "files?": listOf(text()),
  "tags?": listOf(text()),
  "resourceGroup?": group,
});

/** The Hub has no operation for a kernel's settings or resource group. Both are set when the kernel is created. */
export const kernelRoutes: Route[] = [
  route<unknown, KernelsQuery>({
    method: "GET",
    url: "/api/kernels",
    auth: "optional",
    query: input({
      "search?": text(),
      "author?": listOf(text()),
      "id?": listOf(text()),
      "arxivIds?": listOf(text()),
      "filter?": listOf(text()),
      sort: {
        ...oneOf("downloads", "likes", "lastModified", "trendingScore", "likes30d", "_id", "id"),
        default: "trendingScore",
      },
      direction: { ...oneOf("1", "-1"), default: "-1" },
      limit: { type: "integer", minimum: 1, maximum: 1000, default: 1000 },
      "cursor?": text(),
      "full?": flag,
      "gated?": flag,
      "expand?": listOf(oneOf(...FIELDS)),
    }),
    answers: { 200: listOf(listed) },
    handle: listKernels,
  }),
  ...[url, `${url}/revision/:revision`].map((path) =>
    route<RepoParams, object>({
      method: "GET",
      url: path,
      auth: "optional",
      params: object({ namespace: text(), repo: text(), "revision?": text() }),
      answers: { 200: kernel },
      handle: getRepository("kernel"),
    }),
  ),
];

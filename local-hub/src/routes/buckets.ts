import { createBucket, type NewBucketBody } from "../handlers/repository-creation.js";
import { listBuckets } from "../handlers/repository-lists.js";
import * as handlers from "../handlers/repositories.js";
import { type RepoParams } from "../handlers/repositories.js";
import { type Route, route } from "../route.js";
import {
  anyId,
  anything,
  constant,
  flag,
  input,
  listOf,
  nullable,
  object,
  oneOf,
  text,
  time,
} from "../schema.js";
import { VISIBILITIES } from "../store/records.js";
import { created } from "./repository-creation.js";
import { group, groupRoutes } from "./repository-groups.js";

const url = "/api/buckets/:namespace/:repo";
const params = object({ namespace: text(), repo: text() });
const region = { provider: oneOf("gcp", "aws"), region: oneOf("us", "eu") };
const size = { type: "number", minimum: 0 };

/** The fields of a bucket. */
export const bucket = {
  author: text(),
  id: text(),
  private: flag,
  createdAt: time,
  updatedAt: time,
  size,
  totalFiles: size,
  repoType: constant("bucket"),
  cdnRegions: listOf(object(region)),
  "resourceGroup?": group,
};

export const bucketRoutes: Route[] = [
  route<{ namespace: string }, { search?: string }>({
    method: "GET",
    url: "/api/buckets/:namespace",
    auth: "optional",
    params: object({ namespace: text() }),
    query: input({ "search?": text() }),
    answers: { 200: listOf(object(bucket)) },
    handle: handlers.withMe(listBuckets),
  }),
  route<RepoParams, object>({
    method: "GET",
    url,
    auth: "optional",
    params,
    answers: { 200: object(bucket) },
    handle: handlers.withMe(handlers.getRepository("bucket")),
  }),
  route<RepoParams, unknown, NewBucketBody>({
    method: "POST",
    url,
    params,
    body: input({
      "private?": nullable(flag),
      // This field is not in the document, but official clients send it.
      "visibility?": oneOf(...VISIBILITIES),
      "resourceGroupId?": anyId,
      "cdn?": listOf(input(region)),
      "region?": oneOf("us", "eu"),
    }),
    answers: { 200: created },
    handle: handlers.withMe(createBucket),
  }),
  route<RepoParams>({
    method: "DELETE",
    url,
    params,
    answers: { 200: object({}) },
    handle: handlers.withMe(handlers.deleteBucket),
  }),
  route<RepoParams, unknown, object>({
    method: "PUT",
    url: `${url}/settings`,
    params,
    body: input({ "private?": anything, "cdnRegions?": listOf(input(region)) }),
    answers: { 200: object({ "private?": flag, "cdnRegions?": listOf(object(region)) }) },
    handle: handlers.withMe(handlers.updateBucketSettings),
  }),
  ...groupRoutes("bucket"),
];

import * as handlers from "../handlers/repositories.js";
import {
  type ListQuery,
  type NewRepositoryBody,
  type RepoParams,
  type RepoSettings,
  type SettingsListQuery,
} from "../handlers/repositories.js";
import { type Route, route } from "../route.js";
import {
  anything,
  constant,
  count,
  flag,
  id,
  listOf,
  nullable,
  object,
  oneOf,
  openObject,
  text,
  time,
} from "../schema.js";
import { REPO_TYPES, VISIBILITIES, type RepoType } from "../store/records.js";

const params = object({ namespace: text(), repo: text() });
const revisionParams = object({ namespace: text(), repo: text(), revision: text() });
const visibility = oneOf(...VISIBILITIES);
const type = oneOf(...REPO_TYPES);
const gated = oneOf(false, "auto", "manual");
const expand = { "expand?": listOf(text()), "expand[]?": listOf(text()) };

const infoQuery = object({
  ...expand,
  "blobs?": anything,
  "securityStatus?": anything,
  "full?": anything,
  "cardData?": anything,
});

/** With `expand`, only what was asked for comes, so nothing but the ids is certain. */
const info = object({
  _id: id,
  id: text(),
  "author?": text(),
  "private?": flag,
  "gated?": gated,
  "createdAt?": time,
  "lastModified?": time,
  "modelId?": text(),
  "sha?": { type: "string", pattern: "^[0-9a-f]{40}$" },
  "disabled?": flag,
  "downloads?": count,
  "likes?": count,
  "tags?": listOf(text()),
  "siblings?": listOf(object({ rfilename: text() })),
  "usedStorage?": count,
  "sdk?": text(),
  "host?": text(),
  "subdomain?": text(),
});

const bucketInfo = object({
  _id: id,
  id: text(),
  "author?": text(),
  "private?": flag,
  "createdAt?": time,
  "updatedAt?": time,
  "size?": count,
  "totalFiles?": count,
});

const settings = {
  "visibility?": visibility,
  "private?": flag,
  "gated?": gated,
  "discussionsDisabled?": flag,
};

const creation = {
  "visibility?": visibility,
  "private?": flag,
  "resourceGroupId?": nullable(id),
  "region?": text(),
  "license?": text(),
};

const created = object({ url: text(), name: text(), id });

const listQuery = openObject({
  "search?": text(),
  "author?": text(),
  limit: { type: "integer", minimum: 1, maximum: 1000, default: 500 },
  "cursor?": text(),
  ...expand,
});

const settingsListQuery = object({
  "search?": text(),
  "type?": oneOf(...REPO_TYPES, "kernel"),
  // The Hub names no maximum; pages end somewhere all the same.
  limit: { type: "integer", minimum: 1, default: 100 },
  "cursor?": text(),
  "sort?": oneOf("storage", "updatedAt"),
  "direction?": oneOf("asc", "desc", "1", "-1"),
});

const settingsList = listOf(
  object({
    id: text(),
    type,
    updatedAt: time,
    visibility,
    storage: count,
    storagePercent: { type: "number", minimum: 0, maximum: 1 },
  }),
);

const group = object({ id, name: text(), "numUsers?": count });

function routesOf(repoType: RepoType): Route[] {
  const base = `/api/${repoType}s`;
  const one = `${base}/:namespace/:repo`;
  return [
    route<RepoParams, unknown, RepoSettings>({
      method: "PUT",
      url: `${one}/settings`,
      params,
      body: repoType === "bucket" ? object({ "private?": flag }) : object(settings),
      answers: { 200: object(settings) },
      handle: handlers.updateSettings(repoType),
    }),
    route<RepoParams>({
      method: "GET",
      url: `${one}/resource-group`,
      params,
      answers: { 200: group },
      handle: handlers.getRepositoryGroup(repoType),
    }),
    route<RepoParams, unknown, { resourceGroupId: string | null }>({
      method: "POST",
      url: `${one}/resource-group`,
      params,
      body: object({ resourceGroupId: nullable(id) }),
      answers: { 200: object({ "id?": id, "name?": text(), "numUsers?": count }) },
      handle: handlers.setRepositoryGroup(repoType),
    }),
    ...(["", "/revision/:revision"] as const).map((suffix) =>
      route<RepoParams, object>({
        method: "GET",
        url: `${one}${suffix}`,
        auth: "optional",
        params: suffix ? revisionParams : params,
        query: infoQuery,
        answers: { 200: repoType === "bucket" ? bucketInfo : info },
        handle: handlers.getRepository(repoType),
      }),
    ),
  ];
}

function listRoute(repoType: RepoType): Route {
  return route<unknown, ListQuery>({
    method: "GET",
    url: `/api/${repoType}s`,
    auth: "optional",
    query: listQuery,
    answers: { 200: listOf(info) },
    handle: handlers.listPublic(repoType),
  });
}

export const repositoryRoutes: Route[] = [
  ...REPO_TYPES.flatMap(routesOf),
  listRoute("model"),
  listRoute("dataset"),
  listRoute("space"),
  route<RepoParams, unknown, RepoSettings>({
    method: "POST",
    url: "/api/buckets/:namespace/:repo",
    params,
    body: object(creation),
    answers: { 200: created },
    handle: handlers.createBucket,
  }),
  route<RepoParams>({
    method: "DELETE",
    url: "/api/buckets/:namespace/:repo",
    params,
    answers: { 200: object({}) },
    handle: handlers.deleteBucket,
  }),
  route<unknown, unknown, NewRepositoryBody>({
    method: "POST",
    url: "/api/repos/create",
    body: object({
      name: text({ min: 1, max: 96 }),
      "organization?": nullable(text()),
      "type?": type,
      ...creation,
      "sdk?": oneOf("gradio", "streamlit", "docker", "static"),
      "template?": text(),
      "hardware?": text(),
      "storageTier?": text(),
      "sleepTimeSeconds?": { type: "integer" },
      "secrets?": listOf(anything),
      "variables?": listOf(anything),
      "volumes?": listOf(anything),
      "files?": listOf(object({ path: text(), content: text(), "encoding?": constant("base64") })),
    }),
    answers: { 200: created },
    handle: handlers.createRepository,
  }),
  route<unknown, unknown, { name: string; organization?: string | null; type?: RepoType }>({
    method: "DELETE",
    url: "/api/repos/delete",
    body: object({ name: text({ min: 1 }), "organization?": nullable(text()), "type?": type }),
    answers: { 200: object({}) },
    handle: handlers.deleteRepository,
  }),
  route<unknown, unknown, { fromRepo: string; toRepo: string; type?: RepoType }>({
    method: "POST",
    url: "/api/repos/move",
    body: object({ fromRepo: repoPath(), toRepo: repoPath(), "type?": type }),
    answers: { 200: object({}) },
    handle: handlers.moveRepository,
  }),
  route<{ org: string }, SettingsListQuery>({
    method: "GET",
    url: "/api/organizations/:org/settings/repositories",
    params: object({ org: text() }),
    query: settingsListQuery,
    answers: { 200: settingsList },
    handle: handlers.listOrganizationRepositories,
  }),
  route<unknown, SettingsListQuery>({
    method: "GET",
    url: "/api/settings/repositories",
    query: settingsListQuery,
    answers: { 200: settingsList },
    handle: handlers.listOwnRepositories,
  }),
];

function repoPath() {
  return { type: "string", pattern: "^[^/]+/[^/]+$" };
}

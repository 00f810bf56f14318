import { type ListQuery, listPublic } from "../handlers/repository-lists.js";
import * as handlers from "../handlers/repositories.js";
import { type RepoParams, type SettingsBody } from "../handlers/repositories.js";
import { type Route, route } from "../route.js";
import { count, email, flag, id, input, listOf, nullable, object, oneOf, text, time } from "../schema.js";
import { REPO_TYPES, VISIBILITIES, type RepoType } from "../store/records.js";
import { group, groupRoutes } from "./repository-groups.js";

/** Types with the same operations and fields. */
const TYPES = ["model", "dataset", "space"] as const;

const params = object({ namespace: text(), repo: text() });
const revisionParams = object({ namespace: text(), repo: text(), revision: text() });
const gated = oneOf(false, "auto", "manual");
const expand = { "expand?": listOf(text()), "expand[]?": listOf(text()) };

/** With `expand`, the answer has only the requested fields, so all fields except the ids are optional. */
const info = object({
  _id: id,
  id: text(),
  "author?": text(),
  "private?": flag,
  "gated?": gated,
  "createdAt?": time,
  "lastModified?": time,
  "modelId?": text(),
  "sha?": text({ pattern: "^[0-9a-f]{40}$" }),
  "disabled?": flag,
  "downloads?": count,
  "likes?": count,
  "tags?": listOf(text()),
  "siblings?": listOf(object({ rfilename: text() })),
  "usedStorage?": count,
  "sdk?": text(),
  "host?": text(),
  "subdomain?": text(),
  "resourceGroup?": group,
});

const settings = {
  "private?": flag,
  // `internal` exists only in the extended profile. The handler checks this.
  "visibility?": oneOf(...VISIBILITIES),
  "discussionsDisabled?": flag,
  "discussionsSorting?": oneOf("recently-created", "trending", "reactions"),
  "gated?": gated,
  "orgMembersGated?": flag,
  "gatedNotificationsEmail?": email,
  "gatedNotificationsMode?": oneOf("bulk", "real-time"),
};

const listQuery = input({
  "search?": text(),
  "author?": text(),
  limit: { ...count, minimum: 1, default: 500 },
  "cursor?": text(),
  ...expand,
});

function routesOf(type: (typeof TYPES)[number]): Route[] {
  const base = `/api/${type}s`;
  const one = `${base}/:namespace/:repo`;
  return [
    route<unknown, ListQuery>({
      method: "GET",
      url: base,
      auth: "optional",
      query: listQuery,
      answers: { 200: listOf(info) },
      handle: listPublic(type),
    }),
    route<RepoParams, unknown, SettingsBody>({
      method: "PUT",
      url: `${one}/settings`,
      params,
      body: input(settings),
      answers: { 200: object(settings) },
      handle: handlers.updateSettings(type),
    }),
    ...groupRoutes(type),
    ...(["", "/revision/:revision"] as const).map((suffix) =>
      route<RepoParams, object>({
        method: "GET",
        url: `${one}${suffix}`,
        auth: "optional",
        params: suffix ? revisionParams : params,
        query: input(expand),
        answers: { 200: info },
        handle: handlers.getRepository(type),
      }),
    ),
  ];
}

const type = oneOf(...REPO_TYPES);
const repoPath = text({ pattern: "^[^/]+/[^/]+$" });

export const repositoryRoutes: Route[] = [
  ...TYPES.flatMap(routesOf),
  route<unknown, unknown, { name: string; organization?: string | null; type?: RepoType }>({
    method: "DELETE",
    url: "/api/repos/delete",
    body: input({ name: text({ min: 1 }), "organization?": nullable(text()), "type?": type }),
    answers: { 200: object({}) },
    handle: handlers.deleteRepository,
  }),
  route<unknown, unknown, { fromRepo: string; toRepo: string; type?: RepoType }>({
    method: "POST",
    url: "/api/repos/move",
    body: input({ fromRepo: repoPath, toRepo: repoPath, "type?": type }),
    answers: { 200: object({}) },
    handle: handlers.moveRepository,
  }),
];

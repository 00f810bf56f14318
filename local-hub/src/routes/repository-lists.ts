import * as handlers from "../handlers/repository-lists.js";
import { type SettingsListQuery } from "../handlers/repository-lists.js";
import { type Route, route } from "../route.js";
import { count, input, listOf, object, oneOf, text, time } from "../schema.js";
import { REPO_TYPES, VISIBILITIES } from "../store/records.js";

const type = oneOf(...REPO_TYPES);

const query = input({
  "search?": text(),
  "type?": type,
  "limit?": { ...count, minimum: 1 },
  "cursor?": text(),
  sort: { ...oneOf("storage", "updatedAt"), default: "storage" },
  direction: { ...oneOf("asc", "desc"), default: "desc" },
});

const list = listOf(
  object({
    id: text(),
    type,
    updatedAt: time,
    // `internal` exists only in the extended profile.
    visibility: oneOf(...VISIBILITIES),
    storage: count,
    storagePercent: { type: "number", minimum: 0, maximum: 1 },
  }),
);

export const repositoryListRoutes: Route[] = [
  route<{ org: string }, SettingsListQuery>({
    method: "GET",
    url: "/api/organizations/:org/settings/repositories",
    params: object({ org: text() }),
    query,
    answers: { 200: list },
    handle: handlers.listOrganizationRepositories,
  }),
  route<unknown, SettingsListQuery>({
    method: "GET",
    url: "/api/settings/repositories",
    query,
    answers: { 200: list },
    handle: handlers.listOwnRepositories,
  }),
];

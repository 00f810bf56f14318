import * as handlers from "../handlers/resource-groups.js";
import {
  type AutoJoin,
  type GroupParams,
  type GroupUpdate,
  type NewGroup,
} from "../handlers/resource-groups.js";
import { type Route, route } from "../route.js";
import { constant, count, either, flag, id, listOf, nullable, object, oneOf, text } from "../schema.js";
import { REPO_TYPES, type GroupRole } from "../store/records.js";

const path = "/api/organizations/:org/resource-groups";
const inOrganization = object({ org: text() });
const inGroup = object({ org: text(), id });
const ofUser = object({ org: text(), id, username: text() });

const role = oneOf("read", "contributor", "write", "admin");
const user = object({ user: text({ min: 1 }), role });
const type = oneOf(...REPO_TYPES);
const joins = object({ enabled: constant(true), role, "scope?": oneOf("all", "read_plus") });
const autoJoin = either(joins, object({ enabled: constant(false) }));
const cents = nullable(count);
const spendLimits = object({
  "total?": cents,
  "inferenceProviders?": cents,
  "spaces?": cents,
  "jobs?": cents,
  "endpoints?": cents,
});
const name = text({ min: 1, max: 200 });
const description = text({ max: 500 });

const group = object({
  id,
  name,
  "description?": description,
  "autoJoin?": joins,
  "spendLimits?": spendLimits,
  users: listOf(object({ _id: id, name: text(), fullname: text(), role, "addedBy?": text() })),
  resources: listOf(object({ type, name: text(), private: flag, "addedBy?": text() })),
});

export const resourceGroupRoutes: Route[] = [
  route<{ org: string }>({
    method: "GET",
    url: path,
    params: inOrganization,
    query: object({}),
    answers: { 200: listOf(group) },
    handle: handlers.listGroups,
  }),
  route<{ org: string }, unknown, NewGroup>({
    method: "POST",
    url: path,
    params: inOrganization,
    body: object({
      name,
      "description?": description,
      "users?": listOf(user),
      "repos?": listOf(object({ name: text({ min: 1 }), type })),
      "autoJoin?": autoJoin,
    }),
    answers: { 200: group },
    handle: handlers.createGroup,
  }),
  route<GroupParams>({
    method: "GET",
    url: `${path}/:id`,
    params: inGroup,
    query: object({}),
    answers: { 200: group },
    handle: handlers.getGroup,
  }),
  route<GroupParams, unknown, GroupUpdate>({
    method: "PATCH",
    url: `${path}/:id`,
    params: inGroup,
    body: object({ "name?": name, "description?": description, "spendLimits?": spendLimits }),
    answers: { 200: group },
    handle: handlers.updateGroup,
  }),
  route<GroupParams>({
    method: "DELETE",
    url: `${path}/:id`,
    params: inGroup,
    answers: { 200: object({ success: constant(true) }) },
    handle: handlers.deleteGroup,
  }),
  route<GroupParams, unknown, { autoJoin: AutoJoin }>({
    method: "POST",
    url: `${path}/:id/settings`,
    params: inGroup,
    body: object({ autoJoin }),
    answers: { 200: group },
    handle: handlers.setGroupSettings,
  }),
  route<GroupParams, unknown, { users: { user: string; role: GroupRole }[] }>({
    method: "POST",
    url: `${path}/:id/users`,
    params: inGroup,
    body: object({ users: listOf(user, { min: 1 }) }),
    answers: { 200: group },
    handle: handlers.addGroupUsers,
  }),
  route<GroupParams & { username: string }, unknown, { role: GroupRole }>({
    method: "PATCH",
    url: `${path}/:id/users/:username`,
    params: ofUser,
    body: object({ role }),
    answers: { 200: group },
    handle: handlers.changeGroupUser,
  }),
  route<GroupParams & { username: string }>({
    method: "DELETE",
    url: `${path}/:id/users/:username`,
    params: ofUser,
    answers: { 200: group },
    handle: handlers.removeGroupUser,
  }),
];

import * as handlers from "../handlers/resource-groups.js";
import { type GroupParams, type GroupUpdate, type NewGroup } from "../handlers/resource-groups.js";
import { type Route, route } from "../route.js";
import {
  constant,
  count,
  either,
  flag,
  id,
  input,
  listOf,
  nullable,
  object,
  oneOf,
  text,
  type Schema,
} from "../schema.js";
import { ORG_ROLES, REPO_TYPES, type OrgRole } from "../store/records.js";

const path = "/api/organizations/:org/resource-groups";
const inOrganization = object({ org: text() });
const inGroup = object({ org: text(), id: text() });
const ofUser = object({ org: text(), id: text(), username: text() });

const role = oneOf(...ORG_ROLES);
const type = oneOf(...REPO_TYPES);
const name = text({ min: 1, max: 200 });
const description = text({ max: 500 });
const joining = { role, "scope?": oneOf("all", "read_plus") };
const cents = nullable(count);
const limits = (amount: Schema): Record<string, Schema> => ({
  "total?": amount,
  "inferenceProviders?": amount,
  "spaces?": amount,
  "jobs?": amount,
  "endpoints?": amount,
});
const user = input({ user: text(), role });

const entry = { "addedBy?": text(), private: flag };
const group = object({
  id,
  name: text(),
  "description?": nullable(text()),
  "autoJoin?": either(object({ enabled: constant(true), ...joining }), object({ enabled: constant(false) })),
  "spendLimits?": object(limits(count)),
  users: listOf(
    object({
      type: constant("user"),
      _id: id,
      name: text(),
      fullname: text(),
      avatarUrl: text(),
      role,
      "addedBy?": text(),
    }),
  ),
  resources: listOf(
    either(
      object({ type, name: text(), ...entry }),
      object({ type: constant("collection"), id, slug: text(), title: text(), ...entry }),
    ),
  ),
});

export const resourceGroupRoutes: Route[] = [
  route<{ org: string }>({
    method: "GET",
    url: path,
    params: inOrganization,
    answers: { 200: listOf(group) },
    handle: handlers.listGroups,
  }),
  route<{ org: string }, unknown, NewGroup>({
    method: "POST",
    url: path,
    params: inOrganization,
    body: input({
      name,
      "description?": description,
      "users?": listOf(user),
      // In this object, and in no other, the document forbids unknown fields.
      "repos?": listOf(object({ name: text(), type })),
      "autoJoin?": either(
        input({ enabled: constant(true), ...joining }),
        input({ enabled: constant(false) }),
      ),
    }),
    answers: { 200: group },
    handle: handlers.createGroup,
  }),
  route<GroupParams>({
    method: "GET",
    url: `${path}/:id`,
    params: inGroup,
    answers: { 200: group },
    handle: handlers.getGroup,
  }),
  route<GroupParams, unknown, GroupUpdate>({
    method: "PATCH",
    url: `${path}/:id`,
    params: inGroup,
    body: input({ "name?": name, "description?": description, "spendLimits?": input(limits(cents)) }),
    answers: { 200: group },
    handle: handlers.updateGroup,
  }),
  route<GroupParams>({
    method: "DELETE",
    url: `${path}/:id`,
    params: inGroup,
    answers: { 200: object({ success: flag }) },
    handle: handlers.deleteGroup,
  }),
  route<GroupParams, unknown, object>({
    method: "POST",
    url: `${path}/:id/settings`,
    params: inGroup,
    body: input({
      "autoJoin?": either(
        input({ enabled: oneOf(true, "true"), ...joining }),
        input({ enabled: oneOf(false, "false") }),
      ),
    }),
    answers: { 200: group },
    handle: handlers.setGroupSettings,
  }),
  route<
    GroupParams,
    unknown,
    { users: ({ user: string; role: OrgRole } | { name: string; role: OrgRole })[] }
  >({
    method: "POST",
    url: `${path}/:id/users`,
    params: inGroup,
    body: input({ users: listOf(either(input({ name: text(), role }), user), { min: 1 }) }),
    answers: { 200: group },
    handle: handlers.addGroupUsers,
  }),
  route<GroupParams & { username: string }, unknown, { role: OrgRole }>({
    method: "PATCH",
    url: `${path}/:id/users/:username`,
    params: ofUser,
    body: input({ role }),
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

import * as handlers from "../handlers/webhooks.js";
import { type WebhookBody } from "../handlers/webhooks.js";
import { type Route, route } from "../route.js";
import { constant, either, flag, id, input, listOf, object, oneOf, text, time } from "../schema.js";
import { REPO_TYPES } from "../store/records.js";
import { jobInfo, jobSpec } from "./job-spec.js";

const path = "/api/settings/webhooks";
const params = object({ id: text() });
const watchedType = oneOf(...REPO_TYPES, "user", "org");
const domain = oneOf("repo", "discussion");
const url = { type: "string", format: "uri" };
const body = input({
  watched: listOf(input({ type: watchedType, name: text() }), { min: 1 }),
  "url?": url,
  "job?": jobSpec,
  "jobSourceId?": text(),
  domains: listOf(domain, { min: 1 }),
  "secret?": text({ pattern: "^[\\x20-\\x7F]*$" }),
});
const webhook = object({
  id,
  "url?": url,
  "job?": jobInfo,
  "jobSourceId?": text(),
  disabled: either(flag, constant("suspended-after-failure")),
  watched: listOf(object({ name: text(), type: watchedType, "avatarUrl?": text() })),
  hasSecret: flag,
  domains: listOf(domain),
  "lastTriggerAt?": time,
});
const one = object({ webhook });

export const webhookRoutes: Route[] = [
  route({
    method: "GET",
    url: path,
    answers: { 200: listOf(webhook) },
    handle: handlers.listWebhooks,
  }),
  route<unknown, unknown, WebhookBody>({
    method: "POST",
    url: path,
    body,
    answers: { 200: one },
    handle: handlers.createWebhook,
  }),
  route<{ id: string }>({
    method: "GET",
    url: `${path}/:id`,
    params,
    answers: { 200: one },
    handle: handlers.getWebhook,
  }),
  route<{ id: string }, unknown, WebhookBody>({
    method: "POST",
    url: `${path}/:id`,
    params,
    body,
    answers: { 200: one },
    handle: handlers.updateWebhook,
  }),
  route<{ id: string }>({
    method: "DELETE",
    url: `${path}/:id`,
    params,
    answers: { 200: object({}) },
    handle: handlers.deleteWebhook,
  }),
  route<{ id: string; logId: string }>({
    method: "POST",
    url: `${path}/:id/replay/:logId`,
    params: object({ id: text(), logId: text() }),
    answers: { 200: object({ status: { type: "number" } }) },
    handle: handlers.replayWebhook,
  }),
  ...([true, false] as const).map((disabled) =>
    route<{ id: string }>({
      method: "POST",
      url: `${path}/:id/${disabled ? "disable" : "enable"}`,
      params,
      answers: { 200: one },
      handle: handlers.switchWebhook(disabled),
    }),
  ),
];

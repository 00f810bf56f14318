import * as handlers from "../handlers/webhooks.js";
import { type WebhookBody } from "../handlers/webhooks.js";
import { type Route, route } from "../route.js";
import { constant, either, flag, id, listOf, object, oneOf, text, time } from "../schema.js";

const path = "/api/settings/webhooks";
const params = object({ id });
const watched = listOf(
  object({
    type: oneOf("dataset", "model", "space", "bucket", "kernel", "user", "org"),
    name: text({ min: 1 }),
  }),
  { min: 1 },
);
const domains = listOf(oneOf("repo", "discussion"), { min: 1 });
const url = { type: "string", format: "http-url" };
const body = object({ watched, url, domains, "secret?": text({ min: 1 }) });
const webhook = object({
  id,
  url,
  watched,
  domains,
  disabled: either(flag, constant("suspended-after-failure")),
  hasSecret: flag,
  "lastTriggerAt?": time,
});
const one = object({ webhook });

export const webhookRoutes: Route[] = [
  route({
    method: "GET",
    url: path,
    query: object({}),
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
    query: object({}),
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
    answers: { 200: object({ success: constant(true) }) },
    handle: handlers.deleteWebhook,
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

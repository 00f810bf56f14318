import { notFound } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { sha256 } from "../store/ids.js";
import { type Webhook } from "../store/records.js";
import { requireUser } from "./access.js";
import { byId } from "./paging.js";

export interface WebhookBody {
  watched: { type: string; name: string }[];
  url: string;
  domains: string[];
  secret?: string;
}

function find(call: Call<{ id: string }>): Webhook {
  const { user } = requireUser(call);
  const webhook = call.store.webhooks.get(call.params.id);
  if (webhook?.owner !== user.name) throw notFound("Webhook not found");
  return webhook;
}

export function listWebhooks(call: Call): Answer {
  const { user } = requireUser(call);
  return ok(call.store.webhooksOf.all(user.name).sort(byId).map(describe));
}

export function createWebhook(call: Call<unknown, unknown, WebhookBody>): Answer {
  const { user } = requireUser(call);
  const { secret, ...settings } = call.body;
  const webhook: Webhook = {
    id: call.store.newId(),
    owner: user.name,
    ...settings,
    disabled: false,
    secretHash: secret === undefined ? undefined : sha256(secret),
  };
  call.store.tables.webhooks.put(webhook.id, webhook);
  return ok({ webhook: describe(webhook) });
}

export function getWebhook(call: Call<{ id: string }>): Answer {
  return ok({ webhook: describe(find(call)) });
}

export function updateWebhook(call: Call<{ id: string }, unknown, WebhookBody>): Answer {
  const webhook = find(call);
  const { secret, ...settings } = call.body;
  const updated = { ...webhook, ...settings, ...(secret !== undefined && { secretHash: sha256(secret) }) };
  call.store.tables.webhooks.put(webhook.id, updated);
  return ok({ webhook: describe(updated) });
}

export function deleteWebhook(call: Call<{ id: string }>): Answer {
  call.store.tables.webhooks.delete(find(call).id);
  return ok({ success: true });
}

export function switchWebhook(disabled: boolean) {
  return (call: Call<{ id: string }>): Answer => {
    const webhook = { ...find(call), disabled };
    call.store.tables.webhooks.put(webhook.id, webhook);
    return ok({ webhook: describe(webhook) });
  };
}

function describe({ id, url, watched, domains, disabled, secretHash }: Webhook): unknown {
  return { id, url, watched, domains, disabled, hasSecret: secretHash !== undefined };
}

import { badRequest, notFound } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { sha256 } from "../store/ids.js";
import { type Webhook, type WebhookJob } from "../store/records.js";
import { requireUser } from "./access.js";
import { byId } from "./paging.js";

type JobSpec = Omit<WebhookJob, "secrets" | "environment" | "timeoutSeconds"> & {
  environment?: Record<string, string>;
  timeoutSeconds?: number | null;
  secrets?: Record<string, string>;
};

export interface WebhookBody {
  watched: { type: string; name: string }[];
  url?: string;
  job?: JobSpec;
  jobSourceId?: string;
  domains: string[];
  secret?: string;
}

function find(call: Call<{ id: string }>): Webhook {
  const { user } = requireUser(call);
  const webhook = call.store.webhooks.get(call.params.id.toLowerCase());
  if (webhook?.owner !== user.name) throw notFound("Webhook not found");
  return webhook;
}

export function listWebhooks(call: Call): Answer {
  const { user } = requireUser(call);
  return ok(call.store.webhooksOf.all(user.name).sort(byId).map(describe));
}

export function createWebhook(call: Call<unknown, unknown, WebhookBody>): Answer {
  const { user } = requireUser(call);
  const webhook: Webhook = {
    id: call.store.newId(),
    owner: user.name,
    disabled: false,
    ...settingsOf(call.body),
  };
  call.store.tables.webhooks.put(webhook.id, webhook);
  return ok({ webhook: describe(webhook) });
}

/** The stored part of a request. */
function settingsOf({ watched, url, job, jobSourceId, domains, secret }: WebhookBody) {
  // The official Python client sends only `jobSourceId` for a job.
  const hasJob = job !== undefined || jobSourceId !== undefined;
  if ((url !== undefined) === hasJob) throw badRequest("url: either url or a job is required");
  return {
    watched,
    url,
    job: job && describeJob(job),
    jobSourceId,
    domains,
    // A missing secret leaves the current one unchanged; an empty one removes it.
    ...(secret !== undefined && { secretHash: secret === "" ? undefined : sha256(secret) }),
  };
}

function describeJob(job: JobSpec): WebhookJob {
  const { flavor, spaceId, dockerImage, command, labels, environment = {}, timeoutSeconds = null } = job;
  return {
    flavor,
    spaceId,
    dockerImage,
    command,
    arguments: job.arguments,
    environment,
    timeoutSeconds,
    labels,
    secrets: job.secrets && Object.keys(job.secrets),
  };
}

export function getWebhook(call: Call<{ id: string }>): Answer {
  return ok({ webhook: describe(find(call)) });
}

export function updateWebhook(call: Call<{ id: string }, unknown, WebhookBody>): Answer {
  const updated: Webhook = { ...find(call), ...settingsOf(call.body) };
  call.store.tables.webhooks.put(updated.id, updated);
  return ok({ webhook: describe(updated) });
}

export function deleteWebhook(call: Call<{ id: string }>): Answer {
  call.store.tables.webhooks.delete(find(call).id);
  return ok({});
}

/** Always 404: this Hub never calls a webhook, so there are no logged calls to replay. */
export function replayWebhook(call: Call<{ id: string; logId: string }>): Answer {
  find(call);
  throw notFound("Webhook log not found");
}

export function switchWebhook(disabled: boolean) {
  return (call: Call<{ id: string }>): Answer => {
    const webhook = { ...find(call), disabled };
    call.store.tables.webhooks.put(webhook.id, webhook);
    return ok({ webhook: describe(webhook) });
  };
}

function describe(webhook: Webhook): unknown {
  const { id, url, job, jobSourceId, watched, domains, disabled, secretHash } = webhook;
  return { id, url, job, jobSourceId, watched, domains, disabled, hasSecret: secretHash !== undefined };
}

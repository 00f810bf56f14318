import { badRequest, conflict } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import {
  type CdnRegion,
  type Gated,
  type RepositorySettings,
  type RepoType,
  type Visibility,
} from "../store/records.js";
import * as repositories from "../store/repositories.js";
import { requireChangeable, requireCreation, requirePrincipal, requireRepository } from "./access.js";
import { describeBucket, describeKernel, describeRepository, type InfoQuery } from "./repository-answers.js";

export interface RepoParams {
  namespace: string;
  repo: string;
}

export interface SettingsBody extends RepositorySettings {
  visibility?: Visibility;
  private?: boolean;
  gated?: Gated;
}

/** The types that have access requests. */
const GATED_TYPES: readonly RepoType[] = ["model", "dataset"];

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;

export function getRepository(type: RepoType) {
  return (call: Call<RepoParams, InfoQuery>): Answer => {
    const { params, query } = call;
    const repo = requireRepository(call, type, params.namespace, params.repo);
    if (type === "bucket") return ok(describeBucket(call, repo));
    if (type === "kernel") return ok(describeKernel(call, repo));
    return ok(describeRepository(call, repo, query));
  };
}

export function updateSettings(type: RepoType) {
  return (call: Call<RepoParams, unknown, SettingsBody>): Answer => {
    const { params, body } = call;
    const repo = requireChangeable(call, type, params.namespace, params.repo);
    const visibility = resolveVisibility(call, type, repo.namespace, body);
    if (body.gated && !GATED_TYPES.includes(type)) {
      throw badRequest(`gated: a ${type} has no access requests`);
    }
    const { private: _, ...settings } = body;
    const update = { ...settings, ...(visibility !== undefined && { visibility }) };
    if (Object.keys(body).length) repositories.updateRepository(call.store, repo, update, call.actor);
    return ok(body);
  };
}

/** The document requires `cdnRegions`, but the official Python client sends only `private`. */
export function updateBucketSettings(
  call: Call<RepoParams, unknown, { private?: unknown; cdnRegions?: CdnRegion[] }>,
): Answer {
  const { params, body } = call;
  const repo = requireChangeable(call, "bucket", params.namespace, params.repo);
  const { cdnRegions } = body;
  if (body.private === undefined && !cdnRegions) throw badRequest("cdnRegions: required");
  const isPrivate = typeof body.private === "boolean" ? body.private : undefined;
  const update = {
    ...(isPrivate !== undefined && { visibility: isPrivate ? ("private" as const) : ("public" as const) }),
    ...(cdnRegions && { cdnRegions }),
  };
  if (Object.keys(update).length) repositories.updateRepository(call.store, repo, update, call.actor);
  return ok({ private: isPrivate, cdnRegions });
}

/** Returns the requested visibility. Throws 400 if the type, the namespace or the profile does not allow it. */
export function resolveVisibility(
  call: Call,
  type: RepoType,
  namespace: string,
  asked: { visibility?: Visibility; private?: boolean | null },
): Visibility | undefined {
  const isPrivate = asked.private ?? undefined;
  if (asked.visibility !== undefined && isPrivate !== undefined) {
    throw badRequest("private: cannot be sent together with visibility");
  }
  if (isPrivate !== undefined) return isPrivate ? "private" : "public";
  const { visibility } = asked;
  if (visibility === "protected" && type !== "space")
    throw badRequest("visibility: only Spaces can be protected");
  if (visibility === "internal") {
    // With the public profile, `internal` gets the same error as any unknown value.
    if (call.profile === "public")
      throw badRequest('visibility: must be one of "private", "public", "protected"');
    if (!call.store.organizations.has(namespace)) {
      throw badRequest("visibility: only an organization's repositories can be internal");
    }
  }
  return visibility;
}

/** Throws 400 if a repository cannot have this name. */
export function checkName(field: string, name: string): void {
  if (!NAME.test(name) || name.includes("..") || name.includes("--") || name.endsWith(".git")) {
    throw badRequest(`${field}: letters, digits, '-', '_' and '.', at most 96, without '--' and '..'`);
  }
}

/** The namespace to use if the request does not name an organization. */
export function ownNamespace(call: Call): string {
  const principal = requirePrincipal(call);
  return principal.kind === "user" ? principal.user.name : principal.account.organization;
}

/** Returns a handler for a path in which the namespace `me` means the caller's own namespace. */
export function withMe<P extends { namespace: string }, Q, B>(
  handle: (call: Call<P, Q, B>) => Answer,
): (call: Call<P, Q, B>) => Answer {
  return (call) => {
    if (call.params.namespace !== "me") return handle(call);
    return handle({ ...call, params: { ...call.params, namespace: ownNamespace(call) } });
  };
}

export function deleteRepository(
  call: Call<unknown, unknown, { name: string; organization?: string | null; type?: RepoType }>,
): Answer {
  const { store, body } = call;
  const namespace = store.canonicalName(body.organization ?? ownNamespace(call));
  return remove(call, body.type ?? "model", namespace, body.name);
}

export function deleteBucket(call: Call<RepoParams>): Answer {
  const { namespace, repo } = call.params;
  return remove(call, "bucket", namespace, repo);
}

function remove(call: Call, type: RepoType, namespace: string, name: string): Answer {
  const repo = requireChangeable(call, type, namespace, name);
  repositories.deleteRepository(call.store, repo, call.actor);
  return ok({});
}

export function moveRepository(
  call: Call<unknown, unknown, { fromRepo: string; toRepo: string; type?: RepoType }>,
): Answer {
  const { store, body } = call;
  const type = body.type ?? "model";
  const [fromNamespace = "", fromName = ""] = body.fromRepo.split("/");
  const [toNamespace = "", name = ""] = body.toRepo.split("/");
  const namespace = store.canonicalName(toNamespace);
  const repo = requireChangeable(call, type, store.canonicalName(fromNamespace), fromName);
  if (namespace !== repo.namespace) requireCreation(call, { type, namespace });
  checkName("toRepo", name);
  const present = store.repository(`${namespace}/${name}`, type);
  // The same name in another case is a rename.
  if (present && (present.id !== repo.id || present.name === name)) {
    throw conflict(`A ${type} with this name already exists`);
  }
  if (repo.visibility === "internal" && !store.organizations.has(namespace)) {
    throw badRequest("toRepo: only an organization's repositories can be internal");
  }
  repositories.moveRepository(store, repo, { namespace, name }, call.actor);
  return ok({});
}

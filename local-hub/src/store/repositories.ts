import { sha256 } from "./ids.js";
import {
  type AuditType,
  type CdnRegion,
  type Gated,
  type Repository,
  type RepositorySettings,
  type RepoType,
  spaceSettingKey,
  type Visibility,
} from "./records.js";
import { type Actor, type Store } from "./store.js";

/** A repository's key in the store: `type/namespace/name`. */
export function repoKey(repo: Pick<Repository, "type" | "namespace" | "name">): string {
  return `${repo.type}/${repo.namespace}/${repo.name}`;
}

/** A repository's name on the Hub: `namespace/name`. */
export function repoName(repo: Pick<Repository, "namespace" | "name">): string {
  return `${repo.namespace}/${repo.name}`;
}

/** Returns an invented commit hash, which never changes for the same repository. */
export function repoSha(repo: Repository): string {
  return sha256(repo.id).slice(0, 40);
}

/** Settings of a new repository. */
export interface NewRepository {
  type: RepoType;
  namespace: string;
  name: string;
  visibility: Visibility;
  author: string;
  gated?: Gated;
  sdk?: string;
  tags?: string[];
  cdnRegions?: CdnRegion[];
  storage?: number;
  resourceGroupId?: string;
}

/** Changes to a repository. */
export interface RepositoryUpdate extends RepositorySettings {
  visibility?: Visibility;
  gated?: Gated;
  cdnRegions?: CdnRegion[];
}

export function createRepository(store: Store, settings: NewRepository, actor: Actor): Repository {
  return store.transact(() => {
    const now = store.timestamp();
    const repo: Repository = {
      id: store.newId(),
      type: settings.type,
      namespace: settings.namespace,
      name: settings.name,
      visibility: settings.visibility,
      gated: settings.gated ?? false,
      author: settings.author,
      createdAt: now,
      updatedAt: now,
      storage: settings.storage ?? 0,
      downloads: 0,
      likes: 0,
      tags: settings.tags ?? [],
      ...(settings.sdk !== undefined && { sdk: settings.sdk }),
      ...(settings.cdnRegions && { cdnRegions: settings.cdnRegions }),
      ...(settings.resourceGroupId !== undefined && {
        resourceGroupId: settings.resourceGroupId,
        groupedBy: actor.author.user,
      }),
    };
    store.tables.repositories.put(repoKey(repo), repo);
    logRepo(store, repo, actor, "repo.create", `Created ${repo.type} ${repoName(repo)}`, {
      visibility: repo.visibility,
    });
    return repo;
  });
}

export function updateRepository(
  store: Store,
  repo: Repository,
  update: RepositoryUpdate,
  actor: Actor,
): Repository {
  return store.transact(() => {
    const updated = store.tables.repositories.put(repoKey(repo), {
      ...repo,
      ...update,
      updatedAt: store.timestamp(),
    });
    const names = Object.keys(update) as (keyof RepositoryUpdate)[];
    const previous = Object.fromEntries(names.map((name) => [name, repo[name]]));
    const changes = update.visibility ? `: visibility ${repo.visibility} to ${updated.visibility}` : "";
    const message = `Updated settings of ${repo.type} ${repoName(repo)}${changes}`;
    logRepo(store, repo, actor, "repo.update_settings", message, { ...update, previous });
    return updated;
  });
}

export function deleteRepository(store: Store, repo: Repository, actor: Actor): void {
  store.transact(() => {
    store.tables.repositories.delete(repoKey(repo));
    for (const setting of store.spaceSettingsOf.all(repo.id)) {
      store.tables.spaceSettings.delete(spaceSettingKey(setting));
    }
    logRepo(store, repo, actor, "repo.delete", `Deleted ${repo.type} ${repoName(repo)}`, {});
  });
}

export function moveRepository(
  store: Store,
  repo: Repository,
  to: { namespace: string; name: string },
  actor: Actor,
): Repository {
  return store.transact(() => {
    const moved: Repository = { ...repo, ...to, updatedAt: store.timestamp() };
    // A resource group belongs to one organization, so it stays behind.
    if (to.namespace !== repo.namespace) {
      delete moved.resourceGroupId;
      delete moved.groupedBy;
    }
    store.tables.repositories.delete(repoKey(repo));
    store.tables.repositories.put(repoKey(moved), moved);
    const message = `Moved ${repo.type} ${repoName(repo)} to ${repoName(moved)}`;
    const data = { from: repoName(repo), to: repoName(moved) };
    logRepo(store, repo, actor, "repo.move", message, data);
    if (to.namespace !== repo.namespace) logRepo(store, moved, actor, "repo.move", message, data);
    return moved;
  });
}

export function setResourceGroup(store: Store, repo: Repository, groupId: string | null, actor: Actor): void {
  store.transact(() => {
    store.tables.repositories.put(repoKey(repo), {
      ...repo,
      resourceGroupId: groupId ?? undefined,
      groupedBy: groupId === null ? undefined : actor.author.user,
    });
    const name = groupId === null ? "none" : (store.resourceGroups.get(groupId)?.name ?? groupId);
    logRepo(
      store,
      repo,
      actor,
      "repo.update_resource_group",
      `Changed the resource group of ${repo.type} ${repoName(repo)} to ${name}`,
      { resourceGroupId: groupId },
    );
  });
}

/** Logs an event. Only organizations have an audit log, so events of a user's own repositories are not logged. */
export function logRepo(
  store: Store,
  repo: Repository,
  actor: Actor,
  type: AuditType,
  message: string,
  data: Record<string, unknown>,
): void {
  if (!store.organizations.has(repo.namespace)) return;
  store.log(repo.namespace, actor, type, message, {
    repo: { type: repo.type, name: repoName(repo), _id: repo.id },
    ...data,
  });
}

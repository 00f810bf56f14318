import { type AuditType, type Collection, type CollectionItem } from "./records.js";
import { type Actor, type Store } from "./store.js";

/** The properties of a collection that can change. */
export type CollectionUpdate = Partial<
  Pick<Collection, "title" | "description" | "private" | "theme" | "position" | "gating" | "items">
>;

/** A collection's slug on the Hub: namespace, title and id. */
export function collectionSlug({ namespace, slug, id }: Collection): string {
  return `${namespace}/${slug}-${id}`;
}

/** The part of the slug that comes from the title. */
export function slugOf(title: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return slug || "collection";
}

/** Finds a collection by its slug, with or without the id at the end. */
export function findCollection(store: Store, namespace: string, address: string): Collection | undefined {
  const [, id] = /-([0-9a-fA-F]{24})$/.exec(`-${address}`) ?? [];
  const byId = id === undefined ? undefined : store.collections.get(id.toLowerCase());
  if (byId?.namespace === namespace) return byId;
  return store.collectionsOf.all(namespace).find(({ slug }) => slug === address.toLowerCase());
}

export function createCollection(
  store: Store,
  settings: Pick<Collection, "namespace" | "title" | "private" | "author"> &
    Partial<Pick<Collection, "description" | "items" | "resourceGroupId">>,
  actor: Actor,
): Collection {
  return store.transact(() => {
    const collection: Collection = {
      items: [],
      ...settings,
      id: store.newId(),
      slug: slugOf(settings.title),
      theme: "orange",
      position: store.collectionsOf.size(settings.namespace),
      gating: false,
      lastUpdated: store.timestamp(),
      ...(settings.resourceGroupId !== undefined && { groupedBy: actor.author.user }),
    };
    store.tables.collections.put(collection.id, collection);
    log(store, collection, actor, "collection.create", "Created", {});
    return collection;
  });
}

/** Writes no audit event, because the Hub has no event type for it. */
export function updateCollection(store: Store, collection: Collection, update: CollectionUpdate): Collection {
  return store.tables.collections.put(collection.id, {
    ...collection,
    ...update,
    ...(update.title !== undefined && { slug: slugOf(update.title) }),
    lastUpdated: store.timestamp(),
  });
}

export function deleteCollection(store: Store, collection: Collection, actor: Actor): void {
  store.transact(() => {
    store.tables.collections.delete(collection.id);
    log(store, collection, actor, "collection.delete", "Deleted", {});
  });
}

export function setCollectionGroup(
  store: Store,
  collection: Collection,
  groupId: string | null,
  actor: Actor,
): Collection {
  return store.transact(() => {
    const updated = store.tables.collections.put(collection.id, {
      ...collection,
      resourceGroupId: groupId ?? undefined,
      groupedBy: groupId === null ? undefined : actor.author.user,
    });
    log(store, updated, actor, "collection.update_resource_group", "Changed the resource group of", {
      resourceGroupId: groupId,
    });
    return updated;
  });
}

/** A new item for a collection. */
export function makeItem(
  store: Store,
  item: Pick<CollectionItem, "type" | "target"> & Partial<Pick<CollectionItem, "note">>,
): CollectionItem {
  return { id: store.newId(), ...item, addedAt: store.timestamp() };
}

/** Only organizations have an audit log. */
function log(
  store: Store,
  collection: Collection,
  actor: Actor,
  type: AuditType,
  verb: string,
  data: Record<string, unknown>,
): void {
  if (!store.organizations.has(collection.namespace)) return;
  store.log(collection.namespace, actor, type, `${verb} collection ${collection.title}`, {
    collection: { _id: collection.id, slug: collectionSlug(collection) },
    ...data,
  });
}

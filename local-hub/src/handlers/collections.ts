import { conflict, notFound } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { type Collection, type CollectionGating, type CollectionItem } from "../store/records.js";
import * as collections from "../store/collections.js";
import { collectionSlug, findCollection, makeItem, slugOf } from "../store/collections.js";
import { type Store } from "../store/store.js";
import { requireCreation, requireGroupAdmin, requirePlan, requirePrincipal } from "./access.js";
import {
  canSeeCollection,
  canSeeItem,
  type CollectionParams,
  requireCollection,
  requireMovableCollection,
  requireOwnCollection,
} from "./collection-access.js";
import { describeCollection, describeListedCollection } from "./collection-answers.js";
import { byId, compare, paginate } from "./paging.js";
import { visibleGroupOf } from "./repository-answers.js";
import { type Assignment, requireGroup } from "./repository-groups.js";

/** The number of items of each collection in a list. */
const ITEMS_LISTED = 4;

export interface ItemBody {
  type: CollectionItem["type"];
  id: string;
}

export interface NewCollectionBody {
  title: string;
  description?: string;
  namespace: string;
  item?: ItemBody;
  private?: boolean;
  resourceGroupId?: string;
}

export interface CollectionsQuery {
  item?: string[];
  owner?: string[];
  q?: string;
  sort: "upvotes" | "lastModified" | "trending";
  cursor?: string;
  limit: number;
}

export function listCollections(call: Call<unknown, CollectionsQuery>): Answer {
  const { store, query, principal } = call;
  const owners = query.owner?.map((name) => store.canonicalName(name));
  const q = query.q?.toLowerCase();
  const found = [...store.collections.values()]
    .filter((each) => !owners || owners.includes(each.namespace))
    .filter((each) => !q || `${each.title} ${each.description ?? ""}`.toLowerCase().includes(q))
    .filter((each) => !query.item || query.item.some((wanted) => holds(call, each, wanted)))
    .filter((each) => canSeeCollection(store, principal, each))
    .sort(byId);
  if (query.sort === "lastModified")
    found.sort((a, b) => compare(b.lastUpdated, a.lastUpdated) || byId(a, b));
  const page = paginate(call, found, query.limit, (each) => each.id);
  return ok(
    page.items.map((each) => describeListedCollection(call, each, ITEMS_LISTED)),
    page.headers,
  );
}

/** Whether a collection has this item and the caller can see it. The item includes its type, such as `models/acme/llm`. */
function holds({ store, principal }: Call, collection: Collection, wanted: string): boolean {
  const [, plural = "", id = ""] = /^([a-z]+)\/(.+)$/.exec(wanted) ?? [];
  const type = plural.replace(/s$/, "") as CollectionItem["type"];
  const target = findTarget(store, { type, id });
  return collection.items.some(
    (item) => item.type === type && item.target === target && canSeeItem(store, principal, item),
  );
}

/** Returns the id of an item's repository, collection or paper. */
function findTarget(store: Store, { type, id }: ItemBody): string | undefined {
  if (type === "paper") return id;
  if (type !== "collection") return store.repository(id, type)?.id;
  const [namespace = "", slug = ""] = id.split("/");
  return store.collections.get(id)?.id ?? findCollection(store, store.canonicalName(namespace), slug)?.id;
}

function newItem(call: Call, body: ItemBody, note?: string): CollectionItem {
  const { store, principal } = call;
  const target = findTarget(store, body);
  if (target === undefined || !canSeeItem(store, principal, { type: body.type, target })) {
    throw notFound(`There is no ${body.type} ${body.id}`);
  }
  return makeItem(store, { type: body.type, target, note });
}

export function createCollection(call: Call<unknown, unknown, NewCollectionBody>): Answer {
  const { store, body, actor } = call;
  const { title, description, item, private: isPrivate = false, resourceGroupId } = body;
  const principal = requirePrincipal(call);
  const namespace = store.canonicalName(body.namespace);
  const groupId = resourceGroupId?.toLowerCase();
  requireCreation(call, { type: "collection", namespace, resourceGroupId: groupId });
  const namesake = store.collectionsOf.all(namespace).find(({ slug }) => slug === slugOf(title));
  if (namesake) {
    // With `exist_ok`, official clients continue with this collection.
    throw conflict("You already have a collection with this title", { slug: collectionSlug(namesake) });
  }
  const group =
    groupId === undefined ? undefined : requireGroup(call, namespace, { resourceGroupId: groupId });
  const settings = {
    namespace,
    title,
    description,
    private: isPrivate,
    author: principal.kind === "user" ? principal.user.name : principal.account.user,
    items: item ? [newItem(call, item)] : [],
    resourceGroupId: group?.id,
  };
  return ok(describeCollection(call, collections.createCollection(store, settings, actor)));
}

export function getCollection(call: Call<CollectionParams>): Answer {
  return ok(describeCollection(call, requireCollection(call)));
}

export interface CollectionUpdate {
  position?: number;
  private?: boolean;
  theme?: Collection["theme"];
  title?: string;
  description?: string;
  gating?: CollectionGating;
}

export function updateCollection(call: Call<CollectionParams, unknown, CollectionUpdate>): Answer {
  const { store, body } = call;
  const collection = requireOwnCollection(call);
  const organization = store.organizations.get(collection.namespace);
  if (body.gating && organization) requirePlan(organization, "team");
  return ok({ data: describeCollection(call, collections.updateCollection(store, collection, body)) });
}

export function deleteCollection(call: Call<CollectionParams>): Answer {
  collections.deleteCollection(call.store, requireOwnCollection(call), call.actor);
  return { status: 200 };
}

export function addItem(call: Call<CollectionParams, unknown, { item: ItemBody; note?: string }>): Answer {
  const { store, body } = call;
  const collection = requireOwnCollection(call);
  const item = newItem(call, body.item, body.note);
  const isIn = collection.items.some(({ type, target }) => type === item.type && target === item.target);
  if (isIn) throw conflict("This item is already in the collection");
  const items = [...collection.items, item];
  return ok(describeCollection(call, collections.updateCollection(store, collection, { items })));
}

export interface ItemEdit {
  gallery?: string[];
  note?: string;
  position?: number;
}

export interface ItemUpdate {
  _id: string;
  data: ItemEdit;
}

export function updateItems(call: Call<CollectionParams, unknown, ItemUpdate[]>): Answer {
  return edit(call, call.body);
}

/** Not in the document, but the official Python client uses it. */
export function updateItem(call: Call<CollectionParams & { itemId: string }, unknown, ItemEdit>): Answer {
  return edit(call, [{ _id: call.params.itemId.toLowerCase(), data: call.body }]);
}

function edit(call: Call<CollectionParams>, updates: ItemUpdate[]): Answer {
  const collection = requireOwnCollection(call);
  let items = collection.items;
  for (const { _id, data } of updates) {
    const item = items.find(({ id }) => id === _id);
    if (!item) throw notFound("Item not found in this collection");
    const { position, ...changes } = data;
    const at = position ?? items.indexOf(item);
    const others = items.filter((each) => each !== item);
    items = [...others.slice(0, at), { ...item, ...changes }, ...others.slice(at)];
  }
  collections.updateCollection(call.store, collection, { items });
  return { status: 200 };
}

export function deleteItem(call: Call<CollectionParams & { itemId: string }>): Answer {
  const collection = requireOwnCollection(call);
  const items = collection.items.filter(({ id }) => id !== call.params.itemId.toLowerCase());
  if (items.length === collection.items.length) throw notFound("Item not found in this collection");
  collections.updateCollection(call.store, collection, { items });
  return { status: 200 };
}

export function getCollectionGroup(call: Call<CollectionParams>): Answer {
  const collection = requireCollection(call);
  requirePrincipal(call);
  const group = visibleGroupOf(call, collection);
  if (!group) throw notFound("This collection is not in a resource group");
  return ok(group);
}

export function setCollectionGroup(call: Call<CollectionParams, unknown, Assignment>): Answer {
  const { store, body, actor } = call;
  const collection = requireMovableCollection(call);
  const group = requireGroup(call, collection.namespace, body);
  requireGroupAdmin(call, collection.namespace, [collection.resourceGroupId, group?.id]);
  collections.setCollectionGroup(store, collection, group?.id ?? null, actor);
  const { id, title, private: isPrivate } = collection;
  return ok({ id, slug: collectionSlug(collection), title, private: isPrivate, addedBy: actor.author.user });
}

import { type CollectionParams } from "../handlers/collection-access.js";
import * as handlers from "../handlers/collections.js";
import {
  type CollectionsQuery,
  type CollectionUpdate,
  type ItemBody,
  type ItemEdit,
  type ItemUpdate,
  type NewCollectionBody,
} from "../handlers/collections.js";
import { type Assignment } from "../handlers/repository-groups.js";
import { type Route, route } from "../route.js";
import {
  anyId,
  anything,
  constant,
  count,
  either,
  flag,
  id,
  input,
  listOf,
  object,
  oneOf,
  text,
} from "../schema.js";
import { ITEM_TYPES, THEMES } from "../store/records.js";
import { collection, listedCollection } from "./collection.js";
import { assignment, group } from "./repository-groups.js";

/** The document has two forms of this path, with and without the id at the end. In both, the slug is one path segment. */
const path = "/api/collections/:namespace/:slug";
const params = object({ namespace: text(), slug: text() });
const itemParams = object({ namespace: text(), slug: text(), itemId: text() });

const title = text({ min: 1, max: 60 });
const description = text({ max: 150 });
const note = text({ max: 500 });
const item = input({ type: oneOf(...ITEM_TYPES), id: text() });
const itemEdit = input({
  "gallery?": listOf({ type: "string", format: "uri" }),
  "note?": note,
  "position?": count,
});
const manual = input({
  mode: constant("manual"),
  notifications: input({ mode: oneOf("bulk", "real-time"), "email?": text() }),
});
const gating = either(constant(false), input({ mode: constant("auto") }), manual);

export const collectionRoutes: Route[] = [
  route<unknown, CollectionsQuery>({
    method: "GET",
    url: "/api/collections",
    auth: "optional",
    query: input({
      "item?": listOf(text({ pattern: "^spaces|models|datasets|papers\\/.*" })),
      "owner?": listOf(text()),
      "q?": text(),
      sort: { ...oneOf("upvotes", "lastModified", "trending"), default: "trending" },
      "cursor?": text(),
      "expand?": anything,
      limit: { type: "integer", minimum: 1, maximum: 10_000, default: 10 },
    }),
    answers: { 200: listOf(listedCollection) },
    handle: handlers.listCollections,
  }),
  route<unknown, unknown, NewCollectionBody>({
    method: "POST",
    url: "/api/collections",
    body: input({
      title,
      "description?": description,
      namespace: text(),
      "item?": item,
      "private?": flag,
      "resourceGroupId?": anyId,
    }),
    answers: { 200: collection },
    handle: handlers.createCollection,
  }),
  route<CollectionParams>({
    method: "GET",
    url: path,
    auth: "optional",
    params,
    answers: { 200: collection },
    handle: handlers.getCollection,
  }),
  route<CollectionParams, unknown, CollectionUpdate>({
    method: "PATCH",
    url: path,
    params,
    body: input({
      "position?": count,
      "private?": flag,
      "theme?": oneOf(...THEMES),
      "title?": title,
      "description?": description,
      "gating?": gating,
    }),
    answers: { 200: object({ data: collection }) },
    handle: handlers.updateCollection,
  }),
  route<CollectionParams>({
    method: "DELETE",
    url: path,
    params,
    answers: { 200: null },
    handle: handlers.deleteCollection,
  }),
  route<CollectionParams, unknown, { item: ItemBody; note?: string }>({
    method: "POST",
    url: `${path}/items`,
    params,
    body: input({ item, "note?": note }),
    answers: { 200: collection },
    handle: handlers.addItem,
  }),
  route<CollectionParams, unknown, ItemUpdate[]>({
    method: "POST",
    url: `${path}/items/batch`,
    params,
    body: listOf(
      input({
        action: constant("update"),
        _id: id,
        data: itemEdit,
      }),
    ),
    answers: { 200: null },
    handle: handlers.updateItems,
  }),
  route<CollectionParams & { itemId: string }, unknown, ItemEdit>({
    method: "PATCH",
    url: `${path}/items/:itemId`,
    params: itemParams,
    body: itemEdit,
    answers: { 200: null },
    handle: handlers.updateItem,
  }),
  route<CollectionParams & { itemId: string }>({
    method: "DELETE",
    url: `${path}/items/:itemId`,
    params: itemParams,
    answers: { 200: null },
    handle: handlers.deleteItem,
  }),
  route<CollectionParams>({
    method: "GET",
    url: `${path}/resource-group`,
    params,
    answers: { 200: group },
    handle: handlers.getCollectionGroup,
  }),
  route<CollectionParams, unknown, Assignment>({
    method: "POST",
    url: `${path}/resource-group`,
    params,
    body: assignment,
    answers: {
      200: object({ id: text(), slug: text(), title: text(), private: flag, addedBy: text() }),
    },
    handle: handlers.setCollectionGroup,
  }),
];

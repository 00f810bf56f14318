import { forbidden, notFound } from "../errors.js";
import { type Call, type Principal } from "../route.js";
import { type Collection, type CollectionItem } from "../store/records.js";
import { findCollection } from "../store/collections.js";
import { type Store } from "../store/store.js";
import {
  atLeast,
  canSee,
  checkNamespacePolicy,
  hasPermission,
  isRefusedIn,
  requirePrincipal,
  roleFor,
} from "./access.js";

export interface CollectionParams {
  namespace: string;
  slug: string;
}

/** Whether the caller can see a collection. A token that the organization rejects has the access of a non-member. */
export function canSeeCollection(
  store: Store,
  principal: Principal | undefined,
  collection: Collection,
): boolean {
  if (!collection.private) return true;
  return !isRefusedIn(store, principal, collection.namespace) && mayRead(store, principal, collection);
}

/** Whether the caller can read a private collection, if the organization accepts the token. */
function mayRead(store: Store, principal: Principal | undefined, collection: Collection): boolean {
  if (!principal) return false;
  if (principal.kind === "user") {
    const role = roleFor(store, collection, principal.user.name);
    return role !== undefined && atLeast(role, "read");
  }
  const { permissions } = principal.token;
  const reads = permissions.includes("collection.read") || permissions.includes("collection.write");
  return principal.account.organization === collection.namespace && reads;
}

/** Whether the caller can see the target of an item. */
export function canSeeItem(
  store: Store,
  principal: Principal | undefined,
  { type, target }: Pick<CollectionItem, "type" | "target">,
): boolean {
  if (type === "paper") return true;
  if (type === "collection") {
    const collection = store.collections.get(target);
    return !!collection && canSeeCollection(store, principal, collection);
  }
  const repo = store.repositoryById.one(target);
  return !!repo && canSee(store, principal, repo);
}

/** Returns a collection that the caller can see. Throws 404 otherwise. */
export function requireCollection(call: Call<CollectionParams>): Collection {
  const { store, params, principal } = call;
  const collection = findCollection(store, params.namespace, params.slug);
  if (!collection || (collection.private && !mayRead(store, principal, collection))) {
    throw notFound("Collection not found");
  }
  if (collection.private) checkNamespacePolicy(call, collection.namespace);
  return collection;
}

/** Returns a collection that the caller can change. Otherwise throws 403 or the errors of {@link requireCollection}. */
export function requireOwnCollection(call: Call<CollectionParams>): Collection {
  const collection = requireCollection(call);
  const principal = requirePrincipal(call);
  checkNamespacePolicy(call, collection.namespace);
  const refusal = forbidden("You don't have the rights to change this collection.");
  if (principal.kind === "serviceAccount") {
    if (!hasPermission(principal, collection.namespace, "collection.write")) throw refusal;
    return collection;
  }
  const user = principal.user.name;
  const role = roleFor(call.store, collection, user);
  const isOwn = role === "contributor" && collection.author === user;
  if (role === undefined || !(isOwn || atLeast(role, "write"))) throw refusal;
  return collection;
}

/**
 * Returns a collection whose resource group the caller can change. A service account with `resourceGroup.write` can move
 * any collection of its organization.
 */
export function requireMovableCollection(call: Call<CollectionParams>): Collection {
  const { store, params, principal } = call;
  const movesAny = hasPermission(principal, params.namespace, "resourceGroup.write");
  const collection = movesAny ? findCollection(store, params.namespace, params.slug) : undefined;
  return collection ?? requireOwnCollection(call);
}

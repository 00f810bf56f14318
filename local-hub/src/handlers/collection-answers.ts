import { type Call } from "../route.js";
import { type Collection, type CollectionItem, type Repository } from "../store/records.js";
import { collectionSlug } from "../store/collections.js";
import { repoName } from "../store/repositories.js";
import { type Store } from "../store/store.js";
import { canSeeItem } from "./collection-access.js";
import { describeBucket, describeGroupOf, isPrivate } from "./repository-answers.js";

/** A collection, with the items that the caller can see. */
export function describeCollection(call: Call, collection: Collection): object {
  return {
    ...describeListedCollection(call, collection, Infinity),
    position: collection.position,
    shareUrl: shareUrl(call.origin, collection),
  };
}

/** A collection in a list, which has fewer fields and items. */
export function describeListedCollection(call: Call, collection: Collection, most: number): object {
  const { store } = call;
  const { title, description, lastUpdated, gating, theme, namespace } = collection;
  const items = collection.items.map((item, index) => describeItem(call, item, index));
  return {
    slug: collectionSlug(collection),
    title,
    description,
    lastUpdated,
    gating,
    owner: describeOwner(store, namespace),
    theme,
    private: collection.private,
    upvotes: 0,
    isUpvotedByUser: false,
    ...describeGroupOf(call, collection),
    items: items.filter((item) => item !== undefined).slice(0, most),
  };
}

function shareUrl(origin: string, collection: Collection): string {
  return `${origin}/collections/${collectionSlug(collection)}`;
}

function describeOwner(store: Store, name: string): object | undefined {
  const common = { isHf: false, isHfAdmin: false, isMod: false };
  const organization = store.organizations.get(name);
  if (organization) {
    const { id, avatarUrl, fullname, plan } = organization;
    const paid = plan !== "free" && { plan };
    return { _id: id, avatarUrl, fullname, name, ...common, type: "org", ...paid };
  }
  const user = store.users.get(name);
  if (!user) return undefined;
  const { id, avatarUrl, fullname, isPro } = user;
  return { _id: id, avatarUrl, fullname, name, ...common, type: "user", isPro };
}

/** Returns undefined if the target no longer exists or the caller cannot see it. */
function describeItem(call: Call, item: CollectionItem, position: number): object | undefined {
  const subject = describeSubject(call, item);
  if (!subject) return undefined;
  const { id, type, note, gallery } = item;
  return { _id: id, note: note ? describeNote(note) : undefined, gallery, position, ...subject, type };
}

function describeNote(text: string): object {
  return { html: text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`), text };
}

function describeSubject(call: Call, item: CollectionItem): object | undefined {
  const { store, principal } = call;
  const { type, target, addedAt } = item;
  if (!canSeeItem(store, principal, item)) return undefined;
  // This Hub has no papers, so it accepts any paper id.
  if (type === "paper") return { id: target, title: target, upvotes: 0, publishedAt: addedAt };
  if (type === "collection") {
    const other = store.collections.get(target);
    return other && describeInside(call, other);
  }
  const repo = store.repositoryById.one(target);
  if (!repo) return undefined;
  if (type === "bucket") return describeBucket(call, repo);
  return type === "space" ? describeSpace(call, repo) : describeContent(call, repo);
}

function describeInside({ store, origin, principal }: Call, collection: Collection): object {
  const { id, title, description, lastUpdated, theme, namespace, items } = collection;
  return {
    slug: collectionSlug(collection),
    lastUpdated,
    description,
    owner: describeOwner(store, namespace),
    title,
    theme,
    upvotes: 0,
    isUpvotedByUser: false,
    shareUrl: shareUrl(origin, collection),
    id,
    numberItems: items.filter((item) => canSeeItem(store, principal, item)).length,
  };
}

function describeRepository(call: Call, repo: Repository): object {
  return {
    author: repo.namespace,
    id: repoName(repo),
    isLikedByUser: false,
    likes: repo.likes,
    lastModified: repo.updatedAt,
    private: isPrivate(repo),
    repoType: repo.type,
    ...describeGroupOf(call, repo),
  };
}

function describeContent(call: Call, repo: Repository): object {
  return {
    ...describeRepository(call, repo),
    downloads: repo.downloads,
    gated: repo.gated,
    ...(repo.type === "model" && { availableInferenceProviders: [] }),
  };
}

function describeSpace(call: Call, repo: Repository): object {
  return {
    ...describeRepository(call, repo),
    colorFrom: "gray",
    colorTo: "gray",
    createdAt: repo.createdAt,
    emoji: "",
    pinned: false,
    title: repo.name,
    sdk: repo.sdk,
    // Spaces do not run on this Hub.
    runtime: {
      stage: "NO_APP_FILE",
      hardware: { current: null, requested: null },
      replicas: { requested: 1 },
    },
    disabled: false,
    tags: repo.tags,
    featured: false,
    visibility: repo.visibility === "internal" ? "private" : repo.visibility,
  };
}

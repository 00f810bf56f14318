import {
  constant,
  count,
  either,
  flag,
  id,
  listOf,
  object,
  oneOf,
  text,
  time,
  type Schema,
} from "../schema.js";
import { SPACE_SDKS, THEMES, VISIBILITIES } from "../store/records.js";
import { bucket } from "./buckets.js";
import { group } from "./repository-groups.js";

const account = {
  _id: id,
  avatarUrl: text(),
  fullname: text(),
  name: text(),
  isHf: flag,
  isHfAdmin: flag,
  isMod: flag,
};
const owner = either(
  object({ ...account, type: constant("org"), "plan?": oneOf("team", "enterprise", "plus", "academia") }),
  object({ ...account, type: constant("user"), isPro: flag }),
);

const entry = {
  _id: text(),
  "note?": object({ html: text(), text: text() }),
  "gallery?": listOf(text()),
  position: count,
};

const item = (type: string, fields: Record<string, Schema>): Schema =>
  object({ ...entry, ...fields, type: constant(type) });

const repository = {
  author: text(),
  id: text(),
  isLikedByUser: flag,
  likes: count,
  lastModified: time,
  private: flag,
  "resourceGroup?": group,
};
const content = { ...repository, downloads: count, gated: oneOf(false, "auto", "manual") };

const space = {
  ...repository,
  repoType: constant("space"),
  colorFrom: text(),
  colorTo: text(),
  createdAt: time,
  emoji: text(),
  pinned: flag,
  title: text(),
  "sdk?": oneOf(...SPACE_SDKS),
  runtime: object({
    stage: constant("NO_APP_FILE"),
    hardware: object({ current: constant(null), requested: constant(null) }),
    replicas: object({ requested: count }),
  }),
  disabled: flag,
  tags: listOf(text()),
  featured: flag,
  visibility: oneOf(...VISIBILITIES.filter((each) => each !== "internal")),
};

const inside = {
  slug: text(),
  lastUpdated: time,
  "description?": text(),
  owner,
  title: text(),
  theme: oneOf(...THEMES),
  upvotes: count,
  isUpvotedByUser: flag,
  shareUrl: text(),
  id: text(),
  numberItems: count,
};

const items = either(
  item("model", {
    ...content,
    repoType: constant("model"),
    availableInferenceProviders: listOf(object({})),
  }),
  item("dataset", { ...content, repoType: constant("dataset") }),
  item("space", space),
  item("paper", { id: text(), title: text(), upvotes: count, publishedAt: time }),
  item("collection", inside),
  item("bucket", bucket),
);

const listed = {
  slug: text(),
  title: text(),
  "description?": text(),
  lastUpdated: time,
  gating: either(
    constant(false),
    object({ mode: constant("auto") }),
    object({
      mode: constant("manual"),
      notifications: object({ mode: oneOf("bulk", "real-time"), "email?": text() }),
    }),
  ),
  owner,
  theme: oneOf(...THEMES),
  private: flag,
  upvotes: count,
  isUpvotedByUser: flag,
  "resourceGroup?": group,
  items: listOf(items),
};

/** A collection in a list. */
export const listedCollection = object(listed);

/** A single collection. */
export const collection = object({ ...listed, position: count, shareUrl: text() });

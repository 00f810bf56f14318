/** Types of items in a collection. */
export const ITEM_TYPES = ["paper", "collection", "space", "model", "dataset", "bucket"] as const;

/** An item of a collection. */
export interface CollectionItem {
  id: string;
  type: (typeof ITEM_TYPES)[number];
  /** The id of the repository, collection or paper. */
  target: string;
  note?: string;
  gallery?: string[];
  addedAt: string;
}

/** Themes of a collection. */
export const THEMES = ["orange", "blue", "green", "purple", "pink", "indigo"] as const;

/** Whether one access request covers all items of a collection. */
export type CollectionGating =
  | false
  | { mode: "auto" }
  | { mode: "manual"; notifications: { mode: "bulk" | "real-time"; email?: string } };

/** A collection of a user or an organization. */
export interface Collection {
  id: string;
  namespace: string;
  /** The part of the URL that comes from the title. */
  slug: string;
  title: string;
  description?: string;
  private: boolean;
  theme: (typeof THEMES)[number];
  position: number;
  gating: CollectionGating;
  /** Name of the user who created it. */
  author: string;
  lastUpdated: string;
  items: CollectionItem[];
  resourceGroupId?: string;
  groupedBy?: string;
}

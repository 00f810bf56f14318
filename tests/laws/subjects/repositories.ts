import { type Subject } from "./subject";

const VISIBILITIES = ["private", "internal", "protected", "public"];
const GATES = ["manual", "auto", "false"];

export const repoVisibility: Subject = {
  type: "RepoVisibility",
  objectOf: ({ repo, repoType }) => `${String(repoType)}/${String(repo)}`,
  look(store, object) {
    const repo = store.repositories.get(object);
    if (!repo) return undefined;
    const { id, visibility, gated } = repo;
    const facets: Record<string, string> = { visibility };
    if (!object.startsWith("space/")) facets["gate"] = gated === false ? "false" : gated;
    return { identity: id, facets };
  },
  pageOf: (object) => `/api/${object.replace("/", "s/")}`,
  declared: ({ visibility, gated }) => ({
    visibility: String(visibility),
    ...(gated !== undefined && { gate: gated === false ? "false" : (gated as string) }),
  }),
  isLooser(facet, to, from) {
    const order = facet === "gate" ? GATES : VISIBILITIES;
    return order.indexOf(to) > order.indexOf(from);
  },
  isOrdered: () => true,
  needsObject: true,
  isOpen: ({ visibility = "" }) => ["protected", "public"].includes(visibility),
  acceptsUnseen: ({ acceptUnseen }) => acceptUnseen === true,
  reasonOf: ({ acknowledgePublic }) => acknowledgePublic as string | undefined,
  mayAdopt: () => true,
};

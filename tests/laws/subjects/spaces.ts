// Secrets and variables of a Space: one facet without order. The Hub shows the value of a variable, and when a secret was set.
import { type Store } from "../../../local-hub/src/store/store";
import { sha256 } from "../../../local-hub/src/store/ids";
import { type Look, type Subject } from "./subject";

/** The value of a key that the Space does not have. */
export const ABSENT = "absent";

function look(store: Store, object: string, kind: "secret" | "variable"): Look | undefined {
  const [path = "", key = ""] = object.split(" ");
  const space = store.repositories.get(path);
  if (!space) return undefined;
  const setting = store.spaceSettings.get(`${space.id}/${key}`);
  const value = setting?.kind === kind ? (setting.value ?? setting.valueHash ?? "") : ABSENT;
  return { identity: space.id, facets: { value } };
}

const common = {
  objectOf: ({ space, key }: Record<string, unknown>) => `space/${String(space)} ${String(key)}`,
  pageOf: (object: string) => `/api/${object.split(" ")[0]?.replace("space/", "spaces/")}`,
  isLooser: (_facet: string, to: string, from: string) => to !== from,
  isOrdered: () => false,
  needsObject: true,
  isOpen: () => false,
  reasonOf: ({ acknowledgeOverwrite }: Record<string, unknown>) => acknowledgeOverwrite as string | undefined,
  mayAdopt: ({ acknowledgeOverwrite }: Record<string, unknown>) => acknowledgeOverwrite !== undefined,
};

export const spaceSecret: Subject = {
  ...common,
  type: "SpaceSecret",
  look: (store, object) => look(store, object, "secret"),
  declared: ({ value }) => ({ value: sha256(String(value)) }),
  isWriteOnly: true,
  newValueWinsOver: (held) => held !== ABSENT,
};

export const spaceVariable: Subject = {
  ...common,
  type: "SpaceVariable",
  look: (store, object) => look(store, object, "variable"),
  declared: ({ value }) => ({ value: String(value) }),
};

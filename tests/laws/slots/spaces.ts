// Secrets and variables of a Space.
import { type Repository } from "../../../local-hub/src/store/records";
import * as repositories from "../../../local-hub/src/store/repositories";
import {
  putSpaceSetting,
  removeSpaceSetting,
  spaceSetting,
} from "../../../local-hub/src/store/space-settings";
import { type Actor, type Store } from "../../../local-hub/src/store/store";
import { ORGANIZATION } from "../hub";
import { ABSENT } from "../subjects/spaces";
import { type Args, type Slot } from "./slot";

const KEY = "MODEL";
const DECLARED = ["first", "second"] as const;
// The program can declare a variable as on the Hub, but no one knows the value of a secret.
const BY_HAND = { variable: ["first", "second", "theirs"], secret: ["theirs", "other"] } as const;

function setting(kind: "secret" | "variable", name: string): Slot {
  const space = `${ORGANIZATION}/${name}`;
  const object = `space/${space} ${KEY}`;
  const found = (store: Store): Repository | undefined => store.repositories.get(`space/${space}`);
  const make = (store: Store, actor: Actor): void => {
    const settings = { namespace: ORGANIZATION, name, author: actor.author.user } as const;
    const created = { ...settings, type: "space", visibility: "private", sdk: "static" } as const;
    if (!found(store)) repositories.createRepository(store, created, actor);
  };
  const remove = (store: Store, actor: Actor): void => {
    const repo = found(store);
    if (repo) repositories.deleteRepository(store, repo, actor);
  };
  const put = (value: string) => (store: Store, actor: Actor) => {
    const repo = found(store);
    if (repo) putSpaceSetting(store, repo, kind, { key: KEY, value }, actor);
  };
  return {
    type: kind === "secret" ? "SpaceSecret" : "SpaceVariable",
    object,
    name,
    begin: make,
    args: { space, key: KEY, value: DECLARED[0] },
    program: DECLARED.map((value) => ({
      words: `declares ${value} for ${object}`,
      apply: (args: Args) => ({ ...args, value }),
    })),
    hand: [
      ...BY_HAND[kind].map((value) => ({ words: `sets ${object} to ${value}`, apply: put(value) })),
      {
        words: `deletes ${object}`,
        apply(store, actor) {
          const repo = found(store);
          const present = repo && spaceSetting(store, repo, KEY);
          if (present) removeSpaceSetting(store, repo, present, actor);
        },
      },
      { words: `deletes the Space of ${object}`, apply: remove },
      {
        words: `deletes the Space of ${object} if it exists, and creates it again`,
        apply(store, actor) {
          remove(store, actor);
          make(store, actor);
        },
      },
      {
        words: `deletes the Space of ${object} if it exists, and creates it again with the key`,
        apply(store, actor) {
          remove(store, actor);
          make(store, actor);
          put("theirs")(store, actor);
        },
      },
    ],
    reason: "acknowledgeOverwrite",
    mayChangeProvider: true,
    needsReason: () => false,
    asOnHub: (args, { value = ABSENT }) =>
      kind === "secret" || value === ABSENT ? undefined : { ...args, value },
  };
}

export const secretSlots: readonly Slot[] = [setting("secret", "beta"), setting("secret", "gamma")];
export const variableSlots: readonly Slot[] = [setting("variable", "beta"), setting("variable", "gamma")];

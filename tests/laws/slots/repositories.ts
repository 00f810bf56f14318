// Repositories: their visibility and gate are declared.
import { type Repository } from "../../../local-hub/src/store/records";
import * as repositories from "../../../local-hub/src/store/repositories";
import { type Actor, type Store } from "../../../local-hub/src/store/store";
import { ORGANIZATION } from "../hub";
import { type Args, omit, type Slot } from "./slot";

const gateOf = (text: string): Repository["gated"] =>
  text === "false" ? false : (text as "auto" | "manual");

function repository(repoType: "model" | "dataset" | "space", name: string): Slot {
  const repo = `${ORGANIZATION}/${name}`;
  const object = `${repoType}/${repo}`;
  const isSpace = repoType === "space";
  const visibilities = isSpace
    ? (["private", "internal", "protected", "public"] as const)
    : (["private", "internal", "public"] as const);
  const gates = isSpace ? [] : (["manual", "auto", "false"] as const);
  const found = (store: Store): Repository | undefined => store.repositories.get(object);
  const make = (store: Store, actor: Actor, visibility: Repository["visibility"]): void => {
    const settings = { type: repoType, namespace: ORGANIZATION, name, visibility, author: actor.author.user };
    repositories.createRepository(store, settings, actor);
  };
  const change = (update: repositories.RepositoryUpdate) => (store: Store, actor: Actor) => {
    const repo = found(store);
    if (repo) repositories.updateRepository(store, repo, update, actor);
  };
  const remove = (store: Store, actor: Actor): void => {
    const repo = found(store);
    if (repo) repositories.deleteRepository(store, repo, actor);
  };
  return {
    type: "RepoVisibility",
    object,
    name,
    begin: (store, actor) => make(store, actor, "private"),
    args: { repo, repoType, visibility: "private", onDestroy: "retain" },
    program: [
      ...visibilities.map((visibility) => ({
        words: `declares ${object} ${visibility}`,
        apply: (args: Args) => ({ ...args, visibility }),
      })),
      ...gates.map((gate) => ({
        words: `declares the gate ${gate} for ${object}`,
        apply: (args: Args) => ({ ...args, gated: gateOf(gate) }),
      })),
      ...(isSpace
        ? []
        : [{ words: `declares no gate for ${object}`, apply: (args: Args) => omit(args, "gated") }]),
      ...[true, false].map((acceptUnseen) => ({
        words: `declares acceptUnseen ${acceptUnseen} for ${object}`,
        apply: (args: Args) => ({ ...args, acceptUnseen }),
      })),
      ...["retain", "private"].map((onDestroy) => ({
        words: `declares onDestroy ${onDestroy} for ${object}`,
        apply: (args: Args) => ({ ...args, onDestroy }),
      })),
    ],
    hand: [
      ...visibilities.map((visibility) => ({
        words: `makes ${object} ${visibility}`,
        apply: change({ visibility }),
      })),
      ...gates.map((gate) => ({
        words: `sets the gate of ${object} to ${gate}`,
        apply: change({ gated: gateOf(gate) }),
      })),
      { words: `deletes ${object}`, apply: remove },
      ...visibilities.map((visibility) => ({
        words: `deletes ${object} if it exists, and creates it again as ${visibility}`,
        apply: (store: Store, actor: Actor) => {
          remove(store, actor);
          make(store, actor, visibility);
        },
      })),
    ],
    reason: "acknowledgePublic",
    mayChangeProvider: true,
    needsReason: ({ visibility }) => visibility === "public" || visibility === "protected",
    asOnHub: (args, { visibility, gate }) => ({
      ...args,
      visibility,
      ...(args["gated"] !== undefined && gate !== undefined && { gated: gateOf(gate) }),
    }),
  };
}

export const repositorySlots: readonly Slot[] = [
  repository("model", "alpha"),
  repository("space", "beta"),
  repository("dataset", "gamma"),
];

// The visibility of a whole organization, with repositories that no program declares.
import { type Repository } from "../../../local-hub/src/store/records";
import * as repositories from "../../../local-hub/src/store/repositories";
import { type Actor, type Store } from "../../../local-hub/src/store/store";
import { ORGANIZATION } from "../hub";
import { type Args, type HandChange, type Slot } from "./slot";

type Visibility = Repository["visibility"];

const REPOSITORIES: readonly [Repository["type"], string, readonly Visibility[]][] = [
  ["model", "alpha", ["private", "internal", "public"]],
  ["model", "beta", ["private", "public"]],
  ["space", "gamma", ["private", "internal", "protected", "public"]],
  ["bucket", "delta", ["private", "public"]],
  ["kernel", "epsilon", ["private", "public"]],
];

const set = (words: string, changes: Args) => ({ words, apply: (args: Args) => ({ ...args, ...changes }) });
const exception = (name: string, visibility: string, repoType?: string) => ({
  ...{ repo: `${ORGANIZATION}/${name}`, visibility, reason: "open" },
  ...(repoType && { repoType }),
});

function make(store: Store, actor: Actor, at: number, visibility: Visibility): void {
  const [type, name] = REPOSITORIES[at] ?? ["model", ""];
  const settings = { type, namespace: ORGANIZATION, name, visibility, author: actor.author.user };
  repositories.createRepository(store, settings, actor);
}

const byHand: HandChange[] = REPOSITORIES.flatMap(([type, name, visibilities], at) => {
  const object = `${type}/${ORGANIZATION}/${name}`;
  const remove = (store: Store, actor: Actor): void => {
    const repo = store.repositories.get(object);
    if (repo) repositories.deleteRepository(store, repo, actor);
  };
  return [
    ...visibilities.map((visibility) => ({
      words: `makes ${object} ${visibility}`,
      apply: (store: Store, actor: Actor) => {
        const repo = store.repositories.get(object);
        if (repo) repositories.updateRepository(store, repo, { visibility }, actor);
      },
    })),
    { words: `deletes ${object}`, apply: remove },
    {
      words: `deletes ${object} if it exists, and creates it again as public`,
      apply: (store: Store, actor: Actor) => {
        remove(store, actor);
        make(store, actor, at, "public");
      },
    },
  ];
});

export const organizationSlot: Slot = {
  type: "OrganizationVisibility",
  object: `visibility of ${ORGANIZATION}`,
  name: "organization",
  begin: (store, actor) =>
    REPOSITORIES.forEach((_each, at) => make(store, actor, at, at === 1 ? "public" : "private")),
  args: { organization: ORGANIZATION, mode: "enforce" },
  program: [
    ...["private", "internal", "protected", "public"].map((widest) =>
      set(`declares widest: ${widest}`, { widest }),
    ),
    ...["report", "enforce", "enforce"].map((mode) => set(`declares mode: ${mode}`, { mode })),
    ...[1, 2, 10].map((maxChanges) => set(`declares maxChanges: ${maxChanges}`, { maxChanges })),
    set("declares no exceptions", { exceptions: [] }),
    set("declares an exception for a model", { exceptions: [exception("alpha", "public")] }),
    set("declares exceptions for a model, a Space, a kernel and a bucket that does not exist", {
      exceptions: [
        ...[exception("beta", "internal"), exception("gamma", "protected", "space")],
        ...[exception("epsilon", "public", "kernel"), exception("none", "public", "bucket")],
      ],
    }),
  ],
  hand: byHand,
  needsReason: () => false,
  asOnHub: (args) => args,
};

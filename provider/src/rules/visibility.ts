import { type ConfigurableRepoType, type Gated, VISIBILITIES, type Visibility } from "../client/types";
import { isLooser, ordered } from "./reconcile";

/** The possible settings of each type of repository. */
const TYPES: Record<ConfigurableRepoType, { visibilities: readonly Visibility[]; canBeGated: boolean }> = {
  model: { visibilities: ["private", "internal", "public"], canBeGated: true },
  dataset: { visibilities: ["private", "internal", "public"], canBeGated: true },
  space: { visibilities: VISIBILITIES, canBeGated: false },
  bucket: { visibilities: ["private", "public"], canBeGated: false },
};

/** All gates, from the tightest to none. */
export const GATES: readonly Gated[] = ["manual", "auto", false];

/** The visibility of a repository, as a facet of the rule. */
export const VISIBILITY = ordered(VISIBILITIES);

/** The gate of a repository, as a facet of the rule. */
export const GATE = ordered(GATES);

/** The visibilities that a repository of this type can have, from the narrowest to the widest. */
export function visibilitiesOf(type: ConfigurableRepoType): readonly Visibility[] {
  return TYPES[type].visibilities;
}

/** The visibilities that a repository may have, given only whether it is private, or nothing. */
export function possibleVisibilities(
  type: ConfigurableRepoType,
  isPrivate: boolean | undefined,
): readonly Visibility[] {
  if (isPrivate === undefined) return visibilitiesOf(type);
  return isPrivate ? visibilitiesOf(type).filter((each) => each !== "public") : ["public"];
}

/** Whether access to a repository of this type can be gated. */
export function canBeGated(type: ConfigurableRepoType): boolean {
  return TYPES[type].canBeGated;
}

/** Whether more people can see a repository with `to` than with `from`. */
export function isWider(to: Visibility, from: Visibility): boolean {
  return isLooser(VISIBILITY, to, from);
}

/** The widest visibility of this type that is not wider than `limit`. */
export function widestUpTo(limit: Visibility, type: ConfigurableRepoType): Visibility {
  return visibilitiesOf(type)
    .filter((each) => !isWider(each, limit))
    .at(-1) as Visibility;
}

/** The wider one of two visibilities. */
export function widerOf(one: Visibility, other: Visibility): Visibility {
  return isWider(one, other) ? one : other;
}

/**
 * Notes the visibility that a RepoVisibility of this run declares, so that a rule about the whole organization does not revert it.
 *
 * @param visibility - `undefined` if it is not known yet
 */
export function noteDeclaredVisibility(
  declaredBy: Map<string, string>,
  { repo, repoType }: { repo: string; repoType: string },
  visibility: Visibility | undefined,
): void {
  declaredBy.set(keyOfDeclared(repoType, repo), visibility ?? "");
}

/** Whether a RepoVisibility of this run declares, or may declare, a visibility of the repository that is wider than `limit`. */
export function isDeclaredWider(
  declaredBy: ReadonlyMap<string, string>,
  { repo, repoType }: { repo: string; repoType: string },
  limit: Visibility,
): boolean {
  const declared = declaredBy.get(keyOfDeclared(repoType, repo));
  return declared !== undefined && (declared === "" || isWider(declared as Visibility, limit));
}

function keyOfDeclared(repoType: string, repo: string): string {
  return `visibility of ${repoType}/${repo.toLowerCase()}`;
}

/** Whether people outside the organization can see anything. */
export function isOpenToOutsiders(visibility: Visibility): boolean {
  return isWider(visibility, "internal");
}

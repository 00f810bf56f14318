import { type ConfigurableRepoType, type Gated, VISIBILITIES, type Visibility } from "../client/types";
import { isLooser, ordered } from "./reconcile";

/** What each type of repository can be. */
const TYPES: Record<ConfigurableRepoType, { visibilities: readonly Visibility[]; canBeGated: boolean }> = {
  model: { visibilities: ["private", "internal", "public"], canBeGated: true },
  dataset: { visibilities: ["private", "internal", "public"], canBeGated: true },
  space: { visibilities: VISIBILITIES, canBeGated: false },
  bucket: { visibilities: ["private", "public"], canBeGated: false },
};

/** From the gate that lets the fewest people in to the one that lets all in. */
export const GATES: readonly Gated[] = ["manual", "auto", false];

/** Who may see a repository, as a facet of the rule. */
export const VISIBILITY = ordered(VISIBILITIES);

/** How access is granted, as a facet of the rule. */
export const GATE = ordered(GATES);

/** The visibilities that a repository of this type can have, from the fewest people to the most. */
export function visibilitiesOf(type: ConfigurableRepoType): readonly Visibility[] {
  return TYPES[type].visibilities;
}

/** The visibilities that a repository may have if all that is known is whether it is private, or not even that. */
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

/** Whether a repository that is `from` would be seen by more people as `to`. */
export function isWider(to: Visibility, from: Visibility): boolean {
  return isLooser(VISIBILITY, to, from);
}

/** Whether people outside the organization get something to see. */
export function isOpenToOutsiders(visibility: Visibility): boolean {
  return isWider(visibility, "internal");
}

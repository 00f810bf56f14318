import { type ConfigurableRepoType, type Gated, VISIBILITIES, type Visibility } from "../client/types";

/** What each type of repository can be. */
const TYPES: Record<ConfigurableRepoType, { visibilities: readonly Visibility[]; canBeGated: boolean }> = {
  model: { visibilities: ["private", "internal", "public"], canBeGated: true },
  dataset: { visibilities: ["private", "internal", "public"], canBeGated: true },
  space: { visibilities: VISIBILITIES, canBeGated: false },
  bucket: { visibilities: ["private", "public"], canBeGated: false },
};

/** From the gate that lets the fewest people in to the one that lets all in. */
const GATES: readonly Gated[] = ["manual", "auto", false];

/** The gate that lets the fewest people in. */
export const NARROWEST_GATE = "manual" satisfies Gated;

/** The visibilities that a repository of this type can have, from the fewest people to the most. */
export function visibilitiesOf(type: ConfigurableRepoType): readonly Visibility[] {
  return TYPES[type].visibilities;
}

/** Whether access to a repository of this type can be gated. */
export function canBeGated(type: ConfigurableRepoType): boolean {
  return TYPES[type].canBeGated;
}

/** Whether a repository that is `from` would be seen by more people as `to`. */
export function isWider(to: Visibility, from: Visibility): boolean {
  return VISIBILITIES.indexOf(to) > VISIBILITIES.indexOf(from);
}

/** Whether people outside the organization get something to see. */
export function isOpenToOutsiders(visibility: Visibility): boolean {
  return isWider(visibility, "internal");
}

/** Whether the gate `to` lets more people in than `from`. Nothing is looser than a gate that nobody knows, and such a gate is not looser. */
export function isLooserGate(to: Gated | undefined, from: Gated | undefined): boolean {
  return to !== undefined && from !== undefined && GATES.indexOf(to) > GATES.indexOf(from);
}

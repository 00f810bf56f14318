import { VISIBILITIES, type Visibility } from "../client/types";

/** Whether a repository that is `from` would be seen by more people as `to`. */
export function isWider(to: Visibility, from: Visibility): boolean {
  return VISIBILITIES.indexOf(to) > VISIBILITIES.indexOf(from);
}

/** Whether people outside the organization get something to see. */
export function isOpenToOutsiders(visibility: Visibility): boolean {
  return isWider(visibility, "internal");
}

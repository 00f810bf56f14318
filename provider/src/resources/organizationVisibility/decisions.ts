// Pure decisions: which repositories are too widely visible, and which of them a run narrows.
import {
  CONFIGURABLE_REPO_TYPES,
  type ConfigurableRepoType,
  type OrgRepository,
  VISIBILITIES,
  type Visibility,
} from "../../client/types";
import { type PureContext } from "../../model/definition";
import { isDeclaredWider, isWider, widerOf, widestUpTo } from "../../rules/visibility";
import { keyOf } from "./arguments";
import { type OrganizationVisibilityInputs, type OrganizationVisibilityState, type Violation } from "./model";

/** The most violations in the state. */
const MAX_VIOLATIONS = 100;

/** The most characters of the violations in the state, because names can be long. */
const MAX_CHARACTERS = 12_000;

/** Why a repository is not narrowed. */
export type Obstacle = "type" | "visibility" | "declared";

/** A violation, and what an update can do about it. */
export interface Found extends Violation {
  /** The visibility to set; `undefined` if an update only reports the repository. */
  target?: Visibility;
  obstacle?: Obstacle;
}

/** The repositories of an organization, compared with the arguments. */
export interface Comparison {
  /** The widest first, then by name. */
  found: Found[];
  repositoryCount: number;
  /** Exceptions without a repository. */
  absent: { repo: string; repoType: string }[];
}

/** Compares the complete list of an organization's repositories with the arguments. */
export function compare(
  repositories: readonly OrgRepository[],
  inputs: Pick<OrganizationVisibilityInputs, "widest" | "exceptions">,
  declaredBy: ReadonlyMap<string, string>,
): Comparison {
  const allowed = limits(inputs);
  const existing = new Set(repositories.map(({ id, type }) => keyOf({ repo: id, repoType: type })));
  const found = repositories.flatMap((repository) => {
    const address = { repo: repository.id, repoType: repository.type };
    const told = VISIBILITIES.find((each) => each === repository.visibility);
    // guard: unknown-visibility
    const visibility = told ?? "public";
    const limit = allowed(address);
    if (!isWider(visibility, limit)) return [];
    const obstacle = obstacleTo(address, told, { limit, declaredBy });
    const target = obstacle ? undefined : widestUpTo(limit, address.repoType as ConfigurableRepoType);
    return [
      { ...address, visibility, allowed: limit, ...(target && { target }), ...(obstacle && { obstacle }) },
    ];
  });
  return {
    found: found.sort(inOrder),
    repositoryCount: repositories.length,
    absent: (inputs.exceptions ?? []).filter((each) => !existing.has(keyOf(each))),
  };
}

/** The widest visibility that the arguments allow for a repository. An exception only widens. */
export function limits({
  widest,
  exceptions,
}: Pick<OrganizationVisibilityInputs, "widest" | "exceptions">): (address: {
  repo: string;
  repoType: string;
}) => Visibility {
  const excepted = new Map((exceptions ?? []).map((each) => [keyOf(each), widerOf(each.visibility, widest)]));
  return (address) => excepted.get(keyOf(address)) ?? widest;
}

function obstacleTo(
  address: { repo: string; repoType: string },
  told: Visibility | undefined,
  { limit, declaredBy }: { limit: Visibility; declaredBy: ReadonlyMap<string, string> },
): Obstacle | undefined {
  if (!CONFIGURABLE_REPO_TYPES.some((each) => each === address.repoType)) return "type";
  // A visibility that this release does not know may be narrower than any that it could set.
  // guard: unknown-not-narrowed
  if (told === undefined) return "visibility";
  // guard: declared-wider
  return isDeclaredWider(declaredBy, address, limit) ? "declared" : undefined;
}

function inOrder(one: Violation, other: Violation): number {
  if (one.visibility !== other.visibility) return isWider(one.visibility, other.visibility) ? -1 : 1;
  const [left, right] = [`${one.repo} ${one.repoType}`, `${other.repo} ${other.repoType}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The violations that fit into the state. Those that an update can narrow come first, so that each of them is shown in the end. */
export function shownOf(found: readonly Found[]): Found[] {
  const shown: Found[] = [];
  let characters = 0;
  // guard: narrowable-first
  for (const each of [...found.filter(({ target }) => target), ...found.filter(({ target }) => !target)]) {
    const length = JSON.stringify(plain(each)).length + (each.target ? 0 : keyOf(each).length);
    if (shown.length === MAX_VIOLATIONS || characters + length > MAX_CHARACTERS) continue;
    characters += length;
    shown.push(each);
  }
  return shown.sort(inOrder);
}

export function plain({ repo, repoType, visibility, allowed }: Found): Violation {
  return { repo, repoType, visibility, allowed };
}

/** Under this key, a run notes that it has shown a violation. */
export function noteOf(violation: { repo: string; repoType: string }): string {
  return `visibility of ${keyOf(violation)}`;
}

/**
 * Notes the violations that this run shows. A run only narrows what the state of an earlier run has.
 *
 * @param before - the state before this step
 */
export function noteShown(
  found: readonly Found[],
  before: OrganizationVisibilityState | undefined,
  { reported }: Pick<PureContext, "reported">,
): void {
  const known = new Set(before?.violations.map(keyOf));
  for (const each of found) {
    const note = noteOf(each);
    // guard: shown-by-refresh
    if (!known.has(keyOf(each))) reported.set(note, "new");
    else if (!reported.has(note)) reported.set(note, "recorded");
  }
}

/** What an update narrows, in this order: what an earlier run or refresh has shown. `maxChanges` is not applied yet. */
export function toNarrow(
  found: readonly Found[],
  state: OrganizationVisibilityState,
  { mode }: Pick<OrganizationVisibilityInputs, "mode">,
  { reported }: Pick<PureContext, "reported">,
): Found[] {
  // guard: report-only
  if (mode !== "enforce") return [];
  const onlyReported = new Set(state.onlyReported);
  const shown = new Set(state.violations.map(keyOf).filter((key) => !onlyReported.has(key)));
  // guard: shown-before
  const isShown = (each: Found): boolean => shown.has(keyOf(each)) && reported.get(noteOf(each)) !== "new";
  return found.filter((each) => each.target && isShown(each));
}

/** The violations in the state that the arguments still do not allow, as an update finds them if nothing has changed on the Hub. */
export function remembered(
  { violations, onlyReported = [] }: OrganizationVisibilityState,
  inputs: OrganizationVisibilityInputs,
): Found[] {
  const hidden = new Set(onlyReported);
  const narrowable = violations.filter((each) => !hidden.has(keyOf(each)));
  const listed = narrowable.map(({ repo, repoType, visibility }) => ({
    id: repo,
    type: repoType,
    visibility,
  }));
  return compare(listed, inputs, new Map()).found;
}

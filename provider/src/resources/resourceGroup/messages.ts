// The messages of ResourceGroup.
import { firstOf } from "../../model/words";
import { type FacetDecision } from "./decisions";
import { kindOf, nameIn, NONE } from "./facets";

export const MISSING =
  "the resource group no longer exists on the Hub. It is not created again automatically: set recreateIfMissing to true, or remove it from " +
  "the program.";

/** A preview does not know the repositories of a group that no run has managed. */
export const FIRST_REPOSITORIES =
  "repositories is declared for the first time, and a preview does not know which repositories the resource group contains. `pulumi up` takes " +
  "out those that the program does not declare only if acknowledgeOverwrite has a new reason.";

/** Why a group is not deleted that an earlier run did not find. */
export const THERE_AGAIN =
  "left unchanged: the last run did not find the resource group on the Hub, but it exists now. If no one needs it, delete it on the Hub.";

export const HOW_TO_FORCE =
  "To delete it anyway, set forceDestroy to true and run `pulumi up` before the destroy.";

/** The facet in words. */
export function facetInWords(key: string): string {
  switch (kindOf(key)) {
    case "autoJoin":
      return "autoJoin";
    case "limit":
      return `the limit ${nameIn(key)}`;
    case "member":
      return `the member ${nameIn(key)}`;
    case "repository": {
      const [repoType = "", ...repo] = nameIn(key).split("/");
      return `the ${repoType} ${repo.join("/")}`;
    }
  }
}

/** Names of other resource groups, by id. */
type Others = Record<string, string>;

/** A change that someone made on the Hub, in words. */
export function changeInWords({ key, applied = NONE, observed }: FacetDecision, others: Others): string {
  if (kindOf(key) === "repository") return `${facetInWords(key)} (${placeInWords(observed, others)})`;
  return `${facetInWords(key)} (${applied} → ${observed})`;
}

function placeInWords(value: string, others: Others): string {
  if (value === NONE) return "taken out";
  const name = others[value];
  return name === undefined ? "put in" : `now in the resource group "${name}"`;
}

/** Why facets are not overwritten, and what to do. */
export function refusalOf(
  group: string,
  refused: readonly FacetDecision[],
  others: Others,
  strangers: readonly string[],
): string {
  const named = firstOf(refused.map((each) => differenceInWords(each, others, strangers)));
  return (
    `The resource group "${group}" differs from the program in ${refused.length} thing(s) that this program did not set: ${named}. ` +
    "They are not overwritten automatically, because someone may have changed them on purpose. Declare what the Hub has to keep it, or give " +
    "a new reason in acknowledgeOverwrite to overwrite it."
  );
}

function differenceInWords(
  { key, declared, observed }: FacetDecision,
  others: Others,
  strangers: readonly string[],
): string {
  if (kindOf(key) === "repository") {
    if (declared === NONE) return `${facetInWords(key)} is in the group`;
    const name = others[observed];
    return `${facetInWords(key)} is in ${name === undefined ? "another resource group" : `the resource group "${name}"`}`;
  }
  const other = strangers.includes(key) ? ", and the name now belongs to another person" : "";
  return `${facetInWords(key)} is ${observed}, declared ${declared}${other}`;
}

/** Names of members that now belong to other people. */
export function strangersFound(strangers: readonly string[]): string {
  return (
    `other people now have the names of members to whom this program gave roles: ${firstOf(strangers.map(nameIn))}. They get no higher role ` +
    "unless you give a new reason in acknowledgeOverwrite after this message."
  );
}

/** Added to the refusal of a creation, which keeps no state. */
export const NOT_REMEMBERED =
  "Another resource of this stack has this resource group. If you renamed the resource, name the old one in the option `aliases`.";

/** A creation is refused before anything is sent. */
export function inOtherGroups(repositories: readonly { key: string; name: string }[]): string {
  const named = repositories.map(
    ({ key, name }) => `${facetInWords(key)} is in the resource group "${name}"`,
  );
  return (
    `The resource group was not created, because repositories that it declares are already in other resource groups: ${firstOf(named)}. ` +
    "To move them, give a new reason in acknowledgeOverwrite, or remove them from the other resource groups first. If you only renamed the " +
    "resource in the program, name the old one in the option `aliases`."
  );
}

/** The group has repositories or other objects that the stack does not declare. */
export function notEmpty(name: string, repositories: readonly string[], others: number): string {
  const parts = [
    ...(repositories.length > 0
      ? [`${repositories.length} repositories that this stack does not declare: ${firstOf(repositories)}`]
      : []),
    ...(others > 0 ? [`${others} other object(s), such as collections and kernels`] : []),
  ];
  return (
    `The resource group "${name}" still contains ${parts.join(", and ")}. Deleting it would open them to members of the organization who are not ` +
    `in the group. Move them on the Hub first. ${HOW_TO_FORCE}`
  );
}

/** A deletion had no effect. */
export function stillThere(name: string): string {
  return (
    `The Hub accepted the deletion of the resource group "${name}" but still shows it. Run the same command again; if that does not help, delete ` +
    "it on the Hub."
  );
}

/** Two resources of a stack declare the same list. */
export function declaredTwice(list: string, group: string, other: string): string {
  return (
    `${group} declares all its ${list}, and ${other} declares one of them. They would revert each other. Remove ${list} from the ResourceGroup, or ` +
    "move the other resource's entry into it."
  );
}

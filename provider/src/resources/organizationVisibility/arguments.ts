// The arguments: their form, and rules that the schema cannot express.
import { type ConfigurableRepoType } from "../../client/types";
import { type CheckFailure } from "../../model/definition";
import { type Properties, sameData } from "../../model/plain";
import { printableLine } from "../../client/printable";
import { containsUnknown, isUnknown, known } from "../../model/unknown";
import { visibilitiesOf } from "../../rules/visibility";
import { type OrganizationVisibilityInputs, organizationVisibilityModel } from "./model";

type Exception = NonNullable<OrganizationVisibilityInputs["exceptions"]>[number];

const PARTS = organizationVisibilityModel.fields.exceptions.schema.items.required;

/** A key for a repository. Names on the Hub are not case-sensitive. */
export function keyOf({ repo, repoType }: { repo: string; repoType: string }): string {
  return `${repoType}/${repo}`.toLowerCase();
}

/** Adds the type to exceptions that omit it. */
export function withRepoTypes(inputs: Properties): Properties {
  const { exceptions } = inputs;
  if (!Array.isArray(exceptions)) return inputs;
  const complete = (exceptions as unknown[]).map((each) => {
    if (typeof each !== "object" || each === null || Array.isArray(each)) return each;
    return { ...each, repoType: (each as Partial<Exception>).repoType ?? "model" };
  });
  return { ...inputs, exceptions: complete };
}

/** Whether two lists have the same exceptions. Their order does not matter. An edited state may have `null`. */
export function sameExceptions(left?: readonly Exception[] | null, right?: readonly Exception[]): boolean {
  if (isUnknown(left) || isUnknown(right) || containsUnknown(left) || containsUnknown(right)) return false;
  const sorted = (exceptions: readonly Exception[] | null | undefined): Exception[] =>
    [...(exceptions ?? [])].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  return sameData(sorted(left), sorted(right));
}

/** The errors in the exceptions, each with its position. Values that are not known yet are not checked. */
export function checkFailures({ organization, exceptions }: OrganizationVisibilityInputs): CheckFailure[] {
  if (exceptions === undefined || isUnknown(exceptions)) return [];
  const places = new Map<string, number>();
  return exceptions.flatMap((each, index) => {
    if (isUnknown(each)) return [];
    const reasons = [...problemsOf(each, known(organization)), duplicate(each, places)];
    if (isNamed(each) && !places.has(keyOf(each))) places.set(keyOf(each), index);
    return reasons
      .filter((reason) => reason !== undefined)
      .map((reason) => ({ property: "exceptions", reason: `item ${index}${reason}` }));
  });
}

function isNamed({ repo, repoType }: Exception): boolean {
  return known(repo) !== undefined && known(repoType) !== undefined;
}

function duplicate(exception: Exception, places: ReadonlyMap<string, number>): string | undefined {
  const first = isNamed(exception) ? places.get(keyOf(exception)) : undefined;
  if (first === undefined) return undefined;
  return `.repo: ${exception.repoType} ${exception.repo} is already in item ${first}; keep one of the two`;
}

function problemsOf(exception: Exception, organization: string | undefined): string[] {
  const problems: string[] = [];
  const other = Object.keys(exception).find((part) => !PARTS.some((each) => each === part));
  if (other !== undefined) {
    problems.push(`: unknown property "${printableLine(other, 100)}"; allowed: ${PARTS.join(", ")}`);
  }
  const [repo, repoType, visibility] = [
    known(exception.repo),
    known(exception.repoType),
    known(exception.visibility),
  ];
  if (
    repo !== undefined &&
    organization !== undefined &&
    !repo.toLowerCase().startsWith(`${organization.toLowerCase()}/`)
  ) {
    problems.push(`.repo: ${repo} is not a repository of ${organization}`);
  }
  // The Hub's API cannot change kernels, so their visibilities are not known either.
  if (repoType === undefined || repoType === "kernel" || visibility === undefined) return problems;
  const possible = visibilitiesOf(repoType satisfies ConfigurableRepoType);
  if (!possible.includes(visibility)) {
    problems.push(
      `.visibility: "${visibility}" is not possible for a ${repoType}; allowed: ${possible.join(", ")}`,
    );
  }
  return problems;
}

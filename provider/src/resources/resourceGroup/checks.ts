// Rules about the arguments alone, and about what other resources of the stack declare.
import { type CheckFailure, LifecycleError, type PureContext } from "../../model/definition";
import { type Properties } from "../../model/plain";
import { containsUnknown, known } from "../../model/unknown";
import { completeListKey, entryKey } from "../../rules/groupDeclarations";
import { listsIn, memberKey, nameIn, repoKey } from "./facets";
import { declaredTwice } from "./messages";
import { type ResourceGroupInputs } from "./model";
import { sortedMembers, sortedRepositories } from "./state";

/** Adds the defaults of nested values, and sorts the lists, because their order does not matter. Arguments may be of any form here. */
export function oneForm(inputs: Properties): Properties {
  const { autoJoin, members, repositories } = inputs;
  return {
    ...inputs,
    ...(isObject(autoJoin) && { autoJoin: { ...autoJoin, scope: autoJoin["scope"] ?? "all" } }),
    ...(areObjects(members, "user") && { members: sortedMembers(members) }),
    ...(areObjects(repositories, "repo") && {
      repositories: sortedRepositories(
        repositories.map((each) => ({ ...each, repoType: each.repoType ?? "model" })),
      ),
    }),
  };
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areObjects<N extends string>(
  value: unknown,
  name: N,
): value is (Properties & Record<N, string> & { repoType?: string })[] {
  return (
    Array.isArray(value) &&
    !containsUnknown(value) &&
    value.every(
      (each) =>
        isObject(each) &&
        typeof each[name] === "string" &&
        ["string", "undefined"].includes(typeof each["repoType"]),
    )
  );
}

/** The errors in the arguments. Values that are not known yet are not checked. */
export function checkFailures(inputs: ResourceGroupInputs): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (inputs.members !== undefined && inputs.autoJoin !== undefined) {
    failures.push({
      property: "autoJoin",
      reason: "cannot be used with members, which lists all members: give only one of the two",
    });
  }
  const [members = [], repositories = []] = [known(inputs.members), known(inputs.repositories)];
  for (const name of repeated(members.map(({ user }) => memberKey(user)))) {
    failures.push({ property: "members", reason: `contains ${name} twice` });
  }
  for (const name of repeated(repositories.map(repoKey))) {
    failures.push({ property: "repositories", reason: `contains ${name} twice` });
  }
  const organization = known(inputs.organization)?.toLowerCase();
  for (const { repo } of repositories) {
    if (organization === undefined || repo.toLowerCase().startsWith(`${organization}/`)) continue;
    failures.push({
      property: "repositories",
      reason: `${repo} does not belong to the organization ${inputs.organization}. A resource group can contain only repositories of its organization`,
    });
  }
  return failures;
}

function repeated(keys: readonly string[]): string[] {
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))].map(nameIn);
}

/**
 * Notes which lists of the group this resource declares completely, for the resources that declare single entries.
 *
 * @throws LifecycleError if another resource of the stack declares an entry of such a list
 */
export function declareLists(
  inputs: ResourceGroupInputs,
  groupId: string,
  { declaredBy }: Pick<PureContext, "declaredBy">,
): void {
  const self = `ResourceGroup "${inputs.name}"`;
  const complete = listsIn(inputs);
  for (const list of ["members", "repositories"] as const) {
    const key = completeListKey(list, groupId);
    if (!complete.includes(list)) {
      declaredBy.delete(key);
      continue;
    }
    declaredBy.set(key, self);
    const other = declaredBy.get(entryKey(list, groupId));
    // guard: complete-list-and-entry
    if (other !== undefined) throw new LifecycleError(declaredTwice(list, self, other));
  }
}

// What the arguments of a HubToken ask for, one by one.
import { type Declared } from "../engine";
import { endpointElements, inRepository, roleElements } from "./look";

type Args = Declared["args"];

/** @param idOf - the id of the repository that a name stands for */
export function declaredElements(args: Args, idOf: (repo: string) => string | undefined): Set<string> {
  if (args["organization"] === undefined)
    return new Set(roleElements((args["role"] as string | undefined) ?? "read"));
  const {
    permissions = [],
    repos = [],
    repoPermissions = [],
    endpointPatterns = [],
  } = args as Record<string, string[] | undefined>;
  const elements = new Set(permissions);
  for (const repo of repos) {
    const id = idOf(repo);
    for (const each of id === undefined ? [] : repoPermissions) elements.add(inRepository(each, String(id)));
  }
  for (const each of endpointElements(endpointPatterns)) elements.add(each);
  return elements;
}

export function triggerOf({ rotationTriggers }: Args): string | undefined {
  return rotationTriggers === undefined ? undefined : JSON.stringify(rotationTriggers);
}

/** Arguments of a user's own token whose change asks for a successor. */
export function issuedWith({ organization, name, role, expiresAt }: Args): string {
  return organization === undefined ? JSON.stringify([name, role ?? "read", expiresAt]) : "";
}

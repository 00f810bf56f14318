// What the arguments of a HubToken ask for, as single elements.
import { type Declared } from "../engine";
import { endpointElements, inRepository, roleElements } from "./look";

export type Args = Declared["args"];

/** @param idOf - the id of the repository that a name means */
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

/** The arguments of a user's own token that need a successor when they change. */
export function issuedWith({ organization, name, role, expiresAt }: Args): string {
  return organization === undefined ? JSON.stringify([name, role ?? "read", expiresAt]) : "";
}

// What the arguments of a HubToken ask for, one by one.
import { type Store } from "../../../local-hub/src/store/store";
import { roleElements } from "./look";

export function declaredElements(args: Record<string, unknown>, store: Store): Set<string> {
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
    const id = store.repositories.get(`model/${repo}`)?.id ?? "none";
    for (const each of repoPermissions) elements.add(`${each} in ${id}`);
  }
  if (permissions.includes("inference.endpoints.infer.write")) {
    elements.add(`endpoints ${[...endpointPatterns].sort().join(" ") || "any"}`);
  }
  return elements;
}

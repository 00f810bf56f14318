import { type Properties } from "../../model/plain";
import { fingerprint } from "../../rules/intent";

/** Brings what version 1 kept up to date. What is damaged stays as it is, for the reader of the state to say so. */
export function migrate(outputs: Properties): Properties {
  const { repoIds, seen, ...rest } = outputs;
  const { applied, repos, rotationTriggers, organization, name, role, createdAt } = outputs;
  if (typeof applied !== "object" || applied === null) return outputs;
  const triggers = fingerprint(rotationTriggers);
  const isOwn = organization === undefined || organization === null;
  return {
    ...rest,
    ...(Array.isArray(repos) && Array.isArray(repoIds) && { resolved: resolvedBy(repos, repoIds) }),
    applied: { ...applied, triggers, ...(isOwn && { name, role: role ?? "read" }) },
    ...(isOwn && { born: createdAt }),
    ...(triggers !== undefined && { heard: { seen: [triggers] } }),
    ...(seen !== undefined && seen !== null && { seen: { reach: seen } }),
  };
}

/** Names with their ids; one list may be shorter in a state that someone has edited. */
function resolvedBy(repos: unknown[], repoIds: unknown[]): Properties {
  const pairs = repos
    .slice(0, repoIds.length)
    .map((repo, index): [unknown, unknown] => [repo, repoIds[index]])
    // Someone may have put anything there.
    .filter((pair): pair is [string, unknown] => typeof pair[0] === "string" && pair[0] !== pair[1]);
  return Object.fromEntries(pairs);
}

import { type Properties } from "../../model/plain";
import { fingerprint } from "../../rules/intent";

/** Migrates a state of version 1. Damaged data stays unchanged, so that reading the state reports it. */
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

/** Maps names to their ids. In an edited state, one list may be shorter. */
function resolvedBy(repos: unknown[], repoIds: unknown[]): Properties {
  const pairs = repos
    .slice(0, repoIds.length)
    .map((repo, index): [unknown, unknown] => [repo, repoIds[index]])
    // An edited state may contain anything here.
    .filter((pair): pair is [string, unknown] => typeof pair[0] === "string" && pair[0] !== pair[1]);
  return Object.fromEntries(pairs);
}

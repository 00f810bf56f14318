// Changes of roles and resource groups of one organization run one after another, because the Hub overwrites a member's resource groups as a
// whole when the role changes. Other processes are not locked out.
import { type HubClient } from "../client";

const last = new WeakMap<HubClient, Map<string, Promise<unknown>>>();

/** Runs a step when no other step of this process changes roles or resource groups of the organization. */
export function withOrganizationLock<T>(
  client: HubClient,
  organization: string,
  step: () => Promise<T>,
): Promise<T> {
  const key = organization.toLowerCase();
  const ofClient = last.get(client) ?? new Map<string, Promise<unknown>>();
  last.set(client, ofClient);
  const before = ofClient.get(key) ?? Promise.resolve();
  // guard: one-at-a-time
  const result = before.then(step, step);
  ofClient.set(
    key,
    result.catch(() => undefined),
  );
  return result;
}

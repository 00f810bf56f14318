// Changes of roles and of resource groups read first and then write the whole. Two of them at the same time would overwrite each other.
import { type HubClient } from "../client";

const locks = new WeakMap<HubClient, Map<string, Promise<unknown>>>();

/**
 * Runs a step alone among the steps with the same client and organization. Use it for each step that changes roles or resource groups, from
 * the read that decides to the last write. A step inside another step of the same organization would wait forever.
 *
 * It does not lock out other processes.
 */
export async function withOrganizationLock<T>(
  client: HubClient,
  organization: string,
  step: () => Promise<T>,
): Promise<T> {
  const key = organization.toLowerCase();
  const ofClient = locks.get(client) ?? new Map<string, Promise<unknown>>();
  locks.set(client, ofClient);
  const before = ofClient.get(key) ?? Promise.resolve();
  // A failed step does not stop the next one.
  const result = before.then(step, step);
  ofClient.set(
    key,
    result.catch(() => undefined),
  );
  return result;
}

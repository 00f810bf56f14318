// Narrows repositories one after another.
import { type HubClient } from "../../client";
import { outcomeIsUnknown } from "../../client/errors";
import { type ConfigurableRepoType } from "../../client/types";
import { type RepoAddress } from "../../model/repoAddress";
import { exactly, observe } from "../../hub/repositoryView";
import { send } from "../../hub/repositoryChange";
import { type LifecycleContext, LifecycleError } from "../../model/definition";
import { isWider } from "../../rules/visibility";
import { type Found } from "./decisions";
import { named } from "./messages";

/** The result of narrowing several repositories. */
export interface Narrowed {
  /** Repositories that are no longer too widely visible. */
  done: Set<Found>;
  failures: { each: Found; error: unknown }[];
}

/**
 * Narrows at most `most` repositories. A failure does not stop the others. A request that the Hub refused does not count, so that a few
 * repositories that always fail do not keep the others open.
 */
export async function narrow(
  targets: readonly Found[],
  most: number,
  { client, log }: LifecycleContext,
): Promise<Narrowed> {
  const done = new Set<Found>();
  const failures: Narrowed["failures"] = [];
  let changes = 0;
  for (const each of targets) {
    // guard: most-changes
    if (changes >= most) break;
    const address = { repo: each.repo, repoType: each.repoType as ConfigurableRepoType };
    const [visibility, view] = [each.target, { visibilities: [each.visibility] }];
    try {
      if (await isWiderStill(client, address, each)) {
        await send(client, address, { repoType: address.repoType, visibility }, { view });
        changes += 1;
        log.info(`narrowed ${named(each)} from ${each.visibility} to ${visibility}.`);
      }
      done.add(each);
    } catch (error) {
      if (mayHaveChanged(error)) changes += 1;
      failures.push({ each, error });
    }
  }
  return { done, failures };
}

/** Whether the Hub may have changed something although the change failed. */
function mayHaveChanged(error: unknown): boolean {
  return error instanceof LifecycleError || outcomeIsUnknown(error);
}

/** Looks again if the change could widen the repository, because someone may have narrowed it further after the list was read. */
async function isWiderStill(client: HubClient, address: RepoAddress, { target }: Found): Promise<boolean> {
  // guard: never-widened
  if (target === undefined || target === "private") return true;
  const now = await observe(client, address, { gate: false, repository: false });
  if (!now) return false;
  const visibility = exactly(now.visibilities);
  if (visibility !== undefined) return isWider(visibility, target);
  throw new LifecycleError(
    `The Hub does not show exactly who can see ${named(address)}, so it was not changed.`,
  );
}

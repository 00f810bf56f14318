// Repositories without a state: lookups with `get`, and the option `import`.
import { type Visibility } from "../../client/types";
import { type RepoAddress } from "../../model/repoAddress";
import { exactly, type Observation, observe } from "../../hub/repositoryView";
import { type Imported, type LifecycleContext, LifecycleError } from "../../model/definition";
import { differingFrom } from "../../model/diff";
import { canBeGated } from "../../rules/visibility";
import { decide } from "./decisions";
import { unseen, untoldGate, untoldVisibility } from "./messages";
import { parseId, type RepoVisibilityInputs, type RepoVisibilityState } from "./model";
import { finished, loosest } from "./state";
import { asking, formerOf } from "./view";

/** The result of `get`. It includes a gate that no program has declared. */
export function lookedUp(
  address: RepoAddress,
  current: Observation,
  { log }: LifecycleContext,
): { inputs: RepoVisibilityInputs; state: RepoVisibilityState } {
  const { visibilities, gates, identity } = current;
  const { visibility } = loosest(current);
  if (isUntold(visibilities)) throw new LifecycleError(untoldVisibility(address));
  if (visibilities.length > 1) {
    log.warn(`${unseen(address, visibilities)} The lookup returns the widest of these, ${visibility}.`);
  }
  const { repo, repoType } = address;
  const inputs: RepoVisibilityInputs = {
    ...{ repo, repoType, visibility, onDestroy: "retain" },
    gated: canBeGated(repoType) ? exactly(gates) : undefined,
  };
  return { inputs, state: { ...inputs, identity, status: "active" } };
}

/** Whether the Hub does not even say whether the repository is public. */
function isUntold(visibilities: readonly Visibility[]): boolean {
  return visibilities.length > 1 && visibilities.includes("public");
}

/** The result of the option `import`. */
export async function compareWithHub(
  id: string,
  inputs: RepoVisibilityInputs,
  context: LifecycleContext,
): Promise<Imported<RepoVisibilityState> | undefined> {
  const address = parseId(id);
  // Nothing is changed, so the listings that all reads share are enough.
  const current = await observe(context.client, address, { ...asking(inputs), repository: false });
  if (!current) return undefined;
  if (isUntold(current.visibilities)) throw new LifecycleError(untoldVisibility(address));
  const gated = exactly(current.gates);
  if (inputs.gated !== undefined && gated === undefined) throw new LifecycleError(untoldGate(address));
  const onHub = {
    ...address,
    visibility: exactly(current.visibilities) ?? "not public; these credentials cannot see more",
    gated,
  };
  const { applied, heard } = decide(inputs, formerOf(context, current), current);
  const state = finished(inputs, { applied, heard }, { identity: current.identity, at: context.now });
  return { differing: differingFrom(onHub, inputs), state };
}

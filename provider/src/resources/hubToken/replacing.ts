// A creation that replaces a token in the state, also with --replace. It must not bypass a refusal.
import { type LifecycleContext, LifecycleError } from "../../model/definition";
import { type Heard, listen, noted, settled } from "../../rules/intent";
import {
  idsOf,
  reconcileReach,
  type ReachVerdict,
  type TokenReach,
  wantedReach,
} from "../../rules/permissions";
import { heldOf, refusalToReplace, refusalToWiden } from "./decisions";
import { type HubTokenInputs, type HubTokenState } from "./model";
import { lastReach } from "./observation";
import { resolveRepos } from "./repositories";

/** The token that a creation issues, and what is kept with it. */
interface Creation {
  resolved: Record<string, string>;
  heard: Heard;
  /** The reach of the new token; `undefined` for a user's own token. */
  reach?: TokenReach;
  /** How the last known reach of the former token limits it. */
  verdict?: ReachVerdict;
}

/** @throws LifecycleError if the former token was revoked or changed on the Hub, and there is no new reason to revert that */
export async function creationOf(inputs: HubTokenInputs, context: LifecycleContext): Promise<Creation> {
  const former = context.former as HubTokenState | undefined;
  if (!former) {
    const resolved = await resolvedOrThrow(inputs, context);
    const heard = noted(undefined, inputs.rotationTriggers);
    return { resolved, heard, reach: wantedReach(inputs, idsOf(inputs.repos, resolved)) };
  }
  const observation = { status: former.status };
  const { speaks, isNew, heard } = listen(former.heard, inputs.rotationTriggers, heldOf(former, observation));
  const refusal = refusalToReplace(former, inputs, observation, speaks);
  // guard: replaced-token
  if (refusal !== undefined) throw new LifecycleError(refusal);
  const resolved = await resolvedOrThrow(inputs, context, former.resolved ?? {}, { isNew });
  const declared = wantedReach(inputs, idsOf(inputs.repos, resolved));
  const observed = lastReach(former);
  const verdict =
    declared && observed && reconcileReach({ declared, applied: former.applied.reach, observed, speaks });
  if (verdict && verdict.inexpressible.length > 0) {
    throw new LifecycleError(refusalToWiden(former, inputs, verdict.inexpressible));
  }
  return { resolved, heard: settled(heard), reach: verdict?.reach ?? declared, verdict };
}

async function resolvedOrThrow(
  { repos }: HubTokenInputs,
  context: LifecycleContext,
  known?: Readonly<Record<string, string>>,
  successor?: { isNew: boolean },
): Promise<Record<string, string>> {
  const { resolved, failure } = await resolveRepos(repos, context, known, successor);
  if (failure) throw failure;
  return resolved;
}

// A creation in the place of a token that this run has a state of: a replacement, also one by --replace. It is not a way around a refusal.
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

/** What a creation issues, and what is kept beside it. */
interface Creation {
  resolved: Record<string, string>;
  heard: Heard;
  /** What the token is to be able to do; `undefined` for a user's own. */
  reach?: TokenReach;
  /** How far that is limited by what was last seen of the former token. */
  verdict?: ReachVerdict;
}

/** @throws LifecycleError if the former token was ended or changed on the Hub, and no new reason speaks for undoing that */
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
  const resolved = await resolvedOrThrow(inputs, context, former.resolved ?? {}, { fresh: isNew });
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
  successor?: { fresh: boolean },
): Promise<Record<string, string>> {
  const { resolved, failure } = await resolveRepos(repos, context, known, successor);
  if (failure) throw failure;
  return resolved;
}

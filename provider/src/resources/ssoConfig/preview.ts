import { type DiffResult } from "../../model/definition";
import { diffOf } from "../../model/diff";
import { sameData } from "../../model/plain";
import { containsUnknown } from "../../model/unknown";
import { hasChanged, renewedCertificateOutputs } from "../../rules/ssoArguments";
import { decide, type Decision, type Declared, isOwn, type Remembered } from "./decisions";
import { isApplied, settledState } from "./state";

/** What an update would change in the state, and why it would be refused, as far as a preview knows. */
export function decidePreview(
  declared: Declared,
  remembered: Remembered,
  changed: string[],
  definition: { replaceOn: readonly string[] },
): { result: DiffResult; refusal: string | undefined } {
  const { values: state } = remembered;
  const current = state.missing ? undefined : (state.seen ?? remembered.comparable);
  const decision = decide(declared, current, state);
  const differs =
    hasChanged(changed, declared, remembered) ||
    (current !== undefined && !isOwn(declared.comparable, { applied: state.applied }));
  if (!differs) return { result: diffOf(definition, []), refusal: undefined };
  const result = {
    ...diffOf(definition, changed),
    changes: true,
    renews: renewed(declared, remembered, decision),
  };
  const isForetold = result.replaces.length === 0 && !containsUnknown(declared.values);
  return { result, refusal: isForetold ? decision.refusal : undefined };
}

const MEMORY = ["applied", "tried", "seen", "heard", "missing", "unreported", "lastCertificate"] as const;

function renewed(declared: Declared, remembered: Remembered, decision: Decision): string[] {
  const { values: state } = remembered;
  const next = settledState(declared, decision.heard, state.appliedAt);
  return [
    ...renewedCertificateOutputs(declared, remembered),
    ...MEMORY.filter((output) => !sameData(next[output], state[output])),
    ...(isApplied(declared, decision, state.applied) ? ["appliedAt"] : []),
  ];
}

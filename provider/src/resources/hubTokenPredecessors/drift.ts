import { type DriftRules } from "../../model/drift";
import { hasToRetire } from "./decisions";
import { type PredecessorsState } from "./model";

export const hubTokenPredecessorsDrift: DriftRules<PredecessorsState> = {
  due(state, context) {
    if (!hasToRetire(state, state, context)) return undefined;
    return `${state.pending.length} predecessor(s) can be revoked`;
  },
};

import { type Gated, type Visibility } from "../../client/types";
import { repoPatterns } from "../../hub/auditEvents";
import { namespaceOf } from "../../hub/repository";
import { type DriftRules } from "../../model/drift";
import { orderOf } from "../../rules/reconcile";
import { GATE, VISIBILITY } from "../../rules/visibility";
import { type RepoVisibilityState } from "./model";

export const repoVisibilityDrift: DriftRules<RepoVisibilityState> = {
  applied: ({ applied }) => ({ ...applied }),

  order: (property, applied, onHub) =>
    property === "gated"
      ? orderOf(GATE, applied as Gated, onHub as Gated)
      : orderOf(VISIBILITY, applied as Visibility, onHub as Visibility),

  events({ property, onHub }, state) {
    if (property === "status") return repoPatterns(state, { types: ["repo.delete", "repo.move"] });
    const types = property === "visibility" ? ["repo.visibility"] : ["repo.update_settings"];
    return repoPatterns(state, { types, ...(property === "visibility" && { visibility: onHub as string }) });
  },

  organization: ({ repo }) => namespaceOf(repo),
};

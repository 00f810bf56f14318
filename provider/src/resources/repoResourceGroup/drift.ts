import { repoPatterns } from "../../hub/auditEvents";
import { namespaceOf } from "../../hub/repository";
import { type DriftRules } from "../../model/drift";
import { GROUP_OF_REPO } from "../../rules/groups";
import { orderOf } from "../../rules/reconcile";
import { type RepoResourceGroupState } from "./model";

export const repoResourceGroupDrift: DriftRules<RepoResourceGroupState> = {
  applied: ({ applied }) => ({ groupId: applied }),

  // A repository without a resource group still exists.
  isGone: ({ gone }) => gone === true,

  order: (_property, applied, onHub) =>
    orderOf(GROUP_OF_REPO, (applied ?? null) as string | null, (onHub ?? null) as string | null),

  events: ({ property }, state) =>
    repoPatterns(state, {
      types: property === "status" ? ["repo.delete", "repo.move"] : ["repo.update_resource_group"],
    }),

  organization: ({ repo }) => namespaceOf(repo),
};

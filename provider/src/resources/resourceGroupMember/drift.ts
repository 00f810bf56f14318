import { type OrgRole } from "../../client/types";
import { objectKey } from "../../hub/auditEvents";
import { type DriftRules } from "../../model/drift";
import { orderOf } from "../../rules/reconcile";
import { MEMBERSHIP } from "../../rules/roles";
import { type ResourceGroupMemberState } from "./model";

export const resourceGroupMemberDrift: DriftRules<ResourceGroupMemberState> = {
  applied: ({ applied }) => ({ role: applied }),

  order: (property, applied, onHub) =>
    // A person who is no longer a member has no access.
    property === "status"
      ? "tighter"
      : orderOf(MEMBERSHIP, (applied ?? null) as OrgRole | null, (onHub ?? null) as OrgRole | null),

  events: (_finding, { groupId, user }) => [
    { about: [objectKey.group(groupId), objectKey.user(user)], types: ["resource_group"] },
    { about: [objectKey.group(groupId)], types: ["resource_group.delete"] },
    { about: [objectKey.user(user)], types: ["org.change_role", "org.remove_user", "org.leave"] },
  ],
};

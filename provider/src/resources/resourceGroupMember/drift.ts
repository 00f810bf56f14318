import { objectKey } from "../../hub/auditEvents";
import { type DriftRules } from "../../model/drift";
import { orderOfRoles } from "../../rules/roles";
import { type ResourceGroupMemberState } from "./model";

export const resourceGroupMemberDrift: DriftRules<ResourceGroupMemberState> = {
  applied: ({ applied }) => ({ role: applied }),

  order: orderOfRoles,

  events: (_finding, { groupId, user }) => [
    { about: [objectKey.group(groupId), objectKey.user(user)], types: ["resource_group"] },
    { about: [objectKey.group(groupId)], types: ["resource_group.delete"] },
    { about: [objectKey.user(user)], types: ["org.change_role", "org.remove_user", "org.leave"] },
  ],
};

import { objectKey } from "../../hub/auditEvents";
import { type DriftRules } from "../../model/drift";
import { orderOfRoles } from "../../rules/roles";
import { type MemberRoleState } from "./model";

export const memberRoleDrift: DriftRules<MemberRoleState> = {
  applied: ({ applied }) => ({ role: applied }),

  order: orderOfRoles,

  events: ({ property }, { user }) => [
    {
      about: [objectKey.user(user)],
      types: property === "status" ? ["org.remove_user", "org.leave"] : ["org.change_role"],
    },
  ],
};

import { type OrgRole } from "../../client/types";
import { objectKey } from "../../hub/auditEvents";
import { type DriftRules } from "../../model/drift";
import { orderOf } from "../../rules/reconcile";
import { MEMBERSHIP } from "../../rules/roles";
import { type MemberRoleState } from "./model";

export const memberRoleDrift: DriftRules<MemberRoleState> = {
  applied: ({ applied }) => ({ role: applied }),

  order: (property, applied, onHub) =>
    // A person who is no longer a member has no access.
    property === "status"
      ? "tighter"
      : orderOf(MEMBERSHIP, (applied ?? null) as OrgRole | null, (onHub ?? null) as OrgRole | null),

  events: ({ property }, { user }) => [
    {
      about: [objectKey.user(user)],
      types: property === "status" ? ["org.remove_user", "org.leave"] : ["org.change_role"],
    },
  ],
};

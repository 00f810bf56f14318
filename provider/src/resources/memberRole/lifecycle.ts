import { authorOfChange, changeKey } from "../../hub/outsideChange";
import { type ManagedValue } from "../../hub/managedValue/kind";
import { managing } from "../../hub/managedValue/lifecycle";
import { withOrganizationLock } from "../../hub/organizationLock";
import { type OrgRole } from "../../client";
import { MEMBERSHIP } from "../../rules/roles";
import { LifecycleError } from "../../model/definition";
import { type MemberRoleInputs, memberRoleModel, type MemberRoleState, parseId } from "./model";
import { seenMember } from "./observe";
import { changeRole, notLowered, notMember } from "./send";

const memberRole: ManagedValue<MemberRoleInputs, MemberRoleState> = {
  model: memberRoleModel,
  rule: { facet: MEMBERSHIP, declared: ({ role }) => role },
  words: {
    subject: ({ organization, user }) => `the role of ${user} in ${organization}`,
    value: (role) => String(role),
    keep: (role) => `Declare role: "${role}"`,
    missing: notMember,
  },

  label: ({ organization, user }) => `of ${user ?? ""} in ${organization ?? ""}`,
  id: ({ organization, user }) => `${organization}/${user}`,
  scope: ({ organization = "" }) => organization,
  parseId,

  async observe({ organization = "", user = "" }, { client }) {
    const member = await seenMember(client, { organization, user });
    return member && { value: member.role, identity: member._id };
  },

  async send(inputs, _before, { client }) {
    const after = await withOrganizationLock(client, inputs.organization, () => changeRole(client, inputs));
    return after && { value: after.role, identity: after._id };
  },

  shown: ({ value }) => ({ role: value as OrgRole }),

  author: ({ organization, user }, _current, between, { client }) =>
    authorOfChange(client, organization, changeKey.role(user), between),

  retains: ({ onDestroy }) => onDestroy === "retain",

  async end(state, { value }, { client, log }) {
    if (value === "read" || value === "no_access") return;
    const { organization } = state;
    const after = await withOrganizationLock(client, organization, () =>
      changeRole(client, { ...state, role: "read" }),
    );
    // guard: read-at-the-end
    if (after?.role !== "read") throw new LifecycleError(notLowered(state));
    log.info('lowered the role to read (onDestroy is "read").');
  },
};

/** The lifecycle of a member's role, without Pulumi. */
export const memberRoleDefinition = managing(memberRole);

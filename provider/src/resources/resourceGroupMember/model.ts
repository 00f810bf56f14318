import { oneOf, optional, string } from "../../client/shape";
import { ORG_ROLES } from "../../client/types";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { partsOfId } from "../../model/objectId";
import {
  acknowledgeOverwriteSchema,
  hubIdSchema,
  organizationSchema,
  roleSchema,
  userSchema,
} from "../../model/schemas";
import { valueMemory, valueOutputs } from "../../rules/managedValue";

export const resourceGroupMemberModel = {
  type: "ResourceGroupMember",
  fields: {
    organization: { schema: organizationSchema, required: true, replaces: true },
    groupId: { schema: hubIdSchema, required: true, replaces: true },
    user: { schema: userSchema, required: true, replaces: true, stored: string },
    role: {
      schema: roleSchema,
      required: true,
      // Absent after a refresh if the person is not in the resource group, and after a failed update.
      stored: optional(oneOf(...ORG_ROLES)),
    },
    acknowledgeOverwrite: { schema: acknowledgeOverwriteSchema },
  },
  outputs: valueOutputs,
  memory: valueMemory,
} as const satisfies ResourceModel;

export type ResourceGroupMemberInputs = InputsOf<typeof resourceGroupMemberModel>;
export type ResourceGroupMemberState = StateOf<typeof resourceGroupMemberModel>;

/** A person in a resource group. */
export type GroupMemberAddress = Pick<ResourceGroupMemberInputs, "organization" | "groupId" | "user">;

/** The parts of `organization/groupId/user`. */
export function parseId(id: string): GroupMemberAddress {
  return partsOfId(id, {
    pattern: /^(?<organization>[^/]+)\/(?<groupId>[0-9a-f]{24})\/(?<user>[^/]+)$/,
    of: "a member of a resource group",
    form: "organization/groupId/user, such as acme/6570ab12ef90cd34ab56ef01/ana",
  }) as unknown as GroupMemberAddress;
}

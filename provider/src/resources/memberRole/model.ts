import { oneOf, optional, string } from "../../client/shape";
import { ORG_ROLES } from "../../client/types";
import { type MemberAddress } from "../../hub/members";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { partsOfId } from "../../model/objectId";
import {
  acknowledgeOverwriteSchema,
  flagSchema,
  organizationSchema,
  roleSchema,
  userSchema,
} from "../../model/schemas";
import { valueMemory, valueOutputs } from "../../rules/managedValue";

export const memberRoleModel = {
  type: "MemberRole",
  fields: {
    organization: { schema: organizationSchema, required: true, replaces: true },
    user: { schema: userSchema, required: true, replaces: true, stored: string },
    role: {
      schema: roleSchema,
      required: true,
      // A failed update omits a role that differs from the program.
      stored: optional(oneOf(...ORG_ROLES)),
    },
    allowOwnDemotion: { schema: flagSchema },
    onDestroy: { schema: { enum: ["retain", "read"], default: "retain", description: "retain or read" } },
    acknowledgeOverwrite: { schema: acknowledgeOverwriteSchema },
  },
  outputs: valueOutputs,
  memory: valueMemory,
} as const satisfies ResourceModel;

export type MemberRoleInputs = InputsOf<typeof memberRoleModel>;
export type MemberRoleState = StateOf<typeof memberRoleModel>;

/** The parts of `organization/user`. */
export function parseId(id: string): MemberAddress {
  return partsOfId(id, {
    pattern: /^(?<organization>[^/]+)\/(?<user>[^/]+)$/,
    of: "a member's role",
    form: "organization/user, such as acme/ana",
  }) as unknown as MemberAddress;
}

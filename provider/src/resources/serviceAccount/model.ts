import { filled, oneOf, optional, string } from "../../client/shape";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { partsOfId } from "../../model/objectId";
import { flagSchema, organizationSchema, ownerSchema } from "../../model/schemas";
import { MARK_LENGTH } from "../../rules/mark";

const MAX_DESCRIPTION = 500 - MARK_LENGTH;

export const serviceAccountModel = {
  type: "ServiceAccount",
  fields: {
    owner: { schema: ownerSchema, stored: optional(string) },
    organization: { schema: organizationSchema, required: true, replaces: true },
    name: {
      schema: {
        type: "string",
        minLength: 1,
        maxLength: 50,
        pattern: "^[^\\p{Cc}]*$",
        description: "1 to 50 characters without control characters",
      },
      required: true,
      replaces: true,
      stored: string,
    },
    description: {
      schema: {
        type: "string",
        maxLength: MAX_DESCRIPTION,
        description: `at most ${MAX_DESCRIPTION} characters (the mark after it needs the rest of 500)`,
      },
      replaces: true,
    },
    allowReplace: { schema: flagSchema },
    forceDestroy: { schema: flagSchema },
    recreateIfMissing: { schema: flagSchema },
  },
  outputs: { accountId: filled, user: string, createdAt: string, status: oneOf("active", "missing") },
} as const satisfies ResourceModel;

export type ServiceAccountInputs = InputsOf<typeof serviceAccountModel>;
export type ServiceAccountState = StateOf<typeof serviceAccountModel>;

/** Whether the Hub has the account. */
export type ServiceAccountStatus = ServiceAccountState["status"];

/** The parts of `organization/accountId`. */
export function parseId(id: string): { organization: string; accountId: string } {
  return partsOfId(id, {
    pattern: /^(?<organization>[^/]+)\/(?<accountId>[0-9a-f]{24})$/,
    of: "a service account",
    form: "organization/accountId, with 24 hexadecimal digits",
  }) as { organization: string; accountId: string };
}

import { oneOf, optional, string, time } from "../../client/shape";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { valueMemory } from "../../rules/managedValue";
import { SECRET_MEMORY, settingFields } from "../../rules/spaceSetting";

const { space, key, ...others } = settingFields;

export const spaceSecretModel = {
  type: "SpaceSecret",
  fields: {
    space,
    key,
    value: {
      schema: { type: "string", minLength: 1, description: "the value of the secret, not empty" },
      required: true,
      secret: true,
      // A refresh that finds another value omits it, because the Hub does not show it.
      stored: optional(string),
    },
    ...others,
  },
  outputs: { status: oneOf("active", "changed", "missing") },
  memory: {
    ...valueMemory,
    // The Hub's time of the last write of this resource. Another time means that someone changed the secret.
    setAt: optional(time),
  },
  secretOutputs: SECRET_MEMORY,
} as const satisfies ResourceModel;

export type SpaceSecretInputs = InputsOf<typeof spaceSecretModel>;
export type SpaceSecretState = StateOf<typeof spaceSecretModel>;

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
      schema: {
        type: "string",
        minLength: 4,
        description: "at least 4 characters, because a shorter value cannot be hidden in messages",
      },
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
    // The description on the Hub after that write. On a Hub that does not show the time, another one means a change too.
    setDescription: optional(string),
  },
  secretOutputs: SECRET_MEMORY,
} as const satisfies ResourceModel;

export type SpaceSecretInputs = InputsOf<typeof spaceSecretModel>;
export type SpaceSecretState = StateOf<typeof spaceSecretModel>;

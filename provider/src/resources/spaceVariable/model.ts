import { optional, string } from "../../client/shape";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { valueMemory, valueOutputs } from "../../rules/managedValue";
import { SECRET_MEMORY, settingFields } from "../../rules/spaceSetting";

const { space, key, ...others } = settingFields;

export const spaceVariableModel = {
  type: "SpaceVariable",
  fields: {
    space,
    key,
    value: {
      schema: { type: "string", description: "the value of the variable, without secrets" },
      required: true,
      // Absent after a refresh if the Space does not have the key.
      stored: optional(string),
    },
    ...others,
  },
  outputs: valueOutputs,
  memory: valueMemory,
  // The program may have wrapped the value in pulumi.secret.
  secretOutputs: SECRET_MEMORY,
} as const satisfies ResourceModel;

export type SpaceVariableInputs = InputsOf<typeof spaceVariableModel>;
export type SpaceVariableState = StateOf<typeof spaceVariableModel>;

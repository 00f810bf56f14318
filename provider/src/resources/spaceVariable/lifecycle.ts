import { type ManagedValue } from "../../hub/managedValue/kind";
import { managingSetting, seenSetting, settingKind } from "../../hub/spaceSettings";
import { type ImportRules, type ResourceDefinition } from "../../model/definition";
import { parseSettingId, tokenFailures } from "../../rules/spaceSetting";
import { type SpaceVariableInputs, spaceVariableModel, type SpaceVariableState } from "./model";

const settings = settingKind("variable");

const spaceVariable: ManagedValue<SpaceVariableInputs, SpaceVariableState> = {
  ...settings,
  model: spaceVariableModel,
  rule: {
    ...settings.rule,
    // Absent after a refresh if the Space does not have the key.
    declared: ({ value }) => value ?? "",
  },

  async observe(address, { client }) {
    const seen = await seenSetting(client, "variable", address);
    if (!seen) return undefined;
    const { value = null, description, updatedAt } = seen.info ?? {};
    return { value, description, updatedAt, identity: seen.identity };
  },

  // A value that disappears would lose its encryption when it returns.
  shown: ({ value, description }) => ({ value: value ?? "", description }),
  keepsArguments: true,
};

const managed = managingSetting(spaceVariable);

/** The lifecycle of a Space's variable, without Pulumi. */
export const spaceVariableDefinition: ResourceDefinition<SpaceVariableInputs, SpaceVariableState> = {
  ...managed,
  check: ({ value }) => tokenFailures(value),
  imports: {
    parseId: parseSettingId,
    async compare(id, inputs, context) {
      const rules = managed.imports as ImportRules<SpaceVariableInputs, SpaceVariableState>;
      const found = await rules.compare(id, inputs, context);
      // Someone may have put a secret into the variable.
      if (found && "value" in found.differing) found.differing["value"] = undefined;
      return found;
    },
  },
};

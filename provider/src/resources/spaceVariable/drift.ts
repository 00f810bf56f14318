import { type SpaceVariableState } from "./model";
import { settingDrift, unsealed } from "../../hub/spaceSettingDrift";
import { type DriftRules } from "../../model/drift";

const shared = settingDrift<SpaceVariableState>("variable");

export const spaceVariableDrift: DriftRules<SpaceVariableState> = {
  ...shared,
  // After an update, the applied value is the argument.
  unseal: (state) => unsealed(state, ({ value }) => value),
  // A variable may be private to the members of an organization.
  hides: ["value"],
  applied: ({ applied }) => ({ value: applied }),
};

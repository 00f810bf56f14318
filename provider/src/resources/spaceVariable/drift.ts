import { type SpaceVariableState } from "./model";
import { settingDrift } from "../../hub/spaceSettingDrift";
import { type DriftRules, SEALED } from "../../model/drift";

const shared = settingDrift<SpaceVariableState>("variable");

export const spaceVariableDrift: DriftRules<SpaceVariableState> = {
  ...shared,
  // After an update, the applied value is the argument.
  unseal: ({ applied, tried: _tried, seen: _seen, heard: _heard, ...others }) => ({
    ...others,
    ...(applied !== undefined && { applied: applied === SEALED ? others["value"] : applied }),
  }),
  // A variable may be private to the members of an organization.
  hides: ["value"],
  applied: ({ applied }) => ({ value: applied }),
};

import { settingDrift } from "../../hub/spaceSettingDrift";
import { type DriftRules, SEALED } from "../../model/drift";
import { secretHash } from "../../rules/spaceSetting";
import { type SpaceSecretState } from "./model";

export const spaceSecretDrift: DriftRules<SpaceSecretState> = {
  ...settingDrift<SpaceSecretState>("secret"),
  // The Hub does not show a value. A change shows in the time of the last write, which is not encrypted.
  unseal: ({ applied, tried: _tried, seen: _seen, heard: _heard, ...others }) => ({
    ...others,
    ...(applied !== undefined && { applied: applied === SEALED ? secretHash(SEALED) : applied }),
  }),
  differs: (property, _before, after) => (property === "value" ? after.value === undefined : undefined),
};

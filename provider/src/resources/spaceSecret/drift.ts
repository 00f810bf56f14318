import { settingDrift, unsealed } from "../../hub/spaceSettingDrift";
import { type DriftRules, SEALED } from "../../model/drift";
import { parseSettingId, secretHash } from "../../rules/spaceSetting";
import { type SpaceSecretState } from "./model";

export const spaceSecretDrift: DriftRules<SpaceSecretState> = {
  ...settingDrift<SpaceSecretState>("secret"),
  // The Hub does not show a value. A change shows in the time of the last write, which is not encrypted.
  address: (id) => ({ ...parseSettingId(id) }),
  unseal: (state) => unsealed(state, () => secretHash(SEALED)),
  apart: ["value"],
  findings(before, { status }) {
    if (status !== "changed") return [];
    const isRecorded = before.status === "changed" ? { isRecorded: true as const } : {};
    return [{ property: "value", applied: SEALED, onHub: SEALED, order: "different", ...isRecorded }];
  },
};

import {
  type SettingInfo,
  managingSetting,
  seenSetting,
  settingKind,
  settingOf,
} from "../../hub/spaceSettings";
import { type ManagedValue } from "../../hub/managedValue/kind";
import { type HubValue } from "../../rules/managedValue";
import { secretHash, SETTING } from "../../rules/spaceSetting";
import { type SpaceSecretInputs, spaceSecretModel, type SpaceSecretState } from "./model";
import { valueSeen } from "./decisions";

const spaceSecret: ManagedValue<SpaceSecretInputs, SpaceSecretState> = {
  ...settingKind("secret"),
  model: spaceSecretModel,
  rule: {
    facet: SETTING,
    declared: hashOf,
    // guard: secret-adopted
    mayAdopt: ({ acknowledgeOverwrite }, value) => value === null || acknowledgeOverwrite !== undefined,
    newValueWins: true,
  },

  async observe(address, { client }, kept) {
    const seen = await seenSetting(client, "secret", address);
    if (!seen) return undefined;
    const { identity, info } = seen;
    return { ...shownBy(info), identity, ...valueSeen(info, identity, kept) };
  },

  async readBack(inputs, { identity, updatedAt, value }, { client }) {
    const info = await settingOf(client, "secret", inputs);
    // guard: secret-seen
    const isNew = info?.updatedAt === undefined || info.updatedAt !== updatedAt;
    const now = info && isNew ? hashOf(inputs) : info ? value : null;
    return { ...shownBy(info), identity, value: now, outputs: { setAt: info?.updatedAt } };
  },

  shown: ({ value, description }, kept) => ({
    value: kept && hashOf(kept) === value ? kept.value : undefined,
    description,
  }),

  imports:
    "A SpaceSecret cannot be imported, because the Hub does not show its value, so the program cannot be compared with it. Leave out the option " +
    "import, and give a reason in acknowledgeOverwrite: the first `pulumi up` then overwrites the secret with the declared value.",
};

/** The lifecycle of a Space's secret, without Pulumi. */
export const spaceSecretDefinition = managingSetting(spaceSecret);

function shownBy(info: SettingInfo | undefined): Pick<HubValue, "description" | "updatedAt"> {
  return { description: info?.description, updatedAt: info?.updatedAt };
}

/** The hash of the value. After a refresh that found another value, the state has none. */
function hashOf({ value }: { value?: string | undefined }): string {
  return value === undefined ? "" : secretHash(value);
}

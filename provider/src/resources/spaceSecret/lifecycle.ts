import {
  type SettingInfo,
  managingSetting,
  seenSetting,
  settingKind,
  settingOf,
} from "../../hub/spaceSettings";
import { type ManagedValue } from "../../hub/managedValue/kind";
import { type LifecycleContext } from "../../model/definition";
import { messageOf } from "../../model/words";
import { type HubValue } from "../../rules/managedValue";
import { secretHash } from "../../rules/spaceSetting";
import { type SpaceSecretInputs, spaceSecretModel, type SpaceSecretState } from "./model";
import { SENT, valueSeen } from "./decisions";

const settings = settingKind("secret");

const spaceSecret: ManagedValue<SpaceSecretInputs, SpaceSecretState> = {
  ...settings,
  model: spaceSecretModel,
  rule: {
    ...settings.rule,
    declared: hashOf,
    newValueWins: true,
  },

  async observe(address, { client }, kept) {
    const seen = await seenSetting(client, "secret", address);
    if (!seen) return undefined;
    const { identity, info } = seen;
    return { ...shownBy(info), identity, ...valueSeen(info, identity, kept) };
  },

  async send(inputs, before, context) {
    await settings.send(inputs, before, context);
    return afterWrite(inputs, before, context).catch((error: unknown) => {
      // The response of the write was a success. Without the time, the next refresh notes it.
      context.log.warn(
        `the Hub accepted the secret, but it could not be read afterwards: ${messageOf(error)}`,
      );
      const { identity } = before;
      return {
        value: hashOf(inputs),
        identity,
        description: inputs.description,
        outputs: { setAt: undefined, setDescription: inputs.description ?? "" },
      };
    });
  },

  tried: SENT,
  readBack: afterWrite,

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

/** The secret after a write: the declared one if the Hub shows another time than before, or no time. */
async function afterWrite(
  inputs: SpaceSecretInputs,
  { identity, updatedAt, value }: HubValue,
  { client }: LifecycleContext,
): Promise<HubValue> {
  const info = await settingOf(client, "secret", inputs);
  // guard: secret-seen
  const isNew = info?.updatedAt === undefined || info.updatedAt !== updatedAt;
  const now = info && isNew ? hashOf(inputs) : info ? value : null;
  return {
    ...shownBy(info),
    identity,
    value: now,
    outputs: { setAt: info?.updatedAt, setDescription: info?.description ?? "" },
  };
}

function shownBy(info: SettingInfo | undefined): Pick<HubValue, "description" | "updatedAt"> {
  return { description: info?.description, updatedAt: info?.updatedAt };
}

/** The hash of the value. After a refresh that found another value, the state has none. */
function hashOf({ value }: { value?: string | undefined }): string {
  return value === undefined ? "" : secretHash(value);
}

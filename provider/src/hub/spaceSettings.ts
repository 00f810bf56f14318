// Reads, sends and deletes a secret or a variable of a Space.
import { type HubClient } from "../client";
import { outcomeIsUnknown } from "../client/errors";
import { type SpaceSettingUpdate, type SpaceVariableInfo } from "../client/types";
import { type LifecycleContext, LifecycleError, type ResourceDefinition } from "../model/definition";
import { sameName } from "../model/plain";
import { capital } from "../model/words";
import { type HubValue, type ValueState } from "../rules/managedValue";
import {
  parseSettingId,
  SETTING,
  type SettingAddress,
  settingId,
  type SettingKind,
  settingObject,
} from "../rules/spaceSetting";
import { isGoneFromFullView } from "./absence";
import { type ManagedValue, type Reasoned, type ValueWords } from "./managedValue/kind";
import { managing } from "./managedValue/lifecycle";
import { MovedError, nameOf, namespaceOf } from "./repository";
import { authorOfChange, changeKey } from "./outsideChange";

/** A setting in a listing. Only variables have a value. */
export type SettingInfo = Omit<SpaceVariableInfo, "value"> & { value?: string };

/** A setting, and the Space that may have it. */
export interface SeenSetting {
  /** The Hub's id of the Space. */
  identity: string;
  /** Absent if the Space does not have the key. */
  info?: SettingInfo | undefined;
}

type Address = Partial<SettingAddress>;
type Arguments = SpaceSettingUpdate & SettingAddress & Reasoned;
type Send = Parameters<ManagedValue<Arguments, Arguments & ValueState>["send"]>;

/**
 * Reads a setting; `undefined` if the Space does not exist.
 *
 * @throws MovedError if the Hub redirects the name to another Space
 */
export async function seenSetting(
  client: HubClient,
  kind: SettingKind,
  { space = "", key = "" }: Address,
): Promise<SeenSetting | undefined> {
  const namespace = namespaceOf(space);
  const repo = await client.getRepo(space, "space").catch(async (error: unknown) => {
    const isListed = async (): Promise<boolean> =>
      (await client.listReposOf(namespace, { type: "space", search: nameOf(space) })).some(({ id }) =>
        sameName(id, space),
      );
    // guard: space-listed
    if (!(await isGoneFromFullView(error, client, namespace)) || (await isListed())) throw error;
  });
  if (!repo) return undefined;
  // guard: moved-space
  if (!sameName(repo.id, space)) throw new MovedError(`The Space ${space}`, "space", repo.id);
  // guard: space-with-id
  if (repo._id === undefined) throw new LifecycleError(noId(space));
  return { identity: repo._id, info: await settingOf(client, kind, { space, key }) };
}

/** The setting in the listing of an existing Space. */
export async function settingOf(
  client: HubClient,
  kind: SettingKind,
  { space, key }: SettingAddress,
): Promise<SettingInfo | undefined> {
  const listed: Record<string, SettingInfo> =
    kind === "secret" ? await client.listSpaceSecrets(space) : await client.listSpaceVariables(space);
  return Object.hasOwn(listed, key) ? listed[key] : undefined;
}

/** The parts of a kind of value that secrets and variables share. */
export function settingKind(kind: SettingKind) {
  return {
    rule: {
      facet: SETTING,
      mayAdopt: ({ acknowledgeOverwrite }: Reasoned, value: string | null) =>
        // guard: setting-adopted
        value === null || acknowledgeOverwrite !== undefined,
    },
    words: settingWords(kind),
    label: ({ space, key }: Address) => `${key ?? ""} of ${space ?? ""}`,
    id: settingId,
    parseId: parseSettingId,
    differs: (inputs: Arguments, { description }: HubValue) =>
      (inputs.description ?? "") !== (description ?? ""),
    send: (...[inputs, before, { client }]: Send) => sendSetting(client, kind, inputs, before),
    author: (
      { space, key }: SettingAddress,
      { updatedAt }: HubValue,
      { since, until }: { since: string | undefined; until?: string },
      { client }: LifecycleContext,
    ) => {
      const changedBy = updatedAt ?? until;
      return authorOfChange(client, namespaceOf(space), changeKey.spaceSetting(space, key), {
        since,
        ...(changedBy !== undefined && { until: changedBy }),
      });
    },
    end: async (state: SettingAddress, _current: HubValue, { client, log }: LifecycleContext) => {
      await deleteSetting(client, kind, state);
      log.info(`deleted the ${kind} on the Hub.`);
    },
  };
}

/** The lifecycle of a secret or a variable. */
export function managingSetting<I extends Arguments, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
): ResourceDefinition<I, S> {
  const definition = managing(kind);
  return {
    ...definition,
    sharedObject: (_id, state) => settingObject(state) as string,
    declaredObject: (inputs) => settingObject(inputs),
    identityOf: ({ identity, key }) => settingObject({ space: identity, key }),
    async create(inputs, context) {
      context.former ??= await underFormerName(inputs, context);
      return definition.create(inputs, context);
    },
  };
}

/** The state of another resource of this run for the same key of the same Space, which has been moved or renamed. */
async function underFormerName(
  { space, key }: SettingAddress,
  context: LifecycleContext,
): Promise<object | undefined> {
  // A missing Space is reported later.
  const repo = await context.client.getRepo(space, "space").catch(() => undefined);
  const identity = settingObject({ space: repo?._id, key });
  // guard: setting-of-moved-space
  return identity === undefined ? undefined : context.formerOf?.(identity);
}

/** Without the id, a different Space of the same name could get the secret. */
function noId(space: string): string {
  return `The Hub does not show the id of the Space ${space}, which distinguishes it from another Space of the same name. Nothing was changed. Run again.`;
}

async function sendSetting(
  client: HubClient,
  kind: SettingKind,
  { space, key, value, description }: Arguments,
  before: HubValue,
): Promise<void> {
  // guard: secret-or-variable
  if (before.value === null) await refuseOtherKind(client, kind, { space, key });
  const setting = { key, value, ...(description !== undefined && { description }) };
  await (kind === "secret" ? client.setSpaceSecret(space, setting) : client.setSpaceVariable(space, setting));
}

async function refuseOtherKind(
  client: HubClient,
  kind: SettingKind,
  { space, key }: SettingAddress,
): Promise<void> {
  const other = kind === "secret" ? "variable" : "secret";
  if (!(await settingOf(client, other, { space, key }))) return;
  throw new LifecycleError(
    `The Space ${space} already has a ${other} ${key}, and a key is a secret or a variable, not both. Nothing was sent. Delete the ${other} on the ` +
      "Hub, or use another key.",
  );
}

async function deleteSetting(client: HubClient, kind: SettingKind, { space, key }: SettingAddress) {
  const deleting =
    kind === "secret" ? client.deleteSpaceSecret(space, key) : client.deleteSpaceVariable(space, key);
  const lost = await deleting.catch((error: unknown) => {
    if (!outcomeIsUnknown(error)) throw error;
    return error;
  });
  // guard: setting-deleted
  if (!(await settingOf(client, kind, { space, key }))) return;
  throw (
    lost ??
    new LifecycleError(
      `The Hub accepted the deletion of the ${kind} ${key} of the Space ${space} but still has it. Run again; if that does not help, delete it on the Hub.`,
    )
  );
}

/** The messages never contain a value: a variable may be private to the members of an organization. */
function settingWords(kind: SettingKind): ValueWords<SettingAddress> {
  const subject = ({ space, key }: SettingAddress): string => `the ${kind} ${key} of the Space ${space}`;
  const Subject = (address: SettingAddress): string => capital(subject(address));
  return {
    subject,
    value: (value) => (value === null ? "missing" : "not the declared value"),
    keep: () =>
      kind === "secret"
        ? "Remove this resource from the program and with `pulumi state delete`"
        : "Declare the value that the Hub has",
    missing: ({ space, key }) =>
      `The Space ${space} does not exist on the Hub, so the ${kind} ${key} was not set. Create the Space, correct the argument space, or remove this ` +
      `resource from the program. A Space that appears later under this name gets the ${kind} only with a new reason in acknowledgeOverwrite.`,
    refusal(address, value, kept) {
      const isOurs = kept?.applied !== undefined;
      const reason = (what: string): string => `or give a new reason in acknowledgeOverwrite to ${what}.`;
      if (value === null) {
        return isOurs
          ? `${Subject(address)} was deleted on the Hub after this program set it. It is not set again automatically, because someone may have ` +
              `done that on purpose. Remove this resource from the program, ${reason("set it again")}`
          : `${Subject(address)} does not exist, and it is not set automatically, because this is a different Space from the one that this program ` +
              `knows, or an earlier run did not find it. Remove this resource from the program, ${reason("set it")}`;
      }
      const keep = kept
        ? `${this.keep(value)} to keep it`
        : "Remove this resource from the program to keep it";
      return isOurs
        ? `${Subject(address)} was changed on the Hub after this program set it. It is not overwritten automatically, because someone may have done ` +
            `that on purpose. ${keep}, ${reason("overwrite it")}`
        : `${Subject(address)} exists on the Hub, and this program did not set it. It is not overwritten automatically, because something may need its ` +
            `value. ${keep}, ${reason("overwrite it")}`;
    },
    changed: (address, value) =>
      `${subject(address)} was ${value === null ? "deleted" : "changed"} on the Hub after this program set it`,
  };
}

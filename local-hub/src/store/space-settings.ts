import { sha256 } from "./ids.js";
import { type Repository, type SpaceSetting, type SpaceSettingKind, spaceSettingKey } from "./records.js";
import { logRepo, repoName } from "./repositories.js";
import { type Actor, type Store } from "./store.js";

/** A setting in a request. */
export interface NewSpaceSetting {
  key: string;
  value: string;
  description?: string;
}

/** Returns a setting of a Space. Undefined if the Space has no setting with this key. */
export function spaceSetting(store: Store, space: Repository, key: string): SpaceSetting | undefined {
  return store.spaceSettings.get(spaceSettingKey({ spaceId: space.id, key }));
}

/** A Space's settings of one kind, by key. */
export function spaceSettingsOf(store: Store, space: Repository, kind: SpaceSettingKind): SpaceSetting[] {
  return store.spaceSettingsOf
    .all(space.id)
    .filter((setting) => setting.kind === kind)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Adds a setting, or replaces the one with the same key. */
export function putSpaceSetting(
  store: Store,
  space: Repository,
  kind: SpaceSettingKind,
  setting: NewSpaceSetting,
  actor: Actor,
): void {
  store.transact(() => {
    const { key } = setting;
    const isNew = !spaceSetting(store, space, key);
    save(store, space, kind, setting);
    const [action, verb] = isNew ? (["add", "Added"] as const) : (["update", "Updated"] as const);
    const message = `${verb} the ${kind} ${key} of space ${repoName(space)}`;
    logRepo(store, space, actor, `repo.${action}_${kind}`, message, { key });
  });
}

/** Adds the settings that a new Space is created with. */
export function addSpaceSettings(
  store: Store,
  space: Repository,
  kind: SpaceSettingKind,
  settings: NewSpaceSetting[],
  actor: Actor,
): void {
  if (!settings.length) return;
  store.transact(() => {
    for (const setting of settings) save(store, space, kind, setting);
    const keys = settings.map(({ key }) => key);
    const message = `Added ${kind}s to space ${repoName(space)}: ${keys.join(", ")}`;
    logRepo(store, space, actor, `repo.add_${kind}s`, message, { keys });
  });
}

export function removeSpaceSetting(
  store: Store,
  space: Repository,
  setting: SpaceSetting,
  actor: Actor,
): void {
  store.transact(() => {
    const { kind, key } = setting;
    store.tables.spaceSettings.delete(spaceSettingKey(setting));
    const message = `Removed the ${kind} ${key} of space ${repoName(space)}`;
    logRepo(store, space, actor, `repo.remove_${kind}`, message, { key });
  });
}

function save(
  store: Store,
  space: Repository,
  kind: SpaceSettingKind,
  { key, value, description }: NewSpaceSetting,
): void {
  const setting: SpaceSetting = {
    spaceId: space.id,
    kind,
    key,
    ...(kind === "secret" ? { valueHash: sha256(value) } : { value }),
    ...(description !== undefined && { description }),
    updatedAt: store.timestamp(),
  };
  store.tables.spaceSettings.put(spaceSettingKey(setting), setting);
}

import { badRequest } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { type Repository, type SpaceSettingKind } from "../store/records.js";
import {
  type NewSpaceSetting,
  putSpaceSetting,
  removeSpaceSetting,
  spaceSetting,
  spaceSettingsOf,
} from "../store/space-settings.js";
import { requireChangeable, requireRepository } from "./access.js";
import { type RepoParams } from "./repositories.js";

function requireChangeableSpace(call: Call<RepoParams>): Repository {
  return requireChangeable(call, "space", call.params.namespace, call.params.repo);
}

/** Everyone who can see a Space can read its variables. Its secrets need the right to change it. */
export function listSpaceSettings(kind: SpaceSettingKind) {
  return (call: Call<RepoParams>): Answer => {
    const { namespace, repo } = call.params;
    const space =
      kind === "secret" ? requireChangeableSpace(call) : requireRepository(call, "space", namespace, repo);
    return describe(call, space, kind);
  };
}

/** The request replaces the whole setting, so a missing description removes the current one. */
export function saveSpaceSetting(kind: SpaceSettingKind) {
  return (call: Call<RepoParams, unknown, NewSpaceSetting>): Answer => {
    const { store, body, actor } = call;
    const space = requireChangeableSpace(call);
    const present = spaceSetting(store, space, body.key);
    if (present && present.kind !== kind) {
      throw badRequest(`key: this Space already has a ${present.kind} with this key`);
    }
    putSpaceSetting(store, space, kind, body, actor);
    return describe(call, space, kind);
  };
}

/** Official clients expect no error if the key does not exist. */
export function deleteSpaceSetting(kind: SpaceSettingKind) {
  return (call: Call<RepoParams, unknown, { key: string }>): Answer => {
    const { store, body, actor } = call;
    const space = requireChangeableSpace(call);
    const present = spaceSetting(store, space, body.key);
    if (present?.kind === kind) removeSpaceSetting(store, space, present, actor);
    return describe(call, space, kind);
  };
}

/** The value of a secret is not stored, so no answer can contain it. */
function describe({ store }: Call, space: Repository, kind: SpaceSettingKind): Answer {
  const entries = spaceSettingsOf(store, space, kind).map(({ key, value, description, updatedAt }) => [
    key,
    { key, ...(value !== undefined && { value }), description, updatedAt },
  ]);
  return ok(Object.fromEntries(entries));
}

/** The kinds of settings that a Space reads as environment variables. */
export type SpaceSettingKind = "secret" | "variable";

/** A secret or a variable of a Space. It belongs to the Space's id, so it stays with a Space that is moved or renamed. */
export interface SpaceSetting {
  /** Id of the Space. */
  spaceId: string;
  kind: SpaceSettingKind;
  /** Case-sensitive. A Space has at most one setting with the same key. */
  key: string;
  /** Variables only. */
  value?: string;
  /** Hash of a secret's value. The value itself is not stored. */
  valueHash?: string;
  description?: string;
  updatedAt: string;
}

/** The key of a setting in the store: `spaceId/key`. */
export function spaceSettingKey({ spaceId, key }: Pick<SpaceSetting, "spaceId" | "key">): string {
  return `${spaceId}/${key}`;
}

/** A secret of a Space, without its value. */
export interface SpaceSecretInfo {
  /** The name of the environment variable. */
  key: string;
  /** The description; absent if there is none. */
  description?: string;
  /** When the secret was last set. ISO 8601. The Hub may leave it out. */
  updatedAt?: string;
}

/** A variable of a Space. */
export interface SpaceVariableInfo extends SpaceSecretInfo {
  /** The value. Everyone who may see the Space can see it. */
  value: string;
}

/** A new or changed secret or variable of a Space. */
export interface SpaceSettingUpdate {
  /** The name of the environment variable: a letter, then letters, digits and `_`. */
  key: string;
  /** The value. */
  value: string;
  /** The description. Default: none. */
  description?: string;
}

/** A type of repository that the Hub scans. */
export type ScannedRepoType = "model" | "dataset" | "space";

/** The result of the Hub's security scan of a repository. */
export interface RepoScan {
  /** Whether the scans are complete. Before that, findings may be missing. */
  scansDone: boolean;
  /** The files with findings. */
  filesWithIssues: {
    /** The path of the file in the repository. */
    path: string;
    /** `unscanned`, `safe`, `queued`, `error`, `caution`, `suspicious`, `unsafe`, or a newer level. */
    level: string;
  }[];
}

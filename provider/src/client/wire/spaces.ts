// Readers of the answers about Spaces and security scans.
import { boolean, filled, list, object, optional, type Reader, record, string, time } from "../shape";
import { type RepoScan, type SpaceSecretInfo, type SpaceVariableInfo } from "../types";

const secret = { key: filled, description: optional(string), updatedAt: optional(time) };

/** `GET /api/spaces/{namespace}/{name}/secrets` */
export const readSpaceSecrets: Reader<Record<string, SpaceSecretInfo>> = record(object(secret));

/** `GET /api/spaces/{namespace}/{name}/variables` */
export const readSpaceVariables: Reader<Record<string, SpaceVariableInfo>> = record(
  object({ ...secret, value: string }),
);

/** `GET /api/{models|datasets|spaces}/{namespace}/{name}/scan` */
export const readRepoScan: Reader<RepoScan> = object({
  scansDone: boolean,
  filesWithIssues: list(object({ path: string, level: filled })),
});

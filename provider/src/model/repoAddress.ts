import { type ConfigurableRepoType } from "../client/types";
import { partsOfId } from "./objectId";

/** The address of a repository. */
export interface RepoAddress {
  /** `namespace/name` */
  repo: string;
  repoType: ConfigurableRepoType;
}

/**
 * The parts of `repoType/namespace/name`.
 *
 * @param of - what has this id, in words
 */
export function parseRepoId(id: string, of: string): RepoAddress {
  return partsOfId(id, {
    pattern: /^(?<repoType>model|dataset|space|bucket)\/(?<repo>[^/]+\/[^/]+)$/,
    of,
    form: "repoType/namespace/name, such as model/acme/llm",
  }) as Record<string, string> & RepoAddress;
}

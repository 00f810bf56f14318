import { filled, object, oneOf, optional, string } from "../../client/shape";
import { type ConfigurableRepoType, type Gated, VISIBILITIES } from "../../client/types";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { partsOfId } from "../../model/objectId";
import { ownerSchema, REPO_NAME_PART } from "../../model/schemas";

const REPO_TYPES: readonly ConfigurableRepoType[] = ["model", "dataset", "space", "bucket"];
const GATES: readonly Gated[] = [false, "auto", "manual"];

export const repoVisibilityModel = {
  type: "RepoVisibility",
  fields: {
    owner: { schema: ownerSchema, stored: optional(string) },
    repo: {
      schema: {
        type: "string",
        maxLength: 200,
        pattern: `^${REPO_NAME_PART}/${REPO_NAME_PART}$`,
        description: '"namespace/name", such as "acme/llm"',
      },
      required: true,
      replaces: true,
      stored: filled,
    },
    repoType: {
      schema: { enum: REPO_TYPES, default: "model", description: "model, dataset, space or bucket" },
      replaces: true,
      stored: oneOf(...REPO_TYPES),
    },
    visibility: {
      schema: {
        enum: VISIBILITIES,
        description: `${VISIBILITIES.join(", ")} (or the short form private: true)`,
      },
      required: true,
    },
    private: { schema: { type: "boolean", description: "true or false" } },
    gated: { schema: { enum: GATES, description: "false, auto or manual" } },
    acknowledgePublic: {
      schema: {
        type: "string",
        maxLength: 500,
        pattern: "\\S",
        description: "why outsiders may see the repository, 1 to 500 characters",
      },
    },
    onDestroy: {
      schema: { enum: ["retain", "private"], default: "retain", description: "retain or private" },
    },
  },
  outputs: { status: optional(oneOf("active", "missing")) },
  memory: {
    // What was last sent, so that a change that someone made on the Hub is told apart from a change of the program.
    applied: object({
      visibility: oneOf(...VISIBILITIES),
      gated: optional(oneOf(...GATES)),
      reason: optional(string),
    }),
  },
} as const satisfies ResourceModel;

export type RepoVisibilityInputs = InputsOf<typeof repoVisibilityModel>;
export type RepoVisibilityState = StateOf<typeof repoVisibilityModel>;

/** Whether the repository was on the Hub when it was last looked at. */
export type RepoVisibilityStatus = "active" | "missing";

/** What tells one repository from all others. */
export type RepoAddress = Pick<RepoVisibilityInputs, "repo" | "repoType">;

/** The parts of `repoType/namespace/name`. */
export function parseId(id: string): RepoAddress {
  return partsOfId(id, {
    pattern: /^(?<repoType>model|dataset|space|bucket)\/(?<repo>[^/]+\/[^/]+)$/,
    of: "a repository's visibility",
    form: "repoType/namespace/name, such as model/acme/llm",
  }) as RepoAddress;
}

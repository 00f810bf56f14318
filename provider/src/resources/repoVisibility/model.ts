import {
  boolean,
  filled,
  list,
  object,
  oneOf,
  optional,
  type Reader,
  ShapeError,
  string,
  time,
} from "../../client/shape";
import { type ConfigurableRepoType, type Gated, VISIBILITIES } from "../../client/types";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { partsOfId } from "../../model/objectId";
import { type Properties } from "../../model/plain";
import { ownerSchema, REPO_NAME_PART } from "../../model/schemas";
import { noted, readHeard } from "../../rules/intent";

const REPO_TYPES: readonly ConfigurableRepoType[] = ["model", "dataset", "space", "bucket"];
const GATES: readonly Gated[] = [false, "auto", "manual"];

const visibility = oneOf(...VISIBILITIES);
const gate = oneOf(...GATES);
const some =
  <T>(reader: Reader<T>): Reader<T[]> =>
  (value, where) => {
    const values = list(reader)(value, where);
    if (values.length === 0) throw new ShapeError(`${where} should not be empty`);
    return values;
  };
const facets = optional(object({ visibility: optional(visibility), gated: optional(gate) }));

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
      // A failed update leaves out what differs from the program.
      stored: optional(visibility),
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
    acceptUnseen: { schema: { type: "boolean", description: "true or false" } },
  },
  outputs: { status: optional(oneOf("active", "missing")) },
  memory: {
    // What this resource last brought about, so that someone's change on the Hub is told apart from a change of the program.
    applied: facets,
    // When that was, by the Hub's clock: who changed it since is named.
    appliedAt: optional(time),
    // What was sent without knowing whether it arrived.
    tried: facets,
    // What the Hub may hold, if the arguments do not say it: those of a program that has failed, or an inexact view.
    seen: optional(object({ visibilities: some(visibility), gates: optional(some(gate)) })),
    heard: readHeard,
    // The repository's id, or when a bucket was made: what tells it from another one of its name.
    identity: optional(filled),
    // It is another one than what was applied is of, and no run of the program has reported that yet.
    unreported: optional(boolean),
  },
} as const satisfies ResourceModel;

export type RepoVisibilityInputs = InputsOf<typeof repoVisibilityModel>;
export type RepoVisibilityState = StateOf<typeof repoVisibilityModel>;

/** Whether the repository was on the Hub when it was last looked at. */
export type RepoVisibilityStatus = "active" | "missing";

/** What tells one repository from all others. */
export type RepoAddress = Pick<RepoVisibilityInputs, "repo" | "repoType">;

/**
 * Kept data of version 1, which had the last reason in what was applied, and kept that of a repository that was gone. What is damaged stays as
 * it is, for the reader of the state to say so.
 */
export function migrated(outputs: Properties): Properties {
  const { applied, ...others } = outputs;
  if (typeof applied !== "object" || applied === null) return outputs;
  const { visibility, gated, reason } = applied as Properties;
  const last = { visibility, gated };
  const heard = noted(undefined, typeof reason === "string" ? reason : undefined);
  if (outputs["status"] !== "missing") return { ...others, applied: last, heard };
  const gates = gated === undefined ? undefined : [gated];
  return { ...others, heard, seen: { visibilities: [visibility], gates } };
}

/** The parts of `repoType/namespace/name`. */
export function parseId(id: string): RepoAddress {
  return partsOfId(id, {
    pattern: /^(?<repoType>model|dataset|space|bucket)\/(?<repo>[^/]+\/[^/]+)$/,
    of: "a repository's visibility",
    form: "repoType/namespace/name, such as model/acme/llm",
  }) as RepoAddress;
}

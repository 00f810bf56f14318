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
import { CONFIGURABLE_REPO_TYPES, type Gated, VISIBILITIES } from "../../client/types";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { type Properties } from "../../model/plain";
import { parseRepoId, type RepoAddress } from "../../model/repoAddress";
import { ownerSchema, repoSchema, repoTypeSchema } from "../../model/schemas";
import { noted, readHeard } from "../../rules/intent";

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
      schema: repoSchema,
      required: true,
      replaces: true,
      stored: filled,
    },
    repoType: {
      schema: { ...repoTypeSchema, default: "model" },
      replaces: true,
      stored: oneOf(...CONFIGURABLE_REPO_TYPES),
    },
    visibility: {
      schema: {
        enum: VISIBILITIES,
        description: `${VISIBILITIES.join(", ")} (or the short form private: true)`,
      },
      required: true,
      // A failed update omits values that differ from the program.
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
    // The values that this resource last applied, to distinguish changes on the Hub from changes of the program.
    applied: facets,
    // When they were applied, by the Hub's clock, to find out who changed them later.
    appliedAt: optional(time),
    // Values that were sent without a response.
    tried: facets,
    // The values that the Hub may have, if they differ from the arguments: after a failed run, or if not seen exactly.
    seen: optional(object({ visibilities: some(visibility), gates: optional(some(gate)) })),
    heard: readHeard,
    // The repository's id, or a bucket's creation time, to distinguish it from another one with the same name.
    identity: optional(filled),
    // It is a different repository from the one in `applied`, and no run of the program has reported that yet.
    unreported: optional(boolean),
  },
} as const satisfies ResourceModel;

export type RepoVisibilityInputs = InputsOf<typeof repoVisibilityModel>;
export type RepoVisibilityState = StateOf<typeof repoVisibilityModel>;

/** Whether the repository existed on the Hub in the last run or refresh. */
export type RepoVisibilityStatus = "active" | "missing";

/**
 * Migrates a state of version 1, which had the last reason in `applied`, and kept `applied` for a missing repository. Damaged data stays
 * unchanged, so that reading the state reports it.
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
  return parseRepoId(id, "a repository's visibility");
}

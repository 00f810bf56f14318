import {
  boolean,
  filled,
  list,
  object,
  oneOf,
  optional,
  string,
  time,
  type Reader,
} from "../../client/shape";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { hubIdSchema, organizationSchema, ownerSchema, TIME_PATTERN } from "../../model/schemas";

/** A token that has a successor. */
export interface KnownPredecessor {
  /** The Hub's id, or the full name of a user's own token. Never the value. */
  tokenId: string;
  /** When the successor was issued (ISO 8601, UTC). The overlap starts at this time. */
  supersededAt: string;
}

/** Reads predecessors from a state. */
export const predecessorList: Reader<KnownPredecessor[]> = list(
  object({ tokenId: filled, supersededAt: time }),
);

/** How many hours a predecessor stays valid after a rotation. */
export const overlapHoursSchema = {
  type: "number",
  minimum: 0,
  maximum: 8760,
  default: 24,
  description: "hours, 0 to 8760",
} as const;

/** How many minutes a predecessor must have been idle before it is revoked. */
export const idleMinutesSchema = {
  type: "number",
  minimum: 0,
  maximum: 525_600,
  default: 60,
  description: "minutes, 0 to 525600",
} as const;

/** Whether to revoke strays that were never used. Without a default, states of earlier versions show no difference. */
export const revokeStraysSchema = { type: "boolean", description: "true or false" } as const;

export const hubTokenPredecessorsModel = {
  type: "HubTokenPredecessors",
  fields: {
    organization: { schema: organizationSchema, replaces: true, stored: optional(string) },
    serviceAccount: { schema: hubIdSchema, replaces: true },
    owner: { schema: ownerSchema, required: true, stored: filled },
    // `tokenId` and `status` are absent if the token failed. A required value would then stop a run with --continue-on-error.
    tokenId: {
      schema: { type: "string", maxLength: 100, default: "", description: "the current token" },
      stored: filled,
    },
    // Absent in states of earlier versions.
    status: {
      schema: {
        enum: ["active", "revoked", "missing", "expired"],
        default: "active",
        description: "active, revoked, missing or expired",
      },
      stored: optional(oneOf("active", "revoked", "missing", "expired")),
    },
    predecessors: {
      schema: {
        default: [],
        type: "array",
        items: {
          type: "object",
          required: ["tokenId", "supersededAt"],
          properties: {
            tokenId: { type: "string", description: "the Hub's id or the full name of a token" },
            supersededAt: { type: "string", pattern: TIME_PATTERN, description: "a time in ISO 8601" },
          },
          description: "a token and when it was superseded",
        },
        description: "the output predecessors of a HubToken",
      },
      stored: predecessorList,
    },
    overlapHours: { schema: overlapHoursSchema },
    idleMinutes: { schema: idleMinutesSchema },
    revokeStrays: { schema: revokeStraysSchema },
  },
  outputs: {
    // The predecessors that the Hub still accepts.
    pending: predecessorList,
    strays: list(
      // States of earlier versions have no times.
      object({
        tokenId: filled,
        hubName: string,
        used: boolean,
        createdAt: optional(string),
        lastUsedAt: optional(string),
      }),
    ),
  },
  // The user that the tokens belong to.
  memory: { user: optional(string), userId: optional(filled) },
  followsOwner: true,
} as const satisfies ResourceModel;

export type PredecessorsInputs = InputsOf<typeof hubTokenPredecessorsModel>;
export type PredecessorsState = StateOf<typeof hubTokenPredecessorsModel>;

/** A token with the resource's mark that is not in the state: left by an interrupted creation, or managed in another state. */
export type Stray = PredecessorsState["strays"][number];

/** The id of the resource. Its slot is the owner's mark. */
export function idOf({ organization, serviceAccount, owner }: PredecessorsInputs): string {
  return organization === undefined
    ? `user/${owner}/predecessors`
    : `${organization}/${serviceAccount ?? ""}/${owner}/predecessors`;
}

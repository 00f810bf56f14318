import { ENDPOINT_PATTERN, MAX_ENDPOINT_PATTERN_LENGTH, MAX_ENDPOINT_PATTERNS } from "../../client/limits";
import {
  boolean,
  filled,
  list,
  object,
  oneOf,
  optional,
  type Reader,
  record,
  string,
  time,
} from "../../client/shape";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { partsOfId } from "../../model/objectId";
import { flagSchema, hubIdSchema, organizationSchema, ownerSchema, TIME_PATTERN } from "../../model/schemas";
import { readHeard } from "../../rules/intent";
import { MARK_LENGTH, ownedBy } from "../../rules/mark";
import { PERMISSIONS, REPO_PERMISSIONS, type TokenReach } from "../../rules/permissions";
import { REPO_REFERENCE_PATTERN } from "../../rules/repoReference";
import {
  idleMinutesSchema,
  overlapHoursSchema,
  predecessorList,
  revokeStraysSchema,
} from "../hubTokenPredecessors/model";

const MAX_NAME = 100 - MARK_LENGTH;

const daysSchema = {
  type: "integer",
  minimum: 1,
  maximum: 3650,
  description: "a whole number of days, 1 to 3650",
} as const;

const strings = optional(list(string));

// The Hub may know more permissions and roles than this release, so those in a state are any texts.
const permissionWords: readonly string[] = PERMISSIONS;
const repoPermissionWords: readonly string[] = REPO_PERMISSIONS;
const roleWords: readonly string[] = ["read", "write", "admin"];

const reach: Reader<TokenReach | undefined> = optional(
  object({
    permissions: list(string),
    repoPermissions: list(string),
    repoIds: list(string),
    endpointPatterns: list(string),
    skipNetworkSecurity: boolean,
  }),
);

export const hubTokenModel = {
  type: "HubToken",
  fields: {
    owner: { schema: ownerSchema },
    name: {
      schema: {
        type: "string",
        minLength: 1,
        maxLength: MAX_NAME,
        pattern: "^[^\\p{Cc}]*$",
        description: `1 to ${MAX_NAME} characters without control characters (the mark behind the name needs the rest of 100)`,
      },
      required: true,
      stored: string,
    },
    organization: { schema: organizationSchema, replaces: true, stored: optional(string) },
    serviceAccount: {
      schema: {
        ...hubIdSchema,
        description: "the output accountId of a ServiceAccount: 24 hexadecimal digits",
      },
      replaces: true,
    },
    permissions: {
      schema: {
        type: "array",
        // With a type the validator looks for duplicates by the text, and never calls what an item may define.
        items: {
          type: "string",
          enum: permissionWords,
          description: "a permission of the Hub",
        },
        uniqueItems: true,
        description: "a list of the Hub's permissions; permissionSets has ready-made ones",
      },
      stored: strings,
    },
    repos: {
      schema: {
        type: "array",
        items: {
          type: "string",
          maxLength: 250,
          pattern: REPO_REFERENCE_PATTERN,
          description:
            '"namespace/name" for a model, "datasets/namespace/name", "spaces/namespace/name", or a repository\'s id of 24 hexadecimal digits (the only form for buckets and kernels)',
        },
        uniqueItems: true,
        description: "a list of repositories",
      },
    },
    repoPermissions: {
      schema: {
        type: "array",
        items: {
          type: "string",
          enum: repoPermissionWords,
          description: "repo.content.read or repo.write",
        },
        uniqueItems: true,
        description: "a list of repo.content.read and repo.write",
      },
      stored: strings,
    },
    endpointPatterns: {
      schema: {
        type: "array",
        items: {
          type: "string",
          maxLength: MAX_ENDPOINT_PATTERN_LENGTH,
          pattern: ENDPOINT_PATTERN,
          description: `1 to ${MAX_ENDPOINT_PATTERN_LENGTH} characters without . ? \\ and brackets`,
        },
        uniqueItems: true,
        maxItems: MAX_ENDPOINT_PATTERNS,
        description: `a list of at most ${MAX_ENDPOINT_PATTERNS} patterns`,
      },
    },
    skipNetworkSecurity: { schema: { type: "boolean", description: "true or false" } },
    role: {
      schema: { enum: roleWords, description: "read, write or admin" },
      stored: optional(string),
    },
    expiresAt: {
      schema: {
        type: "string",
        maxLength: 40,
        pattern: TIME_PATTERN,
        description: "a date and time with a zone, as 2027-01-31T00:00:00Z",
      },
      stored: optional(time),
    },
    rotateEveryDays: { schema: daysSchema },
    rotateBeforeDays: { schema: daysSchema },
    rotationTriggers: {
      schema: {
        type: "object",
        additionalProperties: { type: "string", description: "a string" },
        description: "an object with strings as values",
      },
    },
    overlapHours: { schema: overlapHoursSchema },
    idleMinutes: { schema: idleMinutesSchema },
    recreateIfInvalid: { schema: flagSchema },
    revokeStrays: { schema: revokeStraysSchema },
  },
  outputs: {
    token: optional(string),
    tokenId: filled,
    hubName: string,
    last4: optional(string),
    createdAt: time,
    rotateAt: optional(string),
    expiryEnforced: boolean,
    status: oneOf("active", "revoked", "expired", "missing"),
    predecessors: predecessorList,
  },
  memory: {
    // Whose own token it is.
    user: optional(string),
    userId: optional(filled),
    // The id that each name in `repos` led to when it was first declared, or last by a fresh trigger: access is given to ids alone. Empty for
    // a name that was found to lead to another repository since. After a failed update also those of names that it would have dropped.
    resolved: optional(record(string)),
    // When the Hub says that a user's own token was created: one that was created at another time is another token of the same name.
    born: optional(time),
    // What was last brought about, so that a change on the Hub is told apart from a change of the program. `triggers` is a hash.
    applied: object({
      expiresAt: optional(time),
      reach,
      name: optional(string),
      role: optional(string),
      triggers: optional(string),
    }),
    // What was sent and may have arrived.
    tried: reach,
    // What the Hub last showed, if the arguments that are kept do not say it: after a failed run, and of a token that is active no more.
    seen: optional(object({ reach, role: optional(string), expiresAt: optional(time) })),
    // Of one whose service account is gone: whether a run has seen it revoked before that.
    wasRevoked: optional(boolean),
    // The rotation triggers that were seen.
    heard: readHeard,
  },
  // Arguments may be secret, and the engine encrypts no copy of one under another name.
  secretOutputs: ["token", "resolved", "applied", "tried", "seen"],
} as const satisfies ResourceModel;

export type HubTokenInputs = InputsOf<typeof hubTokenModel>;
export type HubTokenState = StateOf<typeof hubTokenModel>;

/**
 * Whether the Hub accepts a token. `active`: the Hub lists it. `revoked`: its place is there and does not list it any more, or its value
 * is another by now. `expired`: its end has come. `missing`: the service account that it belonged to is gone.
 */
export type TokenStatus = HubTokenState["status"];

/** The parts of `organization/accountId/slot` or `user/slot`. */
export function parseId(id: string): { organization?: string; serviceAccount?: string; slot: string } {
  return partsOfId(id, {
    pattern: /^(?:user|(?<organization>[^/]+)\/(?<serviceAccount>[0-9a-f]{24}))\/(?<slot>.+)$/s,
    of: "a token",
    form: "organization/accountId/slot, or user/slot",
  }) as { organization?: string; serviceAccount?: string; slot: string };
}

/** The id of a declared token: its slot is the owner's mark. */
export function idOf(inputs: HubTokenInputs): string {
  const slot = ownedBy(inputs, "HubToken");
  return inputs.organization === undefined
    ? `user/${slot}`
    : `${inputs.organization}/${inputs.serviceAccount ?? ""}/${slot}`;
}

/** Why the value of a token may be unknown. */
export const VALUE_UNKNOWN =
  "the value of this token is not known, because it was imported and the Hub shows a value only once. Change rotationTriggers to " +
  "issue a successor, or use the output token only after the next rotation.";

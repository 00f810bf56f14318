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

// The Hub may have more permissions and roles than this release knows, so a state may contain any text.
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
        description: `1 to ${MAX_NAME} characters without control characters (the mark after the name needs the rest of 100)`,
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
        // With a type, the validator compares items as text and never calls code that an item may define.
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
        description: "a date and time with a time zone, such as 2027-01-31T00:00:00Z",
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
    // The user that the token belongs to.
    user: optional(string),
    userId: optional(filled),
    // The ids of the names in `repos`, resolved when first declared or by a fresh trigger. Empty if a name now leads to another repository.
    // After a failed update, also the ids of names that it would have dropped.
    resolved: optional(record(string)),
    // The Hub's creation time of a user's own token. Another creation time means another token with the same name.
    born: optional(time),
    // The values that were last applied, to distinguish changes on the Hub from changes of the program. `triggers` is a hash.
    applied: object({
      expiresAt: optional(time),
      reach,
      name: optional(string),
      role: optional(string),
      triggers: optional(string),
    }),
    // A change that was sent and may have arrived.
    tried: reach,
    // The Hub's last values, if they differ from the kept arguments: after a failed run, and for an inactive token.
    seen: optional(object({ reach, role: optional(string), expiresAt: optional(time) })),
    // For a missing service account: whether a run saw the token revoked before.
    wasRevoked: optional(boolean),
    // The rotation triggers that runs have seen.
    heard: readHeard,
  },
  // Arguments may be secret, and the engine does not encrypt copies of them under other names.
  secretOutputs: ["token", "resolved", "applied", "tried", "seen"],
} as const satisfies ResourceModel;

export type HubTokenInputs = InputsOf<typeof hubTokenModel>;
export type HubTokenState = StateOf<typeof hubTokenModel>;

/**
 * Whether the Hub accepts a token. `active`: the Hub lists it. `revoked`: the Hub no longer lists it, or someone replaced its value.
 * `expired`: its expiry has passed. `missing`: its service account no longer exists.
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

/** The id of a declared token. Its slot is the owner's mark. */
export function idOf(inputs: HubTokenInputs): string {
  const slot = ownedBy(inputs, "HubToken");
  return inputs.organization === undefined
    ? `user/${slot}`
    : `${inputs.organization}/${inputs.serviceAccount ?? ""}/${slot}`;
}

/** Why the value of a token may not be known, and what to do. */
export const VALUE_UNKNOWN =
  "the value of this token is not known, because it was imported and the Hub shows a value only once. Give rotationTriggers a new " +
  "value to issue a successor, or use the output token only after the next rotation.";

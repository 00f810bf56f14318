import { filled, list, number, object, oneOf, optional, record, string, time } from "../../client/shape";
import { SPEND_LIMITS } from "../../client/types";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { partsOfId } from "../../model/objectId";
import {
  acknowledgeOverwriteSchema,
  flagSchema,
  organizationSchema,
  ownerSchema,
  repoSchema,
  repoTypeSchema,
  roleSchema,
  userSchema,
} from "../../model/schemas";
import { AUTO_JOIN_SCOPES } from "../../rules/groups";
import { readHeard } from "../../rules/intent";
import { MARK_LENGTH } from "../../rules/mark";

const MAX_DESCRIPTION = 500 - MARK_LENGTH;
const MAX_ENTRIES = 4000;

const cents = {
  type: "integer",
  minimum: 0,
  maximum: 1_000_000_000_000,
  description: "a whole number of cents a month",
} as const;

const values = record(string);

export const resourceGroupModel = {
  type: "ResourceGroup",
  fields: {
    owner: { schema: ownerSchema, stored: optional(string) },
    organization: { schema: organizationSchema, required: true, replaces: true },
    name: {
      schema: {
        type: "string",
        minLength: 1,
        maxLength: 200,
        pattern: "^[^\\p{Cc}]*$",
        description: "1 to 200 characters without control characters",
      },
      required: true,
      // A failed update omits values that differ from the program.
      stored: optional(string),
    },
    description: {
      schema: {
        type: "string",
        maxLength: MAX_DESCRIPTION,
        description: `at most ${MAX_DESCRIPTION} characters (the mark after it needs the rest of 500)`,
      },
    },
    autoJoin: {
      schema: {
        type: "object",
        required: ["role"],
        additionalProperties: false,
        properties: {
          role: roleSchema,
          scope: { enum: AUTO_JOIN_SCOPES, description: "all or read_plus" },
        },
        description: "{ role, scope }",
      },
    },
    spendLimits: {
      schema: {
        type: "object",
        required: [],
        additionalProperties: false,
        properties: { total: cents, inferenceProviders: cents, spaces: cents, jobs: cents, endpoints: cents },
        description: `limits in cents a month for ${SPEND_LIMITS.join(", ")}`,
      },
      stored: optional(record(number)),
    },
    members: {
      schema: {
        type: "array",
        maxItems: MAX_ENTRIES,
        items: {
          type: "object",
          required: ["user", "role"],
          additionalProperties: false,
          properties: {
            user: userSchema,
            role: roleSchema,
          },
          description: "{ user, role }",
        },
        description: "a list of { user, role }",
      },
    },
    repositories: {
      schema: {
        type: "array",
        maxItems: MAX_ENTRIES,
        items: {
          type: "object",
          required: ["repo"],
          additionalProperties: false,
          properties: {
            repo: repoSchema,
            repoType: repoTypeSchema,
          },
          description: "{ repo, repoType }",
        },
        description: "a list of { repo, repoType }",
      },
    },
    forceDestroy: { schema: flagSchema },
    recreateIfMissing: { schema: flagSchema },
    acknowledgeOverwrite: { schema: acknowledgeOverwriteSchema },
  },
  outputs: { groupId: filled, status: oneOf("active", "missing"), otherResources: number },
  memory: {
    // What this resource last applied, by facet, to distinguish changes on the Hub from changes of the program. See facets.ts.
    applied: values,
    // When it was applied, by the Hub's clock, to find out who changed it later.
    appliedAt: optional(time),
    // The lists that the last run managed completely.
    complete: optional(list(oneOf("members", "repositories"))),
    // The Hub's id of each member that the program declares.
    people: optional(values),
    // Values that were sent without a response.
    tried: optional(values),
    // What the Hub has, if it differs from `applied`: after a failed run, or after a refresh that found a change.
    seen: optional(object({ facets: values, people: values })),
    heard: readHeard,
    // The group that this one replaces, until a run has taken over all its repositories.
    replaces: optional(filled),
  },
} as const satisfies ResourceModel;

export type ResourceGroupInputs = InputsOf<typeof resourceGroupModel>;
export type ResourceGroupState = StateOf<typeof resourceGroupModel>;

/** Whether the Hub has the resource group. */
export type ResourceGroupStatus = ResourceGroupState["status"];

/** The parts of `organization/groupId`. */
export function parseId(id: string): { organization: string; groupId: string } {
  return partsOfId(id, {
    pattern: /^(?<organization>[^/]+)\/(?<groupId>[0-9a-f]{24})$/,
    of: "a resource group",
    form: "organization/groupId, with 24 hexadecimal digits",
  }) as { organization: string; groupId: string };
}

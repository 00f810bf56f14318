import { filled, list, number, object, oneOf, optional, string, time } from "../../client/shape";
import { REPO_TYPES, VISIBILITIES } from "../../client/types";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { partsOfId } from "../../model/objectId";
import { organizationSchema, repoSchema } from "../../model/schemas";

const visibility = oneOf(...VISIBILITIES);

export const organizationVisibilityModel = {
  type: "OrganizationVisibility",
  fields: {
    organization: { schema: organizationSchema, required: true, replaces: true },
    widest: {
      schema: { enum: VISIBILITIES, default: "private", description: VISIBILITIES.join(", ") },
    },
    exceptions: {
      schema: {
        type: "array",
        maxItems: 1000,
        items: {
          type: "object",
          properties: {
            repo: repoSchema,
            repoType: { enum: REPO_TYPES, description: REPO_TYPES.join(", ") },
            visibility: { enum: VISIBILITIES, description: VISIBILITIES.join(", ") },
            reason: {
              type: "string",
              maxLength: 500,
              pattern: "\\S",
              description: "why more people may see the repository, 1 to 500 characters",
            },
          },
          required: ["repo", "repoType", "visibility", "reason"],
          description: "an object with repo, repoType, visibility and reason, or a RepoVisibility resource",
        },
        description: "at most 1000 exceptions, each for another repository",
      },
    },
    mode: { schema: { enum: ["report", "enforce"], default: "report", description: "report or enforce" } },
    maxChanges: {
      schema: {
        type: "integer",
        minimum: 1,
        maximum: 100,
        default: 10,
        description: "a whole number from 1 to 100",
      },
    },
  },
  outputs: {
    violations: list(object({ repo: filled, repoType: filled, visibility, allowed: visibility })),
    violationCount: number,
    repositoryCount: number,
  },
  memory: {
    // The declared `widest`, because after a refresh the argument has what the Hub has. Absent after a lookup.
    limit: optional(visibility),
    // The violations that an update does not narrow, as `type/namespace/name` in lower case.
    onlyReported: optional(list(string)),
    // When the repositories were last listed, by the Hub's clock, to find out who changed them later.
    checkedAt: optional(time),
  },
} as const satisfies ResourceModel;

export type OrganizationVisibilityInputs = InputsOf<typeof organizationVisibilityModel>;
export type OrganizationVisibilityState = StateOf<typeof organizationVisibilityModel>;

/** A repository that more people can see than the program allows. */
export type Violation = OrganizationVisibilityState["violations"][number];

/** The organization in `organization/visibility`. */
export function parseId(id: string): string {
  const form = {
    pattern: /^(?<organization>[^/]+)\/visibility$/,
    of: "an organization's visibility",
    form: "organization/visibility",
  };
  return partsOfId(id, form)["organization"] as string;
}

/** The arguments of a lookup, which has no program. */
export function lookedUpInputs(organization: string): OrganizationVisibilityInputs {
  return { organization, widest: "private", mode: "report", maxChanges: 10 };
}

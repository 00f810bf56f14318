// Schemas that several resources share. A description says what is allowed, and errors contain it.
import { CONFIGURABLE_REPO_TYPES, ORG_ROLES } from "../client/types";

/** An organization's name on the Hub. */
export const organizationSchema = {
  type: "string",
  minLength: 1,
  maxLength: 96,
  pattern: "^[A-Za-z0-9_](?:[A-Za-z0-9_.\\-]*[A-Za-z0-9_])?$",
  description: 'the name of the organization as in its address on the Hub, such as "acme"',
} as const;

/** An id from the Hub. */
export const hubIdSchema = {
  type: "string",
  pattern: "^[0-9a-f]{24}$",
  description: "an id of the Hub: 24 hexadecimal digits",
} as const;

/** A boolean argument with the default `false`. */
export const flagSchema = { type: "boolean", default: false, description: "true or false" } as const;

/** The reason that lets a run overwrite what someone changed on the Hub. */
export const acknowledgeOverwriteSchema = {
  type: "string",
  maxLength: 500,
  pattern: "\\S",
  description: "why to revert a change that someone made on the Hub, 1 to 500 characters",
} as const;

/** A user's name on the Hub. */
export const userSchema = {
  type: "string",
  minLength: 1,
  maxLength: 96,
  pattern: "^[A-Za-z0-9_](?:[A-Za-z0-9_.\\-]*[A-Za-z0-9_])?$",
  description: 'the name of the user as in its address on the Hub, such as "ana"',
} as const;

/** A role in an organization or a resource group. */
export const roleSchema = { enum: ORG_ROLES, description: ORG_ROLES.join(", ") } as const;

/** The hidden argument that marks objects of this resource on the Hub. */
export const ownerSchema = {
  type: "string",
  pattern: "^[0-9a-f]{8}$",
  description: "set by the library",
} as const;

/** The pattern of one part of a repository's name, as the official clients check it. */
export const REPO_NAME_PART = "(?![^/]*(?:--|\\.\\.))[A-Za-z0-9_](?:[A-Za-z0-9_.\\-]{0,94}[A-Za-z0-9_])?";

/** A repository's full name. */
export const repoSchema = {
  type: "string",
  maxLength: 200,
  pattern: `^${REPO_NAME_PART}/${REPO_NAME_PART}$`,
  description: '"namespace/name", such as "acme/llm"',
} as const;

/** A type of repository whose settings the Hub's API can change. */
export const repoTypeSchema = {
  enum: CONFIGURABLE_REPO_TYPES,
  description: "model, dataset, space or bucket",
} as const;

/** The pattern of a date and time with a zone. */
export const TIME_PATTERN =
  "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})$";

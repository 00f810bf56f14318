import { filled, oneOf, optional, string } from "../../client/shape";
import { CONFIGURABLE_REPO_TYPES } from "../../client/types";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { parseRepoId, type RepoAddress } from "../../model/repoAddress";
import { acknowledgeOverwriteSchema, hubIdSchema, repoSchema, repoTypeSchema } from "../../model/schemas";
import { valueMemory, valueOutputs } from "../../rules/managedValue";

export const repoResourceGroupModel = {
  type: "RepoResourceGroup",
  fields: {
    repo: { schema: repoSchema, required: true, replaces: true, stored: filled },
    repoType: {
      schema: { ...repoTypeSchema, default: "model" },
      replaces: true,
      stored: oneOf(...CONFIGURABLE_REPO_TYPES),
    },
    // Absent after a refresh if the repository is in no resource group, and after a failed update.
    groupId: { schema: hubIdSchema, required: true, stored: optional(string) },
    onDestroy: {
      schema: { enum: ["retain", "remove"], default: "retain", description: "retain or remove" },
    },
    acknowledgeOverwrite: { schema: acknowledgeOverwriteSchema },
  },
  outputs: valueOutputs,
  memory: valueMemory,
} as const satisfies ResourceModel;

export type RepoResourceGroupInputs = InputsOf<typeof repoResourceGroupModel>;
export type RepoResourceGroupState = StateOf<typeof repoResourceGroupModel>;

/** The parts of `repoType/namespace/name`. */
export function parseId(id: string): RepoAddress {
  return parseRepoId(id, "a repository's resource group");
}

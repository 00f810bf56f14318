import { type ConfigurableRepoType, type RepoVisibilityNamedArgs } from "pulumi-huggingface";

/** One line of the table: a repository of the organization and who may see it. */
export type FleetEntry = Omit<RepoVisibilityNamedArgs, "repo" | "repoType"> & {
  name: string;
  repoType?: ConfigurableRepoType;
};

/**
 * The table that security reviews. A line that lets outsiders in has to say why: the reason stays in the state, and
 * `pulumi up` does not open a repository again that somebody closed since, until the reason is a new one.
 */
export const fleet: FleetEntry[] = [
  { name: "llm-private", visibility: "private" },
  { name: "fraud-detector", visibility: "private" },
  { name: "llm-public", visibility: "public", acknowledgePublic: "released with the paper" },
  {
    name: "llm-gated",
    visibility: "public",
    gated: "manual",
    acknowledgePublic: "weights for researchers, each request is looked at",
  },
  { name: "customer-tickets", repoType: "dataset", visibility: "private" },
  {
    name: "corpus",
    repoType: "dataset",
    visibility: "public",
    acknowledgePublic: "published under CC BY 4.0",
  },
  // A protected Space runs for everybody; its code is seen by members only.
  {
    name: "customer-portal",
    repoType: "space",
    visibility: "protected",
    acknowledgePublic: "customers use it",
  },
  { name: "checkpoints", repoType: "bucket", visibility: "private" },
];

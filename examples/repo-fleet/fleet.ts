import { type ConfigurableRepoType, type Gated, type Visibility } from "pulumi-huggingface";

/** One line of the table: a repository of the organization and who may see it. */
export interface FleetEntry {
  name: string;
  repoType?: ConfigurableRepoType;
  visibility: Visibility;
  gated?: Gated;
  /** Why outsiders may see it. */
  reason?: string;
}

/**
 * The table that security reviews. A line that lets outsiders in has to say why: the reason stays in the state, and
 * `pulumi up` does not open a repository again that someone has closed since, until the reason is a new one.
 */
export const fleet: FleetEntry[] = [
  { name: "llm-private", visibility: "private" },
  { name: "fraud-detector", visibility: "private" },
  { name: "llm-public", visibility: "public", reason: "released with the paper" },
  {
    name: "llm-gated",
    visibility: "public",
    gated: "manual",
    reason: "weights for researchers, each request is looked at",
  },
  { name: "customer-tickets", repoType: "dataset", visibility: "private" },
  {
    name: "corpus",
    repoType: "dataset",
    visibility: "public",
    reason: "published under CC BY 4.0",
  },
  // A protected Space runs for everyone; its code is seen by members only.
  {
    name: "customer-portal",
    repoType: "space",
    visibility: "protected",
    reason: "customers use it",
  },
  { name: "checkpoints", repoType: "bucket", visibility: "private" },
];

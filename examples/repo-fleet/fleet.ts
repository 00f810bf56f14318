import { type ConfigurableRepoType, type Gated, type Visibility } from "pulumi-huggingface";

/** One row of the table: a repository of the organization and its visibility. */
export interface FleetEntry {
  name: string;
  repoType?: ConfigurableRepoType;
  visibility: Visibility;
  gated?: Gated;
  /** Why people outside the organization can see it. */
  reason?: string;
}

/**
 * The table for your security review. Every row that gives access to people outside the organization needs a reason. The
 * reason is stored in the state. If someone later makes such a repository private, `pulumi up` does not make it public
 * again until you change the reason.
 */
export const fleet: FleetEntry[] = [
  { name: "llm-private", visibility: "private" },
  { name: "fraud-detector", visibility: "private" },
  { name: "llm-public", visibility: "public", reason: "released with the paper" },
  {
    name: "llm-gated",
    visibility: "public",
    gated: "manual",
    reason: "weights for researchers, access is approved for each request",
  },
  { name: "customer-tickets", repoType: "dataset", visibility: "private" },
  {
    name: "corpus",
    repoType: "dataset",
    visibility: "public",
    reason: "published under CC BY 4.0",
  },
  // Everyone can use a protected Space, but only members can see its code.
  {
    name: "customer-portal",
    repoType: "space",
    visibility: "protected",
    reason: "customers use it",
  },
  { name: "checkpoints", repoType: "bucket", visibility: "private" },
];

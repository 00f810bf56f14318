import { type RepoType } from "../client";
import { REPO_NAME_PART } from "../model/schemas";

/** Matches a repository in one string, as in the Hub's URLs, or a repository's id. */
export const REPO_REFERENCE_PATTERN = `^(?:(?:models|datasets|spaces)/)?${REPO_NAME_PART}/${REPO_NAME_PART}$|^[0-9a-f]{24}$`;

/** The repository that a reference names. */
export type RepoReference = { repo: string; repoType: RepoType } | { repoId: string };

const TYPES: Record<string, RepoType> = { models: "model", datasets: "dataset", spaces: "space" };

/** Parses `"acme/m"` as a model, `"datasets/acme/d"` as a dataset, `"spaces/acme/s"` as a Space, and 24 hex digits as an id. */
export function parseRepoReference(reference: string): RepoReference {
  const parts = reference.split("/");
  if (parts.length === 1) return { repoId: reference };
  const [first, ...rest] = parts;
  return parts.length === 3
    ? { repo: rest.join("/"), repoType: TYPES[first as string] ?? "model" }
    : { repo: reference, repoType: "model" };
}

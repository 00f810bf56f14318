import type * as pulumi from "@pulumi/pulumi";
import { type RepoScan, type ScannedRepoType } from "../client";
import { type CallOptions, type OutputCallOptions } from "../program/clientFor";
import { ask, outputOf } from "./forms";

/**
 * Returns the result of the Hub's security scan of a repository: the files with findings.
 *
 * The list is not complete while `scansDone` is `false`.
 *
 * Endpoint: `GET /api/{models|datasets|spaces}/{namespace}/{name}/scan`.
 *
 * @param repo - the full name: `namespace/name`
 * @param repoType - the type of the repository; buckets and kernels have no scan
 * @param options - the client to use
 * @throws HubError if an argument is invalid, or if the Hub refuses the request or does not answer
 */
export function getRepositoryScan(
  repo: string,
  repoType: ScannedRepoType = "model",
  options?: CallOptions,
): Promise<RepoScan> {
  return ask("getRepositoryScan", { repo, repoType }, options);
}

/** The Output form of {@link getRepositoryScan}: it accepts outputs as arguments, and `{ provider }` as an option. */
export function getRepositoryScanOutput(
  repo: pulumi.Input<string>,
  repoType: pulumi.Input<ScannedRepoType> = "model",
  options: OutputCallOptions = {},
): pulumi.Output<RepoScan> {
  return outputOf({ repo, repoType }, options, (args, call) =>
    getRepositoryScan(args.repo, args.repoType, call),
  );
}

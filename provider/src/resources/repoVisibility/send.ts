// Changes a repository's settings, and believes it only once it has been seen.
import { type HubClient } from "../../client";
import { outcomeIsUnknown } from "../../client/errors";
import { type RepoSettings, type RepoSettingsUpdate } from "../../client/types";
import { LifecycleError } from "../../model/definition";
import { GATES, possibleVisibilities } from "../../rules/visibility";
import { inWords } from "./messages";
import { type RepoAddress, type RepoVisibilityState } from "./model";
import { observe, visibilityFrom } from "./observe";
import { type View } from "./view";

/** How far a change has come; what a failed update keeps. */
export interface Progress {
  /** What the Hub holds. */
  view: View;
  /** What was sent without knowing whether it arrived. */
  tried?: RepoVisibilityState["tried"];
}

/**
 * Sends, and makes sure that it was done: by the answer, or else by a read.
 *
 * @param progress - kept up to date, also if it fails
 * @throws LifecycleError if the Hub says that it did, and holds something else
 */
export async function send(
  client: HubClient,
  address: RepoAddress,
  settings: RepoSettingsUpdate,
  progress: Progress,
): Promise<void> {
  const before = progress.view;
  const { visibility, gated } = settings;
  progress.tried = { visibility, gated };
  const told = await client.updateRepoSettings(address.repo, settings).catch((error: unknown) => {
    if (!outcomeIsUnknown(error)) progress.tried = undefined;
    throw error;
  });
  let after: View = viewOfAnswer(address, told);
  if (isPossible(settings, after) && !isSeen(settings, after)) {
    const seen = await observe(client, address, { gate: true, repository: true });
    if (!seen) {
      throw new LifecycleError(
        `${address.repoType} ${address.repo} is gone from the Hub since it was changed.`,
      );
    }
    after = seen;
  }
  progress.tried = undefined;
  progress.view = {
    visibilities: visibility === undefined ? before.visibilities : after.visibilities,
    gates: gated === undefined ? before.gates : after.gates,
  };
  // guard: seen-to-be-done
  if (isPossible(settings, after)) return;
  throw new LifecycleError(
    `The Hub answered that it has changed ${address.repoType} ${address.repo}, but it has not: ${inNames(settings)} was sent, and the Hub holds ` +
      `${inNames({ visibility: visibility && inWords(after.visibilities), gated: gated === undefined ? undefined : after.gates?.[0] })}.`,
  );
}

/** What the answer to a change tells; everything is possible of what it does not. */
function viewOfAnswer({ repo, repoType }: RepoAddress, told: RepoSettings): View {
  return {
    visibilities:
      told.visibility === undefined
        ? possibleVisibilities(repoType, told.private)
        : [visibilityFrom(told.visibility, repo)],
    gates: told.gated === undefined ? GATES : [told.gated],
  };
}

function isPossible({ visibility, gated }: RepoSettingsUpdate, { visibilities, gates }: View): boolean {
  return (
    (visibility === undefined || visibilities.includes(visibility)) &&
    (gated === undefined || gates?.includes(gated) === true)
  );
}

function isSeen({ visibility, gated }: RepoSettingsUpdate, { visibilities, gates }: View): boolean {
  return (
    (visibility === undefined || visibilities.length === 1) && (gated === undefined || gates?.length === 1)
  );
}

function inNames({ visibility, gated }: { visibility?: string | undefined; gated?: unknown }): string {
  return [visibility && `visibility ${visibility}`, gated !== undefined && `gated ${JSON.stringify(gated)}`]
    .filter(Boolean)
    .join(" and ");
}

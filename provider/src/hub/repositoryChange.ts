// Changes a repository's settings, and checks that the Hub shows the change.
import { type HubClient } from "../client";
import { outcomeIsUnknown } from "../client/errors";
import { type Gated, type RepoSettings, type RepoSettingsUpdate, type Visibility } from "../client/types";
import { LifecycleError } from "../model/definition";
import { inWords } from "../model/words";
import { GATES, possibleVisibilities } from "../rules/visibility";
import { type RepoAddress } from "../model/repoAddress";
import { observe, type View, visibilityFrom } from "./repositoryView";

/** The progress of a change. */
export interface Progress {
  /** The values that the Hub may have now. */
  view: View;
  /** Values that were sent without a response. */
  tried?: { visibility?: Visibility | undefined; gated?: Gated | undefined } | undefined;
}

/**
 * Sends a change and verifies it, by the response or by a read.
 *
 * @param progress - updated at each step, also if the change fails
 * @throws LifecycleError if the Hub accepts the change but has other values
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
        `${address.repoType} ${address.repo} no longer exists on the Hub after it was changed. Check the Hub and run \`pulumi up\` again.`,
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
    `The Hub accepted a change of ${address.repoType} ${address.repo} but did not make it: ${inNames(settings)} was sent, and the Hub has ` +
      `${inNames({ visibility: visibility && inWords(after.visibilities), gated: gated === undefined ? undefined : after.gates?.[0] })}. Run \`pulumi up\` again; if that does not help, change it on the Hub.`,
  );
}

/** The view from the response to a change. Settings that it omits may have any value. */
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

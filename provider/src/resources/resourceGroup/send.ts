// Changes a resource group, and checks that the Hub shows the change.
import { type HubClient, type ResourceGroupInfo } from "../../client";
import { outcomeIsUnknown } from "../../client/errors";
import { LifecycleError } from "../../model/definition";
import { facetInWords } from "./messages";
import { kindOf, NONE, type Values, type View, viewOfGroup } from "./facets";
import { type Step } from "./requests";

/** The progress of a run, which a failed run keeps. */
export interface Progress {
  group: ResourceGroupInfo;
  view: View;
  /** The facets that were sent and seen. */
  sent: Set<string>;
  /** Values that were sent without a response. */
  tried: Values;
}

/** The resource group to change. */
export interface Target {
  client: HubClient;
  organization: string;
  groupId: string;
}

/**
 * Sends the requests of a step and verifies them.
 *
 * @param progress - updated at each request, also if it fails
 * @throws LifecycleError if the Hub accepts a change but has other values
 */
export async function send(target: Target, step: Step, progress: Progress): Promise<void> {
  if (step.do === "move") return move(target, step, progress);
  Object.assign(progress.tried, step.sent);
  let group: ResourceGroupInfo;
  try {
    group = await ask(target, step);
  } catch (error) {
    if (!outcomeIsUnknown(error)) forget(progress, Object.keys(step.sent));
    throw error;
  }
  see(group, progress);
  verify(step.sent, progress);
}

function ask(
  { client, organization, groupId }: Target,
  step: Exclude<Step, { do: "move" }>,
): Promise<ResourceGroupInfo> {
  switch (step.do) {
    case "settings":
      return client.updateResourceGroup(organization, groupId, step.settings);
    case "limits":
      return client.updateResourceGroup(organization, groupId, { spendLimits: step.limits });
    case "join":
      return client.setResourceGroupAutoJoin(organization, groupId, step.autoJoin);
    case "remove":
      return client.removeResourceGroupUser(organization, groupId, step.user);
    case "role":
      return client.updateResourceGroupUser(organization, groupId, step.membership);
    case "add":
      return client.addResourceGroupUsers(organization, groupId, step.users);
  }
}

/** The answer to a move describes the repository. So the group is read once after all of them, also after a failure. */
async function move(
  { client, organization, groupId }: Target,
  { moves }: Extract<Step, { do: "move" }>,
  progress: Progress,
): Promise<void> {
  const done: Values = {};
  let failure: unknown;
  for (const { repository, groupId: to, key } of moves) {
    progress.tried[key] = to ?? NONE;
    try {
      await client.setRepoResourceGroup(repository.repo, { groupId: to, repoType: repository.repoType });
      done[key] = to ?? NONE;
    } catch (error) {
      if (!outcomeIsUnknown(error)) forget(progress, [key]);
      failure = error;
      break;
    }
  }
  try {
    if (Object.keys(done).length > 0) {
      see(await client.getResourceGroup(organization, groupId), progress);
      verify(done, progress);
    }
  } catch (error) {
    failure ??= error;
  }
  if (failure !== undefined) throw failure as Error;
}

/** Notes the whole group from an answer. Repositories in other groups are not in it. */
function see(group: ResourceGroupInfo, progress: Progress): void {
  const { facets, people } = viewOfGroup(group);
  const elsewhere = Object.entries(progress.view.facets).filter(
    ([key, value]) => kindOf(key) === "repository" && value !== group.id && value !== NONE,
  );
  const stayed = elsewhere.filter(([key]) => progress.tried[key] === undefined);
  progress.group = group;
  progress.view = { facets: { ...Object.fromEntries(stayed), ...facets }, people };
}

function verify(sent: Values, progress: Progress): void {
  const { facets } = progress.view;
  const keys = Object.keys(sent);
  forget(progress, keys);
  const wrong = keys.filter((key) => (facets[key] ?? NONE) !== sent[key]);
  for (const key of keys) if (!wrong.includes(key)) progress.sent.add(key);
  // guard: group-seen-to-be-done
  if (wrong.length === 0) return;
  const named = wrong.map(
    (key) => `${facetInWords(key)} ${sent[key]} was sent, and the Hub has ${facets[key] ?? NONE}`,
  );
  throw new LifecycleError(
    `The Hub accepted a change of the resource group ${progress.group.name} but did not make it: ${named.join("; ")}. ` +
      "Run `pulumi up` again; if that does not help, change it on the Hub.",
  );
}

function forget({ tried }: Progress, keys: readonly string[]): void {
  for (const key of keys) delete tried[key];
}

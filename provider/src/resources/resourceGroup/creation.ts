// Creates a resource group, with its members and repositories.
import { type HubClient, type ResourceGroupInfo } from "../../client";
import { outcomeIsUnknown } from "../../client/errors";
import { LifecycleError, type LifecycleContext, type PureContext } from "../../model/definition";
import { firstOf } from "../../model/words";
import { fingerprint } from "../../rules/intent";
import { type Mark, ownedBy, splitMark, withMark } from "../../rules/mark";
import { declareLists } from "./checks";
import { decide, NO_PAST, refusedIn, settledAttempt } from "./decisions";
import { type GroupedRepository, repoKey, repositoriesIn } from "./facets";
import { inOtherGroups, NOT_REMEMBERED, refusalOf } from "./messages";
import { type ResourceGroupInputs, type ResourceGroupState } from "./model";
import { observationOf, ownIn } from "./observe";
import { carryOut } from "./run";
import { viewOf } from "./state";

/** Creates the group. Call it with the organization's lock. */
export async function createGroup(
  inputs: ResourceGroupInputs,
  context: LifecycleContext,
): Promise<{ id: string; state: ResourceGroupState }> {
  const { client, claims } = context;
  const { organization, repositories = [] } = inputs;
  const groups = await client.listResourceGroups(organization);
  const grouped = placesOf(groups);
  const former = context.former as ResourceGroupState | undefined;
  const replaced = groups.find(({ id }) => id === former?.groupId);
  if (former && replaced) refuseToReplace(inputs, former, replaced, groups);
  else {
    if (former) refuseToRestore(inputs, former);
    refuseToMove(inputs, former, groups, grouped);
  }
  reportStrays(groups, inputs, context);
  const free = repositories.filter((each) => !grouped.has(repoKey(each)));
  const group = await post(client, inputs, free, {
    owner: ownedBy(inputs, "ResourceGroup"),
    random: context.randomHex(4),
  });
  claims.add(group.id);
  declareLists(inputs, group.id, context);
  const id = `${organization}/${group.id}`;
  const past = { ...NO_PAST, heard: former?.heard, replaces: replaced?.id };
  const observed = observationOf(group, groups, { inputs, past });
  return {
    id,
    state: await carryOut({ inputs, past, observed, created: id, described: inputs.description }, context),
  };
}

/**
 * Another resource of this run has a group with this name, and this creation replaces it.
 *
 * @throws LifecycleError if an update of that group would be refused
 */
function refuseToReplace(
  inputs: ResourceGroupInputs,
  former: ResourceGroupState,
  group: ResourceGroupInfo,
  groups: readonly ResourceGroupInfo[],
): void {
  const observed = observationOf(group, groups, { inputs, past: former });
  const { others } = observed;
  const decision = decide(inputs, settledAttempt(former, observed), { groupId: group.id, view: observed });
  const refused = refusedIn(decision);
  // guard: replaced-group
  if (refused.length === 0) return;
  throw new LifecycleError(
    `${refusalOf(inputs.name, refused, others, decision.strangers)} ${NOT_REMEMBERED}`,
  );
}

/**
 * Another resource of this run had a group with this name, which someone deleted.
 *
 * @throws LifecycleError if the new group would give back what someone had taken away in the deleted one
 */
function refuseToRestore(inputs: ResourceGroupInputs, former: ResourceGroupState): void {
  const decision = decide(inputs, former, { groupId: former.groupId, view: viewOf(former) });
  const refused = refusedIn(decision);
  // guard: restored-group
  if (refused.length === 0) return;
  throw new LifecycleError(`${refusalOf(inputs.name, refused, {}, decision.strangers)} ${NOT_REMEMBERED}`);
}

/** The resource group of each repository that is in one. */
function placesOf(groups: readonly ResourceGroupInfo[]): Map<string, ResourceGroupInfo> {
  return new Map(
    groups.flatMap((group) => repositoriesIn(group).map((each) => [repoKey(each), group] as const)),
  );
}

/** @throws LifecycleError if a repository is in another group, and no reason allows to move it */
function refuseToMove(
  { owner, repositories = [], acknowledgeOverwrite }: ResourceGroupInputs,
  former: ResourceGroupState | undefined,
  groups: readonly ResourceGroupInfo[],
  grouped: ReadonlyMap<string, ResourceGroupInfo>,
): void {
  const own = ownIn(groups, owner);
  const elsewhere = repositories.flatMap((each) => {
    const group = grouped.get(repoKey(each));
    return group && !own.has(group.id) ? [{ key: repoKey(each), name: group.name }] : [];
  });
  const given = fingerprint(acknowledgeOverwrite);
  const isNew = given !== undefined && former?.heard?.seen.includes(given) !== true;
  // guard: moved-by-reason
  if (elsewhere.length === 0 || isNew) return;
  throw new LifecycleError(inOtherGroups(elsewhere));
}

/** @param repositories - the repositories that are in no resource group yet */
async function post(
  client: HubClient,
  { organization, name, description: text, members, autoJoin }: ResourceGroupInputs,
  repositories: readonly Partial<GroupedRepository>[],
  mark: Mark,
): Promise<ResourceGroupInfo> {
  const description = withMark(text, mark);
  try {
    const created = await client.createResourceGroup(organization, {
      ...{ name, description, autoJoin },
      users: members,
      repos: repositories.map(({ repo = "", repoType = "model" }) => ({ name: repo, type: repoType })),
    });
    // An omitted description is unchanged.
    const told = splitMark(created.description ?? description).mark;
    // guard: created-group
    if (told?.random === mark.random) return created;
    throw new LifecycleError(
      `The Hub created the resource group ${created.id} with another description than requested: "${created.description ?? ""}". ` +
        "This stack does not manage it; delete it on the Hub.",
    );
  } catch (error) {
    if (!outcomeIsUnknown(error)) throw error;
    // The response was lost. The mark is unique to this creation, so a group with it is the new one.
    const groups = await client.listResourceGroups(organization);
    const created = groups.find((group) => group.description === description);
    // guard: lost-group
    if (created) return created;
    throw error;
  }
}

/** Reports groups with this resource's mark and name that no resource manages. Someone may need them, so they stay. */
export function reportStrays(
  groups: readonly ResourceGroupInfo[],
  { owner, name }: Partial<ResourceGroupInputs>,
  { claims, log }: PureContext,
): void {
  const own = ownIn(groups, owner);
  const strays = groups.filter((group) => own.has(group.id) && group.name === name && !claims.has(group.id));
  if (strays.length === 0) return;
  log.warn(
    `found resource group(s) with this resource's mark that are not in the state: ${firstOf(strays.map(({ id }) => id))}. They were not changed. ` +
      "An interrupted creation may have left them, a replacement may be in progress, or another stack with the same names may manage them " +
      "(see huggingface:owner). If no one needs them, delete them on the Hub.",
  );
}

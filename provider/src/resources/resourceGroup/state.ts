// The state of a resource group after a successful run, a failed run and a refresh.
import { type ResourceGroupInfo } from "../../client";
import { inputsIn } from "../../model/fields";
import { sameData } from "../../model/plain";
import { type ListName } from "../../rules/groupDeclarations";
import { carried, noted, settled, stillOpen } from "../../rules/intent";
import { splitMark } from "../../rules/mark";
import { appliedAfter, type Decision, heldIn, type Past, settledAttempt } from "./decisions";
import {
  AUTO_JOIN_KEY,
  autoJoinFrom,
  idsOf,
  listOf,
  memberKey,
  NONE,
  othersIn,
  repoKey,
  repositoriesIn,
  type Values,
  type View,
} from "./facets";
import { roleFrom } from "../../rules/roles";
import { type Observation } from "./observe";
import { resourceGroupModel, type ResourceGroupInputs, type ResourceGroupState } from "./model";
import { type Progress } from "./send";

/** The outputs, from the Hub. */
function outputsOf(
  group: ResourceGroupInfo,
): Pick<ResourceGroupState, "groupId" | "status" | "otherResources"> {
  return { groupId: group.id, status: "active", otherResources: othersIn(group) };
}

/** The state after a successful run. */
export function finished(
  inputs: ResourceGroupInputs,
  decision: Decision,
  { group, view, sent }: Progress,
  appliedAt: Date,
): ResourceGroupState {
  return {
    ...inputs,
    ...outputsOf(group),
    applied: appliedAfter(decision, sent),
    appliedAt: appliedAt.toISOString(),
    complete: decision.complete,
    people: { ...decision.people, ...peopleOf(decision, view) },
    heard: settled(decision.heard),
  };
}

/** The state after a failed run. */
export function unfinished(
  inputs: ResourceGroupInputs,
  decision: Decision,
  { group, view, sent, tried }: Progress,
  appliedAt: string | undefined,
): ResourceGroupState {
  const { complete } = decision;
  return {
    ...inputs,
    ...observedInputs(group, view, { ...inputs, complete }),
    ...outputsOf(group),
    applied: appliedAfter(decision, sent),
    appliedAt,
    complete,
    people: { ...decision.people, ...peopleOf(decision, view) },
    ...(Object.keys(tried).length > 0 && { tried: { ...tried } }),
    seen: managedView(view, complete, group.id),
    heard: carried(decision.heard, heldIn(view, complete, group.id)),
  };
}

/** The ids of declared members, also of those that this run has added. */
function peopleOf({ facets }: Decision, view: View): Values {
  const declared = facets.filter(({ key, declared }) => listOf(key) === "members" && declared !== NONE);
  return idsOf(
    declared.map(({ key }) => key),
    view.people,
  );
}

/** The state after a refresh. */
export function refreshed(state: ResourceGroupState, observed: Observation): ResourceGroupState {
  const { group } = observed;
  const kept = settledAttempt(state, observed);
  const complete = state.complete ?? [];
  const heard = stillOpen(kept.heard, () => [heldIn(observed, complete, group.id)]);
  const view = managedView(observed, complete, group.id);
  const isAsApplied =
    sameData(view.facets, withoutNone(kept.applied)) &&
    Object.entries(kept.people ?? {}).every(([key, id]) => (view.people[key] ?? id) === id);
  return {
    ...kept,
    ...observedInputs(group, observed, { ...state, complete }),
    ...outputsOf(group),
    heard,
    seen: isAsApplied ? undefined : view,
  };
}

/** The state of a missing group. What was applied is kept, because an id names one group forever. */
export function missing(state: ResourceGroupState, inputs: ResourceGroupInputs): ResourceGroupState {
  const { groupId, applied, appliedAt, complete, people, otherResources, seen, heard } = state;
  return {
    ...inputs,
    ...{ groupId, otherResources, applied, appliedAt, complete, people, seen },
    heard: noted(heard, inputs.acknowledgeOverwrite),
    status: "missing",
  };
}

/** The arguments that describe a group as the Hub has it, in the program's notation if it means the same. */
export function observedInputs(
  group: ResourceGroupInfo,
  { facets }: View,
  declared: Partial<ResourceGroupInputs> & { complete: readonly ListName[] },
): Pick<
  ResourceGroupInputs,
  "name" | "description" | "autoJoin" | "spendLimits" | "members" | "repositories"
> {
  const { complete, members, repositories, spendLimits } = declared;
  // A managed group always has a description, because of its mark. If the Hub omits it, it is unchanged.
  const told = group.description ?? declared.description ?? "";
  const text = splitMark(told).text;
  const joining = autoJoinFrom(facets[AUTO_JOIN_KEY] ?? NONE);
  const users = new Map((members ?? []).map(({ user }) => [memberKey(user), user]));
  const repos = new Map((repositories ?? []).map((each) => [repoKey(each), each.repo]));
  return {
    name: group.name,
    description: (declared.description ?? "") === text ? declared.description : text,
    autoJoin: joining ?? undefined,
    spendLimits: spendLimits ? limitsIn(group, Object.keys(spendLimits)) : undefined,
    members: complete.includes("members")
      ? sortedMembers(
          group.users.map(({ name, role }) => ({
            user: users.get(memberKey(name)) ?? name,
            role: roleFrom(role, name),
          })),
        )
      : undefined,
    repositories: complete.includes("repositories")
      ? sortedRepositories(
          repositoriesIn(group).map((each) => ({ ...each, repo: repos.get(repoKey(each)) ?? each.repo })),
        )
      : undefined,
  };
}

/** The group's limits with these names. */
export function limitsIn({ spendLimits = {} }: ResourceGroupInfo, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(spendLimits).filter(([name]) => names.includes(name)));
}

export function sortedMembers<T extends { user: string }>(members: readonly T[]): T[] {
  return [...members].sort((one, other) => order(one.user.toLowerCase(), other.user.toLowerCase()));
}

export function sortedRepositories<T extends { repo: string; repoType?: string }>(repos: readonly T[]): T[] {
  return [...repos].sort((one, other) => order(repoKey(one), repoKey(other)));
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The part of a view that this resource manages. Limits that the program does not declare are included. */
function managedView({ facets, people }: View, complete: readonly ListName[], groupId: string): View {
  const held = heldIn({ facets, people }, complete, groupId) as View;
  return { facets: held.facets, people: held.people };
}

function withoutNone(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== NONE));
}

/** The view from the last run or refresh. */
export function viewOf(state: Past & Pick<ResourceGroupState, "seen">): View {
  const { seen, applied, people } = state;
  return seen ?? { facets: withoutNone(applied), people: people ?? {} };
}

/** The arguments in a state, for messages and for a group that is missing. */
export function declaredIn(state: ResourceGroupState): ResourceGroupInputs {
  return inputsIn(resourceGroupModel, state);
}

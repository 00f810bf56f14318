// Resource groups without a state: lookups with `get`, and the option `import`.
import { type ResourceGroupInfo } from "../../client";
import { type Imported, LifecycleError, type LifecycleContext } from "../../model/definition";
import { differingFrom } from "../../model/diff";
import { noted } from "../../rules/intent";
import { refusalOfForeignMark, splitMark } from "../../rules/mark";
import {
  AUTO_JOIN_KEY,
  declaredValues,
  idsOf,
  listsIn,
  memberKey,
  NONE,
  type Values,
  viewOfGroup,
} from "./facets";
import { parseId, type ResourceGroupInputs, type ResourceGroupState } from "./model";
import { findGroup } from "./observe";
import { finished, limitsIn, observedInputs } from "./state";

const LISTS = ["members", "repositories"] as const;

/** The result of `get`. */
export function lookedUp(
  organization: string,
  group: ResourceGroupInfo,
  { now }: LifecycleContext,
): { inputs: ResourceGroupInputs; state: ResourceGroupState } {
  const view = viewOfGroup(group);
  const inputs: ResourceGroupInputs = {
    ...{ organization, forceDestroy: false, recreateIfMissing: false },
    owner: splitMark(group.description ?? "").mark?.owner,
    ...observedInputs(group, view, { complete: LISTS, spendLimits: group.spendLimits }),
  };
  const state = stateFound(inputs, group, now);
  return { inputs, state };
}

/** The result of the option `import`. */
export async function compareWithHub(
  id: string,
  inputs: ResourceGroupInputs,
  { client, claims, now }: LifecycleContext,
): Promise<Imported<ResourceGroupState> | undefined> {
  const { organization, groupId } = parseId(id);
  const { group } = await findGroup(client, organization, groupId);
  if (!group) return undefined;
  if (claims.has(groupId)) {
    throw new LifecycleError(
      `Another resource of this stack already manages the resource group ${id}. Keep one of the two.`,
    );
  }
  claims.add(groupId);
  const foreign = refusalOfForeignMark(group.description ?? "", inputs.owner, `The resource group ${id}`);
  if (foreign) throw new LifecycleError(foreign);
  const complete = listsIn(inputs);
  const text = splitMark(group.description ?? "").text;
  const { name, autoJoin, members, repositories } = observedInputs(group, viewOfGroup(group), {
    ...inputs,
    complete,
  });
  const limits = inputs.spendLimits && limitsIn(group, Object.keys(inputs.spendLimits));
  const onHub = {
    ...{ organization, name, members, repositories },
    description: text === (inputs.description ?? "") ? inputs.description : text,
    autoJoin: autoJoin ?? (inputs.autoJoin === undefined ? undefined : null),
    spendLimits: limits,
  };
  const state = stateFound(inputs, group, now);
  return { differing: differingFrom(onHub, inputs), state };
}

/** The state of a group that is as declared. */
function stateFound(inputs: ResourceGroupInputs, group: ResourceGroupInfo, now: Date): ResourceGroupState {
  const view = viewOfGroup(group);
  const members = (inputs.members ?? []).map(({ user }) => memberKey(user));
  const decision = {
    ...{ facets: [], strangers: [], retained: {}, complete: listsIn(inputs) },
    people: idsOf(members, view.people),
    heard: noted(undefined, inputs.acknowledgeOverwrite),
  };
  const state = finished(inputs, decision, { group, view, sent: new Set(), tried: {} }, now);
  return { ...state, applied: appliedIn(inputs, group.id) };
}

function appliedIn(inputs: ResourceGroupInputs, groupId: string): Values {
  const values = Object.entries(declaredValues(inputs, groupId));
  return Object.fromEntries(values.filter(([key, value]) => value !== NONE || key === AUTO_JOIN_KEY));
}

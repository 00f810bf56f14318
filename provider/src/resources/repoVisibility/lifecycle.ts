import { type Gated, type Visibility } from "../../client/types";
import { authorOfVisibility, describeAuthor } from "../../hub/outsideChange";
import {
  type Imported,
  keepingOnFailure,
  LifecycleError,
  type LifecycleContext,
  type ResourceDefinition,
} from "../../model/definition";
import { differingFrom, diffOf } from "../../model/diff";
import { definedBy, inputsIn } from "../../model/fields";
import { isUnknown, known } from "../../model/unknown";
import { carried, noted, settled } from "../../rules/intent";
import { canBeGated, isOpenToOutsiders, isWider } from "../../rules/visibility";
import {
  checkFailures,
  decide,
  type Decision,
  held,
  isChangedOutside,
  isPending,
  longForm,
} from "./decisions";
import {
  ANOTHER,
  MISSING,
  noSuchRepository,
  NOT_REMEMBERED,
  unseen,
  unseenChange,
  unseenOpen,
  untoldGate,
  untoldVisibility,
} from "./messages";
import {
  migrated,
  parseId,
  type RepoAddress,
  type RepoVisibilityInputs,
  repoVisibilityModel,
  type RepoVisibilityState,
} from "./model";
import { MovedError, observe } from "./observe";
import { type Progress, send } from "./send";
import { exactly, isFirstGate, managesGate, type Observation, recognized, type View, viewOf } from "./view";

/** The lifecycle of a repository's visibility, without Pulumi. */
export const repoVisibilityDefinition: ResourceDefinition<RepoVisibilityInputs, RepoVisibilityState> = {
  ...definedBy(repoVisibilityModel),
  sharedObject: (id) => id,
  declaredObject: (inputs) => {
    const [repo, repoType] = [known(inputs.repo), known(inputs.repoType)];
    return repo === undefined || repoType === undefined ? undefined : `${repoType}/${repo}`;
  },
  identityOf: ({ identity }) => identity,
  stateVersion: 2,
  migrate: migrated,

  label: ({ repo, repoType }) => `of ${repoType && repoType !== "model" ? `${repoType} ` : ""}${repo ?? ""}`,

  prepare: longForm,

  check: (inputs, previous, { declaredBy }, declarer) =>
    checkFailures(inputs, previous, { declaredBy, declarer }),

  diff(state, inputs, changed, { log }) {
    const result = diffOf(repoVisibilityDefinition, changed);
    if (result.replaces.length > 0) return result;
    if (state.status === "missing") log.warn(MISSING);
    else if (state.unreported) log.warn(ANOTHER);
    const isKnown = ![inputs.visibility, inputs.gated, inputs.acknowledgePublic].some(isUnknown);
    const view = viewOf(state);
    const kept = recognizedIn(state, view);
    if (isKnown && state.status !== "missing") {
      const { refusal } = decide(inputs, kept, view);
      if (refusal !== undefined) log.warn(`\`pulumi up\` will refuse this. ${refusal}`);
    }
    const changes = result.changes || (isKnown && isPending(inputs, kept, view));
    // An update may find that the repository is gone, or that it is there again, and keeps what it has sent.
    return { ...result, changes, renews: changes ? RENEWED : [] };
  },

  async create(inputs, context) {
    const current = await observe(context.client, inputs, asking(inputs));
    if (!current) throw new LifecycleError(noSuchRepository(inputs));
    const former = formerOf(context, current);
    if (former?.unreported) context.log.warn(ANOTHER);
    const decision = decide(inputs, former, current);
    for (const change of decision.changes) await send(context.client, inputs, change, { view: current });
    if (decision.refusal !== undefined) throw new LifecycleError(`${decision.refusal} ${NOT_REMEMBERED}`);
    return {
      id: `${inputs.repoType}/${inputs.repo}`,
      state: finished(inputs, decision, { identity: current.identity, at: context.now }),
    };
  },

  async read(id, state, context) {
    const address = state ?? parseId(id);
    const questions = { gate: !state || managesGate(state), repository: !state };
    const current = await observe(context.client, address, questions);
    if (!state) return current && lookedUp(address, current, context);
    const declared = inputsIn(repoVisibilityModel, state);
    if (!current) {
      context.log.warn(MISSING);
      return { inputs: declared, state: missing(state, declared) };
    }
    // guard: applied-survives-refresh
    const kept = recognized(state, current);
    const { visibility, gated } = shown(kept, current, context);
    const inputs = { ...declared, visibility, ...(current.gates && { gated }) };
    const isExact = current.visibilities.length === 1 && (current.gates?.length ?? 1) === 1;
    return { inputs, state: { ...kept, ...inputs, seen: isExact ? undefined : viewIn(current) } };
  },

  async update(_id, state, inputs, context) {
    const { client, log } = context;
    // guard: observed-first
    const current = await observe(client, inputs, asking(inputs));
    const seenAt = context.now.toISOString();
    if (!current) {
      log.warn(MISSING);
      return missing(state, inputs);
    }
    const kept = recognized(state, current);
    if (kept.unreported) log.warn(ANOTHER);
    const decision = decide(inputs, kept, current);
    const progress: Progress = { view: current };
    let { applied, appliedAt } = kept;
    return keepingOnFailure(
      () => {
        // A reason stays open for what this run itself has made of it.
        const heard = carried(decision.heard, held(progress.view));
        return unfinished(inputs, { ...kept, applied, appliedAt, heard }, progress);
      },
      async () => {
        // Before anything else is asked: nothing may delay what has to become narrower.
        // guard: narrowed-first
        for (const change of decision.changes) {
          await send(client, inputs, change, progress);
          if (change.visibility === undefined) continue;
          applied = { ...applied, visibility: decision.applied?.visibility };
          appliedAt = context.now.toISOString();
        }
        applied = decision.applied;
        await warnOfChange(inputs, kept, { ...current, seenAt }, context);
        if (decision.refusal !== undefined) throw new LifecycleError(decision.refusal);
        return finished(inputs, decision, { identity: current.identity ?? kept.identity, at: context.now });
      },
    );
  },

  async delete(_id, state, { client, log }) {
    if (state.onDestroy === "retain") return;
    const current = await observe(client, state, { gate: false, repository: true }).catch(
      (error: unknown) => {
        if (!(error instanceof MovedError)) throw error;
        log.warn(`left as it is: ${error.message}`);
      },
    );
    if (!current || exactly(current.visibilities) === "private") return;
    const { applied, unreported } = recognized(state, current);
    // guard: another-is-left-alone
    if (unreported || applied?.visibility === undefined) {
      log.warn(
        "left as it is: it is another repository than the one that this program set, or was missing since.",
      );
      return;
    }
    const { repoType } = state;
    await send(client, state, { repoType, visibility: "private" }, { view: current });
    log.info('made the repository private (onDestroy is "private").');
  },

  imports: { parseId, compare: compareWithHub },
};

/** What an update may change beside the arguments. */
const RENEWED = [...Object.keys(repoVisibilityModel.outputs), ...Object.keys(repoVisibilityModel.memory)];

function asking({ gated }: RepoVisibilityInputs): { gate: boolean; repository: true } {
  return { gate: gated !== undefined, repository: true };
}

/** What another resource of this run remembers of the repository, which may have had another name. */
function formerOf(context: LifecycleContext, current: Observation): RepoVisibilityState | undefined {
  // guard: former-by-identity
  const renamed = current.identity === undefined ? undefined : context.formerOf?.(current.identity);
  const state = (renamed ?? context.former) as RepoVisibilityState | undefined;
  return state && recognized(state, current);
}

/** As a run that finds on the Hub what the state says. */
function recognizedIn(state: RepoVisibilityState, view: View): RepoVisibilityState {
  return state.status === "missing" ? state : recognized(state, { ...view, identity: state.identity });
}

async function warnOfChange(
  inputs: RepoVisibilityInputs,
  { applied, appliedAt }: RepoVisibilityState,
  { visibilities, seenAt }: Observation & { seenAt: string },
  { client, log }: LifecycleContext,
): Promise<void> {
  const found = exactly(visibilities);
  if (!isChangedOutside(inputs, found, applied)) return;
  const between = { since: appliedAt, until: seenAt };
  const author = describeAuthor(await authorOfVisibility(client, inputs, found, between));
  log.warn(`someone made it ${found} on the Hub since this program made it ${applied?.visibility}${author}.`);
}

/** What is kept of a run that has come to its end. */
function finished(
  inputs: RepoVisibilityInputs,
  { applied, heard }: Pick<Decision, "applied" | "heard">,
  { identity, at }: { identity: string | undefined; at: Date },
): RepoVisibilityState {
  return {
    ...inputs,
    applied,
    appliedAt: at.toISOString(),
    heard: settled(heard),
    identity,
    status: "active",
  };
}

/** What is kept of a run that has failed. */
function unfinished(
  inputs: RepoVisibilityInputs,
  kept: RepoVisibilityState,
  { view, tried }: Progress,
): RepoVisibilityState {
  const { applied, appliedAt, heard, identity } = kept;
  // A first gate that did not get to the Hub is a first one in the next run too: nobody has closed what was never opened.
  const seen = isFirstGate(kept) ? { visibilities: view.visibilities } : view;
  return {
    ...inputs,
    gated: undefined,
    ...loosest(seen),
    ...{ applied, appliedAt, heard, identity, tried },
    seen: viewIn(seen),
    status: "active",
  };
}

/** What is kept of a repository that is gone: it may come back, and must not be widened automatically then. */
function missing(state: RepoVisibilityState, inputs: RepoVisibilityInputs): RepoVisibilityState {
  return {
    ...inputs,
    heard: noted(state.heard, inputs.acknowledgePublic),
    identity: state.identity,
    seen: viewIn(viewOf(state)),
    status: "missing",
  };
}

function viewIn({ visibilities, gates }: View): RepoVisibilityState["seen"] {
  return { visibilities: [...visibilities], ...(gates && { gates: [...gates] }) };
}

function loosest({ visibilities, gates }: View): { visibility: Visibility; gated?: Gated | undefined } {
  return { visibility: visibilities.at(-1) as Visibility, ...(gates && { gated: gates.at(-1) }) };
}

function tightest({ visibilities }: View): Visibility {
  return visibilities[0] as Visibility;
}

/**
 * What a refresh shows: of what cannot be seen exactly, that it is as it was last applied.
 *
 * @throws LifecycleError if outsiders may see more than they did, and the program has not accepted that this is not seen
 */
function shown(
  state: RepoVisibilityState,
  current: Observation,
  { log }: LifecycleContext,
): { visibility: Visibility; gated?: Gated | undefined } {
  const { visibilities, gates } = current;
  const widest = loosest(current);
  if (visibilities.length === 1 && (gates?.length ?? 1) === 1) return widest;
  const last = state.applied?.visibility ?? state.visibility ?? tightest(current);
  const lastGate = state.applied?.gated ?? state.gated;
  const visibility = visibilities.includes(last) ? last : widest.visibility;
  const gated = lastGate !== undefined && gates?.includes(lastGate) ? lastGate : widest.gated;
  const mayBeOpen =
    isOpenToOutsiders(widest.visibility) && (isWider(widest.visibility, last) || gated !== widest.gated);
  // guard: unseen-outsiders
  if (mayBeOpen && !state.acceptUnseen) throw new LifecycleError(unseenOpen(state, current));
  log.warn(unseenChange(state, current));
  return { visibility, gated };
}

/** What `get` finds: also a gate that nobody has declared. */
function lookedUp(
  address: RepoAddress,
  current: Observation,
  { log }: LifecycleContext,
): { inputs: RepoVisibilityInputs; state: RepoVisibilityState } {
  const { visibilities, gates, identity } = current;
  const { visibility } = loosest(current);
  if (isUntold(visibilities)) throw new LifecycleError(untoldVisibility(address));
  if (visibilities.length > 1) {
    log.warn(`${unseen(address, visibilities)} The look-up gives the widest of these, ${visibility}.`);
  }
  const { repo, repoType } = address;
  const inputs: RepoVisibilityInputs = {
    ...{ repo, repoType, visibility, onDestroy: "retain" },
    gated: canBeGated(repoType) ? exactly(gates) : undefined,
  };
  return { inputs, state: { ...inputs, identity, status: "active" } };
}

/** Whether not even that is told whether it is public. */
function isUntold(visibilities: readonly Visibility[]): boolean {
  return visibilities.length > 1 && visibilities.includes("public");
}

async function compareWithHub(
  id: string,
  inputs: RepoVisibilityInputs,
  context: LifecycleContext,
): Promise<Imported<RepoVisibilityState> | undefined> {
  const address = parseId(id);
  const current = await observe(context.client, address, asking(inputs));
  if (!current) return undefined;
  if (isUntold(current.visibilities)) throw new LifecycleError(untoldVisibility(address));
  const gated = exactly(current.gates);
  if (inputs.gated !== undefined && gated === undefined) throw new LifecycleError(untoldGate(address));
  const onHub = {
    ...address,
    visibility: exactly(current.visibilities) ?? "not public; these credentials are not told more",
    gated,
  };
  const { applied, heard } = decide(inputs, formerOf(context, current), current);
  const state = finished(inputs, { applied, heard }, { identity: current.identity, at: context.now });
  return { differing: differingFrom(onHub, inputs), state };
}

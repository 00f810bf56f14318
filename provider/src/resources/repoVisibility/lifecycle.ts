import { authorOfVisibility, describeAuthor } from "../../hub/outsideChange";
import { NOT_REMEMBERED } from "../../hub/managedValue/messages";
import { MovedError } from "../../hub/repository";
import { exactly, type Observation, observe, type View } from "../../hub/repositoryView";
import { type Progress, send } from "../../hub/repositoryChange";
import {
  keepingOnFailure,
  LifecycleError,
  type LifecycleContext,
  type ResourceDefinition,
} from "../../model/definition";
import { diffOf, refusing } from "../../model/diff";
import { definedBy, inputsIn } from "../../model/fields";
import { isUnknown, known } from "../../model/unknown";
import { carried, stillOpen } from "../../rules/intent";
import { compareWithHub, lookedUp } from "./adoption";
import {
  checkFailures,
  decide,
  held,
  isChangedOutside,
  isPending,
  longForm,
  possiblyHeld,
} from "./decisions";
import { ANOTHER, MISSING, noSuchRepository } from "./messages";
import {
  migrated,
  parseId,
  type RepoVisibilityInputs,
  repoVisibilityModel,
  type RepoVisibilityState,
} from "./model";
import { finished, missing, shown, unfinished, viewIn } from "./state";
import { asking, formerOf, managesGate, recognized, viewOf } from "./view";

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
    const isForetold = isKnown && state.status !== "missing";
    const refusal = isForetold ? decide(inputs, kept, view).refusal : undefined;
    const changes = result.changes || (isKnown && isPending(inputs, kept, view));
    // An update may find that the repository is missing or exists again, and keeps what it sent.
    return refusing({ ...result, changes, renews: changes ? RENEWED : [] }, refusal, log);
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
    const found = recognized(state, current);
    const heard = stillOpen(found.heard, () => possiblyHeld(found, current));
    const kept = { ...found, heard };
    const { visibility, gated } = shown(kept, current, context);
    const inputs = { ...declared, visibility, ...(current.gates && { gated }) };
    const isExact = current.visibilities.length === 1 && (current.gates?.length ?? 1) === 1;
    return { inputs, state: { ...kept, ...inputs, seen: isExact ? undefined : viewIn(current) } };
  },

  async update(_id, state, inputs, context) {
    const { client, log } = context;
    // guard: observed-first
    const current = await observe(client, inputs, asking(inputs));
    if (!current) {
      log.warn(MISSING);
      return missing(state, inputs);
    }
    const kept = recognized(state, current);
    if (kept.unreported) log.warn(ANOTHER);
    const decision = decide(inputs, kept, current);
    const progress: Progress = { view: current };
    const seenAt = context.now.toISOString();
    let applied = decision.found;
    let appliedAt = applied?.visibility === kept.applied?.visibility ? kept.appliedAt : seenAt;
    return keepingOnFailure(
      () => {
        // The reason stays open for the values that this run itself set.
        const made = { ...kept, applied, appliedAt };
        const heard = carried(decision.heard, held(made, progress.view));
        return unfinished(inputs, kept, { ...made, heard }, progress);
      },
      async () => {
        // Before any other request: nothing may delay narrowing.
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
        log.warn(`left unchanged: ${error.message}`);
      },
    );
    if (!current || exactly(current.visibilities) === "private") return;
    const { applied, unreported } = recognized(state, current);
    // guard: another-is-left-alone
    if (unreported || applied?.visibility === undefined) {
      log.warn(
        "left unchanged: it is a different repository from the one that this program set, or an earlier run did not find it.",
      );
      return;
    }
    const { repoType } = state;
    await send(client, state, { repoType, visibility: "private" }, { view: current });
    log.info('made the repository private (onDestroy is "private").');
  },

  imports: { parseId, compare: compareWithHub },
};

/** What an update may change in addition to the arguments. */
const RENEWED = [...Object.keys(repoVisibilityModel.outputs), ...Object.keys(repoVisibilityModel.memory)];

/** The state that a run would use if the Hub has the values in the state. */
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
  log.warn(
    `someone made it ${found} on the Hub after this program set it to ${applied?.visibility}${author}.`,
  );
}

// The part that a creation and an update share: decide, send, keep.
import { type ResourceGroupUpdate } from "../../client";
import { keepingOnFailure, LifecycleError, type LifecycleContext } from "../../model/definition";
import { firstOf } from "../../model/words";
import { splitMark, withMark } from "../../rules/mark";
import { changedOutside, decide, type Decision, type FacetDecision, type Past, refusedIn } from "./decisions";
import { changeInWords, refusalOf, strangersFound } from "./messages";
import { type ResourceGroupInputs, type ResourceGroupState } from "./model";
import { type Observation } from "./observe";
import { stepsFor } from "./requests";
import { type Progress, send } from "./send";
import { finished, unfinished } from "./state";

/** What a run works with. */
interface Work {
  inputs: ResourceGroupInputs;
  past: Past;
  observed: Observation;
  /** In a creation: the id of the resource that it makes. */
  created?: string;
}

/**
 * Decides, sends and keeps.
 *
 * @throws UnfinishedError if something is refused or fails; what was done is kept
 */
export async function carryOut(work: Work, context: LifecycleContext): Promise<ResourceGroupState> {
  const { inputs, past, observed, created } = work;
  const { client, log } = context;
  const { group, others, names } = observed;
  const decision = decide(inputs, past, {
    ...{ groupId: group.id, view: observed },
    isCreation: created !== undefined,
  });
  const progress: Progress = { group, view: observed, sent: new Set(), tried: {} };
  const seenAt = context.now.toISOString();
  return keepingOnFailure(
    () => unfinished(inputs, decision, progress, progress.sent.size > 0 ? seenAt : past.appliedAt),
    async () => {
      const target = { client, organization: inputs.organization, groupId: group.id };
      const steps = stepsFor(decision, names, settingsFor(inputs, observed, context));
      const failures: unknown[] = [];
      // One refused request, such as a member whom the Hub does not know, must not stop what tightens.
      for (const step of steps) {
        await send(target, step, progress).catch((error: unknown) => failures.push(error));
      }
      await warnOfChanges(work, decision, { seenAt, others }, context);
      if (decision.strangers.length > 0) log.warn(strangersFound(decision.strangers));
      if (failures.length > 0) throw joined(failures);
      const refused = refusedIn(decision);
      if (refused.length > 0) {
        throw new LifecycleError(refusalOf(inputs.name, refused, others, decision.strangers));
      }
      return finished(inputs, decision, progress, context.now);
    },
    created,
  );
}

/** The first failure, with the messages of the others. */
function joined(failures: readonly unknown[]): unknown {
  const [first] = failures;
  if (failures.length === 1) return first;
  const messages = failures.map((each) => (each instanceof Error ? each.message : String(each)));
  return new LifecycleError(firstOf([...new Set(messages)]));
}

/** The name and the description, if they differ on the Hub. The mark stays, or is added if there is none. */
export function settingsFor(
  { name, description, owner }: ResourceGroupInputs,
  { group }: Pick<Observation, "group">,
  { randomHex }: Pick<LifecycleContext, "randomHex">,
): Pick<ResourceGroupUpdate, "name" | "description"> {
  const { text, mark } = splitMark(group.description ?? "");
  const isOwn = mark !== undefined && mark.owner === owner;
  const next = isOwn ? mark : owner === undefined ? undefined : { owner, random: randomHex(4) };
  return {
    ...(group.name !== name && { name }),
    ...(text !== (description ?? "") && {
      description: next === undefined ? (description ?? "") : withMark(description, next),
    }),
  };
}

async function warnOfChanges(
  { inputs, past }: Work,
  decision: Decision,
  { seenAt, others }: { seenAt: string; others: Record<string, string> },
  context: LifecycleContext,
): Promise<void> {
  const changes = changedOutside(decision, past);
  if (changes.length === 0) return;
  const named = firstOf(changes.map((each) => changeInWords(each, others)));
  const author = await describeChange(inputs, changes, { since: past.appliedAt, until: seenAt }, context);
  context.log.warn(`someone changed on the Hub after this program set it: ${named}${author}.`);
}

/** Who made the changes, in words that follow them; empty if it is not known. */
function describeChange(
  _inputs: ResourceGroupInputs,
  _changes: readonly FacetDecision[],
  _between: { since: string | undefined; until: string },
  _context: LifecycleContext,
): Promise<string> {
  return Promise.resolve("");
}

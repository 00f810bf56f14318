// The part that a creation and an update share: decide, send, keep.
import { type RepoType, type ResourceGroupUpdate } from "../../client";
import { statusOf } from "../../client/errors";
import { authorOfChange, changeKey, describeAuthor } from "../../hub/outsideChange";
import { keepingOnFailure, LifecycleError, type LifecycleContext } from "../../model/definition";
import { firstOf, messageOf } from "../../model/words";
import { splitMark, withMark } from "../../rules/mark";
import { changedOutside, decide, type Decision, type FacetDecision, type Past, refusedIn } from "./decisions";
import { kindOf, nameIn } from "./facets";
import { changeInWords, refusalOf, strangersFound } from "./messages";
import { type ResourceGroupInputs, type ResourceGroupState } from "./model";
import { type Observation } from "./observe";
import { type Step, stepsFor } from "./requests";
import { type Progress, send, type Target } from "./send";
import { finished, unfinished } from "./state";

/** What a run works with. */
interface Work {
  inputs: ResourceGroupInputs;
  past: Past;
  observed: Observation;
  /** The description that the last run set, for a Hub that omits it. */
  described: string | undefined;
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
    () => ({
      ...unfinished(inputs, decision, progress, progress.sent.size > 0 ? seenAt : past.appliedAt),
      replaces: past.replaces,
    }),
    async () => {
      const target = { client, organization: inputs.organization, groupId: group.id };
      const steps = stepsFor(decision, names, settingsFor(work, context));
      const failures = await sendAll(target, steps, progress);
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

/** Sends all steps. One that the Hub refuses does not stop the others, because they may tighten. Returns the failures. */
async function sendAll(target: Target, steps: readonly Step[], progress: Progress): Promise<unknown[]> {
  const failures: unknown[] = [];
  let refusesMembers = false;
  for (const step of steps) {
    const isAboutMembers = ["remove", "role", "add"].includes(step.do);
    if (isAboutMembers && refusesMembers) continue;
    try {
      await send(target, step, progress);
    } catch (error) {
      failures.push(error);
      const status = statusOf(error);
      if (!(error instanceof LifecycleError) && !REFUSALS.includes(status ?? 0)) break;
      // An identity provider that manages the members makes the Hub refuse each of these requests.
      refusesMembers ||= isAboutMembers && status === 403;
    }
  }
  return failures;
}

/** Answers that are about one request, not about the Hub or the credentials. */
const REFUSALS: readonly number[] = [400, 402, 403, 404, 409, 422];

/** The first failure, with the messages of the others. */
function joined(failures: readonly unknown[]): unknown {
  const [first] = failures;
  if (failures.length === 1) return first;
  const messages = failures.map(messageOf);
  return new LifecycleError(firstOf([...new Set(messages)]));
}

/** The name and the description, if they differ on the Hub. The mark stays, or is added if there is none. */
export function settingsFor(
  { inputs: { name, description = "", owner }, observed: { group }, described = "" }: Omit<Work, "past">,
  { randomHex }: Pick<LifecycleContext, "randomHex">,
): Pick<ResourceGroupUpdate, "name" | "description"> {
  const { text, mark } =
    group.description === undefined ? { text: described, mark: undefined } : splitMark(group.description);
  const isOwn = mark !== undefined && mark.owner === owner;
  const next = isOwn ? mark : owner === undefined ? undefined : { owner, random: randomHex(4) };
  return {
    ...(group.name !== name && { name }),
    ...(text !== description && { description: next ? withMark(description, next) : description }),
  };
}

async function warnOfChanges(
  {
    inputs,
    past,
    observed: {
      group: { id: groupId },
    },
  }: Work,
  decision: Decision,
  { seenAt, others }: { seenAt: string; others: Record<string, string> },
  context: LifecycleContext,
): Promise<void> {
  const changes = changedOutside(decision, past);
  if (changes.length === 0) return;
  const between = { since: past.appliedAt, until: seenAt };
  const described = changes.map(async (each) => {
    const key = changeKeyOf(each, groupId);
    const author = await authorOfChange(context.client, inputs.organization, key, between);
    return `${changeInWords(each, others)}${describeAuthor(author)}`;
  });
  const named = firstOf(await Promise.all(described));
  context.log.warn(`someone changed on the Hub after this program set it: ${named}.`);
}

/** Under which key the audit log has a change. */
function changeKeyOf({ key }: FacetDecision, groupId: string): string {
  const [name, kind] = [nameIn(key), kindOf(key)];
  if (kind === "member") return changeKey.groupMember(groupId, name);
  if (kind !== "repository") return changeKey.group(groupId);
  const slash = name.indexOf("/");
  return changeKey.groupOf(name.slice(slash + 1), name.slice(0, slash) as RepoType);
}

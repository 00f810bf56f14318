// The messages about a managed value.
import { type LifecycleContext } from "../../model/definition";
import { capital } from "../../model/words";
import { type HubValue, type ValueState } from "../../rules/managedValue";
import { describeAuthor } from "../outsideChange";
import { type ManagedValue, type Reasoned } from "./kind";

export const ANOTHER =
  "this is a different object from the one that this program last set, or an earlier run did not find it. Nothing is loosened or overwritten until you " +
  "give a new reason in acknowledgeOverwrite after this message.";

export const LEFT =
  "left unchanged on the Hub: it is a different object from the one that this program set, or an earlier run did not find it.";

/** Added to the refusal of a creation, which keeps no state. */
export const NOT_REMEMBERED =
  "Another resource of this stack managed it before. Name that resource in the option `aliases`, or first declare what the Hub has now.";

/** Why the declared value is not sent, and what to do. */
export function refusal<I extends Reasoned, S extends I & ValueState>(
  { rule, words }: ManagedValue<I, S>,
  inputs: I,
  { value }: HubValue,
  kept: ValueState | undefined,
): string {
  if (words.refusal) return words.refusal(inputs, value, kept);
  const declared = rule.declared(inputs);
  const history =
    kept?.applied === undefined
      ? `${capital(words.subject(inputs))} is ${words.value(value)} on the Hub, and this program did not set that`
      : `${capital(words.subject(inputs))} was changed on the Hub after this program set it to ${words.value(kept.applied)}: it is ${words.value(value)}`;
  return (
    `${history}. It is not changed to ${words.value(declared)} automatically, because someone may have done that on purpose. ${words.keep(value)} to ` +
    "keep it, or give a new reason in acknowledgeOverwrite to overwrite it."
  );
}

/** Reports a value that someone else set and that this run replaced or refused to replace. */
export async function warnOfChange<I extends Reasoned, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
  inputs: I,
  kept: ValueState,
  { current, seenAt }: { current: HubValue; seenAt: string },
  context: LifecycleContext,
): Promise<void> {
  const { rule, words } = kind;
  const { value } = current;
  if (kept.applied === undefined || rule.facet.equals(value, kept.applied)) return;
  // An interrupted run of this program may have set the declared value.
  if (rule.facet.equals(value, rule.declared(inputs))) return;
  const between = { since: kept.appliedAt, until: seenAt };
  const author = describeAuthor(await kind.author?.(inputs, current, between, context));
  const changed =
    words.changed?.(inputs, value) ??
    `someone changed ${words.subject(inputs)} on the Hub after this program set it to ${words.value(kept.applied)}: it was ${words.value(value)}`;
  context.log.warn(`${changed}${author}.`);
}

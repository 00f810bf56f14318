// Sends a managed value, and checks that the Hub has it.
import { outcomeIsUnknown } from "../../client/errors";
import { type LifecycleContext, LifecycleError } from "../../model/definition";
import { type HubValue, type ValueDecision, type ValueState } from "../../rules/managedValue";
import { type ManagedValue, type Reasoned } from "./kind";

/** The progress of an update, which a failed one keeps. */
export interface Progress {
  current: HubValue;
  /** The value that was sent without a response. */
  tried?: string | undefined;
}

/** Sends the declared value if the decision says so, and returns what the Hub has then. */
export async function settle<I extends Reasoned, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
  inputs: I,
  { sends, refused }: ValueDecision,
  progress: Progress,
  context: LifecycleContext,
): Promise<HubValue> {
  const before = progress.current;
  if (refused || !(sends || kind.differs?.(inputs, before))) return before;
  const declared = kind.rule.declared(inputs);
  const readBack = (): Promise<HubValue | undefined> =>
    kind.readBack?.(inputs, before, context) ?? kind.observe(inputs, context);
  progress.tried = kind.tried ?? declared;
  const answer = await kind.send(inputs, before, context).catch(async (error: unknown) => {
    if (!outcomeIsUnknown(error)) {
      progress.tried = undefined;
      throw error;
    }
    // The response was lost. If the Hub has the value now, it was sent. If not, someone else may set it later.
    const seen = await readBack().catch(() => undefined);
    if (seen) progress.tried = undefined;
    // guard: lost-value
    if (seen?.value !== declared) throw error;
    return seen;
  });
  const after = answer ?? (await readBack());
  if (!after) throw new LifecycleError(kind.words.missing(inputs));
  progress.tried = undefined;
  progress.current = after;
  // guard: value-seen
  if (kind.rule.facet.equals(after.value, declared)) return after;
  throw new LifecycleError(
    `The Hub accepted a change of ${kind.words.subject(inputs)} but did not make it: it is ${kind.words.value(after.value)}. Run \`pulumi up\` ` +
      "again; if that does not help, change it on the Hub.",
  );
}

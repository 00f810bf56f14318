// Sends a managed value, and checks that the Hub has it.
import { outcomeIsUnknown } from "../../client/errors";
import { type LifecycleContext, LifecycleError } from "../../model/definition";
import { type HubValue, type ValueDecision, type ValueState } from "../../rules/managedValue";
import { exists, look, type ManagedValue, type Missing, type Reasoned } from "./kind";

/** The Hub has the declared value, but a step after that failed. */
export class SentError extends LifecycleError {
  constructor(
    message: string,
    readonly after: HubValue,
  ) {
    super(message);
  }
}

/** The progress of an update, which a failed one keeps. */
export interface Progress {
  current: HubValue;
  /** The value that was sent and then seen on the Hub. */
  applied?: string | undefined;
  /** The value that was sent without a response. */
  tried?: string | undefined;
}

/** Sends the declared value if the decision says so, and returns what the Hub has then. */
export async function sendAndVerify<I extends Reasoned, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
  inputs: I,
  { sends, refused }: ValueDecision,
  progress: Progress,
  context: LifecycleContext,
): Promise<HubValue> {
  const before = progress.current;
  if (refused || !(sends || kind.differs?.(inputs, before))) return before;
  const declared = kind.rule.declared(inputs);
  const readBack = (): Promise<HubValue | Missing | undefined> =>
    kind.readBack?.(inputs, before, context) ?? look(kind, inputs, context);
  progress.tried = kind.tried ?? declared;
  const noteApplied = (after: HubValue): void => {
    progress.tried = undefined;
    progress.current = after;
    progress.applied = declared;
  };
  const answer = await kind.send(inputs, before, context).catch(async (error: unknown) => {
    if (error instanceof SentError) {
      noteApplied(error.after);
      throw error;
    }
    if (!outcomeIsUnknown(error)) {
      progress.tried = undefined;
      throw error;
    }
    // The response was lost. If the Hub has the value now, it was sent. If not, someone else may set it later.
    const seen = await readBack().catch(() => undefined);
    if (exists(seen)) progress.tried = undefined;
    // guard: lost-value
    if (!exists(seen) || !kind.rule.facet.equals(seen.value, declared)) throw error;
    return seen;
  });
  const after = answer ?? (await readBack());
  if (!exists(after)) throw new LifecycleError(after?.missing ?? kind.words.missing(inputs));
  // guard: value-seen
  if (kind.rule.facet.equals(after.value, declared)) {
    noteApplied(after);
    return after;
  }
  progress.tried = undefined;
  progress.current = after;
  throw new LifecycleError(
    `The Hub accepted a change of ${kind.words.subject(inputs)} but did not make it: it is ${kind.words.value(after.value)}. Run \`pulumi up\` ` +
      "again; if that does not help, change it on the Hub.",
  );
}

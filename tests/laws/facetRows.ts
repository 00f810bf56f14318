// Which rows of the rule's table a step reaches, according to the oracle.
import { type Account } from "./account";
import { type Step } from "./engine";
import { replaces } from "./facetWrites";
import { type Look, type Subject } from "./subjects";
import { metIn, type Surroundings } from "./surroundings";

/** The object of a step, and what the Hub had when the step began. */
interface Reached {
  subject: Subject;
  object: string;
  account: Account | undefined;
  look: Look | undefined;
}

/** Counts the rows of the table that a creation or an update reaches. */
export function classify(
  around: Surroundings,
  step: Step,
  { subject, object, account, look }: Reached,
): void {
  if (!step.declared) return;
  const row = (name: string): void => around.counters.row(`${step.type}: ${name}`);
  if (around.operation().weather.willBend) row("not exactly visible");
  if (!look) return row("gone");
  if (account?.isOther(look.identity)) row("another identity");
  const reason = subject.reasonOf(step.declared.args);
  const knows = around.operation().known.get(metIn(step, object));
  if (step.method === "create" && knows !== undefined) row("declared again by a run that knows it");
  for (const [facet, value] of Object.entries(subject.declared(step.declared.args))) {
    const held = look.facets[facet] ?? "";
    if (!account?.knows(facet)) row("first declared");
    if (held === value) row("as declared");
    else if (subject.isOrdered(facet) && !subject.isLooser(facet, value, held)) row("looser");
    else if (account?.isApplied(facet, held)) row("tighter, as applied");
    else if (account && replaces(account, subject, step.declared.args, { facet, from: held }))
      row("a new value over a change by hand");
    else if (account?.speaks(reason, look.identity, facet, held)) row("tighter, fresh reason");
    else if (account) {
      row("tighter, not as applied");
      if (subject.mayAdopt(step.declared.args)) row("tighter, not as applied, adopt still set");
    }
  }
}

// Which changes of an object's facets a request may make.
import { type Account } from "./account";
import { type Step } from "./engine";
import { type Look, type Subject } from "./subjects";
import { describe, metIn, type Surroundings } from "./surroundings";

/** One facet that a request has changed. */
interface Write {
  look: Look;
  facet: string;
  from: string;
  to: string;
  wasThere: boolean;
}

/** The step that sent the request. */
interface About {
  step: Step;
  subject: Subject;
  object: string;
  account: Account | undefined;
  atStart: Look | undefined;
}

/** Reports a change that the rule does not allow. */
export function judgeWrite(
  around: Surroundings,
  { step, subject, object, account, atStart }: About,
  { look, facet, from, to, wasThere }: Write,
): void {
  const { declared, known, weather } = around.operation();
  const what = `${describe(step)} takes ${facet} of ${object} from ${from} to ${to}`;
  if (step.preview || step.refreshing || !["create", "update", "delete"].includes(step.method)) {
    return around.break(1, `${step.method} changes`, `${what}, but may not change anything`);
  }
  if (step.method === "delete") {
    const other = declared.get(metIn(step, object));
    if (other !== undefined) around.break(5, "undone by a deletion", `${what}, which ${other} declares`);
    if (account?.isOther(look.identity) && !weather.willBend)
      around.break(4, "another object", `${what}, which is another object`);
    return;
  }
  const args = step.declared?.args ?? {};
  // If the change went wrong, the previous value may be restored.
  const value = subject.declared(args)[facet];
  const isOwn =
    value === to ||
    atStart?.facets[facet] === to ||
    subject.isCommon?.(facet, to, { from, declared: value }) === true;
  if (subject.objectOf(args) !== object || !isOwn) {
    around.break(1, "undeclared", `${what}, which the resource does not declare`);
  }
  const accounts =
    step.method === "update"
      ? [account as Account]
      : [...(known.get(metIn(step, object)) ?? [])].filter((each) => each);
  // A missing object has no change that could be reverted.
  for (const each of wasThere && !(subject.isUnseen && step.method === "create") ? accounts : []) {
    if (
      subject.isLooser(facet, to, from) &&
      !mayLoosen(each, { subject, args, isBent: weather.willBend }, { look, facet, from })
    ) {
      around.break(
        step.method === "update" ? 1 : 6,
        `${facet} loosened${each.isOther(look.identity) ? " of another object" : ""}`,
        `${what}, without fresh intent`,
      );
    }
  }
}

/** Whether the program has a new value, or one that may not have reached the Hub, for a facet whose new values win. */
export function replaces(
  account: Account,
  subject: Subject,
  args: Record<string, unknown>,
  { facet, from }: Pick<Write, "facet" | "from">,
): boolean {
  const applied = account.applied.get(facet);
  const isNew =
    applied !== undefined && applied.size > 0 && !applied.has(subject.declared(args)[facet] ?? "");
  return subject.newValueWinsOver?.(from) === true && (isNew || (applied?.size ?? 0) > 1);
}

function mayLoosen(
  account: Account,
  { subject, args, isBent }: { subject: Subject; args: Record<string, unknown>; isBent: boolean },
  { look, facet, from }: Pick<Write, "look" | "facet" | "from">,
): boolean {
  const identity = isBent ? (account.identity ?? look.identity) : look.identity;
  const isSame = !account.isOther(identity);
  if (isSame && account.isApplied(facet, from)) return true;
  if (isSame && replaces(account, subject, args, { facet, from })) return true;
  if (subject.isUnseen) return !account.isApplied(facet, subject.declared(args)[facet] ?? "");
  if (isSame && !account.knows(facet)) return subject.mayAdopt(args);
  return account.speaks(subject.reasonOf(args), identity, facet, from);
}

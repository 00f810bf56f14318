// The laws for what a run issues and changes: what tokens may do.
import { type Step } from "../engine";
import { describe, type Law, type Surroundings } from "../surroundings";
import { heldText, type TokenAccount } from "./account";
import { declaredElements, issuedWith, triggerOf } from "./declared";
import { type LiveToken } from "./look";
import { type Measure } from "./measure";

/** The step that sent the request. */
interface About {
  step: Step;
  account: TokenAccount | undefined;
  /** The tokens at the start of the step. */
  start: Map<string, LiveToken>;
  /** The token that a creation replaces, if the run can know it. */
  replaced: TokenAccount | undefined;
}

export class GrantLaws {
  constructor(
    private readonly around: Surroundings,
    private readonly measure: Measure,
  ) {}

  /** Judges a token that is new on the Hub. */
  judgeIssue({ step, account, start, replaced }: About, token: LiveToken): void {
    if (step.type !== "HubToken" || !account || !["create", "update"].includes(step.method)) {
      return this.#break(1, "issued elsewhere", step, `issues ${token.id}`);
    }
    account.issued.add(token.id);
    const args = step.declared?.args ?? {};
    const found = account.token(start);
    const trigger = triggerOf(args);
    const speaks = account.speaks(trigger, heldText(found));
    this.#judgeUndeclared(step, account, token.elements);
    if (replaced) this.#judgeReplacement(step, replaced, { token, found: replaced.token(start) });
    if (step.method === "create") return;
    const isOther = account.issuedWith !== issuedWith(args);
    const isAsked =
      speaks ||
      (found
        ? isOther || account.isOrder(trigger) || this.measure.isDue(args, found)
        : args["recreateIfInvalid"] === true);
    const former = found ? "active" : "revoked";
    if (!isAsked) this.#break(1, "issued again", step, `issues a token in place of one that is ${former}`);
    if (speaks || isOther) return;
    const before = found?.elements ?? account.lastSeen;
    const wider = [...token.elements].filter((each) => !before.has(each) && !account.isAppliedWithout(each));
    if (wider.length > 0)
      this.#break(1, "issued wider", step, `issues a successor that gains ${wider.join(", ")}`);
  }

  /** A creation must not bypass a refusal that the run can know of: it has refreshed the replaced token. */
  #judgeReplacement(
    step: Step,
    replaced: TokenAccount,
    { token, found }: { token: LiveToken; found: LiveToken | undefined },
  ): void {
    const args = step.declared?.args ?? {};
    if (replaced.speaks(triggerOf(args), heldText(found))) return;
    const isSamePlace = step.old?.inputs["serviceAccount"] === args["serviceAccount"];
    const isRevoked = replaced.seenRevoked || (replaced.seenGone && isSamePlace);
    if (isRevoked && args["recreateIfInvalid"] !== true) {
      this.#break(6, "issued again", step, "issues a token again although someone revoked it");
    }
    const wider = [...token.elements].filter(
      (each) => !replaced.lastSeen.has(each) && !replaced.isAppliedWithout(each),
    );
    if (wider.length > 0 && replaced.issuedWith === issuedWith(args)) {
      this.#break(6, "issued wider", step, `issues a token that gains ${wider.join(", ")}`);
    }
  }

  /** Judges a token that a request has changed. */
  judgeChange({ step, account, start }: About, before: LiveToken, after: LiveToken): void {
    if (step.type !== "HubToken" || step.method !== "update" || account?.current !== before.id) {
      return this.#break(1, "another token changed", step, `changes ${before.id}`);
    }
    const args = step.declared?.args ?? {};
    const declared = this.measure.declared(args, account);
    const added = [...after.elements].filter((each) => !before.elements.has(each));
    const speaks = account.speaks(triggerOf(args), heldText(account.token(start)));
    this.#judgeUndeclared(step, account, added);
    const taken = [...before.elements].filter((each) => !after.elements.has(each));
    account.noteTaken(taken.filter((each) => !declared.has(each)));
    const lost = taken.filter((each) => declared.has(each) && !this.measure.isLost(each));
    if (lost.length > 0) this.#break(1, "declared taken away", step, `removes ${lost.join(", ")}`);
    const undone = added.filter((each) => !account.isAppliedWithout(each));
    if (undone.length > 0 && !speaks) {
      this.#break(1, "token widened", step, `gives ${undone.join(", ")} back without fresh intent`);
    }
    account.noteTried(added);
  }

  /** A token only gets what is declared, and access to repository ids, never to names. */
  #judgeUndeclared(step: Step, account: TokenAccount, given: Iterable<string>): void {
    if (this.around.operation().weather.hit?.accident === "grants more") return;
    const args = step.declared?.args ?? {};
    const declared = this.measure.declared(args, account);
    const named = declaredElements(args, (name) => this.around.store.repository(name)?.id);
    const undeclared = [...given].filter((each) => !declared.has(each));
    const trigger = triggerOf(args);
    // A person who changed the trigger can only have meant the repository that the first run with it sees.
    const isNew = trigger !== undefined && !account.wasSeen(trigger);
    const others = undeclared.filter((each) => named.has(each));
    const more = undeclared.filter((each) => !named.has(each));
    if (others.length > 0 && !isNew)
      this.#break(4, "another repository granted", step, `gives ${others.join(", ")}`);
    if (more.length > 0) this.#break(1, "undeclared", step, `gives ${more.join(", ")}`);
  }

  #break(law: Law, kind: string, step: Step, what: string): void {
    this.around.break(law, kind, `${describe(step)} ${what}`);
  }
}

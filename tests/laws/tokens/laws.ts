// The laws as they hold for tokens.
import { createHash } from "node:crypto";
import { type Outcome, type Step } from "../engine";
import { describe, type Judge, type Surroundings } from "../surroundings";
import { heldText, TokenAccount } from "./account";
import { type Args, declaredElements, issuedWith, triggerOf } from "./declared";
import { type LiveToken, liveTokens } from "./look";
import { isInexpressible, Measure } from "./measure";
import { RevocationLaws } from "./revocations";

const TYPES = ["HubToken", "HubTokenPredecessors"];

/** What a token's mark is made of. */
const madeAs = ({ stack, name }: Step): string => `${stack} ${name}`;

export class TokenLaws implements Judge {
  readonly #accounts = new Map<number, TokenAccount>();
  readonly #revocations: RevocationLaws;
  readonly #measure: Measure;
  #start = new Map<string, LiveToken>();
  #before = new Map<string, LiveToken>();
  #pending = new TokenAccount();
  #issuedNow: string[] = [];

  constructor(private readonly around: Surroundings) {
    this.#revocations = new RevocationLaws(around, this.#accounts);
    this.#measure = new Measure(around.store);
  }

  /** The token that the resource has, for what people do to it. */
  currentOf(uid: number | undefined): TokenAccount | undefined {
    return this.#accounts.get(uid ?? -1);
  }

  /** @param tokenId - default: every token */
  touch(tokenId?: string): void {
    for (const account of this.#accounts.values())
      if (tokenId === undefined || account.issued.has(tokenId)) account.touched = true;
  }

  begin(step: Step): void {
    this.#start = liveTokens(this.around.store);
    this.#issuedNow = [];
    if (step.type !== "HubToken") return;
    if (step.method === "create") {
      this.#pending = new TokenAccount();
      this.#pending.touched = this.#replacedBy(step)?.touched ?? false;
      this.#pending.madeAs = madeAs(step);
    }
    const account = step.method === "update" && !step.preview ? this.#accountOf(step) : undefined;
    if (!account) return;
    const rows = this.#measure.rows(step.declared?.args ?? {}, account, account.token(this.#start));
    for (const row of rows) this.around.counters.row(`HubToken: ${row}`);
  }

  beforeWrite(): void {
    this.#before = liveTokens(this.around.store);
  }

  afterWrite(step: Step): void {
    const after = liveTokens(this.around.store);
    for (const [id, token] of after) {
      const before = this.#before.get(id);
      if (!before) this.#judgeIssue(step, token);
      else if (before.hash !== token.hash)
        this.#break(1, "value replaced", step, `replaces the value of ${id}`);
      else if (heldText(before) !== heldText(token)) this.#judgeChange(step, before, token);
    }
    for (const [id, token] of this.#before) {
      // They end with their account, which has a judge of its own.
      if (after.has(id) || this.#measure.isPlaceGone(token.place)) continue;
      const isLost = this.#issuedNow.includes(id) && this.around.lostAnswer();
      if (!isLost) this.#revocations.judge(step, token, this.#accountOf(step));
    }
  }

  end(step: Step, outcome: Outcome): void {
    if (step.preview || !TYPES.includes(step.type)) return;
    const account = this.#accountOf(step);
    if (step.type === "HubToken" && account) this.#endOfToken(step, account, outcome);
    if (step.type === "HubTokenPredecessors") this.#revocations.noteFound(step, outcome);
    const { weather } = this.around.operation();
    const place = (step.declared?.args ?? step.old?.inputs)?.["serviceAccount"] as string | undefined;
    const parent = account ?? this.#revocations.parentOf(step);
    const isTouched = parent?.touched ?? step.method !== "create";
    const mayFail = weather.happened || weather.bent || isTouched || this.#measure.isPlaceGone(place);
    if (outcome.error && !outcome.dead && !mayFail) {
      this.#break(9, `${step.method} of ${step.type} refused`, step, `fails: ${outcome.error.message}`);
    }
    if (outcome.dead && account) account.touched = true;
  }

  /** After `up --refresh` an active token can do no more than is declared. */
  judgeEnd(step: Step): void {
    if (step.type === "HubTokenPredecessors") this.#revocations.judgeEnd(step);
    // Documented: a refused replacement sends nothing, and with `retainOnDelete` the old token stays as it is.
    const uid = step.method === "create" ? step.uid : step.old?.uid;
    const account = this.#accounts.get(uid ?? -1);
    const token = account?.token(liveTokens(this.around.store));
    if (!step.declared || step.type !== "HubToken" || !token || this.around.operation().weather.bent) return;
    const declared = this.#measure.declared(step.declared.args, account);
    const more = this.#measure
      .beyond(token, declared)
      .filter((each) => !isInexpressible(each, token, declared));
    if (more.length > 0) this.#break(2, "token", step, `leaves the token with ${more.join(", ")}`);
  }

  #endOfToken(step: Step, account: TokenAccount, outcome: Outcome): void {
    const live = liveTokens(this.around.store);
    const observed = !this.around.metFault();
    const found = account.token(this.#start);
    const token = account.token(live);
    if (step.method === "read" && observed && !outcome.error && !outcome.dead) {
      account.seenIn = this.around.operation();
      account.seenGone = !found;
    }
    if (step.method === "read" && observed && found) account.lastSeen = found.elements;
    if (step.method === "delete" && !outcome.error) {
      const left = [account.current ?? "", ...account.superseded.keys()].filter((id) => live.has(id));
      if (left.length > 0)
        this.#break(7, "revoked in vain", step, `succeeds, and ${left.join()} is still live`);
      this.#accounts.delete(step.old?.uid as number);
    }
    if (step.method !== "create" && step.method !== "update") return;
    const args = step.declared?.args ?? {};
    const trigger = triggerOf(args);
    const speaks = account.speaks(trigger, heldText(found));
    if (!outcome.dead && observed && step.method === "update") {
      account.noteTrigger(trigger, heldText(found), heldText(token), !outcome.error);
      if (found) account.lastSeen = (token ?? found).elements;
    }
    if (outcome.error) return this.#judgeLeft(step, live, outcome);
    const issued = this.#issuedNow.filter((each) => live.has(each)).at(-1);
    if (issued !== undefined) this.#noteSuccessor(account, live.get(issued) as LiveToken, args);
    this.#judgeValue(step, account, live, outcome);
    const next = account.token(live);
    account.noteRepositories(
      args["repos"] as string[] | undefined,
      this.around.store,
      issued !== undefined && speaks,
    );
    const declared = this.#measure.declared(args, account);
    if (next) {
      if (observed) this.#judgeHeld(step, next, declared);
      account.noteApplied(next.elements, declared);
      account.lastSeen = next.elements;
    }
    if (next && [...declared].every((each) => next.elements.has(each))) account.touched = false;
    account.noteTrigger(trigger, heldText(found), heldText(next), true);
    account.noteDone(trigger);
    if (step.method === "create") this.#accounts.set(step.uid as number, account);
  }

  #noteSuccessor(account: TokenAccount, token: LiveToken, args: Args): void {
    const hub = this.around.store.now().getTime();
    const superseded = { hub, runner: Date.now(), operation: this.around.operation() };
    if (account.current !== undefined) account.superseded.set(account.current, superseded);
    account.current = token.id;
    account.hash = token.hash;
    account.issuedWith = issuedWith(args);
  }

  /** A success means that the Hub holds what is declared, or that someone is told what is missing. */
  #judgeHeld(step: Step, token: LiveToken, declared: Set<string>): void {
    const more = this.#measure.beyond(token, declared);
    if (more.length > 0)
      this.#break(7, "more than declared", step, `succeeds, and it has ${more.join(", ")}`);
    const less = [...declared].filter((each) => !token.elements.has(each) && !this.#measure.isLost(each));
    if (less.length > 0 && !this.around.operation().warned.has(step.name))
      this.#break(7, "less than declared", step, `succeeds without a warning, without ${less.join(", ")}`);
  }

  /** A token that was not issued as it was asked for has to end, if the Hub answers. */
  #judgeLeft(step: Step, live: Map<string, LiveToken>, outcome: Outcome): void {
    const left = this.#issuedNow.filter((id) => live.has(id));
    if (left.length > 0 && !outcome.dead && this.around.operation().weather.hit?.accident === "grants more")
      this.#break(7, "wrong token left", step, `fails, and leaves ${left.join(", ")}`);
  }

  /** What the program hands to others has to be good, or someone has to be told. */
  #judgeValue(step: Step, account: TokenAccount, live: Map<string, LiveToken>, outcome: Outcome): void {
    const { outs } = outcome.result as { outs: { token?: string } };
    if (outs.token === undefined) return;
    const hash = createHash("sha256").update(outs.token).digest("hex");
    const isLive = [...live.values()].some((token) => token.hash === hash);
    if (!isLive && !this.around.operation().warned.has(step.name)) {
      this.#break(7, "value not live", step, "succeeds without a warning, and the Hub refuses the value");
    }
    if (isLive && account.hash !== hash)
      this.#break(7, "another value", step, "gives the value of another token");
  }

  #judgeIssue(step: Step, token: LiveToken): void {
    this.#issuedNow.push(token.id);
    const account = this.#accountOf(step);
    if (step.type !== "HubToken" || !account || !["create", "update"].includes(step.method)) {
      return this.#break(1, "issued elsewhere", step, `issues ${token.id}`);
    }
    account.issued.add(token.id);
    const args = step.declared?.args ?? {};
    const found = account.token(this.#start);
    const trigger = triggerOf(args);
    const speaks = account.speaks(trigger, heldText(found));
    this.#judgeUndeclared(step, account, token.elements, speaks);
    if (step.method === "create") return this.#judgeReplacement(step, token);
    const isOther = account.issuedWith !== issuedWith(args);
    const isAsked =
      speaks ||
      (found
        ? isOther || account.isOrder(trigger) || this.#measure.isDue(args, found)
        : args["recreateIfInvalid"] === true);
    const former = found ? "active" : "revoked";
    if (!isAsked) this.#break(1, "issued again", step, `issues a token in place of one that is ${former}`);
    if (speaks || isOther) return;
    const before = found?.elements ?? account.lastSeen;
    const wider = [...token.elements].filter((each) => !before.has(each) && !account.isAppliedWithout(each));
    if (wider.length > 0)
      this.#break(1, "issued wider", step, `issues a successor that gains ${wider.join(", ")}`);
  }

  /** A creation is not a way around a refusal, as far as the run can know: it has refreshed the token that is replaced. */
  #judgeReplacement(step: Step, token: LiveToken): void {
    const replaced = this.#replacedBy(step);
    if (!replaced || replaced.seenIn !== this.around.operation()) return;
    // Exempt: with --replace the engine checks without the old inputs, so nothing leads from a new name to the former mark.
    if (replaced.madeAs !== madeAs(step)) return;
    const args = step.declared?.args ?? {};
    const found = replaced.token(this.#start);
    if (replaced.speaks(triggerOf(args), heldText(found))) return;
    const isSamePlace = step.old?.inputs["serviceAccount"] === args["serviceAccount"];
    if (replaced.seenGone && isSamePlace && args["recreateIfInvalid"] !== true) {
      this.#break(6, "issued again", step, "issues a token again that someone has revoked");
    }
    const wider = [...token.elements].filter(
      (each) => !replaced.lastSeen.has(each) && !replaced.isAppliedWithout(each),
    );
    if (wider.length > 0 && replaced.issuedWith === issuedWith(args)) {
      this.#break(6, "issued wider", step, `issues a token that gains ${wider.join(", ")}`);
    }
  }

  #replacedBy(step: Step): TokenAccount | undefined {
    return step.old && this.#accounts.get(step.old.uid);
  }

  #judgeChange(step: Step, before: LiveToken, after: LiveToken): void {
    const account = this.#accountOf(step);
    if (step.type !== "HubToken" || step.method !== "update" || account?.current !== before.id) {
      return this.#break(1, "another token changed", step, `changes ${before.id}`);
    }
    const args = step.declared?.args ?? {};
    const declared = this.#measure.declared(args, account);
    const added = [...after.elements].filter((each) => !before.elements.has(each));
    const speaks = account.speaks(triggerOf(args), heldText(account.token(this.#start)));
    this.#judgeUndeclared(step, account, added, speaks);
    const taken = [...before.elements].filter((each) => !after.elements.has(each));
    account.noteTaken(taken.filter((each) => !declared.has(each)));
    const lost = taken.filter((each) => declared.has(each) && !this.#measure.isLost(each));
    if (lost.length > 0) this.#break(1, "declared taken away", step, `takes ${lost.join(", ")} away`);
    const undone = added.filter((each) => !account.isAppliedWithout(each));
    if (undone.length > 0 && !speaks) {
      this.#break(1, "token widened", step, `gives ${undone.join(", ")} back, which nobody has asked for`);
    }
    account.noteTried(added);
  }

  /** Only what is declared is given, and access to ids, never to names. */
  #judgeUndeclared(step: Step, account: TokenAccount, given: Iterable<string>, speaks: boolean): void {
    if (this.around.operation().weather.hit?.accident === "grants more") return;
    const args = step.declared?.args ?? {};
    const declared = this.#measure.declared(args, account);
    const named = declaredElements(args, (name) => this.around.store.repository(name)?.id);
    const undeclared = [...given].filter((each) => !declared.has(each));
    const others = undeclared.filter((each) => named.has(each));
    const more = undeclared.filter((each) => !named.has(each));
    if (others.length > 0 && !speaks)
      this.#break(4, "another repository granted", step, `gives ${others.join(", ")}`);
    if (more.length > 0) this.#break(1, "undeclared", step, `gives ${more.join(", ")}`);
  }

  #accountOf(step: Step): TokenAccount | undefined {
    if (step.type !== "HubToken") return undefined;
    if (step.method === "create") return this.#pending;
    return step.old && this.#accounts.get(step.old.uid);
  }

  #break(law: number, kind: string, step: Step, what: string): void {
    this.around.break(law, kind, `${describe(step)} ${what}`);
  }
}

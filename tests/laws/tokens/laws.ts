// The laws for tokens.
import { createHash } from "node:crypto";
import { type Outcome, type Step } from "../engine";
import { describe, type Judge, type Law, type Surroundings } from "../surroundings";
import { heldText, TokenAccount } from "./account";
import { type Args, issuedWith, triggerOf } from "./declared";
import { GrantLaws } from "./grants";
import { type LiveToken, liveTokens } from "./look";
import { isInexpressible, Measure } from "./measure";
import { RevocationLaws } from "./revocations";

const TYPES = ["HubToken", "HubTokenPredecessors"];

const placeOf = ({ declared, old }: Step): string | undefined =>
  (declared?.args ?? old?.inputs)?.["serviceAccount"] as string | undefined;

/** The stack and resource name that a token's mark is made of. */
const madeAs = ({ stack, name }: Step): string => `${stack} ${name}`;

export class TokenLaws implements Judge {
  readonly #accounts = new Map<number, TokenAccount>();
  readonly #revocations: RevocationLaws;
  readonly #measure: Measure;
  readonly #grants: GrantLaws;
  #start = new Map<string, LiveToken>();
  #before = new Map<string, LiveToken>();
  #pending = new TokenAccount();
  #issuedNow: string[] = [];

  constructor(private readonly around: Surroundings) {
    this.#revocations = new RevocationLaws(around, this.#accounts);
    this.#measure = new Measure(around.store);
    this.#grants = new GrantLaws(around, this.#measure);
  }

  /** The account of the token that the resource has, for changes by hand. */
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
      this.#pending = new TokenAccount(this.#replacedBy(step));
      const old = this.#accounts.get(step.old?.uid ?? -1);
      this.#pending.touched = old?.touched ?? false;
      // The new child keeps the predecessors of the old one.
      for (const [id, since] of old?.superseded ?? []) this.#pending.superseded.set(id, since);
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
      if (!before) this.#noteIssued(step, token);
      else if (before.hash !== token.hash)
        this.#break(1, "value replaced", step, `replaces the value of ${id}`);
      else if (heldText(before) !== heldText(token))
        this.#grants.judgeChange(this.#about(step), before, token);
    }
    for (const [id, token] of this.#before) {
      // Tokens end with their account, which has its own judge.
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
    const parent = account ?? this.#revocations.parentOf(step);
    const isTouched = parent?.touched ?? step.method !== "create";
    const { uncreated } = this.around.operation();
    const mayFail =
      uncreated.size > 0 ||
      weather.happened ||
      weather.bent ||
      isTouched ||
      this.#measure.isPlaceGone(placeOf(step));
    if (step.type === "HubToken" && step.method === "create" && outcome.error) uncreated.add(step.name);
    if (outcome.error && !outcome.dead && !mayFail) {
      this.#break(9, `${step.method} of ${step.type} refused`, step, `fails: ${outcome.error.message}`);
    }
    // The deletion may have revoked its token before it failed.
    const mayHaveRevoked = step.method === "delete" && outcome.error;
    if ((outcome.dead || mayHaveRevoked) && account) account.touched = true;
  }

  /** After `up --refresh`, an active token can do no more than declared. */
  judgeEnd(step: Step): void {
    if (step.type === "HubTokenPredecessors") this.#revocations.judgeEnd(step);
    // Documented: a refused replacement sends nothing, and with `retainOnDelete` the old token stays unchanged.
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
      account.seenRevoked = !found && (account.seenRevoked || !this.#measure.isPlaceGone(placeOf(step)));
      account.noteSeen(heldText(found));
    }
    if (step.method === "read" && observed && found) account.lastSeen = found.elements;
    if (step.method === "delete" && !outcome.error) {
      // The predecessors of a replaced token end with that token.
      const left = [account.current ?? "", ...account.superseded.keys()].filter(
        (id) => live.has(id) && account.issued.has(id),
      );
      if (left.length > 0)
        this.#break(7, "revoked in vain", step, `succeeds, but ${left.join()} is still live`);
      this.#accounts.delete(step.old?.uid as number);
    }
    if (step.method !== "create" && step.method !== "update") return;
    const args = step.declared?.args ?? {};
    const trigger = triggerOf(args);
    const former = this.#replacedBy(step);
    const isNew = trigger !== undefined && !(former ?? account).wasSeen(trigger);
    if (!outcome.dead && observed && step.method === "update") {
      account.noteTrigger(trigger, heldText(found), heldText(token), !outcome.error);
      if (found) account.lastSeen = (token ?? found).elements;
      if (found && outcome.error) account.noteFound(this.#declaredIn(found, args, account));
    }
    if (outcome.error) return this.#judgeLeft(step, live, outcome);
    const issued = this.#issuedNow.filter((each) => live.has(each)).at(-1);
    if (issued !== undefined) this.#noteSuccessor(account, live.get(issued) as LiveToken, args);
    this.#judgeValue(step, account, live, outcome);
    const next = account.token(live);
    account.noteRepositories(
      args["repos"] as string[] | undefined,
      this.around.store,
      issued !== undefined && isNew,
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

  #declaredIn({ elements }: LiveToken, args: Args, account: TokenAccount): string[] {
    const declared = this.#measure.declared(args, account);
    return [...elements].filter((each) => declared.has(each));
  }

  #noteSuccessor(account: TokenAccount, token: LiveToken, args: Args): void {
    const hub = this.around.store.now().getTime();
    const superseded = { hub, runner: Date.now(), operation: this.around.operation() };
    if (account.current !== undefined) {
      // If the token was revoked, its predecessors have been in use until now.
      if (!account.token(this.#start))
        for (const id of account.superseded.keys()) account.superseded.set(id, superseded);
      account.superseded.set(account.current, superseded);
    }
    account.seenGone = false;
    account.current = token.id;
    account.hash = token.hash;
    account.issuedWith = issuedWith(args);
  }

  /** A successful run leaves the Hub as declared, or warns about what is missing. */
  #judgeHeld(step: Step, token: LiveToken, declared: Set<string>): void {
    const more = this.#measure.beyond(token, declared);
    if (more.length > 0)
      this.#break(7, "more than declared", step, `succeeds, but the token has ${more.join(", ")}`);
    const less = [...declared].filter((each) => !token.elements.has(each) && !this.#measure.isLost(each));
    if (less.length > 0 && !this.around.operation().warned.has(step.name))
      this.#break(
        7,
        "less than declared",
        step,
        `succeeds without a warning, but the token lacks ${less.join(", ")}`,
      );
  }

  /** A token that was not issued as requested has to be revoked, if the Hub answers. */
  #judgeLeft(step: Step, live: Map<string, LiveToken>, outcome: Outcome): void {
    const left = this.#issuedNow.filter((id) => live.has(id));
    if (left.length > 0 && !outcome.dead && this.around.operation().weather.hit?.accident === "grants more")
      this.#break(7, "wrong token left", step, `fails and leaves ${left.join(", ")}`);
  }

  /** The value that the program passes on has to be valid, or the run has to warn. */
  #judgeValue(step: Step, account: TokenAccount, live: Map<string, LiveToken>, outcome: Outcome): void {
    const { outs } = outcome.result as { outs: { token?: string } };
    if (outs.token === undefined) return;
    const hash = createHash("sha256").update(outs.token).digest("hex");
    const isLive = [...live.values()].some((token) => token.hash === hash);
    if (!isLive && !this.around.operation().warned.has(step.name)) {
      this.#break(7, "value not live", step, "succeeds without a warning, but the Hub refuses the value");
    }
    if (isLive && account.hash !== hash)
      this.#break(7, "another value", step, "returns the value of another token");
  }

  #noteIssued(step: Step, token: LiveToken): void {
    this.#issuedNow.push(token.id);
    this.#grants.judgeIssue(this.#about(step), token);
  }

  #about(step: Step): Parameters<GrantLaws["judgeIssue"]>[0] {
    return { step, account: this.#accountOf(step), start: this.#start, replaced: this.#replacedBy(step) };
  }

  /** The token that a creation replaces, if the run can know it. */
  #replacedBy(step: Step): TokenAccount | undefined {
    const replaced = step.old && this.#accounts.get(step.old.uid);
    if (step.method !== "create" || replaced?.seenIn !== this.around.operation()) return undefined;
    // Undecidable: with --replace the engine checks without the old inputs, so a new name does not lead to the former
    // mark.
    if (replaced.madeAs !== madeAs(step)) return undefined;
    // Undecidable: it was read in another process.
    return step.provider === (step.old?.provider ?? 0) ? replaced : undefined;
  }

  #accountOf(step: Step): TokenAccount | undefined {
    if (step.type !== "HubToken") return undefined;
    if (step.method === "create") return this.#pending;
    return step.old && this.#accounts.get(step.old.uid);
  }

  #break(law: Law, kind: string, step: Step, what: string): void {
    this.around.break(law, kind, `${describe(step)} ${what}`);
  }
}

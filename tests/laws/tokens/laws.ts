// The laws as they hold for tokens, their predecessors and strays.
import { createHash } from "node:crypto";
import { type Repository } from "../../../local-hub/src/store/records";
import { type Declared, type Outcome, type Step } from "../engine";
import { describe, type Judge, type Surroundings } from "../surroundings";
import { heldText, TokenAccount } from "./account";
import { declaredElements } from "./declared";
import { type LiveToken, liveTokens } from "./look";

const HOUR = 3_600_000;
const TYPES = ["HubToken", "HubTokenPredecessors"];

export class TokenLaws implements Judge {
  readonly #accounts = new Map<number, TokenAccount>();
  #start = new Map<string, LiveToken>();
  #before = new Map<string, LiveToken>();
  #pending = new TokenAccount();
  #issuedNow: string[] = [];

  constructor(private readonly around: Surroundings) {}

  /** The token that the resource has, for what people do to it. */
  currentOf(uid: number | undefined): TokenAccount | undefined {
    return this.#accounts.get(uid ?? -1);
  }

  touch(tokenId: string): void {
    for (const account of this.#accounts.values()) if (account.issued.has(tokenId)) account.touched = true;
  }

  touchAll(): void {
    for (const account of this.#accounts.values()) account.touched = true;
  }

  begin(step: Step): void {
    this.#start = liveTokens(this.around.store);
    this.#issuedNow = [];
    if (step.type !== "HubToken") return;
    if (step.method === "create") {
      this.#pending = new TokenAccount();
      this.#pending.touched = this.#replacedBy(step)?.touched ?? false;
    }
    if (step.method === "update" && !step.preview) this.#classify(step);
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
    for (const [id, token] of this.#before) if (!after.has(id)) this.#judgeRevocation(step, token);
  }

  end(step: Step, outcome: Outcome): void {
    if (step.preview || !TYPES.includes(step.type)) return;
    const account = this.#accountOf(step);
    if (step.type === "HubToken" && account) this.#endOfToken(step, account, outcome);
    const { happened, willBend } = this.around.operation().weather;
    const place = step.declared?.args["serviceAccount"] as string | undefined;
    const isPlaceGone = place !== undefined && !this.around.store.serviceAccounts.has(place);
    const mayFail = happened || willBend || isPlaceGone || (account?.touched ?? step.method !== "create");
    if (outcome.error && !outcome.dead && !mayFail) {
      this.#break(9, `${step.method} of ${step.type} refused`, step, `fails: ${outcome.error.message}`);
    }
    if (outcome.dead && account) account.touched = true;
  }

  /** After `up --refresh` an active token can do no more than is declared. */
  judgeEnd(step: Step): void {
    const account = step.old && this.#accounts.get(step.old.uid);
    const token = account?.token(liveTokens(this.around.store));
    if (!step.declared || step.type !== "HubToken" || !token) return;
    const declared = declaredElements(step.declared.args, this.around.store);
    const more = [...token.elements].filter((each) => !declared.has(each) && !this.#isOfLostRepository(each));
    if (more.length > 0) this.#break(2, "token", step, `leaves the token with ${more.join(", ")}`);
  }

  #endOfToken(step: Step, account: TokenAccount, outcome: Outcome): void {
    const live = liveTokens(this.around.store);
    const observed = !this.around.metFault();
    const found = account.token(this.#start);
    if (step.method === "read" && observed && !outcome.error && !outcome.dead) {
      account.seenIn = this.around.operation();
      account.seenGone = !found;
    }
    if (step.method === "read" && observed && found) account.lastSeen = found.elements;
    if (step.method === "delete" && !outcome.error) {
      const left = [...account.issued].filter((id) => live.has(id) && id === account.current);
      if (left.length > 0) this.#break(7, "revoked in vain", step, "succeeds, and the token is still live");
      this.#accounts.delete(step.old?.uid as number);
    }
    if (step.method !== "create" && step.method !== "update") return;
    const args = step.declared?.args ?? {};
    const trigger = triggerOf(args);
    const isIssued = this.#issuedNow.length > 0;
    if (!outcome.dead && observed && step.method === "update") {
      account.noteTrigger(trigger, heldText(found), !outcome.error);
      if (found) account.lastSeen = found.elements;
    }
    if (outcome.error) return;
    if (isIssued) this.#noteSuccessor(account, live, args);
    this.#judgeValue(step, account, live, outcome);
    const token = account.token(live);
    const declared = declaredElements(args, this.around.store);
    if (token) {
      account.noteApplied(token.elements, declared);
      account.noteRepositories(args["repos"] as string[] | undefined, this.around.store);
      account.lastSeen = token.elements;
    }
    const isDone = token !== undefined && [...declared].every((each) => token.elements.has(each));
    if (isDone) account.touched = false;
    account.noteTrigger(trigger, heldText(found), true);
    account.noteDone(trigger);
    if (step.method === "create") this.#accounts.set(step.uid as number, account);
  }

  #noteSuccessor(account: TokenAccount, live: Map<string, LiveToken>, args: Declared["args"]): void {
    const id = this.#issuedNow.filter((each) => live.has(each)).at(-1);
    if (id === undefined) return;
    const token = live.get(id) as LiveToken;
    if (account.current !== undefined)
      account.superseded.set(account.current, this.around.store.now().getTime());
    account.current = id;
    account.hash = token.hash;
    account.issuedWith = issuedWith(args);
  }

  /** What the program hands to others has to be good, or someone has to be told. */
  #judgeValue(step: Step, account: TokenAccount, live: Map<string, LiveToken>, outcome: Outcome): void {
    const { outs } = outcome.result as { outs: { token?: string } };
    if (outs.token === undefined) return;
    const hash = createHash("sha256").update(outs.token).digest("hex");
    const isLive = [...live.values()].some((token) => token.hash === hash);
    if (!isLive && !this.around.operation().warned.has(step.name)) {
      this.#break(
        7,
        "value not live",
        step,
        "succeeds without a warning, and the value is refused by the Hub",
      );
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
    const declared = declaredElements(args, this.around.store);
    const undeclared = [...token.elements].filter((each) => !declared.has(each));
    if (undeclared.length > 0)
      this.#break(1, "undeclared", step, `issues a token with ${undeclared.join(", ")}`);
    if (step.method === "create") return this.#judgeReplacement(step, token);
    const found = account.token(this.#start);
    const trigger = triggerOf(args);
    const speaks = account.speaks(trigger, heldText(found));
    const isAsked =
      speaks ||
      (found
        ? account.isOrder(trigger) || this.#isDue(args, found) || account.issuedWith !== issuedWith(args)
        : args["recreateIfInvalid"] === true);
    if (!isAsked)
      this.#break(
        1,
        "issued again",
        step,
        `issues a token in place of one that is ${found ? "active" : "revoked"}`,
      );
    if (speaks) return;
    const before = found?.elements ?? account.lastSeen;
    const wider = [...token.elements].filter((each) => !before.has(each) && !account.isAppliedWithout(each));
    const isOther = account.issuedWith !== issuedWith(args);
    if (wider.length > 0 && !isOther)
      this.#break(1, "issued wider", step, `issues a successor that gains ${wider.join(", ")}`);
  }

  /** A creation is not a way around a refusal, as far as the run can know: it has refreshed the token that is replaced. */
  #judgeReplacement(step: Step, token: LiveToken): void {
    const replaced = this.#replacedBy(step);
    if (!replaced || replaced.seenIn !== this.around.operation()) return;
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
    const declared = declaredElements(args, this.around.store);
    const added = [...after.elements].filter((each) => !before.elements.has(each));
    const undeclared = added.filter((each) => !declared.has(each));
    if (undeclared.length > 0) this.#break(1, "undeclared", step, `adds ${undeclared.join(", ")}`);
    const lost = [...before.elements].filter((each) => !after.elements.has(each) && declared.has(each));
    if (lost.length > 0) this.#break(1, "declared taken away", step, `takes ${lost.join(", ")} away`);
    const speaks = account.speaks(triggerOf(args), heldText(account.token(this.#start)));
    this.#judgeGrants(step, account, added, speaks);
    const undone = added.filter((each) => !account.isAppliedWithout(each));
    if (undone.length > 0 && !speaks) {
      this.#break(1, "token widened", step, `gives ${undone.join(", ")} back, which nobody has asked for`);
    }
    account.noteTried(added);
  }

  #judgeRevocation(step: Step, token: LiveToken): void {
    // They end with their account, which is judged by itself.
    if (this.#isOfLostAccount(token)) return;
    const isLost = this.#issuedNow.includes(token.id) && this.around.lostAnswer();
    if (isLost) return;
    const holder = [...this.#accounts.values()].find(({ issued }) => issued.has(token.id));
    const own = this.#accountOf(step);
    if (step.type === "HubToken" && step.method === "delete") {
      if (own && holder !== own) this.#break(11, "another's token revoked", step, `revokes ${token.id}`);
      return;
    }
    const isChild =
      step.type === "HubTokenPredecessors" && ["create", "update", "delete"].includes(step.method);
    if (!isChild) return this.#break(11, "token revoked", step, `revokes ${token.id}`);
    if (!holder) return this.#break(11, "stray revoked", step, `revokes ${token.id}, which no state knows`);
    if (holder.current === token.id) {
      return this.#break(11, "live token revoked", step, `revokes ${token.id}, which a resource has`);
    }
    const since = holder.superseded.get(token.id);
    const args = step.method === "delete" ? (step.old?.inputs ?? {}) : (step.declared?.args ?? {});
    if (since === undefined)
      return this.#break(11, "stray revoked", step, `revokes ${token.id}, which is a stray`);
    // The child goes before its token.
    if (step.method === "delete") return;
    const now = this.around.store.now().getTime();
    const { overlapHours = 24, idleMinutes = 60 } = args as { overlapHours?: number; idleMinutes?: number };
    if (now - since < overlapHours * HOUR) {
      this.#break(11, "inside its overlap", step, `revokes the predecessor ${token.id} inside its overlap`);
    } else if (token.lastUsedAt !== undefined && now - token.lastUsedAt < idleMinutes * 60_000) {
      this.#break(11, "in use", step, `revokes the predecessor ${token.id}, which is in use`);
    }
  }

  #isOfLostAccount({ place }: LiveToken): boolean {
    const { serviceAccounts, users } = this.around.store;
    return !serviceAccounts.has(place) && !users.has(place);
  }

  /** What is granted in a repository that is gone gives nothing. */
  #isOfLostRepository(element: string): boolean {
    const id = / in ([0-9a-f]{24})$/.exec(element)?.[1];
    return id !== undefined && this.around.store.repositoryById.one(id) === undefined;
  }

  /** What is granted is granted to ids, never to names. */
  #judgeGrants(step: Step, account: TokenAccount, granted: Iterable<string>, speaks: boolean): void {
    if (speaks) return;
    const ids = [...granted].flatMap((each) => / in ([0-9a-f]{24})$/.exec(each)?.[1] ?? []);
    const others = ids.filter((id) =>
      account.isOtherRepository(nameOf(this.around.store.repositoryById.one(id)), id),
    );
    if (others.length > 0) this.#break(4, "another repository granted", step, `grants ${others.join(", ")}`);
  }

  #isDue({ rotateEveryDays }: Declared["args"], token: LiveToken): boolean {
    if (typeof rotateEveryDays !== "number") return false;
    // By either clock: the runner's may be ahead.
    const now = Math.max(Date.now(), this.around.store.now().getTime());
    return now - token.createdAt >= rotateEveryDays * 24 * HOUR;
  }

  #classify(step: Step): void {
    const account = this.#accountOf(step);
    if (!account || !step.declared) return;
    const row = (name: string): void => this.around.counters.row(`HubToken: ${name}`);
    const found = account.token(this.#start);
    const trigger = triggerOf(step.declared.args);
    const speaks = account.speaks(trigger, heldText(found));
    if (!found) return row(speaks ? "gone, a trigger speaks" : "gone");
    const declared = declaredElements(step.declared.args, this.around.store);
    const missing = [...declared].filter((each) => !found.elements.has(each));
    const more = [...found.elements].some((each) => !declared.has(each) && !this.#isOfLostRepository(each));
    if (more) row("looser");
    if (missing.length === 0 && !more) row("as declared");
    if (missing.some((each) => account.isAppliedWithout(each))) row("tighter, as applied");
    if (missing.some((each) => !account.isAppliedWithout(each)))
      row(speaks ? "tighter, a trigger speaks" : "tighter, not as applied");
    if (this.#isDue(step.declared.args, found)) row("due by the clock");
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

function triggerOf({ rotationTriggers }: Declared["args"]): string | undefined {
  return rotationTriggers === undefined ? undefined : JSON.stringify(rotationTriggers);
}

/** Arguments of a user's own token whose change asks for a successor. */
function issuedWith({ organization, name, role, expiresAt }: Declared["args"]): string {
  return organization === undefined ? JSON.stringify([name, role ?? "read", expiresAt]) : "";
}

function nameOf(repo: Repository | undefined): string {
  return repo ? `${repo.namespace}/${repo.name}` : "";
}

// The laws as they hold for the ends of tokens: predecessors and strays.
import { type Outcome, type Step } from "../engine";
import { type Current, describe, type Surroundings } from "../surroundings";
import { type TokenAccount } from "./account";
import { type LiveToken, liveTokens } from "./look";

const HOUR = 3_600_000;
const CHILD = "HubTokenPredecessors";

interface Settings {
  owner?: string;
  overlapHours?: number;
  idleMinutes?: number;
  revokeStrays?: boolean;
}

export class RevocationLaws {
  /** By child: the operation in which it first found each token that its resource does not know. */
  readonly #strays = new Map<number, Map<string, Current>>();

  constructor(
    private readonly around: Surroundings,
    private readonly accounts: ReadonlyMap<number, TokenAccount>,
  ) {}

  /** @param own - the account of the token that is deleted */
  judge(step: Step, token: LiveToken, own: TokenAccount | undefined): void {
    const ends = (kind: string): void => this.#break(kind, step, token);
    if (step.type === "HubToken" && step.method === "delete") {
      if (own && !own.issued.has(token.id)) ends("another's token");
      return;
    }
    if (step.type !== CHILD || (step.method !== "update" && step.method !== "delete")) return ends("a token");
    const parent = this.parentOf(step);
    if (parent?.current === token.id) return ends("the live token");
    const since = parent?.superseded.get(token.id);
    if (!since) return this.#judgeStray(step, token);
    // Its deletion leaves them to that of the token.
    if (step.method === "delete") return ends("a predecessor without its token");
    if (since.operation === this.around.operation()) return ends("a predecessor in the run that rotates");
    const { overlapHours = 24, idleMinutes = 60 } = settingsOf(step);
    const age = Math.max(Date.now() - since.runner, this.#now - since.hub);
    if (age < overlapHours * HOUR) return ends("a predecessor inside its overlap");
    const idle = this.#latest - (token.lastUsedAt ?? -Infinity);
    if (idle < idleMinutes * 60_000) ends("a predecessor that is in use");
  }

  /** A stray is ended only as the program says: see docs/rule.md. */
  #judgeStray(step: Step, token: LiveToken): void {
    const ends = (kind: string): void => this.#break(`a stray ${kind}`, step, token);
    const { owner, revokeStrays, overlapHours = 24 } = settingsOf(step);
    const found = this.#strays.get(step.old?.uid ?? -1)?.get(token.id);
    const holder = this.#holderOf(token.id);
    const { target } = this.around.operation().options;
    if (revokeStrays !== true) return ends("without revokeStrays");
    if (token.mark !== owner) return ends("of another resource");
    if (!found || found === this.around.operation()) return ends("that no earlier run has reported");
    if (token.lastUsedAt !== undefined) return ends("that was used");
    if (this.#latest - token.createdAt < overlapHours * HOUR) return ends("that is young");
    // Documented: another stack may hold it, or a resource outside of `--target`.
    if (holder?.stack === step.stack && !target) return ends("that the stack holds");
    if (holder) {
      this.around.counters.row("HubToken: stray revoked that another state holds");
      holder.account.touched = true;
      return;
    }
    this.around.counters.row("HubToken: stray revoked");
  }

  noteStrays(step: Step, { error }: Outcome): void {
    if (error || !["create", "read", "update"].includes(step.method)) return;
    const uid = step.uid ?? step.old?.uid ?? -1;
    const strays = this.#strays.get(uid) ?? new Map<string, Current>();
    this.#strays.set(uid, strays);
    const parent = this.parentOf(step);
    const { owner } = settingsOf(step);
    for (const { id, mark } of liveTokens(this.around.store).values()) {
      const isKnown = parent?.current === id || parent?.superseded.has(id);
      if (mark === owner && !isKnown && !strays.has(id)) strays.set(id, this.around.operation());
    }
  }

  /** The next `up` after its overlap ends a predecessor that is idle. */
  judgeEnd(step: Step): void {
    const { failed, weather } = this.around.operation();
    if (failed.has(step.name) || weather.bent || !step.old) return;
    const parent = this.parentOf(step);
    const live = liveTokens(this.around.store);
    const { overlapHours = 24, idleMinutes = 60 } = settingsOf(step);
    for (const [id, since] of parent?.superseded ?? []) {
      const token = live.get(id);
      if (!token || since.operation === this.around.operation()) continue;
      const age = Math.min(Date.now() - since.runner, this.#now - since.hub);
      const idle = Math.min(Date.now(), this.#now) - (token.lastUsedAt ?? -Infinity);
      if (age >= overlapHours * HOUR && idle >= idleMinutes * 60_000)
        this.around.break(7, "predecessor left", `${describe(step)} leaves ${id} live after its overlap`);
    }
  }

  /** The account of the token that a child belongs to. */
  parentOf({ type, stack, old, declared }: Step): TokenAccount | undefined {
    if (type !== CHILD) return undefined;
    const name = (declared?.name ?? old?.name ?? "").replace(/ predecessors$/, "");
    const { kept } = this.around.stacks.find((each) => each.name === stack) ?? { kept: [] };
    const token = kept.find((each) => each.type === "HubToken" && each.name === name && !each.doomed);
    return token && this.accounts.get(token.uid);
  }

  #holderOf(tokenId: string): { stack: string; account: TokenAccount } | undefined {
    for (const { name, kept } of this.around.stacks) {
      for (const { uid } of kept) {
        const account = this.accounts.get(uid);
        if (account && (account.current === tokenId || account.superseded.has(tokenId)))
          return { stack: name, account };
      }
    }
    return undefined;
  }

  get #now(): number {
    return this.around.store.now().getTime();
  }

  /** By either clock. */
  get #latest(): number {
    return Math.max(Date.now(), this.#now);
  }

  #break(kind: string, step: Step, { id }: LiveToken): void {
    this.around.break(11, `revokes ${kind}`, `${describe(step)} revokes ${kind}: ${id}`);
  }
}

/** As the program says; after its end, as the state does. */
function settingsOf({ declared, old }: Step): Settings {
  const { owner } = old?.inputs ?? {};
  return { ...(declared?.args ?? old?.inputs), ...(typeof owner === "string" && { owner }) };
}

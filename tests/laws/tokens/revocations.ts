// The laws for revoking tokens: predecessors and strays.
import { type Kept, type Outcome, type Step } from "../engine";
import { type Current, describe, type Surroundings } from "../surroundings";
import { type TokenAccount } from "./account";
import { type LiveToken, liveTokens } from "./look";

const HOUR = 3_600_000;
const CHILD = "HubTokenPredecessors";

interface Settings {
  overlapHours?: number;
  idleMinutes?: number;
  revokeStrays?: boolean;
}

export class RevocationLaws {
  /** By child: the operation in which it first found each token that it may have to revoke. */
  readonly #found = new Map<number, Map<string, Current>>();

  constructor(
    private readonly around: Surroundings,
    private readonly accounts: ReadonlyMap<number, TokenAccount>,
  ) {}

  /** @param own - the account of the deleted token */
  judge(step: Step, token: LiveToken, own: TokenAccount | undefined): void {
    const ends = (kind: string): void => this.#break(kind, step, token);
    if (step.type === "HubToken" && step.method === "delete") {
      if (own && !own.issued.has(token.id)) ends("another's token");
      if (this.#isUncreated(step)) ends("a token whose replacement may have failed");
      return;
    }
    if (step.type !== CHILD || (step.method !== "update" && step.method !== "delete")) return ends("a token");
    const parents = this.#parentsOf(step);
    if (parents.some(({ current }) => current === token.id)) return ends("the live token");
    const since = parents.map(({ superseded }) => superseded.get(token.id)).find(Boolean);
    if (!since) return this.#judgeStray(step, token);
    // When a child is deleted, it leaves predecessors to the deletion of the token.
    if (step.method === "delete") return ends("a predecessor without its token");
    if (since.operation === this.around.operation()) return ends("a predecessor in the run that rotates");
    if (!this.#hasSuccessor(step, parents[0] as TokenAccount))
      return ends("a predecessor without a successor");
    const { overlapHours = 24, idleMinutes = 60 } = settingsOf(step);
    const age = Math.max(Date.now() - since.runner, this.#now - since.hub);
    if (age < overlapHours * HOUR) return ends("a predecessor inside its overlap");
    const idle = this.#latest - (token.lastUsedAt ?? -Infinity);
    if (idle < idleMinutes * 60_000) ends("a predecessor that is in use");
  }

  /**
   * A successor also counts if it lost its value, or if it is a user's own token recreated under its name that no
   * refresh has seen yet.
   */
  #hasSuccessor({ declared }: Step, parent: TokenAccount): boolean {
    const live = liveTokens(this.around.store);
    if (parent.token(live)) return true;
    const isOwn = declared?.args["organization"] === undefined;
    return !parent.seenGone && (isOwn || live.has(parent.current ?? ""));
  }

  /** A stray is revoked only if the program asks for it: see docs/rule.md. */
  #judgeStray(step: Step, token: LiveToken): void {
    const ends = (kind: string): void => this.#break(`a stray ${kind}`, step, token);
    const { revokeStrays, overlapHours = 24 } = settingsOf(step);
    const found = this.#foundBy(step, token.id);
    const holder = this.#holderOf(token.id);
    const { target, refresh } = this.around.operation().options;
    if (revokeStrays !== true) return ends("without revokeStrays");
    if (refresh !== true) return ends("without a refresh");
    if (token.mark !== this.#ownerOf(step)) return ends("of another resource");
    if (!found || found === this.around.operation()) return ends("that no earlier run has reported");
    if (token.lastUsedAt !== undefined) return ends("that was used");
    if (this.#latest - token.createdAt < overlapHours * HOUR) return ends("that is young");
    // Documented: it may belong to another stack, to a resource with another provider, or to one that the run leaves
    // out.
    const isTold = holder?.stack === step.stack && holder.provider === step.provider && !target;
    if (isTold) return ends("that the stack has");
    if (holder) {
      this.around.counters.row("HubToken: stray revoked that another state has");
      holder.account.touched = true;
      return;
    }
    this.around.counters.row("HubToken: stray revoked");
  }

  /** Records what a child has found: tokens with its mark, and predecessors. */
  noteFound(step: Step, { error }: Outcome): void {
    if (error || !["create", "read", "update"].includes(step.method)) return;
    const uid = step.uid ?? step.old?.uid ?? -1;
    const found = this.#found.get(uid) ?? new Map<string, Current>();
    this.#found.set(uid, found);
    const parent = this.parentOf(step);
    const owner = this.#ownerOf(step);
    for (const { id, mark } of liveTokens(this.around.store).values()) {
      const isKnown = step.method !== "read" && parent?.superseded.has(id) === true;
      const isStray = mark === owner && parent?.current !== id && parent?.superseded.has(id) !== true;
      if ((isKnown || isStray) && !found.has(id)) found.set(id, this.around.operation());
    }
  }

  #foundBy(step: Step, tokenId: string): Current | undefined {
    return this.#found.get(step.old?.uid ?? -1)?.get(tokenId);
  }

  /** The next `up` after the overlap revokes a predecessor that is idle. */
  judgeEnd(step: Step): void {
    const { failed, weather } = this.around.operation();
    if (failed.has(step.name) || weather.bent || !step.old) return;
    // If the token has failed, the engine stops after this call.
    if (failed.has(step.declared?.from?.name ?? "")) return;
    // If the two clocks differ, nothing is revoked by either.
    if (Math.abs(Date.now() - this.#now) > 5 * 60_000) return;
    const parent = this.parentOf(step);
    const live = liveTokens(this.around.store);
    // Without a successor, predecessors stay.
    if (!parent?.token(live)) return;
    const { overlapHours = 24, idleMinutes = 60 } = settingsOf(step);
    for (const [id, since] of parent?.superseded ?? []) {
      const token = live.get(id);
      const found = this.#foundBy(step, id);
      if (!token || !found || found === this.around.operation()) continue;
      const age = Math.min(Date.now() - since.runner, this.#now - since.hub);
      const idle = Math.min(Date.now(), this.#now) - (token.lastUsedAt ?? -Infinity);
      // Both clocks are precise to the second.
      if (age >= overlapHours * HOUR + 60_000 && idle >= idleMinutes * 60_000)
        this.around.break(7, "predecessor left", `${describe(step)} leaves ${id} live after its overlap`);
    }
  }

  /** The account of the token that a child belongs to. */
  parentOf(step: Step): TokenAccount | undefined {
    return this.#parentsOf(step)[0];
  }

  /** The accounts of the child's token, including a replaced token that is not deleted yet. */
  #parentsOf(step: Step): TokenAccount[] {
    return this.#keptParents(step).flatMap(({ uid }) => this.accounts.get(uid) ?? []);
  }

  #keptParents({ type, stack, old, declared }: Step): Kept[] {
    if (type !== CHILD) return [];
    const names = [declared?.name, old?.name, ...(declared?.aliases ?? [])].map((each) =>
      each?.replace(/ predecessors$/, ""),
    );
    const { kept } = this.around.stacks.find((each) => each.name === stack) ?? { kept: [] };
    // Another resource may have taken the name of an alias.
    const tokensOf = (name: string | undefined): Kept[] =>
      kept.filter((each) => each.type === "HubToken" && each.name === name);
    const tokens = names.map(tokensOf).find((each) => each.length > 0) ?? [];
    return tokens.sort((a, b) => Number(a.doomed ?? false) - Number(b.doomed ?? false));
  }

  /** Whether the creation of a token in the same organization, or of the same user, has failed in this process. */
  #isUncreated({ provider, old }: Step): boolean {
    const { uncreated, reached } = this.around.operation();
    return [...uncreated].some((name) => {
      const other = reached.get(name);
      if (other?.type !== "HubToken" || other.provider !== provider) return false;
      return other.declared?.args["organization"] === old?.inputs["organization"];
    });
  }

  #ownerOf(step: Step): unknown {
    return step.old?.inputs["owner"] ?? this.#keptParents(step)[0]?.inputs["owner"];
  }

  #holderOf(tokenId: string): { stack: string; account: TokenAccount; provider: number } | undefined {
    for (const { name, kept } of this.around.stacks) {
      for (const { uid, provider = 0 } of kept) {
        const account = this.accounts.get(uid);
        if (account && (account.current === tokenId || account.superseded.has(tokenId)))
          return { stack: name, account, provider };
      }
    }
    return undefined;
  }

  get #now(): number {
    return this.around.store.now().getTime();
  }

  /** The later of the two clocks. */
  get #latest(): number {
    return Math.max(Date.now(), this.#now);
  }

  #break(kind: string, step: Step, { id }: LiveToken): void {
    this.around.break(11, `revokes ${kind}`, `${describe(step)} revokes ${kind}: ${id}`);
  }
}

/** The program's settings; after its declaration ends, those of the state. */
function settingsOf({ declared, old }: Step): Settings {
  return { ...(declared?.args ?? old?.inputs) };
}

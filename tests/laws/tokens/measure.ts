// How a token on the Hub compares with its declaration.
import { type Store } from "../../../local-hub/src/store/store";
import { heldText, type TokenAccount } from "./account";
import { type Args, declaredElements, triggerOf } from "./declared";
import { type LiveToken, repositoryIn } from "./look";

const DAY = 24 * 3_600_000;

export class Measure {
  constructor(private readonly store: Store) {}

  /** What is declared, with the ids that the names meant when they were declared. */
  declared(args: Args, account: TokenAccount | undefined): Set<string> {
    return declaredElements(args, (name) => account?.repositoryOf(name) ?? this.store.repository(name)?.id);
  }

  /** What the token can do beyond that. */
  beyond(token: LiveToken, declared: Set<string>): string[] {
    return [...token.elements].filter((each) => !declared.has(each) && !this.isLost(each));
  }

  /** Whether the element gives access to a deleted repository, and so to nothing. */
  isLost(element: string): boolean {
    const id = repositoryIn(element);
    return id !== undefined && this.store.repositoryById.one(id) === undefined;
  }

  /** Whether the token's account or user is gone. */
  isPlaceGone(place: string | undefined): boolean {
    const { serviceAccounts, users } = this.store;
    return place !== undefined && !serviceAccounts.has(place) && !users.has(place);
  }

  isDue({ rotateEveryDays }: Args, token: LiveToken): boolean {
    if (typeof rotateEveryDays !== "number") return false;
    // Either clock counts: the runner's may be ahead.
    const now = Math.max(Date.now(), this.store.now().getTime());
    return now - token.createdAt >= rotateEveryDays * DAY;
  }

  /** The rows of the rule's table that an update reaches. */
  rows(args: Args, account: TokenAccount, found: LiveToken | undefined): string[] {
    const rows: string[] = [];
    const trigger = triggerOf(args);
    const speaks = account.speaks(trigger, heldText(found));
    if (account.isOrder(trigger) && account.wasSeen(trigger) && !speaks) rows.push("an old trigger");
    if (!found && args["recreateIfInvalid"] === true) rows.push("gone, recreateIfInvalid");
    if (!found) return [...rows, speaks ? "gone, fresh trigger" : "gone"];
    const declared = this.declared(args, account);
    const missing = [...declared].filter((each) => !found.elements.has(each));
    const isNarrowed = missing.some((each) => !account.isAppliedWithout(each));
    const beyond = this.beyond(found, declared);
    if (beyond.length > 0) rows.push("looser");
    if (beyond.some((each) => isInexpressible(each, found, declared))) rows.push("not expressible");
    if (missing.length === 0 && beyond.length === 0) rows.push("as declared");
    if (missing.some((each) => account.isAppliedWithout(each))) rows.push("tighter, as applied");
    if (isNarrowed) rows.push(speaks ? "tighter, fresh trigger" : "tighter, not as applied");
    if (this.isDue(args, found)) rows.push(isNarrowed ? "due by the clock, narrowed" : "due by the clock");
    const repos = (args["repos"] ?? []) as string[];
    if (repos.some((name) => account.repositoryOf(name) !== this.store.repository(name)?.id))
      rows.push(speaks ? "another repository, fresh trigger" : "another repository");
    return rows;
  }
}

/** Documented: endpoints that the program does not declare stay if no pattern is in both. */
export function isInexpressible(element: string, token: LiveToken, declared: Set<string>): boolean {
  const isEndpoint = (each: string): boolean => each.startsWith("endpoint ");
  const wanted = [...declared].filter(isEndpoint);
  return isEndpoint(element) && wanted.length > 0 && !wanted.some((each) => token.elements.has(each));
}

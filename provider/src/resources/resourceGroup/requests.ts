// Which requests a decision needs, in which order. What tightens comes first, so that nothing delays it.
import {
  type AutoJoin,
  type GroupMembership,
  type OrgRole,
  type ResourceGroupUpdate,
} from "../../client/types";
import { isLooser } from "../../rules/reconcile";
import { type Decision, type FacetDecision } from "./decisions";
import {
  autoJoinFrom,
  facetOf,
  type GroupedRepository,
  kindOf,
  limitFrom,
  nameIn,
  type Names,
  NONE,
} from "./facets";

/** One request to the Hub, or several of one kind that are verified together. */
export type Step =
  | { do: "settings"; settings: Pick<ResourceGroupUpdate, "name" | "description">; sent: Sent }
  | { do: "limits"; limits: NonNullable<ResourceGroupUpdate["spendLimits"]>; sent: Sent }
  | { do: "join"; autoJoin: AutoJoin | null; sent: Sent }
  | { do: "remove"; user: string; sent: Sent }
  | { do: "role"; membership: GroupMembership; sent: Sent }
  | { do: "add"; users: GroupMembership[]; sent: Sent }
  | {
      do: "move";
      moves: { repository: GroupedRepository; groupId: string | null; key: string }[];
      sent: Sent;
    };

/** The values that a step sends, by facet. */
export type Sent = Record<string, string>;

interface Change extends FacetDecision {
  send: string;
}

/**
 * The requests of a decision.
 *
 * @param names - the names of members and repositories, by facet
 * @param settings - the name and the description, if they differ
 */
export function stepsFor(
  { facets }: Decision,
  names: Names,
  settings: Pick<ResourceGroupUpdate, "name" | "description">,
): Step[] {
  const changes = facets.flatMap((each): Change[] =>
    each.verdict.send === undefined ? [] : [{ ...each, send: each.verdict.send }],
  );
  const tightens = ({ key, observed, send }: Change): boolean => isLooser(facetOf(key), observed, send);
  const hasSettings = Object.keys(settings).length > 0;
  const loosens = (change: Change): boolean => !tightens(change);
  // guard: tightened-first
  const [first, last] = [changes.filter(tightens), changes.filter(loosens)];
  const between: Step[] = hasSettings ? [{ do: "settings", settings, sent: {} }] : [];
  return [...stepsOf(first, names), ...between, ...stepsOf(last, names)];
}

function stepsOf(changes: readonly Change[], names: Names): Step[] {
  const ofKind = (kind: string): Change[] => changes.filter(({ key }) => kindOf(key) === kind);
  const nameOf = (key: string): string => names[key] ?? nameIn(key);
  const [limits, members] = [ofKind("limit"), ofKind("member")];
  const [joining, moved] = [ofKind("autoJoin")[0], ofKind("repository")];
  const added = members.filter(({ observed }) => observed === NONE);
  const steps: Step[] = [];
  if (limits.length > 0) {
    const values = limits.map(({ key, send }) => [nameIn(key), limitFrom(send)]);
    steps.push({ do: "limits", limits: Object.fromEntries(values) as object, sent: sentBy(limits) });
  }
  if (joining) steps.push({ do: "join", autoJoin: autoJoinFrom(joining.send), sent: sentBy([joining]) });
  for (const change of members) {
    const [user, sent] = [nameOf(change.key), sentBy([change])];
    if (change.send === NONE) steps.push({ do: "remove", user, sent });
    else if (change.observed !== NONE) {
      steps.push({ do: "role", membership: { user, role: change.send as OrgRole }, sent });
    }
  }
  if (added.length > 0) {
    const users = added.map(({ key, send }) => ({ user: nameOf(key), role: send as OrgRole }));
    steps.push({ do: "add", users, sent: sentBy(added) });
  }
  if (moved.length > 0) {
    const moves = moved.map(({ key, send }) => {
      const repoType = nameIn(key).split("/")[0] as GroupedRepository["repoType"];
      const repo = names[key] ?? nameIn(key).slice(repoType.length + 1);
      return { repository: { repo, repoType }, groupId: send === NONE ? null : send, key };
    });
    steps.push({ do: "move", moves, sent: sentBy(moved) });
  }
  return steps;
}

function sentBy(changes: readonly Change[]): Sent {
  return Object.fromEntries(changes.map(({ key, send }) => [key, send]));
}

import { recordOf } from "../../client/shape";
import { type OrgRole } from "../../client/types";
import { objectKey, repoPatterns } from "../../hub/auditEvents";
import { type DriftRules, type Order } from "../../model/drift";
import { sameData } from "../../model/plain";
import { AUTO_JOIN, type AutoJoinSetting, SPEND_LIMIT } from "../../rules/groups";
import { orderOf } from "../../rules/reconcile";
import { MEMBERSHIP } from "../../rules/roles";
import { AUTO_JOIN_KEY, autoJoinFrom, kindOf, memberKey, nameIn, NONE, repoKey } from "./facets";
import { type ResourceGroupState } from "./model";
import { sortedMembers, sortedRepositories } from "./state";

type Member = NonNullable<ResourceGroupState["members"]>[number];
type Repository = NonNullable<ResourceGroupState["repositories"]>[number];

export const resourceGroupDrift: DriftRules<ResourceGroupState> = {
  applied(state) {
    // The arguments are what was applied, unless a refresh found something else.
    if (!state.seen) return {};
    const { applied, complete = [], groupId } = state;
    const keys = Object.keys(applied).filter((key) => applied[key] !== NONE);
    const ofKind = (kind: string): string[] => keys.filter((key) => kindOf(key) === kind);
    const users = new Map(state.members?.map(({ user }) => [memberKey(user), user]));
    const repos = new Map(state.repositories?.map((each) => [repoKey(each), each]));
    const joining = applied[AUTO_JOIN_KEY];
    return {
      // `null`: none was applied.
      autoJoin: joining === undefined ? undefined : autoJoinFrom(joining),
      spendLimits: state.spendLimits && {
        ...Object.fromEntries(ofKind("limit").map((key) => [nameIn(key), Number(applied[key])])),
      },
      ...(complete.includes("members") && {
        members: sortedMembers(
          ofKind("member").map((key) => ({ user: users.get(key) ?? nameIn(key), role: applied[key] })),
        ),
      }),
      ...(complete.includes("repositories") && {
        repositories: sortedRepositories(
          ofKind("repository")
            .filter((key) => applied[key] === groupId)
            .map((key) => repos.get(key) ?? addressIn(nameIn(key))),
        ),
      }),
    };
  },

  order(property, applied, onHub) {
    switch (property) {
      case "members":
        return worst(membersOf(applied), membersOf(onHub), (before, after) =>
          orderOf(MEMBERSHIP, before, after),
        );
      case "repositories":
        // A repository that leaves the resource group becomes accessible to all members of the organization.
        return worst(repositoriesOf(onHub), repositoriesOf(applied), (before) =>
          before === null ? "looser" : "tighter",
        );
      case "spendLimits":
        return worst(limitsOf(applied), limitsOf(onHub), (before, after) =>
          orderOf(SPEND_LIMIT, before, after),
        );
      case "autoJoin":
        return orderOf(AUTO_JOIN, joiningOf(applied), joiningOf(onHub));
      default:
        return "different";
    }
  },

  events({ property, applied, onHub }, { groupId }) {
    const about = [objectKey.group(groupId)];
    const others = { about, types: ["resource_group"] };
    if (property === "status") return [{ about, types: ["resource_group.delete"] }];
    if (property === "repositories") {
      const repos = differing(applied as Repository[] | undefined, onHub as Repository[] | undefined);
      const types = ["repo.update_resource_group", "repo.delete", "repo.move"];
      return repos.flatMap((each) => repoPatterns({ repoType: "model", ...each }, { types }));
    }
    if (property !== "members") return [{ about, types: ["resource_group.settings"] }, others];
    const types = ["add_users", "remove_users", "change_role"].map((each) => `resource_group.${each}`);
    const members = differing(applied as Member[] | undefined, onHub as Member[] | undefined);
    const users = [...new Set(members.map(({ user }) => objectKey.user(user)))];
    return [...users.map((user) => ({ about: [...about, user], types })), { about, types }];
  },
};

/** The elements that only one of two lists has. */
function differing<T>(applied: readonly T[] = [], onHub: readonly T[] = []): T[] {
  const isIn = (list: readonly T[], element: T): boolean => list.some((each) => sameData(each, element));
  return [...applied.filter((each) => !isIn(onHub, each)), ...onHub.filter((each) => !isIn(applied, each))];
}

/** The loosest difference of any element. An element that only one side has is `null` on the other. */
function worst<V>(
  before: Map<string, V>,
  after: Map<string, V>,
  order: (before: V | null, after: V | null) => Order,
): Order {
  const orders = [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [one, other] = [before.get(key) ?? null, after.get(key) ?? null];
    return one === other ? [] : [order(one, other)];
  });
  return (["looser", "different", "tighter"] as const).find((each) => orders.includes(each)) ?? "different";
}

function membersOf(value: unknown): Map<string, OrgRole> {
  return new Map(((value ?? []) as Member[]).map(({ user, role }) => [memberKey(user), role]));
}

function repositoriesOf(value: unknown): Map<string, true> {
  return new Map(((value ?? []) as Repository[]).map((each) => [repoKey(each), true]));
}

function limitsOf(value: unknown): Map<string, number> {
  return new Map(Object.entries(recordOf(value) as Record<string, number>));
}

function joiningOf(value: unknown): AutoJoinSetting {
  const { role, scope } = recordOf(value);
  return role === undefined ? null : ({ role, scope: scope ?? "all" } as AutoJoinSetting);
}

function addressIn(name: string): { repo: string; repoType: string } {
  const [repoType = "", ...repo] = name.split("/");
  return { repo: repo.join("/"), repoType };
}

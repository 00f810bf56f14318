import { type OrgRole } from "./accounts";
import { type ConfigurableRepoType } from "./repositories";

/** How members of the organization join a resource group automatically. */
export interface AutoJoin {
  /** The role in the resource group. */
  role: OrgRole;
  /** `all`: every member. `read_plus`: every member whose role in the organization is at least `read`. Default: `all`. */
  scope?: "all" | "read_plus";
}

/** What spending can be limited for. */
export const SPEND_LIMITS = ["total", "inferenceProviders", "spaces", "jobs", "endpoints"] as const;

/** What a spending limit is for. */
export type SpendLimit = (typeof SPEND_LIMITS)[number];

/** Limits in cents a month. A missing limit means no limit. */
export type SpendLimits = Partial<Record<SpendLimit, number>>;

/** A member of a resource group. */
export interface ResourceGroupUser {
  /** The Hub's id of the user. */
  _id: string;
  /** The user name. */
  name: string;
  /** The display name. */
  fullname?: string;
  /** The role in the resource group, unchanged from the Hub. */
  role: string;
  /** The user name of the person who added the member. Absent for a member who joined automatically. */
  addedBy?: string;
}

/** A repository, a collection or another object in a resource group. */
export interface ResourceGroupResource {
  /** `model`, `dataset`, `space`, `bucket`, `kernel`, `collection`, `blog`, `job`, `scheduled-job`, or a newer type. */
  type: string;
  /** The full name of a repository: `namespace/name`. */
  name?: string;
  /** The Hub's id; absent for repositories. */
  id?: string;
  /** The title of a collection or blog. */
  title?: string;
  /** Whether the object is private. */
  private?: boolean;
  /** The user name of the person who added it. */
  addedBy?: string;
}

/** A resource group of an organization. */
export interface ResourceGroupInfo {
  /** The Hub's id, 24 hexadecimal digits. */
  id: string;
  /** The name. */
  name: string;
  /** The description; absent if there is none. */
  description?: string;
  /** How members join automatically. `role` and `scope` are absent if `enabled` is `false`. */
  autoJoin?: { enabled: boolean; role?: string; scope?: string };
  /** The spending limits in cents a month. */
  spendLimits?: SpendLimits;
  /** The members of the resource group. */
  users: ResourceGroupUser[];
  /** The repositories and other objects in the resource group. */
  resources: ResourceGroupResource[];
}

/** A user and a role in a resource group. */
export interface GroupMembership {
  /** The user name. */
  user: string;
  /** The role in the resource group. */
  role: OrgRole;
}

/** The settings of a new resource group. */
export interface CreateResourceGroupOptions {
  /** 1 to 200 characters. */
  name: string;
  /** At most 500 characters. */
  description?: string;
  /** The first members. Default: none. */
  users?: GroupMembership[];
  /** The first repositories. Default: none. */
  repos?: { name: string; type: ConfigurableRepoType }[];
  /** Default: no one joins automatically. */
  autoJoin?: AutoJoin;
}

/** A change of a resource group. Missing fields keep their values. */
export interface ResourceGroupUpdate {
  /** 1 to 200 characters. */
  name?: string;
  /** At most 500 characters. */
  description?: string;
  /** The limits to change, in cents a month; `null` removes a limit. */
  spendLimits?: Partial<Record<SpendLimit, number | null>>;
}

/** A member's role in an organization and in its resource groups. */
export interface MemberRoleUpdate {
  /** The role in the organization. */
  role: OrgRole;
  /** All resource groups of the member. The Hub removes the member from every other resource group. */
  resourceGroups: { id: string; role: OrgRole }[];
}

/** The resource group of a repository. */
export interface RepoGroup {
  /** The Hub's id of the resource group. */
  id: string;
  /** The name of the resource group. */
  name: string;
  /** The number of its members. Absent if the token may not see it. */
  numUsers?: number;
}

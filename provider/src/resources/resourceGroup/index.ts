import * as pulumi from "@pulumi/pulumi";
import { type ConfigurableRepoType, type OrgRole } from "../../client/types";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { resourceGroupModel, type ResourceGroupStatus } from "./model";

export { type ResourceGroupStatus } from "./model";

/** How members of the organization join a {@link ResourceGroup} automatically. */
export interface ResourceGroupAutoJoin {
  /** The role in the resource group: `no_access`, `read`, `contributor`, `write` or `admin`. */
  role: pulumi.Input<OrgRole>;
  /** `all`: every member. `read_plus`: every member whose role in the organization is at least `read`. Default: `all`. */
  scope?: pulumi.Input<"all" | "read_plus">;
}

/** Spending limits of a {@link ResourceGroup}, in cents a month: whole numbers from 0. A limit that is left out is not managed. */
export interface ResourceGroupSpendLimits {
  /** For everything together. */
  total?: pulumi.Input<number>;
  /** For inference providers. */
  inferenceProviders?: pulumi.Input<number>;
  /** For Spaces. */
  spaces?: pulumi.Input<number>;
  /** For jobs. */
  jobs?: pulumi.Input<number>;
  /** For inference endpoints. */
  endpoints?: pulumi.Input<number>;
}

/** One member of a {@link ResourceGroup}. */
export interface ResourceGroupMemberEntry {
  /** The user name. The user must be a member of the organization. */
  user: pulumi.Input<string>;
  /** The role in the resource group: `no_access`, `read`, `contributor`, `write` or `admin`. */
  role: pulumi.Input<OrgRole>;
}

/** One repository of a {@link ResourceGroup}. */
export interface ResourceGroupRepositoryEntry {
  /** The repository, as `namespace/name`. It must exist and belong to the organization. */
  repo: pulumi.Input<string>;
  /** The type of the repository: `model`, `dataset`, `space` or `bucket`. Default: `model`. */
  repoType?: pulumi.Input<ConfigurableRepoType>;
}

/** Arguments of a {@link ResourceGroup}. */
export interface ResourceGroupArgs {
  /** The organization's name. A change replaces the resource group. */
  organization: pulumi.Input<string>;
  /** The name, 1 to 200 characters without control characters. Changed in place; if someone renames it on the Hub, `pulumi up` renames it back. */
  name: pulumi.Input<string>;
  /**
   * What the resource group is for, at most 484 characters. On the Hub, the owner's mark follows the description. Default: none. Changed in
   * place; if someone changes it on the Hub, `pulumi up` changes it back.
   */
  description?: pulumi.Input<string>;
  /**
   * How members of the organization join automatically: a `role`, and the `scope` `all` (every member; the default) or `read_plus` (every
   * member whose role in the organization is at least `read`). Default: no one joins. Changed in place. A lower role or a smaller scope is tighter. If
   * someone loosens it on the Hub, `pulumi up --refresh` tightens it again. If someone tightens it, `pulumi up` loosens it again only with a new
   * reason in `acknowledgeOverwrite`. Each change also adds the present members of the organization; turning it off removes no one. Not
   * with `members`.
   */
  autoJoin?: pulumi.Input<ResourceGroupAutoJoin>;
  /**
   * Spending limits in cents a month (Enterprise plan): `total`, `inferenceProviders`, `spaces`, `jobs`, `endpoints`. Default: none is managed.
   * Changed in place. If someone raises or removes a declared limit on the Hub, `pulumi up --refresh` lowers it again. If someone lowers it,
   * `pulumi up` raises it again only with a new reason in `acknowledgeOverwrite`. A limit that is no longer declared stays on the Hub.
   */
  spendLimits?: pulumi.Input<ResourceGroupSpendLimits>;
  /**
   * All members, at most 4000: each a `user`, who must be a member of the organization, and a `role` (`no_access`, `read`, `contributor`,
   * `write` or `admin`). Default: members are not managed; use `ResourceGroupMember` for single members. Changed in place. If someone
   * adds a member or raises a role on the Hub, `pulumi up --refresh` reverts it. If someone removes a member or lowers a role, `pulumi up`
   * restores it only with a new reason in `acknowledgeOverwrite`.
   */
  members?: pulumi.Input<pulumi.Input<ResourceGroupMemberEntry>[]>;
  /**
   * All repositories, at most 4000: each a `repo` (`namespace/name`) of the organization and a `repoType` (`model`, `dataset`, `space` or
   * `bucket`; default `model`). Default: repositories are not managed; use `RepoResourceGroup` for single repositories. Changed in place.
   * If someone removes a repository from the resource group on the Hub, and it is in no other one, `pulumi up --refresh` adds it again,
   * because then only members of the resource group have access to it. A repository that someone added, or moved to another resource group,
   * is moved only with a new reason in `acknowledgeOverwrite`. The Hub's API cannot move kernels, and collections are not managed: see the
   * output `otherResources`.
   */
  repositories?: pulumi.Input<pulumi.Input<ResourceGroupRepositoryEntry>[]>;
  /**
   * Whether a destroy or a replacement may delete the resource group while it contains repositories that this stack does not declare, or other
   * objects. Default: false; the destroy fails then. Set it and run `pulumi up` before the destroy. A change is made in place and sends nothing
   * to the Hub.
   */
  forceDestroy?: pulumi.Input<boolean>;
  /**
   * Whether to create the resource group again if someone deleted it on the Hub. Default: false, because it may have been deleted on purpose;
   * there is only a warning and the output `status`. A change is made in place.
   */
  recreateIfMissing?: pulumi.Input<boolean>;
  /**
   * Why to overwrite a change that someone made on the Hub, 1 to 500 characters. `pulumi up` asks for it. It counts only once: later, another
   * overwrite needs another text. In a creation it also allows removing repositories from other resource groups. Default: none.
   */
  acknowledgeOverwrite?: pulumi.Input<string>;
}

const shape = shapeOf<ResourceGroupArgs>()(resourceGroupModel);

/**
 * Manages a resource group of an organization, with its members and repositories (Hub: `/api/organizations/{org}/resource-groups`, Team
 * plan; spending limits need the Enterprise plan). Only members of a resource group have access to its repositories, with their roles in
 * the resource group.
 *
 * A creation writes a mark after the description of the resource group, which identifies this resource. If the response to the creation is
 * lost, the resource group is found again by its mark. A creation that must remove a repository from another resource group fails without a
 * reason in `acknowledgeOverwrite`.
 *
 * An update sends what tightens first: it removes members, lowers roles and adds repositories. Then it adds members and raises roles. Roles and
 * memberships belong to people, not to names: if another person has taken the name of a member, that person gets no higher role without a
 * new reason.
 *
 * A destroy deletes the resource group, which opens its repositories to the members of the organization. It fails while the resource group
 * contains repositories that this stack does not declare, or collections, kernels and other objects, unless `forceDestroy` is set.
 *
 * @example
 * ```ts
 * const research = new ResourceGroup("research", {
 *   organization: "acme",
 *   name: "Research",
 *   members: [{ user: "ada", role: "write" }],
 *   repositories: [{ repo: "acme/llm" }],
 * });
 * ```
 */
export class ResourceGroup extends HubResource {
  /** The organization's name. */
  declare readonly organization: pulumi.Output<string>;
  /** The name. */
  declare readonly name: pulumi.Output<string>;
  /** The description, without the mark; `undefined` if there is none. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** The Hub's id of the resource group, 24 hex digits. */
  declare readonly groupId: pulumi.Output<string>;
  /** `active`, or `missing` if the last refresh did not find the resource group on the Hub. */
  declare readonly status: pulumi.Output<ResourceGroupStatus>;
  /** How many collections, kernels and other objects the resource group contains, which this resource does not manage. */
  declare readonly otherResources: pulumi.Output<number>;

  constructor(name: string, args: ResourceGroupArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
    // Taken from the id, which stays known in the preview of an in-place update. Otherwise resources that use it would look replaced.
    // In a unit test, the id may have another form.
    const told = this.groupId;
    this.groupId = this.id.apply((id) => pulumi.output(id.split("/")[1] ?? told));
  }

  /**
   * Looks up an existing resource group without managing it.
   *
   * @param name - the name of the resource in the program
   * @param id - `organization/groupId`
   * @throws if the resource group does not exist, or the credentials cannot see it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): ResourceGroup {
    return new ResourceGroup(name, {} as ResourceGroupArgs, { ...options, id });
  }
}

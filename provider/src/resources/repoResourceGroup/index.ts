import type * as pulumi from "@pulumi/pulumi";
import { type ConfigurableRepoType } from "../../client/types";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { repoResourceGroupModel } from "./model";

/** Arguments of a {@link RepoResourceGroup}. */
export interface RepoResourceGroupArgs {
  /** The repository, as `namespace/name`. It must exist. A change replaces the resource, and leaves the old repository as `onDestroy` says. */
  repo: pulumi.Input<string>;
  /** The type of the repository: `model`, `dataset`, `space` or `bucket`. Default: `model`. A change replaces the resource. */
  repoType?: pulumi.Input<ConfigurableRepoType>;
  /**
   * The id of a resource group of the repository's organization, 24 hexadecimal digits. Changed in place. If someone removed the repository from
   * its resource group on the Hub, `pulumi up --refresh` adds it again. If someone moved it to another resource group, `pulumi up` moves
   * it back only with a new reason in `acknowledgeOverwrite`.
   */
  groupId: pulumi.Input<string>;
  /**
   * What a destroy does on the Hub: `"retain"` leaves the repository in its resource group, `"remove"` removes it, so that all members of the
   * organization get access according to their roles. Default: `"retain"`. Changed in place.
   */
  onDestroy?: pulumi.Input<"retain" | "remove">;
  /**
   * Why the repository may be removed from another resource group, 1 to 500 characters. A creation needs it if the repository is in another
   * resource group. It is used once: a later change on the Hub needs a new reason. Default: none. Changed in place.
   */
  acknowledgeOverwrite?: pulumi.Input<string>;
}

const shape = shapeOf<RepoResourceGroupArgs>()(repoResourceGroupModel);

/**
 * Manages the resource group of one repository (Hub: `/api/{models|datasets|spaces|buckets}/{namespace}/{name}/resource-group`, Team plan or
 * higher). It needs the token of an administrator of the organization: only that token shows for certain that a repository is in no resource
 * group. To manage all repositories of a resource group, declare `repositories` of a `ResourceGroup` instead; one stack cannot declare both.
 *
 * In a resource group, only its members have access. Without one, all members of the organization have access according to their roles. So
 * a repository without a resource group is added to the declared one automatically.
 *
 * A creation never removes a repository from another resource group without `acknowledgeOverwrite`. A destroy leaves the repository in its
 * resource group, or removes it; see `onDestroy`. A different repository that has taken the name, or a resource group that someone else
 * chose, is left unchanged.
 *
 * @example
 * ```ts
 * new RepoResourceGroup("llm", { repo: "acme/llm", groupId: "6570ab12ef90cd34ab56ef01" });
 * ```
 */
export class RepoResourceGroup extends HubResource {
  /** The repository, as `namespace/name`. */
  declare readonly repo: pulumi.Output<string>;
  /** The type of the repository. */
  declare readonly repoType: pulumi.Output<ConfigurableRepoType>;
  /** The id of the resource group. */
  declare readonly groupId: pulumi.Output<string>;
  /** `active`, or `missing` if the repository is not in a resource group or does not exist. */
  declare readonly status: pulumi.Output<"active" | "missing">;

  constructor(name: string, args: RepoResourceGroupArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Looks up the resource group of a repository without managing it.
   *
   * @param name - the name of the resource in the program
   * @param id - `repoType/namespace/name`
   * @throws if the repository is not in a resource group, or the credentials cannot see it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): RepoResourceGroup {
    return new RepoResourceGroup(name, {} as RepoResourceGroupArgs, { ...options, id });
  }
}

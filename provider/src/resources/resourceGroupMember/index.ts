import type * as pulumi from "@pulumi/pulumi";
import { type OrgRole } from "../../client/types";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { resourceGroupMemberModel } from "./model";

/** Arguments of a {@link ResourceGroupMember}. */
export interface ResourceGroupMemberArgs {
  /** The organization's name. A change replaces the resource. */
  organization: pulumi.Input<string>;
  /** The id of a resource group of the organization, 24 hexadecimal digits. A change replaces the resource. */
  groupId: pulumi.Input<string>;
  /** The user name of a member of the organization. A change replaces the resource. */
  user: pulumi.Input<string>;
  /**
   * The member's role in the resource group: `no_access`, `read`, `contributor`, `write` or `admin`. Changed in place. If someone raised it on
   * the Hub, `pulumi up --refresh` lowers it again. If someone lowered it or removed the member, `pulumi up` reverts that only with a
   * new reason in `acknowledgeOverwrite`. The first declaration is applied without a reason.
   */
  role: pulumi.Input<OrgRole>;
  /**
   * Why a role that someone lowered on the Hub may be raised again, or a member who was removed may be added again, 1 to 500 characters. It
   * is used once: a later change on the Hub needs a new reason. Default: none. Changed in place.
   */
  acknowledgeOverwrite?: pulumi.Input<string>;
}

const shape = shapeOf<ResourceGroupMemberArgs>()(resourceGroupMemberModel);

/**
 * Manages one member of a resource group, and leaves its other members unchanged (Hub:
 * `/api/organizations/{org}/resource-groups/{id}/users`, Team plan or higher). It needs the token of an administrator of the organization or of
 * the resource group. To manage all members of a resource group, declare `members` of a `ResourceGroup` instead; one stack cannot declare both.
 *
 * The user must be a member of the organization, because the Hub's API cannot invite people. If a SCIM group decides who is in the resource
 * group, the Hub refuses every change with status 403.
 *
 * A creation adds the member, or applies the declared role if the member is in the resource group already. A destroy removes the member
 * from the resource group, unless another person has the user name now.
 *
 * @example
 * ```ts
 * new ResourceGroupMember("ana", { organization: "acme", groupId: "6570ab12ef90cd34ab56ef01", user: "ana", role: "write" });
 * ```
 */
export class ResourceGroupMember extends HubResource {
  /** The organization's name. */
  declare readonly organization: pulumi.Output<string>;
  /** The id of the resource group. */
  declare readonly groupId: pulumi.Output<string>;
  /** The user name. */
  declare readonly user: pulumi.Output<string>;
  /** The member's role in the resource group. */
  declare readonly role: pulumi.Output<OrgRole>;
  /** `active`, or `missing` if the user is not in the resource group. */
  declare readonly status: pulumi.Output<"active" | "missing">;

  constructor(name: string, args: ResourceGroupMemberArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Looks up a member of a resource group without managing it.
   *
   * @param name - the name of the resource in the program
   * @param id - `organization/groupId/user`
   * @throws if the user is not in the resource group, or the credentials cannot see it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): ResourceGroupMember {
    return new ResourceGroupMember(name, {} as ResourceGroupMemberArgs, { ...options, id });
  }
}

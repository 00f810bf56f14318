import type * as pulumi from "@pulumi/pulumi";
import { type OrgRole } from "../../client/types";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { memberRoleModel } from "./model";

/** Arguments of a {@link MemberRole}. */
export interface MemberRoleArgs {
  /** The organization's name. A change replaces the resource, and leaves the old role as `onDestroy` says. */
  organization: pulumi.Input<string>;
  /** The user name of a member of the organization. A change replaces the resource, and leaves the old role as `onDestroy` says. */
  user: pulumi.Input<string>;
  /**
   * The member's role in the organization: `no_access`, `read`, `contributor`, `write` or `admin`. Changed in place. If someone raised it on
   * the Hub, `pulumi up --refresh` lowers it again; if someone lowered it, `pulumi up` raises it again only with a new reason in
   * `acknowledgeOverwrite`. The first declaration is applied without a reason.
   */
  role: pulumi.Input<OrgRole>;
  /**
   * Whether the owner of the token that the run uses may lose rights by this change. Default: false; lowering that person's role fails. The
   * role of the last administrator is never lowered. Changed in place.
   */
  allowOwnDemotion?: pulumi.Input<boolean>;
  /**
   * What a destroy does on the Hub: `"retain"` leaves the role unchanged, `"read"` lowers it to `read`. A destroy never removes the member.
   * Default: `"retain"`. Changed in place.
   */
  onDestroy?: pulumi.Input<"retain" | "read">;
  /**
   * Why a role that someone lowered on the Hub may be raised again, 1 to 500 characters. It is used once: a later change on the Hub needs a new
   * reason. Default: none. Changed in place.
   */
  acknowledgeOverwrite?: pulumi.Input<string>;
}

const shape = shapeOf<MemberRoleArgs>()(memberRoleModel);

/**
 * Manages the role of a member in an organization (Hub: `PUT /api/organizations/{org}/members/{username}/role`, a paid plan). It needs the
 * token of an administrator.
 *
 * The Hub removes a member from every resource group that such a request leaves out. So the provider reads the member's resource groups first,
 * sends them again, reads again, and adds the member to the ones that are missing. Within one process, changes of one organization run one after
 * another; a change by another process at the same moment can still be lost.
 *
 * It never adds or removes a member: the Hub's API cannot invite people. It never lowers the role of the last administrator, and the role of
 * the token's owner only with `allowOwnDemotion`.
 *
 * A creation applies the declared role. A destroy leaves the role, or lowers it to `read`; see `onDestroy`.
 *
 * @example
 * ```ts
 * new MemberRole("ana", { organization: "acme", user: "ana", role: "write" });
 * ```
 */
export class MemberRole extends HubResource {
  /** The organization's name. */
  declare readonly organization: pulumi.Output<string>;
  /** The user name. */
  declare readonly user: pulumi.Output<string>;
  /** The member's role. */
  declare readonly role: pulumi.Output<OrgRole>;
  /** `active`, or `missing` if the user is not a member of the organization. */
  declare readonly status: pulumi.Output<"active" | "missing">;

  constructor(name: string, args: MemberRoleArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Looks up the role of a member without managing it.
   *
   * @param name - the name of the resource in the program
   * @param id - `organization/user`
   * @throws if the user is not a member, or the credentials cannot see the role
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): MemberRole {
    return new MemberRole(name, {} as MemberRoleArgs, { ...options, id });
  }
}

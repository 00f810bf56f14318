import * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { serviceAccountModel, type ServiceAccountStatus } from "./model";

export { type ServiceAccountStatus } from "./model";

/** Arguments of a {@link ServiceAccount}. */
export interface ServiceAccountArgs {
  /** The organization's name. A change replaces the account, and needs `allowReplace`. */
  organization: pulumi.Input<string>;
  /**
   * The account's name, 1 to 50 characters without control characters. The Hub cannot rename an account, so a change replaces it, and needs
   * `allowReplace`.
   */
  name: pulumi.Input<string>;
  /**
   * What the account is for, at most 484 characters. On the Hub, the owner's mark follows the description. Default: none. The Hub cannot
   * change a description, so a change replaces the account, and needs `allowReplace`.
   */
  description?: pulumi.Input<string>;
  /**
   * Whether a change may replace the account, which revokes all its tokens. Default: false; the check refuses such a change. A change of this
   * argument is made in place and sends nothing to the Hub.
   */
  allowReplace?: pulumi.Input<boolean>;
  /**
   * Whether a delete or a replacement may revoke tokens that this stack does not manage. Default: false; the delete fails while the account has
   * such tokens. It takes effect with the `pulumi up` before the delete. A change is made in place and sends nothing to the Hub.
   */
  forceDestroy?: pulumi.Input<boolean>;
  /**
   * Whether to create the account again if someone deleted it on the Hub. Default: false, because it may have been deleted on purpose; there is
   * only a warning and the output `status`. A change is made in place.
   */
  recreateIfMissing?: pulumi.Input<boolean>;
}

const shape = shapeOf<ServiceAccountArgs>()(serviceAccountModel);

/**
 * Manages a service account of an organization (Hub: `/api/organizations/{org}/service-accounts`, Enterprise plan). Give code a service
 * account's token instead of a person's token.
 *
 * A creation creates the account, with a mark after its description that identifies this resource. If the response to the creation is lost,
 * the account is found again by its mark.
 *
 * An update changes only settings of this resource. The Hub cannot change an account, so any other change replaces it, which revokes all its
 * tokens and needs `allowReplace`.
 *
 * A delete deletes the account and revokes all its tokens. A delete or a replacement fails while the account has tokens that this stack does
 * not manage, unless `forceDestroy` is set.
 *
 * @example
 * ```ts
 * const account = new ServiceAccount("ci", { organization: "acme", name: "ci", description: "Build pipeline" });
 * ```
 */
export class ServiceAccount extends HubResource {
  /** The organization's name. */
  declare readonly organization: pulumi.Output<string>;
  /** The account's name. */
  declare readonly name: pulumi.Output<string>;
  /** The account's description, without the mark; `undefined` if there is none. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** The Hub's id of the account, 24 hex digits. */
  declare readonly accountId: pulumi.Output<string>;
  /** The account's user name on the Hub. */
  declare readonly user: pulumi.Output<string>;
  /** When the account was created (ISO 8601, UTC). */
  declare readonly createdAt: pulumi.Output<string>;
  /** `active`, or `missing` if the last refresh did not find the account on the Hub. */
  declare readonly status: pulumi.Output<ServiceAccountStatus>;

  constructor(name: string, args: ServiceAccountArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
    // Taken from the id, which stays known in the preview of an in-place update. Otherwise tokens of the account would look replaced.
    // In a unit test, the id may have another form.
    const told = this.accountId;
    this.accountId = this.id.apply((id) => pulumi.output(id.split("/")[1] ?? told));
  }

  /**
   * Looks up an existing account without managing it.
   *
   * @param name - the name of the resource in the program
   * @param id - `organization/accountId`
   * @throws if the account does not exist, or the credentials cannot see it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): ServiceAccount {
    return new ServiceAccount(name, {} as ServiceAccountArgs, { ...options, id });
  }
}

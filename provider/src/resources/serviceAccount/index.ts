import * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { serviceAccountModel, type ServiceAccountStatus } from "./model";

export { type ServiceAccountStatus } from "./model";

/** Arguments of a {@link ServiceAccount}. */
export interface ServiceAccountArgs {
  /** The organization's name. A change replaces the account (with `allowReplace`). */
  organization: pulumi.Input<string>;
  /** The account's name, 1 to 50 characters. The Hub cannot change it: a change replaces the account (with `allowReplace`). */
  name: pulumi.Input<string>;
  /**
   * What the account is for, at most 484 characters; on the Hub the owner's mark stands behind it. Default none. The Hub
   * cannot change it: a change replaces the account (with `allowReplace`).
   */
  description?: pulumi.Input<string>;
  /** Allows a change that replaces the account, which ends all its tokens. Default false. */
  allowReplace?: pulumi.Input<boolean>;
  /** Deletes the account with tokens that no program declares. Default false: such a delete is refused. */
  forceDestroy?: pulumi.Input<boolean>;
  /**
   * Creates the account again if someone has deleted it on the Hub. Default false: it may have been deleted on purpose,
   * so there is only a warning and the output `status`.
   */
  recreateIfMissing?: pulumi.Input<boolean>;
}

const shape = shapeOf<ServiceAccountArgs>()(serviceAccountModel);

/**
 * A service account of an organization (Hub: `/api/organizations/{org}/service-accounts`, Enterprise plan): what code
 * should have instead of a person's token.
 *
 * A delete or a replacement is refused while the account holds tokens that no program of this stack manages, unless
 * `forceDestroy` is set.
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
  /** What the account is for, without the mark. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** The Hub's id of the account, 24 hex digits. */
  declare readonly accountId: pulumi.Output<string>;
  /** The account's user name on the Hub. */
  declare readonly user: pulumi.Output<string>;
  /** When the account was created (ISO 8601, UTC). */
  declare readonly createdAt: pulumi.Output<string>;
  /** Whether the Hub has the account, as of the last `up` or refresh. */
  declare readonly status: pulumi.Output<ServiceAccountStatus>;

  constructor(name: string, args: ServiceAccountArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
    // From the id, which stays known in the preview of an in-place update, so that tokens of the account do not look
    // replaced when only a setting of the account changes. An id that a unit test makes up has another form.
    const told = this.accountId;
    this.accountId = this.id.apply((id) => pulumi.output(id.split("/")[1] ?? told));
  }

  /**
   * Looks an account up by `organization/accountId`, without managing it.
   *
   * @throws when there is no such account, or the credentials cannot see it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): ServiceAccount {
    return new ServiceAccount(name, {} as ServiceAccountArgs, { ...options, id });
  }
}

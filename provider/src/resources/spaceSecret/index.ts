import type * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { spaceSecretModel } from "./model";

/** Arguments of a {@link SpaceSecret}. */
export interface SpaceSecretArgs {
  /** The full name of the Space: `namespace/name`. A change replaces the resource. */
  space: pulumi.Input<string>;
  /**
   * The name of the environment variable in the Space: a letter, followed by letters, digits and `_`; at most 200 characters. It is
   * case-sensitive. A change replaces the resource.
   */
  key: pulumi.Input<string>;
  /**
   * The value, at least 1 character. Encrypted in the state. Changed in place: a new value is sent even if someone changed the secret on the
   * Hub, but not if someone deleted it.
   */
  value: pulumi.Input<string>;
  /**
   * A description, at most 500 characters. Everyone who may change the Space can see it. Default: none; a description that someone adds on the
   * Hub is removed. Changed in place.
   */
  description?: pulumi.Input<string>;
  /**
   * Why an existing secret may be overwritten, or one that someone changed or deleted on the Hub may be set again, 1 to 500 characters. It is
   * used once: a later change on the Hub needs a new reason. Default: none. Changed in place.
   */
  acknowledgeOverwrite?: pulumi.Input<string>;
}

/**
 * The status of a secret.
 *
 * - `active`: as this program last set it, as far as the Hub shows
 * - `changed`: someone set it later on the Hub
 * - `missing`: the Space does not have the secret, or does not exist
 */
export type SpaceSecretStatus = "active" | "changed" | "missing";

const shape = shapeOf<SpaceSecretArgs>()(spaceSecretModel);

/**
 * Manages a secret of a Space, which the Space reads as an environment variable (Hub: `POST /api/spaces/{namespace}/{name}/secrets`). It needs a
 * token with write access to the Space. The Hub restarts the Space after each change.
 *
 * The Hub never shows the value. It shows when the secret was set, so a change by someone else is detected by that time. A Hub that leaves out
 * the time hides such changes.
 *
 * A secret that someone changed on the Hub is overwritten only if the program has a new value, such as a rotated token, or a new reason in
 * `acknowledgeOverwrite`. One that someone deleted is set again only with a new reason. A different Space under the same name gets the secret
 * only with a reason that was given after a run has reported the Space; a Space that was moved is refused.
 *
 * A creation sets a new secret; it overwrites an existing one only with a reason in `acknowledgeOverwrite`. It fails if the Space has a variable
 * with this key. A destroy deletes the secret, unless a different Space has the name. The option `import` is not supported, because the value
 * cannot be compared.
 *
 * @example
 * ```ts
 * const token = new HubToken("app", { name: "app", organization: "acme", serviceAccount: account.accountId, permissions: ["repo.content.read"] });
 * new SpaceSecret("token", { space: "acme/demo-space", key: "HF_TOKEN", value: token.token });
 * ```
 */
export class SpaceSecret extends HubResource {
  /** The full name of the Space. */
  declare readonly space: pulumi.Output<string>;
  /** The name of the environment variable. */
  declare readonly key: pulumi.Output<string>;
  /** The value. Encrypted. Absent after a look-up, and after a refresh that found another value, because the Hub does not show it. */
  declare readonly value: pulumi.Output<string | undefined>;
  /** The description. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Whether the Space has the secret as this program last set it. */
  declare readonly status: pulumi.Output<SpaceSecretStatus>;

  constructor(name: string, args: SpaceSecretArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Looks up a secret, without its value, and without managing it.
   *
   * @param name - the name of the resource in the program
   * @param id - `namespace/name/KEY`
   * @throws if the Space does not have the secret, or the credentials may not change the Space
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): SpaceSecret {
    return new SpaceSecret(name, {} as SpaceSecretArgs, { ...options, id });
  }
}

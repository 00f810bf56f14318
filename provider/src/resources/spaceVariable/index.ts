import type * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { spaceVariableModel } from "./model";

/** Arguments of a {@link SpaceVariable}. */
export interface SpaceVariableArgs {
  /** The full name of the Space: `namespace/name`. A change replaces the resource. */
  space: pulumi.Input<string>;
  /**
   * The name of the environment variable in the Space: a letter, followed by letters, digits and `_`; at most 200 characters. It is
   * case-sensitive. A change replaces the resource.
   */
  key: pulumi.Input<string>;
  /**
   * The value. Everyone who may see the Space can read it, so it must not be a secret: use a {@link SpaceSecret} for that. A value that contains
   * a token of the Hub is refused. Changed in place.
   */
  value: pulumi.Input<string>;
  /**
   * A description, at most 500 characters. Everyone who may see the Space can read it. Default: none; a description that someone adds on the Hub
   * is removed. Changed in place.
   */
  description?: pulumi.Input<string>;
  /**
   * Why an existing variable with another value may be overwritten, or one that someone changed or deleted on the Hub may be set again, 1 to 500
   * characters. It is used once: a later change on the Hub needs a new reason. Default: none. Changed in place.
   */
  acknowledgeOverwrite?: pulumi.Input<string>;
}

const shape = shapeOf<SpaceVariableArgs>()(spaceVariableModel);

/**
 * Manages a variable of a Space, which the Space reads as an environment variable (Hub: `POST /api/spaces/{namespace}/{name}/variables`). It needs
 * a token with write access to the Space. The Hub restarts the Space after each change.
 *
 * Everyone who may see the Space can read its variables. Use a {@link SpaceSecret} for a secret.
 *
 * A variable that someone changed or deleted on the Hub is set again only with a new reason in `acknowledgeOverwrite`. A different Space under the
 * same name gets the variable only with a reason that was given after a run has reported the Space; a Space that was moved is refused.
 *
 * A creation sets a new variable, or adopts an existing one with the declared value; it overwrites another value only with a reason in
 * `acknowledgeOverwrite`. It fails if the Space has a secret with this key. A destroy deletes the variable, unless a different Space has the name.
 *
 * @example
 * ```ts
 * new SpaceVariable("model", { space: "acme/demo-space", key: "MODEL", value: "acme/llm" });
 * ```
 */
export class SpaceVariable extends HubResource {
  /** The full name of the Space. */
  declare readonly space: pulumi.Output<string>;
  /** The name of the environment variable. */
  declare readonly key: pulumi.Output<string>;
  /** The value. Absent after a refresh that did not find the variable. */
  declare readonly value: pulumi.Output<string | undefined>;
  /** The description. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** `active`, or `missing` if the Space does not have the variable, or does not exist. */
  declare readonly status: pulumi.Output<"active" | "missing">;

  constructor(name: string, args: SpaceVariableArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Looks up a variable without managing it.
   *
   * @param name - the name of the resource in the program
   * @param id - `namespace/name/KEY`
   * @throws if the Space does not have the variable, or the credentials cannot see the Space
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): SpaceVariable {
    return new SpaceVariable(name, {} as SpaceVariableArgs, { ...options, id });
  }
}

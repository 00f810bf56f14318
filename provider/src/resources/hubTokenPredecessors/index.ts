import type * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { hubTokenPredecessorsModel, type KnownPredecessor, type PredecessorsInputs } from "./model";

export { type KnownPredecessor } from "./model";

/** Arguments of {@link HubTokenPredecessors}: all come from the token that it belongs to. */
export interface HubTokenPredecessorsArgs {
  organization?: pulumi.Input<string>;
  serviceAccount?: pulumi.Input<string>;
  owner: pulumi.Input<string>;
  /** The current token, which is never touched here. */
  tokenId: pulumi.Input<string>;
  /** Of the current token. While someone has ended it, its predecessors stay. Default: active. */
  status?: pulumi.Input<PredecessorsInputs["status"]>;
  predecessors: pulumi.Input<KnownPredecessor[]>;
  overlapHours?: pulumi.Input<number>;
  idleMinutes?: pulumi.Input<number>;
  revokeStrays?: pulumi.Input<boolean>;
}

const shape = shapeOf<HubTokenPredecessorsArgs>()(hubTokenPredecessorsModel);

/**
 * What comes after a rotation: the child of each `HubToken` that revokes its predecessors, and reports strays. Its own end revokes no
 * predecessor: that is left to the token's deletion. It holds ids, never values. Programs do not declare it themselves.
 *
 * @internal
 */
export class HubTokenPredecessors extends HubResource {
  /** Predecessors that the Hub still accepts, as of the last `up` or refresh. */
  declare readonly pending: pulumi.Output<KnownPredecessor[]>;

  constructor(name: string, args: HubTokenPredecessorsArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }
}

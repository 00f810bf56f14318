import type * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { hubTokenPredecessorsModel, type KnownPredecessor, type PredecessorsInputs } from "./model";

export { type KnownPredecessor } from "./model";

/** Arguments of {@link HubTokenPredecessors}. All come from the token that it belongs to. */
export interface HubTokenPredecessorsArgs {
  organization?: pulumi.Input<string>;
  serviceAccount?: pulumi.Input<string>;
  owner: pulumi.Input<string>;
  /** The current token, which this resource never changes. */
  tokenId: pulumi.Input<string>;
  /** The status of the current token. While it is revoked or missing, its predecessors stay valid. Default: active. */
  status?: pulumi.Input<PredecessorsInputs["status"]>;
  predecessors: pulumi.Input<KnownPredecessor[]>;
  overlapHours?: pulumi.Input<number>;
  idleMinutes?: pulumi.Input<number>;
  revokeStrays?: pulumi.Input<boolean>;
}

const shape = shapeOf<HubTokenPredecessorsArgs>()(hubTokenPredecessorsModel);

/**
 * Revokes the predecessors of a `HubToken` after a rotation, and reports strays. Each `HubToken` creates one as its child; programs never
 * declare it. Its deletion does not revoke predecessors: the deletion of the token does. It keeps ids, never values.
 *
 * @internal
 */
export class HubTokenPredecessors extends HubResource {
  /** The predecessors that the Hub still accepts, as of the last `pulumi up` or refresh. */
  declare readonly pending: pulumi.Output<KnownPredecessor[]>;

  constructor(name: string, args: HubTokenPredecessorsArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }
}

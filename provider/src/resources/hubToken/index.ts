import type * as pulumi from "@pulumi/pulumi";
import { type RepoPermission } from "../../client";
import { ConfigurationError } from "../../client/environment";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { underMocks } from "../../program/mocks";
import { programError } from "../../program/programError";
import { type Permission } from "../../rules/permissions";
import { HubTokenPredecessors, type KnownPredecessor } from "../hubTokenPredecessors";
import { hubTokenModel, type TokenStatus, VALUE_UNKNOWN } from "./model";

export { type TokenStatus } from "./model";

/** Arguments that both kinds of token share. */
export interface TokenArgs {
  /**
   * The token's name, 1 to 84 characters. On the Hub it is followed by a mark, `<name> [<owner>-<random>]`, by which
   * the library knows its own tokens. A change renames a service account's token in place, and gives a user's own token
   * a successor, since the Hub cannot rename it. The name is no secret: messages and other outputs show it, also if it is declared as one.
   */
  name: pulumi.Input<string>;
  /** Age in days (1 to 3650) at which a successor falls due. Default: never. A change sends nothing. */
  rotateEveryDays?: pulumi.Input<number>;
  /**
   * Days (1 to 3650) before an end that the Hub itself has set at which a successor falls due. Default: no such rotation.
   * Before an end that you declared with `expiresAt` there is only a warning: a successor would end at the same moment. An end
   * that the Hub sets or moves after the token was issued is noticed by a refresh.
   */
  rotateBeforeDays?: pulumi.Input<number>;
  /**
   * Any change of these values gives the token a successor in the next `up`, unless someone has revoked the token. Values that no earlier
   * run has seen also issue a revoked token again, and give back what someone has taken from it on the Hub. Values that return do not.
   * Default: none.
   */
  rotationTriggers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Hours (0 to 8760) for which the predecessor stays valid after a rotation. Default 24. A change sends nothing. */
  overlapHours?: pulumi.Input<number>;
  /**
   * Minutes (0 to 525600) for which the predecessor must not have been used before it is revoked; 0 asks nothing. Default
   * 60. A change sends nothing.
   */
  idleMinutes?: pulumi.Input<number>;
  /**
   * Issues a new token if this one was revoked, has expired or has vanished on the Hub. Default false: someone may have
   * revoked it on purpose, so there is only a warning and the output `status`. The new token does not get what someone has taken from the
   * old one; to widen it again, change `rotationTriggers`. Fails if the service account is gone. For another service account, one that was
   * revoked is not issued again without this or a new value of `rotationTriggers` either.
   */
  recreateIfInvalid?: pulumi.Input<boolean>;
  /**
   * Revokes strays: tokens that carry this resource's mark, are not in its state, and were never used, as an interrupted creation leaves
   * them. Only `pulumi up --refresh` and `pulumi destroy --refresh` do it, in a run after the one that first reported them, and only once
   * they are older than `overlapHours`. Default false: a warning reports them in each run, and you revoke them on the Hub.
   *
   * Do not set it if another state may hold a token with this mark. Its holder may not have used it yet, and would lose it. That is so after
   * `pulumi state move` or a rename with an alias, if the former name is declared again; for a token that was kept by `retainOnDelete`; and
   * for stacks in different backends that have all names in common. A change sends nothing.
   */
  revokeStrays?: pulumi.Input<boolean>;
}

/** A token of a service account: the kind that code should hold (Enterprise plan). */
export interface ServiceAccountTokenArgs extends TokenArgs {
  /** The organization's name. A change replaces the token. */
  organization: pulumi.Input<string>;
  /** The service account's id, 24 hex digits: the output `accountId` of a `ServiceAccount`. A change replaces the token. */
  serviceAccount: pulumi.Input<string>;
  /** What the token may do in the whole organization; ready-made sets are in `permissionSets`. Changed in place. */
  permissions: pulumi.Input<readonly pulumi.Input<Permission>[]>;
  /**
   * Repositories in which `repoPermissions` hold: `"acme/model"`, `"datasets/acme/d"`, `"spaces/acme/s"`, or a repository's
   * id of 24 hex digits. Buckets and kernels by their id only: the Hub cannot be asked for it by name. Default none. Changed
   * in place. The token gets access to the repository that a name leads to when it is first declared, or when `rotationTriggers` has a new
   * value. A repository that was moved is refused under its former name.
   */
  repos?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** What the token may do in `repos`: repo.content.read, repo.write. Default none. Changed in place. */
  repoPermissions?: pulumi.Input<readonly pulumi.Input<RepoPermission>[]>;
  /**
   * At most 20 patterns of inference endpoints that the token may call, each 1 to 256 characters without `.`, `?`, `\`,
   * parentheses, brackets and braces. Default: any. Changed in place.
   */
  endpointPatterns?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Whether the organization's network rules do not hold for this token. `true` needs the Enterprise Plus plan. Default
   * false. Changed in place.
   */
  skipNetworkSecurity?: pulumi.Input<boolean>;
  /** Not for a service account's token: its `permissions` say what it may do. */
  role?: undefined;
  /** Not for a service account's token: the Hub sets its end. */
  expiresAt?: undefined;
}

/** A token of the user whose token the provider has. Works on a Hub with the extended API only. */
export interface UserTokenArgs extends TokenArgs {
  /** read, write or admin. Default read. A change gives the token a successor. */
  role?: pulumi.Input<"read" | "write" | "admin">;
  /** When the token ends: a date and time with a zone, as `2027-01-31T00:00:00Z`. Default: never. A change gives the token a successor. */
  expiresAt?: pulumi.Input<string>;
  /** For a service account's token only. */
  organization?: undefined;
  /** For a service account's token only. */
  serviceAccount?: undefined;
  /** For a service account's token only. */
  permissions?: undefined;
  /** For a service account's token only. */
  repos?: undefined;
  /** For a service account's token only. */
  repoPermissions?: undefined;
  /** For a service account's token only. */
  endpointPatterns?: undefined;
  /** For a service account's token only. */
  skipNetworkSecurity?: undefined;
}

/** Arguments of a {@link HubToken}: with `organization` and `serviceAccount` a service account's token, without a user's own. */
export type HubTokenArgs = ServiceAccountTokenArgs | UserTokenArgs;

const shape = shapeOf<HubTokenArgs>()(hubTokenModel);

/**
 * An access token of a service account (Hub: `…/service-accounts/{id}/tokens`, Enterprise plan) or of the user whose token
 * the provider has (Hub: `/api/settings/tokens`, extended API).
 *
 * A rotation is an in-place update: the id names the slot and stays, dependents get the successor, and the predecessor is
 * revoked in the first `pulumi up` after `overlapHours` in which it has not been used for `idleMinutes`. It falls due by the
 * clock, in a plain preview or up, unless the stack's `huggingface:rotation` is `defer`.
 *
 * Tokens are known by the owner's mark in their names, which comes from the names of project, stack and resource. Two stacks
 * with the same names in different backends that manage tokens of one account therefore need a different `huggingface:owner`
 * each, set before the first `up`. Without it, each reports the other's tokens as strays, and revokes those that were never used if
 * `revokeStrays` is set.
 *
 * The token's value is an encrypted output. It is kept over refreshes and shown nowhere.
 *
 * For each token that you declare, a plan shows a second resource of the same name, its child of the type `HubTokenPredecessors`. It is
 * created with the token, and updated with each rotation and once more when the predecessor's overlap is over: that update revokes
 * the predecessor. It also reports strays (see `revokeStrays`). Removing the child alone, for example with `pulumi destroy --target`, revokes
 * no predecessor: only the token's own deletion does. If you keep the token with `retainOnDelete`, its predecessors stay valid too. The child
 * holds ids, never values, and you never declare it.
 *
 * `protect: true` keeps the token from being removed. A destroy that it refuses may remove the child from the state; the next `pulumi up`
 * creates it again.
 *
 * @example
 * ```ts
 * const account = new ServiceAccount("ci", { organization: "acme", name: "ci" });
 * const token = new HubToken("ci", {
 *   organization: "acme",
 *   serviceAccount: account.accountId,
 *   name: "ci",
 *   permissions: [...permissionSets.readRepositories],
 *   rotateEveryDays: 30,
 * });
 * export const value = token.token;
 * ```
 */
export class HubToken<Value extends string | undefined = string> extends HubResource {
  /** The token's name, without the mark. */
  declare readonly name: pulumi.Output<string>;
  /** The organization of a service account's token. */
  declare readonly organization: pulumi.Output<string | undefined>;
  /** The id of the service account that the token belongs to. */
  declare readonly serviceAccount: pulumi.Output<string | undefined>;
  /** What a service account's token may do in the whole organization. */
  declare readonly permissions: pulumi.Output<Permission[] | undefined>;
  /** The role of a user's own token. */
  declare readonly role: pulumi.Output<"read" | "write" | "admin" | undefined>;
  /**
   * The value, encrypted in the state. After a look-up with `get` it is `undefined`, because the Hub shows a value only once. For the
   * same reason a token that was imported has no value until its first rotation: `pulumi up` fails if something uses it before. In
   * unit tests with mocks, it is what the mock returns.
   */
  declare readonly token: pulumi.Output<Value>;
  /** The Hub's id of the current token; for a user's own token, which has none, its full name on the Hub. */
  declare readonly tokenId: pulumi.Output<string>;
  /** The current token's name on the Hub, with the mark. */
  declare readonly hubName: pulumi.Output<string>;
  /** The last four characters of the value, as the Hub shows them. */
  declare readonly last4: pulumi.Output<string | undefined>;
  /** When the current token was issued (ISO 8601, UTC). */
  declare readonly createdAt: pulumi.Output<string>;
  /** When a successor falls due (ISO 8601, UTC); `undefined` if nothing asks for one. */
  declare readonly rotateAt: pulumi.Output<string | undefined>;
  /** When the token ends (ISO 8601); `undefined` for never. */
  declare readonly expiresAt: pulumi.Output<string | undefined>;
  /** Whether the Hub itself ends the token at `expiresAt`. */
  declare readonly expiryEnforced: pulumi.Output<boolean>;
  /** Whether the Hub accepts the token, as of the last `up` or refresh. */
  declare readonly status: pulumi.Output<TokenStatus>;
  /** The owner's mark: eight hex digits that the names of this resource's tokens on the Hub carry. */
  declare readonly owner: pulumi.Output<string>;
  /** Tokens that this one has succeeded and that the Hub still accepted when it did: their ids, never values. */
  declare readonly predecessors: pulumi.Output<KnownPredecessor[]>;

  constructor(name: string, args: HubTokenArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
    if (options?.id === undefined) {
      const { token } = this;
      // On use only, so that a token that was imported can wait for its rotation.
      Object.defineProperty(this, "token", { enumerable: true, get: () => token.apply(knownValue(name)) });
      // A child, because an update of the token itself would make `token` unknown to its dependents in a preview.
      new HubTokenPredecessors(
        name,
        {
          organization: args.organization,
          serviceAccount: args.serviceAccount,
          tokenId: this.tokenId,
          status: this.status,
          predecessors: this.predecessors,
          overlapHours: args.overlapHours,
          idleMinutes: args.idleMinutes,
          owner: this.owner,
          revokeStrays: args.revokeStrays,
        },
        // Its end costs nothing: protected, it would need a second `pulumi state unprotect`; retained, it could not report what is left.
        { parent: this, retainOnDelete: false, protect: false },
      );
    }
  }

  /**
   * Looks a token up, without managing it: by `organization/accountId/slot` or `user/slot`, where the slot is the owner's
   * mark (eight hex digits), the Hub's id of a token, or the exact name of a user's own token. The value stays unknown.
   *
   * @throws when there is no such token, or the credentials cannot see it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): HubToken<string | undefined> {
    return new HubToken<string | undefined>(name, {} as HubTokenArgs, { ...options, id });
  }
}

/** Fails whatever would use a value that is not there: a secret elsewhere could lose what it holds. A unit test need not give one. */
function knownValue(name: string): <Value>(value: Value) => Value {
  return (value) => {
    if (value === undefined && !underMocks()) {
      throw programError(new ConfigurationError(`HubToken "${name}": ${VALUE_UNKNOWN}`));
    }
    return value;
  };
}

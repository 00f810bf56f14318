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

/** Arguments that both kinds of {@link HubToken} share. */
export interface TokenArgs {
  /**
   * The token's name, 1 to 84 characters without control characters; a user's own token also without slashes and backslashes. On the Hub, a mark
   * follows the name: `<name> [<owner>-<random>]`. It identifies the tokens of this resource. A change renames a service account's token in
   * place. A user's own token gets a successor instead, because the Hub cannot rename it. Do not put a secret into the name: messages and
   * other outputs show it, even if the program marks it as secret.
   */
  name: pulumi.Input<string>;
  /**
   * The age, in whole days (1 to 3650), at which the token gets a successor. Default: no rotation by age. A change is made in place and sends
   * nothing to the Hub.
   */
  rotateEveryDays?: pulumi.Input<number>;
  /**
   * How many whole days (1 to 3650) before it expires the token gets a successor, if the Hub set the expiry. Default: no such rotation. If you declared
   * the expiry yourself with `expiresAt`, there is only a warning, because a successor would expire at the same time. A refresh detects an
   * expiry that the Hub sets or moves later. A change is made in place and sends nothing to the Hub.
   */
  rotateBeforeDays?: pulumi.Input<number>;
  /**
   * Values that trigger a rotation when they change. With any change, the next `pulumi up` issues a successor, unless someone revoked the
   * token. Values that no earlier run has seen also issue a revoked token again, and widen a token that someone narrowed on the Hub. Values
   * that were used before do not. Default: none.
   */
  rotationTriggers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * How many hours (0 to 8760) the predecessor stays valid after a rotation. Default: 24. A change is made in place and applies to
   * predecessors that are still valid.
   */
  overlapHours?: pulumi.Input<number>;
  /**
   * How many minutes (0 to 525600) the predecessor must have been idle before it is revoked. With 0, its last use does not matter.
   * Default: 60. A change is made in place and applies to predecessors that are still valid.
   */
  idleMinutes?: pulumi.Input<number>;
  /**
   * Whether to issue a new token if this one was revoked or has expired. Default: false, because someone may have revoked it on purpose;
   * there is only a warning and the output `status`. The new token has no more access than the old one: if someone narrowed the old token on
   * the Hub, give `rotationTriggers` a new value to widen it again. The update fails if the service account no longer exists. If you change
   * `serviceAccount`, a token that was revoked is also issued again only with this argument or a new value of `rotationTriggers`.
   */
  recreateIfInvalid?: pulumi.Input<boolean>;
  /**
   * Whether to revoke strays that were never used. A stray is a token with this resource's mark that is not in its state, for example from
   * an interrupted creation. Strays are revoked only by `pulumi up --refresh` and `pulumi destroy --refresh`, in a later run than the one that
   * first reported them, and only if they are older than `overlapHours`. Default: false; a warning reports them in each run, and you revoke
   * them on the Hub. A change is made in place.
   *
   * Do not set this if another state may have a token with this mark: the token would be revoked if it has not been used yet. This can
   * happen after `pulumi state move` or a rename with an alias, if the program declares the old name again; with a token that
   * `retainOnDelete` kept; and with stacks in different backends whose project, stack and resource names are all the same.
   */
  revokeStrays?: pulumi.Input<boolean>;
}

/** Arguments of a {@link HubToken} for a service account (Enterprise plan). Use this kind of token for code. */
export interface ServiceAccountTokenArgs extends TokenArgs {
  /** The organization's name. A change replaces the token. */
  organization: pulumi.Input<string>;
  /** The id of the service account, 24 hex digits: the output `accountId` of a `ServiceAccount`. A change replaces the token. */
  serviceAccount: pulumi.Input<string>;
  /**
   * What the token may do in the whole organization, as a list of the Hub's permissions. `permissionSets` has ready-made lists. Changed in
   * place; a permission that someone removed on the Hub is added again only with a new value of `rotationTriggers`.
   */
  permissions: pulumi.Input<readonly pulumi.Input<Permission>[]>;
  /**
   * The repositories to which `repoPermissions` apply: `"acme/model"`, `"datasets/acme/d"`, `"spaces/acme/s"`, or a repository's id of 24 hex
   * digits. Buckets and kernels need the id, because the Hub cannot find theirs by name. Default: none. Changed in place. A name is resolved
   * to an id when it is first declared, and again when `rotationTriggers` gets a new value; the token has access to that id only. The former
   * name of a moved repository is refused.
   */
  repos?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** What the token may do in `repos`: a list of `repo.content.read` and `repo.write`. Required with `repos`. Default: none. Changed in place. */
  repoPermissions?: pulumi.Input<readonly pulumi.Input<RepoPermission>[]>;
  /**
   * The inference endpoints that the token may call: at most 20 patterns, each 1 to 256 characters without `.`, `?`, backslashes, parentheses,
   * brackets and braces. Default: any endpoint. Changed in place.
   */
  endpointPatterns?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Whether this token is exempt from the organization's network rules. `true` needs the Enterprise Plus plan. Default: false. Changed in
   * place.
   */
  skipNetworkSecurity?: pulumi.Input<boolean>;
  /** Only for a user's own token. Use `permissions` instead. */
  role?: undefined;
  /** Only for a user's own token. The Hub sets the expiry of a service account's token. */
  expiresAt?: undefined;
}

/** Arguments of a {@link HubToken} for the user whose token the provider uses. It needs a Hub with the extended API. */
export interface UserTokenArgs extends TokenArgs {
  /** The token's role: `read`, `write` or `admin`. Default: `read`. With a change, the token gets a successor. */
  role?: pulumi.Input<"read" | "write" | "admin">;
  /**
   * When the token expires: a date and time with a time zone, such as `2027-01-31T00:00:00Z`, in the future when it is sent. Default: never.
   * With a change, the token gets a successor.
   */
  expiresAt?: pulumi.Input<string>;
  /** Only for a service account's token. */
  organization?: undefined;
  /** Only for a service account's token. */
  serviceAccount?: undefined;
  /** Only for a service account's token. */
  permissions?: undefined;
  /** Only for a service account's token. */
  repos?: undefined;
  /** Only for a service account's token. */
  repoPermissions?: undefined;
  /** Only for a service account's token. */
  endpointPatterns?: undefined;
  /** Only for a service account's token. */
  skipNetworkSecurity?: undefined;
}

/** Arguments of a {@link HubToken}: with `organization` and `serviceAccount` for a service account, without them for the user. */
export type HubTokenArgs = ServiceAccountTokenArgs | UserTokenArgs;

const shape = shapeOf<HubTokenArgs>()(hubTokenModel);

/**
 * Issues, rotates and revokes an access token. It belongs to a service account (Hub: `/api/organizations/{org}/service-accounts/{id}/tokens`,
 * Enterprise plan) or to the user whose token the provider uses (Hub: `/api/settings/tokens`, extended API).
 *
 * A creation issues the token. Its value is the encrypted output `token`. It stays in the state over refreshes, and messages never show it.
 *
 * An update changes a service account's token in place. It widens a token that someone narrowed on the Hub only with a new value of
 * `rotationTriggers`; until then, `pulumi up` refuses the change. A rotation is an update, too: the resource id stays the same, dependents get
 * the successor's value, and the predecessor stays valid. The first `pulumi up` after `overlapHours` revokes the predecessor, if it has not
 * been used for `idleMinutes`. A preview shows a rotation that is due, and `pulumi up` does it, unless the stack's `huggingface:rotation` is `defer`.
 *
 * A delete revokes the token and its predecessors.
 *
 * The owner's mark in a token's name identifies the tokens of this resource. It comes from the names of the project, the stack and the
 * resource. If two stacks with the same names in different backends manage tokens of one account, set a different `huggingface:owner` in each
 * before the first `pulumi up`. Otherwise each stack reports the other's tokens as strays and, with `revokeStrays`, revokes those that were
 * never used.
 *
 * Each token has a child resource of the same name and the type `HubTokenPredecessors`, which a plan also shows. You never declare it. It
 * keeps the ids of the predecessors, never their values. It is updated with each rotation, and again when the overlap is over: that update
 * revokes the predecessor. It also reports strays (see `revokeStrays`). Removing only the child, for example with `pulumi destroy --target`,
 * does not revoke predecessors. If you keep the token with `retainOnDelete`, its predecessors stay valid too.
 *
 * `protect: true` prevents the deletion of the token. A refused destroy may remove the child from the state; the next `pulumi up` creates it
 * again.
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
  /** The organization of a service account's token; `undefined` for a user's own token. */
  declare readonly organization: pulumi.Output<string | undefined>;
  /** The id of the service account that the token belongs to; `undefined` for a user's own token. */
  declare readonly serviceAccount: pulumi.Output<string | undefined>;
  /** What a service account's token may do in the whole organization; `undefined` for a user's own token. */
  declare readonly permissions: pulumi.Output<Permission[] | undefined>;
  /** The role of a user's own token; `undefined` if none is declared, which means `read`. */
  declare readonly role: pulumi.Output<"read" | "write" | "admin" | undefined>;
  /**
   * The token's value, encrypted in the state. The Hub shows a value only once, so it is `undefined` after a lookup with `get`. An imported
   * token has no value until its first rotation, and `pulumi up` fails if something uses it before. In unit tests with mocks, it is the value
   * that the mock returns.
   */
  declare readonly token: pulumi.Output<Value>;
  /** The Hub's id of the current token. A user's own token has no id, so this is its full name on the Hub. */
  declare readonly tokenId: pulumi.Output<string>;
  /** The current token's name on the Hub, including the mark. */
  declare readonly hubName: pulumi.Output<string>;
  /** The last four characters of the value, as shown on the Hub. */
  declare readonly last4: pulumi.Output<string | undefined>;
  /** When the current token was issued (ISO 8601, UTC). */
  declare readonly createdAt: pulumi.Output<string>;
  /** When the token gets a successor (ISO 8601, UTC); `undefined` if no rotation is scheduled. */
  declare readonly rotateAt: pulumi.Output<string | undefined>;
  /** When the token expires (ISO 8601); `undefined` if it never expires. */
  declare readonly expiresAt: pulumi.Output<string | undefined>;
  /** Whether the Hub itself enforces `expiresAt`. */
  declare readonly expiryEnforced: pulumi.Output<boolean>;
  /** Whether the Hub accepts the token: `active`, `revoked`, `expired` or `missing`, as of the last `pulumi up` or refresh. */
  declare readonly status: pulumi.Output<TokenStatus>;
  /** The owner's mark: eight hex digits in the names of this resource's tokens on the Hub. */
  declare readonly owner: pulumi.Output<string>;
  /** The predecessors that the Hub still accepted at the last rotation: for each its id (`tokenId`) and when its successor was issued (`supersededAt`), never its value. */
  declare readonly predecessors: pulumi.Output<KnownPredecessor[]>;

  constructor(name: string, args: HubTokenArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
    if (options?.id === undefined) {
      const { token } = this;
      // It fails only on use, so that an imported token can wait for its rotation.
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
        // Deleting it is harmless. `protect` would need a second `pulumi state unprotect`; `retainOnDelete` would skip its report.
        { parent: this, retainOnDelete: false, protect: false },
      );
    }
  }

  /**
   * Looks up an existing token without managing it. The output `token` is `undefined`.
   *
   * @param name - the name of the resource in the program
   * @param id - `organization/accountId/slot` or `user/slot`. The slot is the owner's mark (eight hex digits), the Hub's id of the token, or
   *   the exact name of a user's own token
   * @throws if the token does not exist, or the credentials cannot see it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): HubToken<string | undefined> {
    return new HubToken<string | undefined>(name, {} as HubTokenArgs, { ...options, id });
  }
}

/** Fails if something uses a missing value, which could overwrite a secret elsewhere. Unit tests with mocks may omit the value. */
function knownValue(name: string): <Value>(value: Value) => Value {
  return (value) => {
    if (value === undefined && !underMocks()) {
      throw programError(new ConfigurationError(`HubToken "${name}": ${VALUE_UNKNOWN}`));
    }
    return value;
  };
}

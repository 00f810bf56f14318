import type * as pulumi from "@pulumi/pulumi";
import { type ConfigurableRepoType, type Gated, type Visibility } from "../../client/types";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { repoVisibilityModel, type RepoVisibilityStatus } from "./model";

export { type RepoVisibilityStatus } from "./model";

/** What all arguments of a {@link RepoVisibility} have in common. */
export interface RepoVisibilityCommonArgs {
  /** "namespace/name". The repository has to exist. A change replaces the resource. */
  repo: pulumi.Input<string>;
  /** model, dataset, space or bucket. Default model. A change replaces the resource. */
  repoType?: pulumi.Input<ConfigurableRepoType>;
  /**
   * How access is granted: false (immediately), auto (on request) or manual (by approval); models and datasets only. Default: left
   * alone. Changed in place. If the Hub does not say what is set, nothing is loosened.
   */
  gated?: pulumi.Input<Gated>;
  /**
   * What a destroy does on the Hub: `retain` leaves the repository as it is, `private` makes it private. It is never deleted or widened,
   * and another repository that has taken the name meanwhile is left alone. Default retain.
   */
  onDestroy?: pulumi.Input<"retain" | "private">;
  /**
   * Whether a refresh may pass although the Hub does not show these credentials that outsiders see no more than declared, as of a Space
   * whose organization they may not list. It then warns and shows what was last applied. Default false: the refresh fails and names the
   * missing right. Changed in place.
   */
  acceptUnseen?: pulumi.Input<boolean>;
}

/** Arguments of a {@link RepoVisibility} that only members of the organization see. */
export interface RepoVisibilityMembersArgs extends RepoVisibilityCommonArgs {
  /** private, or internal: all members of the organization (only on a Hub that offers it; not for buckets). Changed in place. */
  visibility: pulumi.Input<"private" | "internal">;
  /**
   * A reason that no run has seen before lets `up` widen the repository again after someone narrowed it on the Hub, or after another
   * repository has taken its name. 1 to 500 characters, unencrypted in the state. Default none.
   */
  acknowledgePublic?: pulumi.Input<string>;
  /** The short form of `visibility`: give one of the two. */
  private?: undefined;
}

/** Arguments of a {@link RepoVisibility} that outsiders may see, or whose visibility only the run knows. */
export interface RepoVisibilityOpenArgs extends RepoVisibilityCommonArgs {
  /**
   * public, or protected: everyone can use the Space, and only members see its code (Spaces only). A variable of the type
   * {@link Visibility} goes here too. Changed in place.
   */
  visibility: pulumi.Input<Visibility>;
  /**
   * Why outsiders may see the repository, 1 to 500 characters, unencrypted in the state. Required with public and protected; the
   * check refuses `undefined` for these unless the stack has that visibility already, as with the option `ignoreChanges`. If someone
   * narrowed the repository on the Hub, `up` refuses to widen it again until it is given a reason that no run has seen before.
   */
  acknowledgePublic: pulumi.Input<string> | undefined;
  /** The short form of `visibility`: give one of the two. */
  private?: undefined;
}

/** Arguments of a {@link RepoVisibility} in the short form for private. */
export interface RepoVisibilityPrivateArgs extends RepoVisibilityCommonArgs {
  /** Short form of `visibility: "private"`. */
  private: pulumi.Input<true>;
  /** As with `visibility`. */
  acknowledgePublic?: pulumi.Input<string>;
  /** The long form of `private`: give one of the two. */
  visibility?: undefined;
}

/** Arguments of a {@link RepoVisibility} in the short form for public, or if only the run knows which. */
export interface RepoVisibilityNotPrivateArgs extends RepoVisibilityCommonArgs {
  /** Short form: false for `visibility: "public"`, true for `"private"`. */
  private: pulumi.Input<boolean>;
  /** Why outsiders may see the repository: required with `private: false`, as with `visibility`. */
  acknowledgePublic: pulumi.Input<string> | undefined;
  /** The long form of `private`: give one of the two. */
  visibility?: undefined;
}

/**
 * Arguments of a {@link RepoVisibility}: `visibility` or its short form `private`, and the reason `acknowledgePublic` if outsiders
 * may see the repository.
 */
export type RepoVisibilityArgs =
  | RepoVisibilityPrivateArgs
  | RepoVisibilityNotPrivateArgs
  | RepoVisibilityMembersArgs
  | RepoVisibilityOpenArgs;

const shape = shapeOf<RepoVisibilityArgs>()(repoVisibilityModel);

/**
 * Who can see a repository (Hub: `PUT /api/{models|datasets|spaces}/{namespace}/{name}/settings`, and for buckets
 * `/api/buckets/…`). From the fewest to all: private, internal, protected, public.
 *
 * Narrowing is always done; widening again what someone narrowed on the Hub is refused until `acknowledgePublic` has a new reason.
 * A repository that is gone stays in the state, with `status` missing. Another repository that takes its name is reported, made
 * narrower if it has to be, and made wider only for a reason that is given after that report. A destroy never deletes the repository.
 *
 * Only credentials that may list the organization's repositories (a member's, or the permission `org.read`) are told whether one that
 * is not public is private, internal or protected. Without that right, a refresh of a Space that must not be open to outsiders fails, as
 * does that of a repository of which nothing is told, unless `acceptUnseen` is true; otherwise a refresh warns.
 *
 * @example
 * ```ts
 * new RepoVisibility("llm", { repo: "acme/llm", visibility: "private" });
 * new RepoVisibility("demo", { repo: "acme/demo", repoType: "space", visibility: "public", acknowledgePublic: "product page" });
 * ```
 */
export class RepoVisibility extends HubResource {
  /** "namespace/name". */
  declare readonly repo: pulumi.Output<string>;
  /** model, dataset, space or bucket. */
  declare readonly repoType: pulumi.Output<ConfigurableRepoType>;
  /** Who sees it. */
  declare readonly visibility: pulumi.Output<Visibility>;
  /** How access is granted; `undefined` if that is left alone, or, after a look-up, if the Hub does not say. */
  declare readonly gated: pulumi.Output<Gated | undefined>;
  /** Why outsiders may see it; `undefined` if no reason was given. */
  declare readonly acknowledgePublic: pulumi.Output<string | undefined>;
  /**
   * active, or missing if the last refresh or update found no such repository: then nothing is sent and a warning says so. One that
   * appears later is managed again, and is not widened automatically.
   */
  declare readonly status: pulumi.Output<RepoVisibilityStatus>;

  constructor(name: string, args: RepoVisibilityArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Looks a repository's visibility up by `repoType/namespace/name`, without managing it. If the Hub only says that it is not public, the
   * result is the widest that it may be, and a warning says so.
   *
   * @throws when there is no such repository, the credentials cannot see it, or nothing tells whether it is public
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): RepoVisibility {
    return new RepoVisibility(name, {} as RepoVisibilityArgs, { ...options, id });
  }
}

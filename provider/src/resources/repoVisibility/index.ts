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
   * alone. Changed in place. If the Hub does not say what is set, only `manual` is sent.
   */
  gated?: pulumi.Input<Gated>;
  /** What a destroy does on the Hub: `retain` leaves the repository as it is, `private` makes it private. It is never deleted or widened. Default retain. */
  onDestroy?: pulumi.Input<"retain" | "private">;
}

/** Arguments of a {@link RepoVisibility} that only members of the organization see. */
export interface RepoVisibilityMembersArgs extends RepoVisibilityCommonArgs {
  /** private, or internal: all members of the organization (only on a Hub that offers it; not for buckets). Changed in place. */
  visibility: pulumi.Input<"private" | "internal">;
  /**
   * A new reason lets `up` widen the repository again after someone narrowed it on the Hub. 1 to 500 characters, unencrypted in
   * the state. Default none.
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
   * check refuses `undefined` for these, and allows it for private and internal. If someone narrowed the repository on the Hub, `up`
   * refuses to widen it again until this reason changes.
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
 * Narrowing is always done; widening again what someone narrowed on the Hub is refused until `acknowledgePublic` changes.
 * A repository that is gone stays in the state, with `status` missing. A destroy never deletes the repository.
 *
 * Only credentials that may list the organization's repositories are told whether one that is not public is private, internal or
 * protected; without that right such a drift is not seen. If nothing tells who sees a repository, it can be made private and
 * nothing else.
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
   * reappears is managed again, and is not widened automatically if it is narrower than before.
   */
  declare readonly status: pulumi.Output<RepoVisibilityStatus>;

  constructor(name: string, args: RepoVisibilityArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Looks a repository's visibility up by `repoType/namespace/name`, without managing it.
   *
   * @throws when there is no such repository, or the credentials cannot see it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): RepoVisibility {
    return new RepoVisibility(name, {} as RepoVisibilityArgs, { ...options, id });
  }
}

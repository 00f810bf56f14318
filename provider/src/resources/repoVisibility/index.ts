import type * as pulumi from "@pulumi/pulumi";
import { type ConfigurableRepoType, type Gated, type Visibility } from "../../client/types";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { repoVisibilityModel, type RepoVisibilityStatus } from "./model";

export { type RepoVisibilityStatus } from "./model";

/** Arguments that all forms of {@link RepoVisibilityArgs} share. */
export interface RepoVisibilityCommonArgs {
  /** The repository, as `namespace/name`. It must exist. A change replaces the resource, and leaves the old repository as `onDestroy` says. */
  repo: pulumi.Input<string>;
  /** The type of the repository: `model`, `dataset`, `space` or `bucket`. Default: `model`. A change replaces the resource. */
  repoType?: pulumi.Input<ConfigurableRepoType>;
  /**
   * How people get access to the files of a model or dataset: `false` (immediately), `"auto"` (on request) or `"manual"` (after approval).
   * Default: not managed. Changed in place. If the Hub does not show the current value, only `"manual"` can be set. The first
   * declared value is applied without a reason, even if it loosens. If someone tightened it on the Hub, `pulumi up` loosens it again only with a new reason in `acknowledgePublic`.
   */
  gated?: pulumi.Input<Gated>;
  /**
   * What a delete does on the Hub: `"retain"` leaves the repository unchanged, `"private"` makes it private. The repository is never deleted
   * or widened, and a different repository that has taken its name is not changed. Default: `"retain"`. Changed in place.
   */
  onDestroy?: pulumi.Input<"retain" | "private">;
  /**
   * Whether a refresh succeeds if the credentials do not show who can see the repository, so that it may be wider than declared. This happens, for example, with a Space in an organization whose repositories they cannot list. With `true`, the refresh warns and shows the values that were last applied.
   * With `false`, the default, it fails and names the missing permission. Changed in place.
   */
  acceptUnseen?: pulumi.Input<boolean>;
}

/** Arguments of a {@link RepoVisibility} for a repository that only members of the organization can see. */
export interface RepoVisibilityMembersArgs extends RepoVisibilityCommonArgs {
  /**
   * Who can see the repository: `"private"`, or `"internal"` for all members of the organization (not for buckets, and only on a Hub that
   * supports it). Changed in place.
   */
  visibility: pulumi.Input<"private" | "internal">;
  /**
   * The reason to widen the repository again after someone narrowed it on the Hub, or after a different repository took its name: 1 to 500
   * characters. It counts only if no earlier run has seen it. The state stores it unencrypted. Default: none. Changed in place.
   */
  acknowledgePublic?: pulumi.Input<string>;
  /** The short form of `visibility`. Give only one of the two. */
  private?: undefined;
}

/** Arguments of a {@link RepoVisibility} for a repository that outsiders can see, or whose visibility is known only at run time. */
export interface RepoVisibilityOpenArgs extends RepoVisibilityCommonArgs {
  /**
   * Who can see the repository: `"public"`, or `"protected"` for a Space that everyone can use but whose code only members can see. A variable
   * of the type {@link Visibility} is also accepted. Changed in place.
   */
  visibility: pulumi.Input<Visibility>;
  /**
   * Why outsiders may see the repository: 1 to 500 characters. The state stores it unencrypted. It is required for `"public"` and
   * `"protected"`; without it, the check fails unless the stack already has that visibility. If someone narrowed the repository on the Hub,
   * `pulumi up` refuses to widen it again until you give a reason that no run has seen before. Changed in place.
   */
  acknowledgePublic: pulumi.Input<string> | undefined;
  /** The short form of `visibility`. Give only one of the two. */
  private?: undefined;
}

/** Arguments of a {@link RepoVisibility} in the short form for a private repository. */
export interface RepoVisibilityPrivateArgs extends RepoVisibilityCommonArgs {
  /** The short form of `visibility: "private"`. Changed in place. */
  private: pulumi.Input<true>;
  /** The reason to loosen a gate that someone tightened on the Hub: 1 to 500 characters. It counts only if no earlier run has seen it. */
  acknowledgePublic?: pulumi.Input<string>;
  /** The long form of `private`. Give only one of the two. */
  visibility?: undefined;
}

/** Arguments of a {@link RepoVisibility} in the short form for a public repository, or if the value is known only at run time. */
export interface RepoVisibilityNotPrivateArgs extends RepoVisibilityCommonArgs {
  /** The short form of `visibility: "public"`. A boolean that is known only at run time is allowed too. Changed in place. */
  private: pulumi.Input<boolean>;
  /** Why outsiders may see the repository: 1 to 500 characters. The same rules apply as with `visibility: "public"`. */
  acknowledgePublic: pulumi.Input<string> | undefined;
  /** The long form of `private`. Give only one of the two. */
  visibility?: undefined;
}

/**
 * Arguments of a {@link RepoVisibility}: `visibility` or its short form `private`, and the reason `acknowledgePublic` if outsiders can see
 * the repository.
 */
export type RepoVisibilityArgs =
  | RepoVisibilityPrivateArgs
  | RepoVisibilityNotPrivateArgs
  | RepoVisibilityMembersArgs
  | RepoVisibilityOpenArgs;

const shape = shapeOf<RepoVisibilityArgs>()(repoVisibilityModel);

/**
 * Manages who can see an existing repository, and optionally its gate (Hub:
 * `PUT /api/{models|datasets|spaces}/{namespace}/{name}/settings`, and `/api/buckets/…` for buckets). The visibilities, from the narrowest to
 * the widest, are private, internal, protected and public.
 *
 * A creation takes over the existing repository and applies the declared settings. It fails if the repository does not exist.
 *
 * An update narrows the repository automatically. If someone narrowed it on the Hub, `pulumi up` widens it again only with a new reason in
 * `acknowledgePublic`. If the repository no longer exists, the resource stays in the state with the `status` missing. If a different
 * repository takes its name, the run reports it and narrows it if necessary, and widens it only with a reason that you give after that
 * report.
 *
 * A delete never deletes the repository; see `onDestroy`.
 *
 * Without the right to list the organization's repositories (a member's token, or the permission `org.read`), the credentials cannot see
 * whether a repository that is not public is private, internal or protected. A refresh then warns. It fails if outsiders could see more than
 * declared, for example with a Space, unless `acceptUnseen` is true.
 *
 * @example
 * ```ts
 * new RepoVisibility("llm", { repo: "acme/llm", visibility: "private" });
 * new RepoVisibility("demo", { repo: "acme/demo", repoType: "space", visibility: "public", acknowledgePublic: "product page" });
 * ```
 */
export class RepoVisibility extends HubResource {
  /** The repository, as `namespace/name`. */
  declare readonly repo: pulumi.Output<string>;
  /** The type of the repository: `model`, `dataset`, `space` or `bucket`. */
  declare readonly repoType: pulumi.Output<ConfigurableRepoType>;
  /** Who can see the repository. */
  declare readonly visibility: pulumi.Output<Visibility>;
  /** How people get access to the files; `undefined` if not managed, or if a lookup cannot see it. */
  declare readonly gated: pulumi.Output<Gated | undefined>;
  /** Why outsiders may see the repository; `undefined` if no reason is declared. */
  declare readonly acknowledgePublic: pulumi.Output<string | undefined>;
  /**
   * `active`, or `missing` if the last refresh or update did not find the repository. While it is missing, nothing is sent and each run
   * warns. A repository that appears later under this name is managed again, and is not widened automatically.
   */
  declare readonly status: pulumi.Output<RepoVisibilityStatus>;

  constructor(name: string, args: RepoVisibilityArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Looks up the visibility of a repository without managing it. If the Hub only shows that the repository is not public, the result is the
   * widest possible visibility, with a warning.
   *
   * @param name - the name of the resource in the program
   * @param id - `repoType/namespace/name`, such as `model/acme/llm`
   * @throws if the repository does not exist, the credentials cannot see it, or they cannot see whether it is public
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): RepoVisibility {
    return new RepoVisibility(name, {} as RepoVisibilityArgs, { ...options, id });
  }
}

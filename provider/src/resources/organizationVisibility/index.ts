import * as pulumi from "@pulumi/pulumi";
import { type ConfigurableRepoType, type RepoType, type Visibility } from "../../client/types";
import { shapeOf } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { organizationVisibilityModel } from "./model";

/** A repository that more people may see than {@link OrganizationVisibilityArgs.widest} allows. */
export interface VisibilityException {
  /** The repository, as `namespace/name`. */
  repo: pulumi.Input<string>;
  /** The type of the repository: `model`, `dataset`, `space`, `bucket` or `kernel`. Default: `model`. */
  repoType?: pulumi.Input<RepoType>;
  /** The widest visibility that this repository may have. An exception that is not wider than `widest` has no effect. */
  visibility: pulumi.Input<Visibility>;
  /** Why: 1 to 500 characters. The state stores it unencrypted. */
  reason: pulumi.Input<string>;
}

/** A `RepoVisibility` resource, used as an exception: its repository may have the visibility that it declares. */
export type DeclaredVisibility = pulumi.CustomResource & {
  readonly repo: pulumi.Output<string>;
  readonly repoType: pulumi.Output<ConfigurableRepoType>;
  readonly visibility: pulumi.Output<Visibility>;
};

/** A repository that more people can see than the program allows. */
export interface VisibilityViolation {
  /** The repository, as `namespace/name`. */
  repo: string;
  /** `model`, `dataset`, `space`, `bucket`, `kernel`, or a newer type. */
  repoType: string;
  /** Who can see it. A visibility that this release does not know is shown as `public`. */
  visibility: Visibility;
  /** The widest visibility that the program allows for it. */
  allowed: Visibility;
}

/** Arguments of {@link OrganizationVisibility}. */
export interface OrganizationVisibilityArgs {
  /** The organization's name. A change replaces the resource, which changes nothing on the Hub. */
  organization: pulumi.Input<string>;
  /**
   * The widest visibility that a repository of the organization may have: `"private"`, `"internal"`, `"protected"` or `"public"`, from the
   * narrowest to the widest. Default: `"private"`. Changed in place; a wider value changes nothing on the Hub.
   */
  widest?: pulumi.Input<Visibility>;
  /**
   * Repositories that may be wider: at most 1000, each once, in any order. An exception is an object, or a `RepoVisibility` resource, whose
   * repository may have the visibility that it declares. Pass each `RepoVisibility` that is wider than `widest`, so that it is applied
   * first. Default: none. Changed in place; a new exception changes nothing on the Hub.
   */
  exceptions?: pulumi.Input<pulumi.Input<VisibilityException | DeclaredVisibility>[]>;
  /**
   * What `pulumi up` does about a repository that is too wide: `"report"` only warns, `"enforce"` also narrows it, but only if an earlier run
   * or an earlier `pulumi refresh` has shown it. Default: `"report"`. Changed in place.
   */
  mode?: pulumi.Input<"report" | "enforce">;
  /** How many repositories one `pulumi up` narrows at most, a whole number from 1 to 100. Default: 10. Used only with `mode: "enforce"`. Changed in place. */
  maxChanges?: pulumi.Input<number>;
}

const shape = shapeOf<OrganizationVisibilityArgs>()(organizationVisibilityModel);

/**
 * Limits how widely visible the repositories of an organization may be, including those that no program declares: models, datasets, Spaces,
 * buckets and kernels (Hub: `GET /api/organizations/{org}/settings/repositories`, and with `mode: "enforce"` also
 * `PUT /api/{models|datasets|spaces|buckets}/{namespace}/{name}/settings`). The visibilities, from the narrowest to the widest, are private,
 * internal, protected and public.
 *
 * A creation changes nothing on the Hub; it only reports. While a repository is wider than allowed, each refresh shows `widest` with the widest
 * visibility that it found, so `pulumi preview --refresh --expect-no-changes` fails, and warns with the names of the repositories.
 *
 * With `mode: "enforce"`, an update narrows at most `maxChanges` repositories, the widest first, to the widest visibility that is allowed and
 * that their type can have. It narrows only what an earlier run or refresh has shown. It never changes kernels, repositories with a visibility
 * or a type that this release does not know, and repositories that a `RepoVisibility` of this stack declares wider; it reports them.
 *
 * Nothing is ever widened, and a destroy changes nothing on the Hub. The credentials must be a token of an administrator that sees the whole
 * organization; otherwise each step fails. The resource has no option `import`.
 *
 * @example
 * ```ts
 * const demo = new RepoVisibility("demo", { repo: "acme/demo", repoType: "space", visibility: "public", acknowledgePublic: "product page" });
 * new OrganizationVisibility("acme", {
 *   organization: "acme",
 *   widest: "private",
 *   exceptions: [demo, { repo: "acme/llm", visibility: "public", reason: "open weights" }],
 * });
 * ```
 */
export class OrganizationVisibility extends HubResource {
  /** The organization's name. */
  declare readonly organization: pulumi.Output<string>;
  /** The widest visibility that is allowed without an exception. */
  declare readonly widest: pulumi.Output<Visibility>;
  /** What an update does: `report` or `enforce`. */
  declare readonly mode: pulumi.Output<"report" | "enforce">;
  /**
   * The repositories that are wider than allowed, as of the last `pulumi up` or refresh: the widest first, then by name. At most 100, or fewer
   * if their names are long; see `violationCount`.
   */
  declare readonly violations: pulumi.Output<VisibilityViolation[]>;
  /** The number of all repositories that are wider than allowed. */
  declare readonly violationCount: pulumi.Output<number>;
  /** The number of the organization's repositories. */
  declare readonly repositoryCount: pulumi.Output<number>;

  constructor(name: string, args: OrganizationVisibilityArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, withPlainExceptions(args), options);
  }

  /**
   * Looks up which repositories of an organization are not private, without managing anything.
   *
   * @param name - the name of the resource in the program
   * @param id - `organization/visibility`
   * @throws if the credentials do not belong to an administrator who sees the whole organization
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): OrganizationVisibility {
    return new OrganizationVisibility(name, {} as OrganizationVisibilityArgs, { ...options, id });
  }
}

/** Replaces each resource among the exceptions by its values. Their outputs make it a dependency. */
function withPlainExceptions(args: OrganizationVisibilityArgs): OrganizationVisibilityArgs {
  const exceptions = (args as OrganizationVisibilityArgs | undefined)?.exceptions;
  if (exceptions === undefined) return args;
  const plain = Array.isArray(exceptions)
    ? exceptions.map(plainException)
    : pulumi.output(exceptions).apply((list) => pulumi.output(listed(list).map(plainException)));
  return { ...args, exceptions: plain as OrganizationVisibilityArgs["exceptions"] };
}

/** A JavaScript program may pass something else, which the check refuses. */
function listed(list: unknown): unknown[] {
  return Array.isArray(list) ? (list as unknown[]) : [list];
}

function plainException(exception: unknown): unknown {
  const isLater = pulumi.Output.isInstance(exception) || exception instanceof Promise;
  if (!isLater) return ofResource(exception);
  const later: pulumi.Output<unknown> = pulumi.output(exception as Promise<unknown>);
  return later.apply((value) => pulumi.output(ofResource(value)));
}

function ofResource(exception: unknown): unknown {
  if (!pulumi.Resource.isInstance(exception)) return exception;
  const { repo, repoType, visibility } = exception as DeclaredVisibility;
  return { repo, repoType, visibility, reason: "declared as a RepoVisibility resource" };
}

import type * as pulumi from "@pulumi/pulumi";
import { type HubClient, type HubError } from "../../client";
import {
  type ConfigurableRepoType,
  type Gated,
  type OrgRepository,
  VISIBILITIES,
  type Visibility,
} from "../../client/types";
import { filled, object, oneOf, optional, string } from "../../client/shape";
import { type ResourceShape } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import {
  type ArgsSchema,
  type CheckFailure,
  type Imported,
  LifecycleError,
  type LifecycleContext,
  type ResourceDefinition,
} from "../../model/definition";
import { ownerSchema, REPO_NAME_PART } from "../../model/schemas";
import { sameData } from "../../model/plain";
import { isUnknown, known } from "../../model/unknown";
import { differingFrom, diffOf } from "../../model/diff";
import { ensureFullView } from "../../hub/organizationView";
import { authorOfVisibility, describeAuthor } from "../../hub/outsideChange";
import { isOpenToOutsiders, isWider } from "../../rules/visibility";

// --- Arguments ---------------------------------------------------------------------------------------------------

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

// --- State -------------------------------------------------------------------------------------------------------

export interface RepoVisibilityInputs {
  owner?: string;
  repo: string;
  repoType: ConfigurableRepoType;
  visibility: Visibility;
  private?: boolean;
  gated?: Gated;
  acknowledgePublic?: string;
  onDestroy: "retain" | "private";
}

/** Whether the repository was on the Hub when it was last looked at. */
export type RepoVisibilityStatus = "active" | "missing";

export interface RepoVisibilityState extends RepoVisibilityInputs {
  status?: RepoVisibilityStatus;
  /** What was last sent, so that a change that somebody made on the Hub is told apart from a change of the program. */
  applied: { visibility: Visibility; gated?: Gated; reason?: string };
}

// --- Schema ------------------------------------------------------------------------------------------------------

const schema: ArgsSchema = {
  type: "object",
  required: ["repo", "visibility"],
  additionalProperties: false,
  properties: {
    owner: ownerSchema,
    repo: {
      type: "string",
      maxLength: 200,
      pattern: `^${REPO_NAME_PART}/${REPO_NAME_PART}$`,
      description: '"namespace/name", such as "acme/llm"',
    },
    repoType: {
      enum: ["model", "dataset", "space", "bucket"],
      default: "model",
      description: "model, dataset, space or bucket",
    },
    visibility: {
      enum: VISIBILITIES,
      description: `${VISIBILITIES.join(", ")} (or the short form private: true)`,
    },
    private: { type: "boolean", description: "true or false" },
    gated: { enum: [false, "auto", "manual"], description: "false, auto or manual" },
    acknowledgePublic: {
      type: "string",
      maxLength: 500,
      pattern: "\\S",
      description: "why outsiders may see the repository, 1 to 500 characters",
    },
    onDestroy: { enum: ["retain", "private"], default: "retain", description: "retain or private" },
  },
};

const TYPES_WITH: Record<string, readonly ConfigurableRepoType[]> = {
  protected: ["space"],
  internal: ["model", "dataset", "space"],
  gated: ["model", "dataset"],
};

// From what lets the most people in to what lets the fewest.
const GATES: readonly Gated[] = [false, "auto", "manual"];

// Which resource of this run declares a repository. A check runs once for each resource of an operation, and the process
// that runs it serves one operation.
const declaredBy = new Map<string, string>();

/** What the lifecycle rests on in the state. */
const kept = object({
  owner: optional(string),
  repo: filled,
  repoType: oneOf("model", "dataset", "space", "bucket"),
  visibility: oneOf(...VISIBILITIES),
  gated: optional(oneOf<Gated>(false, "auto", "manual")),
  acknowledgePublic: optional(string),
  applied: object({
    visibility: oneOf(...VISIBILITIES),
    gated: optional(oneOf<Gated>(false, "auto", "manual")),
    reason: optional(string),
  }),
  status: optional(oneOf("active", "missing")),
});

// --- Lifecycle ---------------------------------------------------------------------------------------------------

/** The lifecycle of a {@link RepoVisibility}, without Pulumi. */
export const repoVisibilityDefinition: ResourceDefinition<RepoVisibilityInputs, RepoVisibilityState> = {
  type: "RepoVisibility",
  schema,
  secrets: [],
  replaceOn: ["repo", "repoType"],
  stateReader: kept,
  sharedObject: (id) => id,
  stateVersion: 1,

  label: ({ repo, repoType }) => `of ${repoType && repoType !== "model" ? `${repoType} ` : ""}${repo ?? ""}`,

  prepare(inputs) {
    // The short form means the same as the long one, so only the long one is kept.
    const { private: isPrivate, ...others } = inputs;
    if (inputs["visibility"] !== undefined) return inputs;
    if (isUnknown(isPrivate)) return { ...others, visibility: isPrivate };
    if (typeof isPrivate !== "boolean") return inputs;
    return { ...others, visibility: isPrivate ? "private" : "public" };
  },

  check(inputs) {
    const failures: CheckFailure[] = [];
    const { repo, repoType, visibility } = inputs;
    if (inputs.private !== undefined) {
      failures.push({ property: "private", reason: "is the short form of visibility: give one of the two" });
    }
    const type = known(repoType);
    if (type && known(visibility) && TYPES_WITH[visibility]?.includes(type) === false) {
      failures.push({
        property: "visibility",
        reason: `"${visibility}" is not for a ${type}; allowed: ${VISIBILITIES.filter((each) => TYPES_WITH[each]?.includes(type) !== false).join(", ")}`,
      });
    }
    if (type && inputs.gated !== undefined && !TYPES_WITH["gated"]?.includes(type)) {
      failures.push({
        property: "gated",
        reason: `is not for a ${type}: only models and datasets can be gated`,
      });
    }
    if (known(visibility) && isOpenToOutsiders(visibility) && inputs.acknowledgePublic === undefined) {
      failures.push({
        property: "acknowledgePublic",
        reason: `is required with visibility "${visibility}": say why outsiders may see ${known(repo) ?? "the repository"}`,
      });
    }
    const owner = known(inputs.owner);
    if (known(repo) && type && owner !== undefined) {
      failures.push(...declaredTwice(`${type}/${repo.toLowerCase()}`, owner, repo));
    }
    return failures;
  },

  diff(state, inputs, changed, { log }) {
    const result = diffOf(repoVisibilityDefinition, changed);
    if (state.status === "missing" && result.replaces.length === 0) log.warn(MISSING);
    const refusal = result.replaces.length === 0 && refusalToLoosen(state, inputs, state);
    if (refusal) log.warn(`\`pulumi up\` will refuse this. ${refusal}`);
    // Where the program takes over what somebody did on the Hub, nothing is sent, but the decision has to be kept. Where nothing is
    // there no update keeps it, so that only what has to become narrower is tried each time: the repository may be back unnoticed.
    const pending =
      state.status === "missing"
        ? isTighter(inputs, state.applied)
        : !sameData(state.applied, toState(inputs).applied);
    return { ...result, changes: result.changes || pending };
  },

  async create(inputs, context) {
    const current = await observe(inputs, undefined, context);
    if (!current) throw notFound(inputs);
    const refusal = refusalToGuess(inputs, current);
    await send(refusal === undefined ? inputs : onlyTighter(inputs, current), current, context);
    if (refusal !== undefined) throw new LifecycleError(refusal);
    return { id: `${inputs.repoType}/${inputs.repo}`, state: toState(inputs) };
  },

  async read(id, state, context) {
    const known = state ?? parseId(id);
    const current = await observe(known, state, context, state === undefined);
    if (!current) {
      if (!state) return undefined;
      // Never forgotten: it may come back, and what it was narrowed to meanwhile must not be widened by itself.
      context.log.warn(MISSING);
      return { inputs: inputsOf(state), state: { ...state, status: "missing" } };
    }
    if (!state && !current.told) throw new LifecycleError(untoldVisibility(known));
    const seen = state ? assumeWorst(state, current, context) : current;
    const inputs: RepoVisibilityInputs = {
      ...(state ? inputsOf(state) : { ...known, onDestroy: "retain" }),
      visibility: seen.visibility,
      ...((state === undefined || state.gated !== undefined) && { gated: seen.gated }),
    };
    return { inputs, state: { ...toState(inputs), applied: state?.applied ?? toState(inputs).applied } };
  },

  async update(_id, state, inputs, context) {
    const current = await observe(inputs, state, context);
    if (!current) {
      context.log.warn(MISSING);
      return { ...inputs, applied: state.applied, status: "missing" };
    }
    const refusal = refusalToLoosen(state, inputs, current) ?? refusalToGuess(inputs, current);
    // What has to become narrower does so even if something else may not become wider, and before anything else is asked.
    await send(refusal === undefined ? inputs : onlyTighter(inputs, current), current, context);
    // What is as the program wants it may be its own: the last run may have been cut off after it was sent.
    if (current.told && ![state.applied.visibility, inputs.visibility].includes(current.visibility)) {
      const author = await authorOfVisibility(context.client, inputs, current.visibility);
      context.log.warn(
        `somebody made it ${current.visibility} on the Hub since this program made it ${state.applied.visibility}${describeAuthor(author)}.`,
      );
    }
    if (refusal !== undefined) throw new LifecycleError(refusal);
    return toState(inputs);
  },

  async delete(_id, state, context) {
    if (state.onDestroy === "retain") return;
    const current = await observe(state, state, context).catch((error: unknown) => {
      if (!(error instanceof MovedError)) throw error;
      context.log.warn(`left as it is: ${error.message}`);
    });
    if (current && !(current.exact && current.visibility === "private")) {
      await context.client.updateRepoSettings(state.repo, {
        repoType: state.repoType,
        visibility: "private",
      });
      context.log.info('made the repository private (onDestroy is "private").');
    }
  },

  imports: { parseId, compare: compareWithHub },
};

async function compareWithHub(
  id: string,
  inputs: RepoVisibilityInputs,
  context: LifecycleContext,
): Promise<Imported<RepoVisibilityState> | undefined> {
  const named = parseId(id);
  const current = await observe({ ...named, gated: inputs.gated }, undefined, context);
  if (!current) return undefined;
  if (!current.told) throw new LifecycleError(untoldVisibility(named));
  if (inputs.gated !== undefined && current.gated === undefined) throw new LifecycleError(untoldGate(named));
  const onHub: Record<string, unknown> = {
    ...named,
    visibility: current.exact ? current.visibility : "not public; these credentials are not told more",
    ...(inputs.gated !== undefined && { gated: current.gated }),
  };
  return { differing: differingFrom(onHub, inputs), state: toState(inputs) };
}

const MISSING =
  "the repository is not on the Hub. Nothing is sent: create it, or take this resource out of the program. What is known of it is kept, so " +
  "that one that comes back narrower is not widened by itself.";

/** The Hub leads from the declared name to another repository, which nobody has declared. */
class MovedError extends LifecycleError {
  constructor({ repo, repoType }: Pick<RepoVisibilityInputs, "repo" | "repoType">, target: string) {
    super(
      `${repoType} ${repo} was moved to ${target} on the Hub. Declare repo: ${JSON.stringify(target)}, or take this resource out of the program; ` +
        "nothing was changed.",
    );
  }
}

function declaredTwice(key: string, owner: string, repo: string): CheckFailure[] {
  for (const [other, itsOwner] of declaredBy)
    if (itsOwner === owner && other !== key) declaredBy.delete(other);
  const other = declaredBy.get(key);
  if (other !== undefined && other !== owner) {
    return [
      {
        property: "repo",
        reason: `another RepoVisibility of this stack declares ${repo} too. Two would undo each other: keep one`,
      },
    ];
  }
  declaredBy.set(key, owner);
  return [];
}

interface Observation {
  /** If the Hub does not tell, what lets the most people in, so that what has to be private is made private. */
  visibility: Visibility;
  /** Whether the Hub told the visibility, or at least that it is not public. */
  told: boolean;
  /** `undefined` also if the Hub does not tell. */
  gated?: Gated;
  /** Absent where the Hub only told that the repository is not public. */
  exact?: true;
}

/** What the Hub holds now; `undefined` where the repository is certainly gone. */
async function observe(
  { repo, repoType, gated }: Pick<RepoVisibilityInputs, "repo" | "repoType" | "gated">,
  state: RepoVisibilityState | undefined,
  { client, log }: LifecycleContext,
  undeclaredGateToo = false,
): Promise<Observation | undefined> {
  const [namespace, name] = repo.split("/") as [string, string];
  const listing = await listed(client, namespace, name, repoType);
  const entry = listing?.find(
    (each) => each.type === repoType && each.id.toLowerCase() === repo.toLowerCase(),
  );
  const canBeGated = TYPES_WITH["gated"]?.includes(repoType) === true;
  const told = entry && visibilityFrom(entry.visibility, repo);
  if (told && !(canBeGated && (gated !== undefined || undeclaredGateToo)))
    return { visibility: told, told: true, exact: true };

  try {
    const info = await client.getRepo(repo, repoType);
    if (info.id.toLowerCase() !== repo.toLowerCase()) throw new MovedError({ repo, repoType }, info.id);
    const exactly = told ?? info.visibility ?? (info.private === false ? "public" : undefined);
    return {
      visibility: exactly ?? (info.private === undefined ? "public" : notPublic(state, log)),
      told: exactly !== undefined || info.private !== undefined,
      ...(canBeGated && { gated: info.gated }),
      ...(exactly !== undefined && { exact: true }),
    };
  } catch (error) {
    const hubError = error as Partial<HubError> as HubError;
    // A 404 also means "not for you", and the organization's listing leaves out what is not for you, too.
    if (hubError.status !== 404 || entry) throw error;
    await ensureFullView(client, namespace, hubError);
    return undefined;
  }
}

/** The organization's listing, the only answer that tells all visibilities; `undefined` where it may not be seen. */
async function listed(
  client: HubClient,
  namespace: string,
  search: string,
  type: ConfigurableRepoType,
): Promise<OrgRepository[] | undefined> {
  try {
    return await client.listRepositories(namespace, { search, type });
  } catch (error) {
    const status = (error as Partial<HubError>).status;
    if (status === 402 || status === 403 || status === 404) return undefined;
    throw error;
  }
}

function visibilityFrom(text: string, repo: string): Visibility {
  const visibility = VISIBILITIES.find((each) => each === text);
  if (!visibility) {
    throw new LifecycleError(
      `The Hub says that ${repo} is "${text}", which this release does not know, so it cannot tell what is wider. Install a later release.`,
    );
  }
  return visibility;
}

/** The gate that lets the fewest people in. It is sent without knowing what it replaces, as is `private`. */
const NARROWEST_GATE = "manual" satisfies Gated;

/** Why the program may not set what the Hub does not tell, or `undefined`: it could undo what someone tightened. */
function refusalToGuess(inputs: RepoVisibilityInputs, current: Observation): string | undefined {
  if (guessesVisibility(inputs, current)) return untoldVisibility(inputs);
  return guessesGate(inputs, current) ? untoldGate(inputs) : undefined;
}

function guessesVisibility({ visibility }: RepoVisibilityInputs, { told }: Observation): boolean {
  return !told && visibility !== "private";
}

function guessesGate({ gated }: RepoVisibilityInputs, current: Observation): boolean {
  return current.gated === undefined && gated !== undefined && gated !== NARROWEST_GATE;
}

/**
 * What a refresh has seen, completed with what the program has last sent. What is to let the fewest people in counts as open,
 * so that the next `up` closes it; of all else nothing is claimed.
 */
function assumeWorst(
  state: RepoVisibilityState,
  current: Observation,
  { log }: Pick<LifecycleContext, "log">,
): Pick<Observation, "visibility" | "gated"> {
  let { visibility, gated } = current;
  if (!current.told) {
    const closes = state.applied.visibility === "private";
    if (!closes) visibility = state.visibility;
    log.warn(
      `${untoldVisibility(state)}${closes ? " To be sure, `pulumi up --refresh` makes it private." : ""}`,
    );
  }
  if (state.gated !== undefined && current.gated === undefined) {
    const closes = state.applied.gated === NARROWEST_GATE;
    gated = closes ? false : state.gated;
    log.warn(`${untoldGate(state)}${closes ? " To be sure, `pulumi up --refresh` sends it." : ""}`);
  }
  return { visibility, gated };
}

function untoldVisibility({ repo, repoType }: Pick<RepoVisibilityInputs, "repo" | "repoType">): string {
  return (
    `The Hub does not say whether ${repoType} ${repo} is private: neither the repository nor a listing of the organization's tells. ` +
    "Nothing is made wider; use credentials that may list the organization's repositories (a member's, or the permission org.read)."
  );
}

function untoldGate({ repo, repoType }: Pick<RepoVisibilityInputs, "repo" | "repoType">): string {
  return (
    `The Hub does not say whether ${repoType} ${repo} is gated, so another gate could undo what was set there. Nothing is loosened; ` +
    `declare gated: "${NARROWEST_GATE}", or leave gated out.`
  );
}

/** What the Hub calls private without saying more. */
function notPublic(state: RepoVisibilityState | undefined, log: LifecycleContext["log"]): Visibility {
  if (state?.visibility === "internal" || state?.visibility === "protected") {
    log.warn(
      `these credentials may not list the organization's repositories, so whether this one is still ${state.visibility} or private cannot be told.`,
    );
    return state.visibility;
  }
  return "private";
}

/** Why the program may not undo by itself what somebody tightened on the Hub, or `undefined`. */
function refusalToLoosen(
  { applied }: RepoVisibilityState,
  inputs: RepoVisibilityInputs,
  current: Pick<Observation, "visibility" | "gated">,
): string | undefined {
  // A reason that is gone is no new reason.
  if (inputs.acknowledgePublic !== undefined && inputs.acknowledgePublic !== applied.reason) return undefined;
  const narrowedOutside = isWider(applied.visibility, current.visibility);
  if (narrowedOutside && isWider(inputs.visibility, current.visibility)) {
    return (
      `${inputs.repo} was made ${current.visibility} on the Hub since it was last ${applied.visibility} by this program, and it is not made ` +
      `${inputs.visibility} again by itself: somebody may have had a reason. Declare visibility: "${current.visibility}" to keep it so, or ` +
      "give a new reason in acknowledgePublic to widen it again."
    );
  }
  const tightenedOutside = isLooserGate(applied.gated, current.gated);
  if (tightenedOutside && isLooserGate(inputs.gated, current.gated)) {
    return (
      `Access to ${inputs.repo} was made gated: ${JSON.stringify(current.gated)} on the Hub since, and it is not loosened to ` +
      `${JSON.stringify(inputs.gated)} again by itself. Declare what it is now, or give a new reason in acknowledgePublic.`
    );
  }
  return undefined;
}

/** The arguments without what would let more people in, or could. */
function onlyTighter(inputs: RepoVisibilityInputs, current: Observation): RepoVisibilityInputs {
  const opens = guessesVisibility(inputs, current) || isWider(inputs.visibility, current.visibility);
  const loosens = guessesGate(inputs, current) || isLooserGate(inputs.gated, current.gated);
  return {
    ...inputs,
    ...(opens && { visibility: current.visibility }),
    ...(loosens && { gated: current.gated }),
  };
}

/** Whether fewer people get in than by what was last sent. */
function isTighter(
  { visibility, gated = false }: RepoVisibilityInputs,
  applied: RepoVisibilityState["applied"],
): boolean {
  return isWider(applied.visibility, visibility) || isLooserGate(applied.gated ?? false, gated);
}

function isLooserGate(gate: Gated | undefined, than: Gated | undefined): boolean {
  return gate !== undefined && than !== undefined && GATES.indexOf(gate) < GATES.indexOf(than);
}

async function send(
  inputs: RepoVisibilityInputs,
  current: Observation,
  { client }: LifecycleContext,
): Promise<void> {
  // "Not public" may still be wider than private.
  const same = inputs.visibility === current.visibility && (current.exact || inputs.visibility !== "private");
  const visibility = same ? undefined : inputs.visibility;
  const gated = inputs.gated === undefined || inputs.gated === current.gated ? undefined : inputs.gated;
  if (visibility === undefined && gated === undefined) return;
  await client.updateRepoSettings(inputs.repo, { repoType: inputs.repoType, visibility, gated });
}

function notFound({ repo, repoType }: RepoVisibilityInputs): LifecycleError {
  return new LifecycleError(
    `There is no ${repoType} ${repo} on the Hub. RepoVisibility sets who sees a repository and does not create one: create it, or mend repo or repoType.`,
  );
}

function parseId(id: string): { repo: string; repoType: ConfigurableRepoType } {
  const found = /^(model|dataset|space|bucket)\/([^/]+\/[^/]+)$/.exec(id);
  if (!found) {
    throw new LifecycleError(
      `"${id}" is not the id of a repository's visibility. It has the form repoType/namespace/name, such as model/acme/llm.`,
    );
  }
  return { repoType: found[1] as ConfigurableRepoType, repo: found[2] as string };
}

/** The one way from what is declared, or observed, to what is kept. */
function toState(inputs: RepoVisibilityInputs): RepoVisibilityState {
  return {
    ...inputs,
    applied: { visibility: inputs.visibility, gated: inputs.gated, reason: inputs.acknowledgePublic },
    status: "active",
  };
}

function inputsOf({
  applied: _applied,
  status: _status,
  ...inputs
}: RepoVisibilityState): RepoVisibilityInputs {
  return inputs;
}

// --- Class -------------------------------------------------------------------------------------------------------

const shape: ResourceShape = {
  type: repoVisibilityDefinition.type,
  secrets: repoVisibilityDefinition.secrets,
  owned: true,
  outputs: ["repo", "repoType", "visibility", "gated", "acknowledgePublic", "status"],
};

/**
 * Who can see a repository (Hub: `PUT /api/{models|datasets|spaces}/{namespace}/{name}/settings`, and for buckets
 * `/api/buckets/…`). From the fewest to all: private, internal, protected, public.
 *
 * Narrowing is always done; widening again what somebody narrowed on the Hub is refused until `acknowledgePublic` changes.
 * A repository that is gone stays in the state, with `status` missing. A destroy never deletes the repository. Only credentials that may list the organization's repositories are told whether one that
 * is not public is private, internal or protected; without that right such a drift is not seen. If nothing tells who sees a
 * repository, it can be made private and nothing else.
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
  /** Why outsiders may see it; `undefined` where no reason was given. */
  declare readonly acknowledgePublic: pulumi.Output<string | undefined>;
  /**
   * active, or missing where the last refresh or update found no such repository: then nothing is sent and a warning says so. One that
   * comes back is managed again, and one that came back narrower is not widened by itself.
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

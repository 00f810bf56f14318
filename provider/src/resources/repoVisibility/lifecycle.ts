import { type HubClient } from "../../client";
import { statusOf } from "../../client/errors";
import { type OrgRepository, VISIBILITIES, type Visibility } from "../../client/types";
import { isGoneFromFullView } from "../../hub/absence";
import { authorOfVisibility, BEFORE_ALL, describeAuthor } from "../../hub/outsideChange";
import {
  type Imported,
  LifecycleError,
  type LifecycleContext,
  type ResourceDefinition,
} from "../../model/definition";
import { differingFrom, diffOf } from "../../model/diff";
import { definedBy, inputsIn } from "../../model/fields";
import { known } from "../../model/unknown";
import { canBeGated } from "../../rules/visibility";
import {
  assumedIfNotPublic,
  assumeWorst,
  checkFailures,
  decide,
  isAsDeclared,
  isChangedOutside,
  isPending,
  longForm,
  MISSING,
  type Observation,
  refusalToLoosen,
  toState,
  untoldGate,
  untoldVisibility,
} from "./decisions";
import {
  parseId,
  type RepoAddress,
  type RepoVisibilityInputs,
  repoVisibilityModel,
  type RepoVisibilityState,
} from "./model";

/** The lifecycle of a repository's visibility, without Pulumi. */
export const repoVisibilityDefinition: ResourceDefinition<RepoVisibilityInputs, RepoVisibilityState> = {
  ...definedBy(repoVisibilityModel),
  sharedObject: (id) => id,
  declaredObject: (inputs) => {
    const [repo, repoType] = [known(inputs.repo), known(inputs.repoType)];
    return repo === undefined || repoType === undefined ? undefined : `${repoType}/${repo}`;
  },
  stateVersion: 1,

  label: ({ repo, repoType }) => `of ${repoType && repoType !== "model" ? `${repoType} ` : ""}${repo ?? ""}`,

  prepare: longForm,

  check: (inputs, _previous, { declaredBy }) => checkFailures(inputs, declaredBy),

  diff(state, inputs, changed, { log }) {
    const result = diffOf(repoVisibilityDefinition, changed);
    if (result.replaces.length > 0) return result;
    if (state.status === "missing") log.warn(MISSING);
    const refusal = refusalToLoosen(state.applied, inputs, state);
    if (refusal) log.warn(`\`pulumi up\` will refuse this. ${refusal}`);
    const changes = result.changes || isPending(inputs, state);
    // An update may find that the repository is gone, or that it is there again, and keeps what it has sent.
    return { ...result, changes, renews: changes ? ["status", "applied"] : [] };
  },

  async create(inputs, context) {
    const current = await observe(inputs, undefined, context);
    if (!current) throw new LifecycleError(noSuchRepository(inputs));
    const { settings, refusal } = decide(inputs, current);
    if (settings) await context.client.updateRepoSettings(inputs.repo, settings);
    if (refusal !== undefined) throw new LifecycleError(refusal);
    return { id: `${inputs.repoType}/${inputs.repo}`, state: toState(inputs) };
  },

  async read(id, state, context) {
    const address = state ?? parseId(id);
    const current = await observe(address, state, context, state === undefined);
    if (!state) return current && lookedUp(address, current);
    const declared = inputsIn(repoVisibilityModel, state);
    if (!current) {
      // Never forgotten: it may come back, and what it was narrowed to meanwhile must not be widened automatically.
      context.log.warn(MISSING);
      return { inputs: declared, state: { ...state, status: "missing" } };
    }
    const { visibility, gated } = assumeWorst(state, current, context.log);
    const inputs = { ...declared, visibility, ...(state.gated !== undefined && { gated }) };
    // guard: applied-survives-refresh
    return { inputs, state: { ...toState(inputs), applied: state.applied } };
  },

  async update(_id, state, inputs, context) {
    const { client, log } = context;
    const until = context.now.toISOString();
    // guard: observed-first
    const current = await observe(inputs, state, context);
    if (!current) {
      log.warn(MISSING);
      return { ...inputs, applied: state.applied, status: "missing" };
    }
    const { settings, refusal } = decide(inputs, current, state.applied);
    // Before anything else is asked: nothing may delay what has to become narrower.
    // guard: narrowed-first
    if (settings) await client.updateRepoSettings(inputs.repo, settings);
    if (isChangedOutside(inputs, current, state.applied)) {
      const between = { since: BEFORE_ALL, until };
      const author = describeAuthor(await authorOfVisibility(client, inputs, current.visibility, between));
      log.warn(
        `someone made it ${current.visibility} on the Hub since this program made it ${state.applied.visibility}${author}.`,
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
    if (!current || isAsDeclared("private", current)) return;
    const { repo, repoType } = state;
    await context.client.updateRepoSettings(repo, { repoType, visibility: "private" });
    context.log.info('made the repository private (onDestroy is "private").');
  },

  imports: { parseId, compare: compareWithHub },
};

/** The Hub leads from the declared name to another repository, which nobody has declared. */
class MovedError extends LifecycleError {
  constructor({ repo, repoType }: RepoAddress, target: string) {
    super(
      `${repoType} ${repo} was moved to ${target} on the Hub. Declare repo: ${JSON.stringify(target)}, or take this resource out of the program; ` +
        "nothing was changed.",
    );
  }
}

/** What the Hub holds now; `undefined` if the repository is certainly gone. */
async function observe(
  { repo, repoType, gated }: RepoAddress & Pick<RepoVisibilityInputs, "gated">,
  state: RepoVisibilityState | undefined,
  { client, log }: LifecycleContext,
  undeclaredGateToo = false,
): Promise<Observation | undefined> {
  const address = { repo, repoType };
  const listed = await listedVisibility(client, address);
  const needsGate = canBeGated(repoType) && (gated !== undefined || undeclaredGateToo);
  if (listed && !needsGate) return { visibility: listed, told: "exactly" };

  const info = await client.getRepo(repo, repoType).catch(async (error: unknown) => {
    if (listed || !(await isGoneFromFullView(error, client, namespaceOf(repo)))) throw error;
  });
  if (!info) return undefined;
  if (!isSameName(info.id, repo)) throw new MovedError(address, info.id);
  const gate = canBeGated(repoType) ? { gated: info.gated } : {};
  const exact = listed ?? info.visibility ?? (info.private === false ? "public" : undefined);
  if (exact) return { visibility: exact, told: "exactly", ...gate };
  if (info.private === undefined) return { visibility: "public", told: "nothing", ...gate };
  return { visibility: assumedIfNotPublic(state, log), told: "not public", ...gate };
}

/** From the organization's listing, the only answer that tells all visibilities; `undefined` if it does not tell. */
async function listedVisibility(
  client: HubClient,
  { repo, repoType }: RepoAddress,
): Promise<Visibility | undefined> {
  const search = repo.slice(namespaceOf(repo).length + 1);
  let listing: OrgRepository[];
  try {
    listing = await client.listRepositories(namespaceOf(repo), { search, type: repoType });
  } catch (error) {
    if ([402, 403, 404].includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
  const entry = listing.find(({ id, type }) => type === repoType && isSameName(id, repo));
  return entry && visibilityFrom(entry.visibility, repo);
}

function visibilityFrom(text: string, repo: string): Visibility {
  const visibility = VISIBILITIES.find((each) => each === text);
  if (visibility) return visibility;
  throw new LifecycleError(
    `The Hub says that ${repo} is "${text}", which this release does not know, so it cannot tell what is wider. Install a later release.`,
  );
}

function namespaceOf(repo: string): string {
  return repo.split("/")[0] as string;
}

function isSameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** What `get` finds: also a gate that nobody has declared. */
function lookedUp(
  { repo, repoType }: RepoAddress,
  { visibility, gated, told }: Observation,
): { inputs: RepoVisibilityInputs; state: RepoVisibilityState } {
  if (told === "nothing") throw new LifecycleError(untoldVisibility({ repo, repoType }));
  const inputs: RepoVisibilityInputs = { repo, repoType, visibility, gated, onDestroy: "retain" };
  return { inputs, state: toState(inputs) };
}

async function compareWithHub(
  id: string,
  inputs: RepoVisibilityInputs,
  context: LifecycleContext,
): Promise<Imported<RepoVisibilityState> | undefined> {
  const address = parseId(id);
  const current = await observe({ ...address, gated: inputs.gated }, undefined, context);
  if (!current) return undefined;
  const { visibility, gated, told } = current;
  if (told === "nothing") throw new LifecycleError(untoldVisibility(address));
  if (inputs.gated !== undefined && gated === undefined) throw new LifecycleError(untoldGate(address));
  const onHub = {
    ...address,
    visibility: told === "exactly" ? visibility : "not public; these credentials are not told more",
    ...(inputs.gated !== undefined && { gated }),
  };
  return { differing: differingFrom(onHub, inputs), state: toState(inputs) };
}

function noSuchRepository({ repo, repoType }: RepoAddress): string {
  return `There is no ${repoType} ${repo} on the Hub. RepoVisibility sets who sees a repository and does not create one: create it, or correct repo or repoType.`;
}

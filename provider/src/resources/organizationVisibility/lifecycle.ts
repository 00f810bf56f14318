import { type RepoType } from "../../client/types";
import { ensureFullView } from "../../hub/absence";
import { authorOfVisibility, describeAuthor } from "../../hub/outsideChange";
import {
  type LifecycleContext,
  LifecycleError,
  type ResourceDefinition,
  UnfinishedError,
} from "../../model/definition";
import { diffOf } from "../../model/diff";
import { definedBy, inputsIn } from "../../model/fields";
import { sameData } from "../../model/plain";
import { containsUnknown, known } from "../../model/unknown";
import { MOST_NAMES } from "../../model/words";
import { isWider } from "../../rules/visibility";
import { checkFailures, keyOf, sameExceptions, withRepoTypes } from "./arguments";
import {
  compare,
  type Comparison,
  type Found,
  limits,
  noteOf,
  noteShown,
  plain,
  remembered,
  shownOf,
  toNarrow,
} from "./decisions";
import { absentText, failuresText, mayHideSome, planText, violationsText } from "./messages";
import {
  lookedUpInputs,
  type OrganizationVisibilityInputs,
  organizationVisibilityModel,
  type OrganizationVisibilityState,
  parseId,
} from "./model";
import { narrow } from "./narrow";

/** The lifecycle of an organization's visibility, without Pulumi. */
export const organizationVisibilityDefinition: ResourceDefinition<
  OrganizationVisibilityInputs,
  OrganizationVisibilityState
> = {
  ...definedBy(organizationVisibilityModel),
  sharedObject: (id) => id,
  declaredObject: (inputs) => {
    const organization = known(inputs.organization);
    return organization === undefined ? undefined : idOf(organization);
  },
  stateVersion: 1,

  label: ({ organization }) => `of ${organization ?? ""}`,

  prepare: withRepoTypes,

  check: checkFailures,

  diff(state, inputs, changed, context) {
    const differing = changed.filter(
      (name) => name !== "exceptions" || !sameExceptions(state.exceptions, inputs.exceptions),
    );
    const result = diffOf(organizationVisibilityDefinition, differing);
    if (result.replaces.length > 0) return result;
    const targets = containsUnknown(inputs)
      ? []
      : toNarrow(remembered(state, inputs), state, inputs, context);
    if (targets.length > 0) context.log.info(planText(targets, inputs.maxChanges));
    // After a refresh, the argument may be equal to what the Hub has, and not to what was declared before.
    const changes = result.changes || state.limit !== inputs.widest || targets.length > 0;
    return { ...result, changes, renews: changes ? RENEWED : [] };
  },

  async create(inputs, context) {
    const comparison = await look(inputs, context);
    await report(comparison, inputs, undefined, context);
    return { id: idOf(inputs.organization), state: toState(inputs, comparison, context) };
  },

  async read(id, state, context) {
    // A lookup has no `limit`, because no program declares it.
    if (state?.limit === undefined) {
      const inputs = lookedUpInputs(state?.organization ?? parseId(id));
      const found = toState(inputs, await look(inputs, context), context);
      return { inputs, state: { ...found, limit: undefined } };
    }
    const inputs = { ...inputsIn(organizationVisibilityModel, state), widest: state.limit };
    const comparison = await look(inputs, context);
    await report(comparison, inputs, state, context);
    const next = { ...inputs, widest: comparison.found[0]?.visibility ?? inputs.widest };
    return { inputs: next, state: { ...refreshed(state, toState(inputs, comparison, context)), ...next } };
  },

  async update(_id, state, inputs, context) {
    const comparison = await look(inputs, context);
    const targets = toNarrow(comparison.found, state, inputs, context);
    const { done, failures } = await narrow(targets, inputs.maxChanges, context);
    const left = { ...comparison, found: comparison.found.filter((each) => !done.has(each)) };
    await report(left, inputs, state, context);
    const next = toState(inputs, left, context);
    if (failures.length === 0) return next;
    const message = failuresText(failures, done.size + failures.length);
    throw new UnfinishedError(message, next, new LifecycleError(message));
  },

  delete(_id, _state, { log }) {
    log.info("nothing was changed on the Hub: all repositories keep their visibility.");
    return Promise.resolve();
  },

  imports:
    "OrganizationVisibility cannot be imported, because it is not an object on the Hub. Remove the option import: the first `pulumi up` only " +
    "reads the organization's repositories.",
};

/** What an update may change in addition to the arguments. */
const RENEWED = Object.keys(organizationVisibilityModel.outputs);

function idOf(organization: string): string {
  return `${organization}/visibility`;
}

/** The repositories that the Hub has now, compared with the arguments. */
async function look(
  inputs: OrganizationVisibilityInputs,
  { client, declaredBy }: LifecycleContext,
): Promise<Comparison> {
  const { organization } = inputs;
  // guard: whole-organization
  await ensureFullView(client, organization, mayHideSome(organization), "the list has all of them");
  return compare(await client.listRepositories(organization), inputs, declaredBy);
}

/**
 * Warns about what this run has not reported yet.
 *
 * @param before - the state before this step
 */
async function report(
  { found, repositoryCount, absent }: Comparison,
  inputs: OrganizationVisibilityInputs,
  before: OrganizationVisibilityState | undefined,
  context: LifecycleContext,
): Promise<void> {
  const isNew = found.some((each) => !context.reported.has(noteOf(each)));
  noteShown(found, before, context);
  if (isNew) {
    // Only the authors of the named violations are looked up.
    const authors = await authorsOf(found.slice(0, MOST_NAMES), before, context);
    const authorOf = (each: Found): string => authors.get(each) ?? "";
    context.log.warn(violationsText(found, inputs, { repositoryCount, authorOf }));
  }
  const unsaid = absent.filter((each) => !context.reported.has(`exception ${keyOf(each)}`));
  for (const each of unsaid) context.reported.set(`exception ${keyOf(each)}`, "new");
  if (unsaid.length > 0) context.log.warn(absentText(unsaid));
}

/** Who made each repository wider since the last run, which did not show it. */
async function authorsOf(
  found: readonly Found[],
  before: OrganizationVisibilityState | undefined,
  { client, now }: LifecycleContext,
): Promise<Map<Found, string>> {
  // If the state does not have all violations, an earlier run may have seen this one too.
  if (!before || before.violations.length < before.violationCount) return new Map();
  const shown = new Set(before.violations.map(keyOf));
  const between = { since: before.checkedAt, until: now.toISOString() };
  // What the last program allowed may have been as wide for a long time.
  const allowedBefore = limits({ widest: before.limit ?? before.widest, exceptions: before.exceptions });
  const isNew = (each: Found): boolean => isWider(each.visibility, allowedBefore(each));
  // guard: author-since-last-run
  const fresh = found.filter((each) => !shown.has(keyOf(each)) && isNew(each));
  const named = fresh.map(async (each): Promise<[Found, string]> => {
    const address = { repo: each.repo, repoType: each.repoType as RepoType };
    return [each, describeAuthor(await authorOfVisibility(client, address, each.visibility, between))];
  });
  return new Map(await Promise.all(named));
}

/** The state after a refresh. It meets no declaration, so what the last update found out about declarations stays. */
function refreshed(
  before: OrganizationVisibilityState,
  next: OrganizationVisibilityState,
): OrganizationVisibilityState {
  const violating = new Set(next.violations.map(keyOf));
  const still = before.onlyReported?.filter((key) => violating.has(key)) ?? [];
  const onlyReported = [...new Set([...(next.onlyReported ?? []), ...still])];
  // A refresh that finds the same violations does not change the state.
  const checkedAt = sameData(before.violations, next.violations) ? before.checkedAt : next.checkedAt;
  return { ...next, onlyReported, checkedAt };
}

/** Builds the state. All states come from here. */
function toState(
  inputs: OrganizationVisibilityInputs,
  { found, repositoryCount }: Comparison,
  { now }: LifecycleContext,
): OrganizationVisibilityState {
  const shown = shownOf(found);
  return {
    ...inputs,
    violations: shown.map(plain),
    violationCount: found.length,
    repositoryCount,
    limit: inputs.widest,
    onlyReported: shown.filter(({ target }) => !target).map(keyOf),
    checkedAt: now.toISOString(),
  };
}

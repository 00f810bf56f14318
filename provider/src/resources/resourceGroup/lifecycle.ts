import { withOrganizationLock } from "../../hub/organizationLock";
import { type ResourceDefinition } from "../../model/definition";
import { diffOf, refusing } from "../../model/diff";
import { definedBy } from "../../model/fields";
import { containsUnknown } from "../../model/unknown";
import { fingerprint } from "../../rules/intent";
import { compareWithHub, lookedUp } from "./adoption";
import { checkFailures, declareLists, oneForm } from "./checks";
import { createGroup, reportStrays } from "./creation";
import { decide, isSettled, refusedIn, settledAttempt } from "./decisions";
import { deleteGroup } from "./deletion";
import { FIRST_REPOSITORIES, MISSING, refusalOf, strangersFound } from "./messages";
import { parseId, type ResourceGroupInputs, resourceGroupModel, type ResourceGroupState } from "./model";
import { findGroup, observationOf, peopleToReturn } from "./observe";
import { carryOut } from "./run";
import { declaredIn, missing, refreshed, viewOf } from "./state";

/** The lifecycle of a resource group, without Pulumi. */
export const resourceGroupDefinition: ResourceDefinition<ResourceGroupInputs, ResourceGroupState> = {
  ...definedBy(resourceGroupModel),
  sharedObject: (id) => id,
  // A creation may replace the group with the same name, and then takes over its repositories.
  formerBy: ({ organization, name }) => `${organization}/${name}`,
  replacedAmong: ({ organization, name, owner }) =>
    owner === undefined ? undefined : { group: `ResourceGroup ${organization}/${name}`.toLowerCase(), owner },
  stateVersion: 1,

  label: ({ organization, name }) => `"${name ?? ""}" of ${organization ?? ""}`,

  prepare: oneForm,

  check: checkFailures,

  diff(state, inputs, changed, context) {
    const { claims, log } = context;
    const { groupId } = state;
    claims.add(groupId);
    const differing = changed.filter(
      (property) => property !== "description" || (state.description ?? "") !== (inputs.description ?? ""),
    );
    const result = diffOf(resourceGroupDefinition, differing);
    if (state.status === "missing") {
      if (inputs.recreateIfMissing) {
        return { ...result, changes: true, replaces: [...result.replaces, "status"] };
      }
      log.warn(MISSING);
      return result;
    }
    if (result.replaces.length > 0) return result;
    if (containsUnknown(inputs)) return { ...result, changes: true, renews: RENEWED };
    declareLists(inputs, groupId, context);
    const decision = decide(inputs, state, { groupId, view: viewOf(state) });
    if (inputs.repositories && !state.complete?.includes("repositories")) log.warn(FIRST_REPOSITORIES);
    if (decision.strangers.length > 0) log.warn(strangersFound(decision.strangers));
    const refused = refusedIn(decision);
    const refusal = refused.length > 0 ? refusalOf(inputs.name, refused, {}, decision.strangers) : undefined;
    const changes = result.changes || !isSettled(decision, state);
    return refusing({ ...result, changes, renews: changes ? RENEWED : [] }, refusal, log);
  },

  create: (inputs, context) =>
    withOrganizationLock(context.client, inputs.organization, () => createGroup(inputs, context)),

  async read(id, state, context) {
    const { organization, groupId } = parseId(id);
    const { client, claims, log } = context;
    if (state) claims.add(groupId);
    const { group, groups } = await findGroup(client, organization, groupId);
    if (!group) {
      if (!state) return undefined;
      log.warn(MISSING);
      const inputs = declaredIn(state);
      return { inputs, state: missing(state, inputs) };
    }
    if (!state) return lookedUp(organization, group, context);
    const observed = observationOf(group, groups, { inputs: state, past: state });
    const found = refreshed(state, observed);
    reportStrays(groups, found, context);
    return { inputs: declaredIn(found), state: found };
  },

  update: (_id, state, inputs, context) =>
    withOrganizationLock(context.client, inputs.organization, async () => {
      const { client, claims, log } = context;
      const { groupId } = state;
      claims.add(groupId);
      const { group, groups } = await findGroup(client, inputs.organization, groupId);
      if (!group) {
        log.warn(MISSING);
        return missing(state, inputs);
      }
      declareLists(inputs, groupId, context);
      const observed = observationOf(group, groups, { inputs, past: state });
      const past = settledAttempt(state, observed);
      if (fingerprint(inputs.acknowledgeOverwrite) !== undefined) {
        const absent = await peopleToReturn(client, inputs, past, observed);
        observed.people = { ...observed.people, ...absent };
      }
      return carryOut({ inputs, past, observed, described: state.description }, context);
    }),

  delete: (_id, state, context) =>
    withOrganizationLock(context.client, state.organization, () => deleteGroup(state, context)),

  imports: { parseId, compare: compareWithHub },
};

/** What an update may change in addition to the arguments. */
const RENEWED = ["status", "otherResources", ...Object.keys(resourceGroupModel.memory)];

import { type HubClient, type ServiceAccountInfo } from "../../client";
import { isNotFound, outcomeIsUnknown } from "../../client/errors";
import {
  type Imported,
  LifecycleError,
  type LifecycleContext,
  type ResourceDefinition,
} from "../../model/definition";
import { diffOf } from "../../model/diff";
import { definedBy, inputsIn } from "../../model/fields";
import { isGoneFromListing } from "../../hub/absence";
import { tokensOfAccount } from "../../hub/accountTokens";
import { credentialsOf, UntoldTokensError } from "../../hub/token";
import { ownedBy, refusalOfForeignMark, withMark } from "../../rules/mark";
import { momentOf } from "../../rules/moment";
import {
  differingFromHub,
  HOW_TO_FORCE,
  observedInputs,
  refuseOtherAccount,
  refuseToEnd,
  replacementFailures,
  reportStrays,
  sameText,
  stillListed,
  THERE_AGAIN,
} from "./decisions";
import { parseId, type ServiceAccountInputs, serviceAccountModel, type ServiceAccountState } from "./model";

/** The lifecycle of a service account, without Pulumi. */
export const serviceAccountDefinition: ResourceDefinition<ServiceAccountInputs, ServiceAccountState> = {
  ...definedBy(serviceAccountModel),
  sharedObject: (id) => id,
  replacedAmong: credentialsOf,
  stateVersion: 1,

  label: ({ organization, name }) => `"${name ?? ""}" of ${organization ?? ""}`,

  check: replacementFailures,

  diff(state, inputs, changed, { claims, log }) {
    claims.add(state.accountId);
    const differing = changed.filter(
      (property) => property !== "description" || !sameText(state.description, inputs.description),
    );
    const result = diffOf(serviceAccountDefinition, differing);
    if (state.status !== "missing") return result;
    if (inputs.recreateIfMissing) {
      return { ...result, changes: true, replaces: [...result.replaces, "status"] };
    }
    log.warn(
      "the account no longer exists on the Hub. It is not created again automatically: set recreateIfMissing to true, or remove it from the program.",
    );
    return result;
  },

  async create(inputs, context) {
    const before = await context.client.listServiceAccounts(inputs.organization);
    const account = await createAccount(inputs, context);
    context.claims.add(account._id);
    reportStrays(before, inputs, context);
    const createdAt = momentOf(account.createdAt) ?? context.now.toISOString();
    return { id: `${inputs.organization}/${account._id}`, state: toState(inputs, { ...account, createdAt }) };
  },

  async read(id, state, context) {
    const { organization, accountId } = parseId(id);
    if (state) context.claims.add(accountId);
    const accounts = await context.client.listServiceAccounts(organization);
    const listed = accounts.find(({ _id }) => _id === accountId);
    // guard: missing-account
    const account = listed ?? (await unlisted(organization, accountId, context.client));
    if (!account) {
      if (!state) return undefined;
      context.log.warn("the account and all its tokens no longer exist on the Hub.");
      const missing: ServiceAccountState = { ...state, status: "missing" };
      return { inputs: inputsIn(serviceAccountModel, missing), state: missing };
    }
    const declared = state && inputsIn(serviceAccountModel, state);
    const inputs = observedInputs(organization, account, declared);
    if (state) reportStrays(accounts, inputs, context);
    return { inputs, state: toState(inputs, account) };
  },

  update(_id, state, inputs, { claims }) {
    // The Hub does not have the arguments that can change without a replacement.
    claims.add(state.accountId);
    return Promise.resolve({ ...state, ...inputs });
  },

  async delete(_id, state, { client, log }) {
    const { organization, accountId, name } = state;
    const isListed = async () => (await find(`${organization}/${accountId}`, client)) !== undefined;
    const isThere = async () =>
      (await isListed()) || (await unlisted(organization, accountId, client)) !== undefined;
    // guard: missing-and-there
    if (state.status === "missing" && (await isThere())) return log.warn(THERE_AGAIN);
    try {
      if (!state.forceDestroy) refuseToEnd(await tokensOfAccount(client, organization, accountId), state);
      await client.deleteServiceAccount(organization, accountId);
      // guard: deleted-account
      if (await isListed()) throw new LifecycleError(stillListed(name));
    } catch (error) {
      if (error instanceof UntoldTokensError) throw new LifecycleError(`${error.message} ${HOW_TO_FORCE}`);
      if (!(await isGoneFromListing(error, isListed))) throw error;
      log.info("the account was already gone.");
    }
  },

  imports: { parseId, compare: compareWithHub },
};

/** An account that a listing does not show. One wrong listing must not make `recreateIfMissing` replace a live account. */
function unlisted(
  organization: string,
  accountId: string,
  client: HubClient,
): Promise<ServiceAccountInfo | undefined> {
  return client.getServiceAccount(organization, accountId).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
}

async function find(id: string, client: HubClient): Promise<ServiceAccountInfo | undefined> {
  const { organization, accountId } = parseId(id);
  return (await client.listServiceAccounts(organization)).find(({ _id }) => _id === accountId);
}

async function createAccount(
  inputs: ServiceAccountInputs,
  { client, randomHex }: LifecycleContext,
): Promise<ServiceAccountInfo> {
  const mark = { owner: ownedBy(inputs, "ServiceAccount"), random: randomHex(4) };
  const description = withMark(inputs.description, mark);
  try {
    const created = await client.createServiceAccount(inputs.organization, {
      name: inputs.name,
      description,
    });
    // guard: created-account
    refuseOtherAccount(created, { name: inputs.name, mark });
    return created;
  } catch (error) {
    if (!outcomeIsUnknown(error)) throw error;
    // The response was lost. The mark is unique to this creation, so an account with it is the new one.
    const accounts = await client.listServiceAccounts(inputs.organization);
    const created = accounts.find((account) => account.description === description);
    // guard: lost-account
    if (created) return created;
    throw error;
  }
}

async function compareWithHub(
  id: string,
  inputs: ServiceAccountInputs,
  { client, claims }: LifecycleContext,
): Promise<Imported<ServiceAccountState> | undefined> {
  const { organization, accountId } = parseId(id);
  const account = await find(id, client);
  if (!account) return undefined;
  if (claims.has(accountId)) {
    throw new LifecycleError(
      `Another resource of this stack already manages the account ${id}. Keep one of the two.`,
    );
  }
  claims.add(accountId);
  const foreign = refusalOfForeignMark(account.description ?? "", inputs.owner, `The service account ${id}`);
  if (foreign) throw new LifecycleError(foreign);
  return { differing: differingFromHub(organization, account, inputs), state: toState(inputs, account) };
}

/** Builds the state from the Hub's response. All states come from here. */
function toState(inputs: ServiceAccountInputs, account: ServiceAccountInfo): ServiceAccountState {
  return {
    ...inputs,
    accountId: account._id,
    user: account.user,
    createdAt: account.createdAt,
    status: "active",
  };
}

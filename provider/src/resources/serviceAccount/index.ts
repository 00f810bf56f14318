import * as pulumi from "@pulumi/pulumi";
import { type HubError, type ServiceAccountInfo, type ServiceAccountToken } from "../../client";
import { filled, object, oneOf, optional, string } from "../../client/shape";
import { HubResource, type ResourceShape } from "../../program/hubResource";
import {
  type ArgsSchema,
  type CheckFailure,
  type Imported,
  LifecycleError,
  type LifecycleContext,
  type ResourceDefinition,
} from "../../model/definition";
import { differingFrom, diffOf } from "../../model/diff";
import { organizationSchema, ownerSchema } from "../../model/schemas";
import { containsUnknown } from "../../model/unknown";
import { MARK_LENGTH, refusalOfForeignMark, splitMark, withMark } from "../../rules/mark";
import { momentOf } from "../../rules/moment";
import { tokensOfAccount, UntoldTokensError } from "../../hub/tokenPlace";

// --- Arguments ---------------------------------------------------------------------------------------------------

/** Arguments of a {@link ServiceAccount}. */
export interface ServiceAccountArgs {
  /** The organization's name. A change replaces the account (with `allowReplace`). */
  organization: pulumi.Input<string>;
  /** The account's name, 1 to 50 characters. The Hub cannot change it: a change replaces the account (with `allowReplace`). */
  name: pulumi.Input<string>;
  /**
   * What the account is for, at most 484 characters; on the Hub the owner's mark stands behind it. Default none. The Hub
   * cannot change it: a change replaces the account (with `allowReplace`).
   */
  description?: pulumi.Input<string>;
  /** Allows a change that replaces the account, which ends all its tokens. Default false. */
  allowReplace?: pulumi.Input<boolean>;
  /** Deletes the account with tokens that no program declares. Default false: such a delete is refused. */
  forceDestroy?: pulumi.Input<boolean>;
  /**
   * Creates the account anew where somebody has deleted it on the Hub. Default false: it may have been deleted on purpose,
   * so there is only a warning and the output `status`.
   */
  recreateIfMissing?: pulumi.Input<boolean>;
}

// --- State -------------------------------------------------------------------------------------------------------

/** Whether the Hub has the account. */
export type ServiceAccountStatus = "active" | "missing";

interface ServiceAccountInputs {
  owner: string;
  organization: string;
  name: string;
  description?: string;
  allowReplace: boolean;
  forceDestroy: boolean;
  recreateIfMissing: boolean;
}

interface ServiceAccountState extends ServiceAccountInputs {
  accountId: string;
  user: string;
  createdAt: string;
  status: ServiceAccountStatus;
}

// --- Schema ------------------------------------------------------------------------------------------------------

const MAX_DESCRIPTION = 500 - MARK_LENGTH;

const schema: ArgsSchema = {
  type: "object",
  required: ["organization", "name"],
  additionalProperties: false,
  properties: {
    owner: ownerSchema,
    organization: organizationSchema,
    name: {
      type: "string",
      minLength: 1,
      maxLength: 50,
      pattern: "^[^\\p{Cc}]*$",
      description: "1 to 50 characters without control characters",
    },
    description: {
      type: "string",
      maxLength: MAX_DESCRIPTION,
      description: `at most ${MAX_DESCRIPTION} characters (the mark behind it needs the rest of 500)`,
    },
    allowReplace: { type: "boolean", default: false, description: "true or false" },
    forceDestroy: { type: "boolean", default: false, description: "true or false" },
    recreateIfMissing: { type: "boolean", default: false, description: "true or false" },
  },
};

/** What the lifecycle rests on in the state. */
const kept = object({
  owner: optional(string),
  organization: filled,
  name: string,
  description: optional(string),
  accountId: filled,
  status: oneOf("active", "missing"),
});

// --- Lifecycle ---------------------------------------------------------------------------------------------------

/** The lifecycle of a {@link ServiceAccount}, without Pulumi. */
export const serviceAccountDefinition: ResourceDefinition<ServiceAccountInputs, ServiceAccountState> = {
  type: "ServiceAccount",
  schema,
  secrets: [],
  replaceOn: ["organization", "name", "description"],
  kept,
  sharedObject: (id) => id,
  stateVersion: 1,

  label: ({ organization, name }) => `"${name ?? ""}" of ${organization ?? ""}`,

  check(inputs, previous) {
    if (!previous || inputs.allowReplace === true) return [];
    const failures: CheckFailure[] = [];
    for (const property of ["organization", "name", "description"] as const) {
      const differs = (previous[property] ?? "") !== (inputs[property] ?? "");
      if (differs && !containsUnknown(inputs[property])) {
        failures.push({
          property,
          reason:
            "cannot be changed on the Hub. Another value means another account, and all tokens of this one end: " +
            "set allowReplace to true if that is meant",
        });
      }
    }
    return failures;
  },

  diff(state, inputs, changed, { claims, log }) {
    claims.add(state.accountId);
    // An empty description and none are the same on the Hub.
    const differing = changed.filter(
      (property) => property !== "description" || (state.description ?? "") !== (inputs.description ?? ""),
    );
    const result = diffOf(serviceAccountDefinition, differing);
    if (state.status === "missing") {
      if (inputs.recreateIfMissing) return { changes: true, replaces: [...result.replaces, "status"] };
      log.warn(
        "the account is gone from the Hub. It is not created again by itself: set recreateIfMissing, or take it out of the program.",
      );
    }
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
    // The listing is the proof: an account that is asked for by its id answers 404 also to those who may not see it.
    const accounts = await context.client.listServiceAccounts(organization);
    const account = accounts.find(({ _id }) => _id === accountId);
    if (!account) {
      if (!state) return undefined;
      context.log.warn("the account is gone from the Hub, and all its tokens with it.");
      const missing: ServiceAccountState = { ...state, status: "missing" };
      return { inputs: inputsOf(missing), state: missing };
    }
    const { text, mark } = splitMark(account.description ?? "");
    const owner = state?.owner ?? mark?.owner;
    const declared: ServiceAccountInputs = state
      ? inputsOf(state)
      : {
          owner: owner ?? "",
          organization,
          name: account.name,
          allowReplace: false,
          forceDestroy: false,
          recreateIfMissing: false,
        };
    // An account of ours has a description, if only for the mark: one that the Hub leaves out is not gone.
    const untold = state !== undefined && account.description === undefined;
    const description = untold || (declared.description ?? "") === text ? declared.description : text;
    const inputs = { ...declared, organization, name: account.name, description };
    if (state) reportStrays(accounts, inputs, context);
    return { inputs, state: toState(inputs, account) };
  },

  update(_id, state, inputs, { claims }) {
    // Nothing that can change without a replacement is known to the Hub.
    claims.add(state.accountId);
    return Promise.resolve({ ...state, ...inputs });
  },

  delete: deleteOwn,

  imports: { parseId, compare: compareWithHub },
};

async function compareWithHub(
  id: string,
  inputs: ServiceAccountInputs,
  { client, claims }: LifecycleContext,
): Promise<Imported<ServiceAccountState> | undefined> {
  const { organization, accountId } = parseId(id);
  const account = (await client.listServiceAccounts(organization)).find(({ _id }) => _id === accountId);
  if (!account) return undefined;
  if (claims.has(accountId))
    throw new LifecycleError(`Another resource of this stack has the account ${id}.`);
  claims.add(accountId);
  const foreign = refusalOfForeignMark(account.description ?? "", inputs.owner, `The service account ${id}`);
  if (foreign) throw new LifecycleError(foreign);
  const { text } = splitMark(account.description ?? "");
  const onHub = { organization, name: account.name, description: text };
  const declared = { ...inputs, description: inputs.description ?? "" };
  return { differing: differingFrom(onHub, declared), state: toState(inputs, account) };
}

async function deleteOwn(_id: string, state: ServiceAccountState, context: LifecycleContext): Promise<void> {
  const { client, log } = context;
  const { organization, accountId } = state;
  try {
    if (!state.forceDestroy) refuseToEnd(await tokensOfAccount(client, organization, accountId), state);
    await client.deleteServiceAccount(organization, accountId);
  } catch (error) {
    if (error instanceof UntoldTokensError) throw new LifecycleError(`${error.message} ${HOW_TO_FORCE}`);
    await ensureGone(organization, accountId, error, context);
    log.info("the account is gone already.");
  }
}

function refuseToEnd(tokens: readonly ServiceAccountToken[], { name }: ServiceAccountState): void {
  if (tokens.length === 0) return;
  const names = tokens.map(({ displayName }) => `"${displayName}"`);
  throw new LifecycleError(
    `The service account ${name} still holds ${names.length} token(s) that this stack does not manage: ${names.slice(0, 10).join(", ")}` +
      `${names.length > 10 ? ", …" : ""}. Deleting it would end them. Revoke them on the Hub first. ${HOW_TO_FORCE}`,
  );
}

const HOW_TO_FORCE =
  "To end whatever tokens it has, set forceDestroy to true and run `pulumi up` before the destroy.";

async function createAccount(
  inputs: ServiceAccountInputs,
  { client, randomHex }: LifecycleContext,
): Promise<ServiceAccountInfo> {
  const description = withMark(inputs.description, { owner: inputs.owner, random: randomHex(4) });
  try {
    return await client.createServiceAccount(inputs.organization, { name: inputs.name, description });
  } catch (error) {
    if ((error as Partial<HubError>).outcomeUnknown !== true) throw error;
    // The answer was lost. The mark is drawn for this creation alone, so an account that has it is this one.
    const accounts = await client.listServiceAccounts(inputs.organization);
    const created = accounts.find((account) => account.description === description);
    if (created) return created;
    throw error;
  }
}

/** A 404 also means "not for you": the account counts as gone only if a listing that succeeds does not show it. */
async function ensureGone(
  organization: string,
  accountId: string,
  error: unknown,
  { client }: LifecycleContext,
): Promise<void> {
  if (!isNotFound(error)) throw error;
  const accounts = await client.listServiceAccounts(organization);
  if (accounts.some(({ _id }) => _id === accountId)) throw error;
}

/** An account with this resource's mark, name and description that nothing holds. It is only named: somebody may have kept it. */
function reportStrays(
  accounts: readonly ServiceAccountInfo[],
  inputs: ServiceAccountInputs,
  { claims, log }: LifecycleContext,
): void {
  // One with another name or description is the one that a replacement is about to delete, or has retained.
  const strays = accounts.filter(
    ({ _id, name, description }) =>
      splitMark(description ?? "").mark?.owner === inputs.owner &&
      name === inputs.name &&
      sameText(description, inputs.description) &&
      !claims.has(_id),
  );
  if (strays.length === 0) return;
  log.warn(
    `found account(s) with this resource's mark that no resource is known to hold (${strays.map(({ _id }) => _id).join(", ")}): a creation ` +
      "was interrupted, a replacement is under way, or another stack with the same names of project, stack and resource has them " +
      "(huggingface:owner, set before the first `pulumi up`, tells such stacks apart). They are not touched; delete on the Hub what nobody needs.",
  );
}

function sameText(description: string | undefined, text: string | undefined): boolean {
  return splitMark(description ?? "").text === (text ?? "");
}

function isNotFound(error: unknown): boolean {
  return (error as Partial<HubError>).status === 404;
}

function parseId(id: string): { organization: string; accountId: string } {
  const found = /^([^/]+)\/([0-9a-f]{24})$/.exec(id);
  if (!found) {
    throw new LifecycleError(
      `"${id}" is not the id of a service account. It has the form organization/accountId, with 24 hexadecimal digits.`,
    );
  }
  return { organization: found[1] as string, accountId: found[2] as string };
}

/** The one way from the Hub's answer to what is kept. */
function toState(inputs: ServiceAccountInputs, account: ServiceAccountInfo): ServiceAccountState {
  return {
    ...inputs,
    accountId: account._id,
    user: account.user,
    createdAt: account.createdAt,
    status: "active",
  };
}

function inputsOf(state: ServiceAccountState): ServiceAccountInputs {
  const { accountId: _a, user: _u, createdAt: _c, status: _s, ...inputs } = state;
  return inputs;
}

// --- Class -------------------------------------------------------------------------------------------------------

const shape: ResourceShape = {
  type: serviceAccountDefinition.type,
  secrets: [],
  owned: true,
  // Arguments too, for an account that is only looked up.
  outputs: [...Object.keys(schema.properties), "accountId", "user", "createdAt", "status"],
};

/**
 * A service account of an organization (Hub: `/api/organizations/{org}/service-accounts`, Enterprise plan): what code
 * should have instead of a person's token.
 *
 * A delete or a replacement is refused while the account holds tokens that no program of this stack manages, unless
 * `forceDestroy` is set.
 *
 * @example
 * ```ts
 * const account = new ServiceAccount("ci", { organization: "acme", name: "ci", description: "Build pipeline" });
 * ```
 */
export class ServiceAccount extends HubResource {
  /** The organization's name. */
  declare readonly organization: pulumi.Output<string>;
  /** The account's name. */
  declare readonly name: pulumi.Output<string>;
  /** What the account is for, without the mark. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** The Hub's id of the account, 24 hex digits. */
  declare readonly accountId: pulumi.Output<string>;
  /** The account's user name on the Hub. */
  declare readonly user: pulumi.Output<string>;
  /** When the account was created (ISO 8601, UTC). */
  declare readonly createdAt: pulumi.Output<string>;
  /** Whether the Hub has the account, as of the last `up` or refresh. */
  declare readonly status: pulumi.Output<ServiceAccountStatus>;

  constructor(name: string, args: ServiceAccountArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
    // From the id, which stays known in the preview of an in-place update, so that tokens of the account do not look
    // replaced when only a setting of the account changes. An id that a unit test makes up has another form.
    const told = this.accountId;
    this.accountId = this.id.apply((id) => pulumi.output(id.split("/")[1] ?? told));
  }

  /**
   * Looks an account up by `organization/accountId`, without managing it.
   *
   * @throws when there is no such account, or the credentials cannot see it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): ServiceAccount {
    return new ServiceAccount(name, {} as ServiceAccountArgs, { ...options, id });
  }
}

import type * as pulumi from "@pulumi/pulumi";
import { type HubClient, type HubError, type RepoInfo, type RepoPermission } from "../../client";
import {
  ENDPOINT_PATTERN,
  MAX_ENDPOINT_PATTERN_LENGTH as LONGEST_ENDPOINT_PATTERN,
  MAX_ENDPOINT_PATTERNS as MOST_ENDPOINT_PATTERNS,
} from "../../client/limits";
import { boolean, filled, list, object, oneOf, optional, string, time } from "../../client/shape";
import { ConfigurationError } from "../../client/environment";
import { type ResourceShape } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import { underMocks } from "../../program/mocks";
import { programError } from "../../program/programError";
import {
  type ArgsSchema,
  type CheckFailure,
  type LifecycleContext,
  type Imported,
  LifecycleError,
  type PureContext,
  type ResourceDefinition,
} from "../../model/definition";
import { differingFrom, diffOf } from "../../model/diff";
import { sameData, sameSet } from "../../model/plain";
import { hubIdSchema, organizationSchema, ownerSchema, TIME_PATTERN } from "../../model/schemas";
import { containsUnknown, known } from "../../model/unknown";
import { MARK_LENGTH, refusalOfForeignMark, splitMark, withMark } from "../../rules/mark";
import {
  type Permission,
  PERMISSIONS,
  REPO_PERMISSIONS,
  narrowed,
  type TokenReach,
  undoneParts,
  widenedParts,
} from "../../rules/permissions";
import { parseRepoReference, REPO_REFERENCE_PATTERN } from "../../rules/repoReference";
import { DAY, isPast, rotateAt } from "../../rules/rotation";
import {
  type IssuedToken,
  issueMarked,
  type LiveToken,
  type SeenReach,
  type TokenPlace,
  tokenPlace,
  tokensOf,
} from "../../hub/tokenPlace";
import { HubTokenPredecessors, type KnownPredecessor } from "../hubTokenPredecessors";

// --- Arguments ---------------------------------------------------------------------------------------------------

/** Arguments that both kinds of token share. */
export interface TokenArgs {
  /**
   * The token's name, 1 to 84 characters. On the Hub it is followed by a mark, `<name> [<owner>-<random>]`, by which
   * the library knows its own tokens. A change renames a service account's token in place, and gives a user's own token
   * a successor, since the Hub cannot rename it.
   */
  name: pulumi.Input<string>;
  /** Age in days (1 to 3650) at which a successor falls due. Default: never. A change sends nothing. */
  rotateEveryDays?: pulumi.Input<number>;
  /**
   * Days (1 to 3650) before an end that the Hub itself has set at which a successor falls due. Default: no such rotation.
   * Before an end that you declared with `expiresAt` there is only a warning: a successor would end at the same moment. An end
   * that the Hub sets or moves after the token was issued is noticed by a refresh.
   */
  rotateBeforeDays?: pulumi.Input<number>;
  /** Any change of these values gives the token a successor in the next `up`. Default: none. */
  rotationTriggers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Hours (0 to 8760) for which the predecessor stays valid after a rotation. Default 24. A change sends nothing. */
  overlapHours?: pulumi.Input<number>;
  /**
   * Minutes (0 to 525600) for which the predecessor must not have been used before it is revoked; 0 asks nothing. Default
   * 60. A change sends nothing.
   */
  idleMinutes?: pulumi.Input<number>;
  /**
   * Issues a new token where this one was revoked or has expired or vanished on the Hub. Default false: somebody may have
   * revoked it on purpose, so there is only a warning and the output `status`. What was taken from the old one by hand the
   * new one does not get either; to widen it again, change `rotationTriggers`.
   */
  recreateIfInvalid?: pulumi.Input<boolean>;
}

/** A token of a service account: the kind that code should hold (Enterprise plan). */
export interface ServiceAccountTokenArgs extends TokenArgs {
  /** The organization's name. A change replaces the token. */
  organization: pulumi.Input<string>;
  /** The service account's id, 24 hex digits: the output `accountId` of a `ServiceAccount`. A change replaces the token. */
  serviceAccount: pulumi.Input<string>;
  /** What the token may do in the whole organization; ready-made sets are in `permissionSets`. Changed in place. */
  permissions: pulumi.Input<readonly pulumi.Input<Permission>[]>;
  /**
   * Repositories in which `repoPermissions` hold: `"acme/model"`, `"datasets/acme/d"`, `"spaces/acme/s"`, or a repository's
   * id of 24 hex digits. Buckets and kernels by their id only: the Hub cannot be asked for it by name. Default none. Changed
   * in place.
   */
  repos?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** What the token may do in `repos`: repo.content.read, repo.write. Default none. Changed in place. */
  repoPermissions?: pulumi.Input<readonly pulumi.Input<RepoPermission>[]>;
  /**
   * At most 20 patterns of inference endpoints that the token may call, each 1 to 256 characters without `.`, `?`, `\`,
   * parentheses, brackets and braces. Default: any. Changed in place.
   */
  endpointPatterns?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Whether the organization's network rules do not hold for this token. `true` needs the Enterprise Plus plan. Default
   * false. Changed in place.
   */
  skipNetworkSecurity?: pulumi.Input<boolean>;
  /** Not for a service account's token: its `permissions` say what it may do. */
  role?: undefined;
  /** Not for a service account's token: the Hub sets its end. */
  expiresAt?: undefined;
}

/** A token of the user whose token the provider has. Works on a Hub with the extended API only. */
export interface UserTokenArgs extends TokenArgs {
  /** read, write or admin. Default read. A change gives the token a successor. */
  role?: pulumi.Input<"read" | "write" | "admin">;
  /** When the token ends: a date and time with a zone, as `2027-01-31T00:00:00Z`. Default: never. A change gives the token a successor. */
  expiresAt?: pulumi.Input<string>;
  /** For a service account's token only. */
  organization?: undefined;
  /** For a service account's token only. */
  serviceAccount?: undefined;
  /** For a service account's token only. */
  permissions?: undefined;
  /** For a service account's token only. */
  repos?: undefined;
  /** For a service account's token only. */
  repoPermissions?: undefined;
  /** For a service account's token only. */
  endpointPatterns?: undefined;
  /** For a service account's token only. */
  skipNetworkSecurity?: undefined;
}

/** Arguments of a {@link HubToken}: with `organization` and `serviceAccount` a service account's token, without a user's own. */
export type HubTokenArgs = ServiceAccountTokenArgs | UserTokenArgs;

// --- State -------------------------------------------------------------------------------------------------------

/** Whether the Hub accepts a token. */
export type TokenStatus =
  /** The Hub lists it. */
  | "active"
  /** It was revoked: its place is there and does not list it any more. */
  | "revoked"
  /** Its end has come. */
  | "expired"
  /** The service account that it belonged to is gone. */
  | "missing";

export interface HubTokenInputs {
  owner?: string;
  name: string;
  organization?: string;
  serviceAccount?: string;
  permissions?: string[];
  repos?: string[];
  repoPermissions?: string[];
  endpointPatterns?: string[];
  skipNetworkSecurity?: boolean;
  role?: string;
  expiresAt?: string;
  rotateEveryDays?: number;
  rotateBeforeDays?: number;
  rotationTriggers?: Record<string, string>;
  overlapHours: number;
  idleMinutes: number;
  recreateIfInvalid: boolean;
}

export interface HubTokenState extends HubTokenInputs {
  token?: string;
  tokenId: string;
  hubName: string;
  last4?: string;
  createdAt: string;
  rotateAt?: string;
  expiryEnforced: boolean;
  status: TokenStatus;
  /** Whose own token it is. */
  user?: string;
  /** Ids of `repos`, in the same order. */
  repoIds?: string[];
  /** What was last sent, so that a change that somebody made on the Hub is told apart from a change of the program. */
  applied: { reach?: TokenReach; expiresAt?: string };
  /** Of a token that is active no more: what it could do when that was last seen, which a successor is measured by. */
  seen?: TokenReach;
  predecessors: KnownPredecessor[];
}

// --- Schema ------------------------------------------------------------------------------------------------------

const schema: ArgsSchema = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: {
    owner: ownerSchema,
    name: {
      type: "string",
      minLength: 1,
      maxLength: 100 - MARK_LENGTH,
      pattern: "^[^\\p{Cc}]*$",
      description: `1 to ${100 - MARK_LENGTH} characters without control characters (the mark behind the name needs the rest of 100)`,
    },
    organization: organizationSchema,
    serviceAccount: {
      ...hubIdSchema,
      description: "the output accountId of a ServiceAccount: 24 hexadecimal digits",
    },
    permissions: {
      type: "array",
      // With a type the validator looks for duplicates by the text, and never calls what an item may define.
      items: { type: "string", enum: PERMISSIONS, description: "a permission of the Hub" },
      uniqueItems: true,
      description: "a list of the Hub's permissions; permissionSets has ready-made ones",
    },
    repos: {
      type: "array",
      items: {
        type: "string",
        maxLength: 250,
        pattern: REPO_REFERENCE_PATTERN,
        description:
          '"namespace/name" for a model, "datasets/namespace/name", "spaces/namespace/name", or a repository\'s id of 24 hexadecimal digits (the only form for buckets and kernels)',
      },
      uniqueItems: true,
      description: "a list of repositories",
    },
    repoPermissions: {
      type: "array",
      items: {
        type: "string",
        enum: REPO_PERMISSIONS,
        description: "repo.content.read or repo.write",
      },
      uniqueItems: true,
      description: "a list of repo.content.read and repo.write",
    },
    endpointPatterns: {
      type: "array",
      items: {
        type: "string",
        maxLength: LONGEST_ENDPOINT_PATTERN,
        pattern: ENDPOINT_PATTERN,
        description: `1 to ${LONGEST_ENDPOINT_PATTERN} characters without . ? \\ and brackets`,
      },
      uniqueItems: true,
      maxItems: MOST_ENDPOINT_PATTERNS,
      description: `a list of at most ${MOST_ENDPOINT_PATTERNS} patterns`,
    },
    skipNetworkSecurity: { type: "boolean", description: "true or false" },
    role: { enum: ["read", "write", "admin"], description: "read, write or admin" },
    expiresAt: {
      type: "string",
      maxLength: 40,
      pattern: TIME_PATTERN,
      description: "a date and time with a zone, as 2027-01-31T00:00:00Z",
    },
    rotateEveryDays: {
      type: "integer",
      minimum: 1,
      maximum: 3650,
      description: "a whole number of days, 1 to 3650",
    },
    rotateBeforeDays: {
      type: "integer",
      minimum: 1,
      maximum: 3650,
      description: "a whole number of days, 1 to 3650",
    },
    rotationTriggers: {
      type: "object",
      additionalProperties: { type: "string", description: "a string" },
      description: "an object with strings as values",
    },
    overlapHours: { type: "number", minimum: 0, maximum: 8760, default: 24, description: "hours, 0 to 8760" },
    idleMinutes: {
      type: "number",
      minimum: 0,
      maximum: 525_600,
      default: 60,
      description: "minutes, 0 to 525600",
    },
    recreateIfInvalid: { type: "boolean", default: false, description: "true or false" },
  },
};

const SERVICE_ACCOUNT_ONLY = [
  "permissions",
  "repos",
  "repoPermissions",
  "endpointPatterns",
  "skipNetworkSecurity",
] as const;
const USER_ONLY = ["role", "expiresAt"] as const;

const keptReach = optional(
  object({
    permissions: list(string),
    repoPermissions: list(string),
    repoIds: list(string),
    endpointPatterns: list(string),
    skipNetworkSecurity: boolean,
  }),
);

/** What the lifecycle rests on in the state. */
const kept = object({
  owner: optional(string),
  name: string,
  organization: optional(string),
  serviceAccount: optional(string),
  permissions: optional(list(string)),
  repos: optional(list(string)),
  repoIds: optional(list(string)),
  repoPermissions: optional(list(string)),
  endpointPatterns: optional(list(string)),
  expiresAt: optional(time),
  tokenId: filled,
  hubName: string,
  last4: optional(string),
  user: optional(string),
  createdAt: time,
  status: oneOf("active", "revoked", "expired", "missing"),
  applied: object({ expiresAt: optional(time), reach: keptReach }),
  seen: keptReach,
  predecessors: list(object({ tokenId: filled, supersededAt: time })),
});

// --- Lifecycle ---------------------------------------------------------------------------------------------------

/** The lifecycle of a {@link HubToken}, without Pulumi. */
export const hubTokenDefinition: ResourceDefinition<HubTokenInputs, HubTokenState> = {
  type: "HubToken",
  schema,
  secrets: ["token"],
  replaceOn: ["organization", "serviceAccount"],
  stateReader: kept,
  sharedObject: (_id, { tokenId, organization }) => `${organization ?? "user"}/${tokenId}`,
  stateVersion: 1,

  label: ({ name, organization }) => `"${name ?? ""}"${organization ? ` of ${organization}` : ""}`,

  check(inputs, previous, context) {
    const failures = placeFailures(inputs);
    const expiresAt = known(inputs.expiresAt);
    if (expiresAt !== undefined) failures.push(...expiryFailures(inputs, expiresAt, previous, context));
    return failures;
  },

  diff(state, inputs, changed, context) {
    claim(state, context);
    // The output `expiresAt` is what the Hub enforces; what was declared is what was last sent.
    const declared = changed.filter(
      (property) => property !== "expiresAt" || !sameMoment(state.applied.expiresAt, inputs.expiresAt),
    );
    const result = diffOf(hubTokenDefinition, declared);
    const status =
      isPast(state.expiresAt, context.now) && state.status === "active" ? "expired" : state.status;
    const reason = successorReason(state, inputs, status, context);
    if (status !== "active" && !reason) {
      context.log.warn(
        `the token is ${status} on the Hub. It is not issued again by itself: set recreateIfInvalid, or change a rotation trigger.`,
      );
    }
    if (state.token === undefined && !reason)
      context.log.warn(`${VALUE_UNKNOWN} Until then \`pulumi up\` fails if something uses it.`);
    if (status === "active" && !reason && result.replaces.length === 0 && !containsUnknown(inputs)) {
      // Names are among no ids, so they count for nothing here: what one stands for, only the Hub can tell.
      const undone = undoneBy(wantedReach(inputs, inputs.repos), state);
      if (undone.length > 0)
        context.log.warn(`\`pulumi up\` will refuse this. ${refusalToWiden(state, undone)}`);
    }
    return {
      ...result,
      changes: result.changes || reason !== undefined || hasToDecide(state, inputs, status),
    };
  },

  async create(inputs, context) {
    const repoIds = await resolveRepos(context.client, inputs.repos, undefined);
    const reach = wantedReach(inputs, repoIds);
    const place = tokenPlace(context.client, inputs);
    const user = await place.user();
    const issued = await issueMarked(
      place,
      inputs.name,
      ownerIn(inputs),
      { reach, role: inputs.role, expiresAt: inputs.expiresAt },
      context.randomHex,
    );
    context.claims.add(issued.tokenId);
    return {
      id: idOf(inputs),
      state: toState(inputs, {
        tokenId: issued.tokenId,
        hubName: issued.hubName,
        token: issued.value,
        last4: issued.last4,
        createdAt: issued.createdAt ?? context.now.toISOString(),
        hubExpiry: await endOf(issued, inputs, place),
        status: "active",
        user,
        repoIds,
        predecessors: [],
      }),
    };
  },

  async read(id, state, context) {
    if (!state) return adopt(id, context);
    claim(state, context);
    const place = tokenPlace(context.client, state);
    const live = await place.list();
    const current = currentOf(live, state);
    const status = statusOf(live, current, state, context.now);
    if (status !== "active") {
      context.log.warn(`the token ${state.hubName} is ${status} on the Hub.`);
    }
    const observed: HubTokenState = { ...state, status, user: await place.user() };
    if (status === "active") delete observed.seen;
    if (current) {
      if (status === "active") observed.name = splitMark(current.hubName).text;
      observed.hubName = current.hubName;
      Object.assign(observed, expiryOf(current.expiresAt, state.applied.expiresAt));
      // One whose value is another by now is no more brought to what is declared, only kept from going beyond it.
      const counts =
        status === "active" || !reachesNoFurther(current.reach, wantedReach(state, state.repoIds));
      if (current.reach && counts) Object.assign(observed, reachInputs(state, current.reach));
      else if (state.role !== undefined && current.role !== undefined) observed.role = current.role;
    }
    observed.rotateAt = rotateAt(scheduleOf(observed, observed));
    return { inputs: inputsOf(observed), state: observed };
  },

  async update(_id, state, inputs, context) {
    claim(state, context);
    const place = tokenPlace(context.client, { ...inputs, user: state.user });
    const live = await place.list();
    const user = await place.user();
    const current = currentOf(live, state);
    const status = statusOf(live, current, state, context.now);
    const reason = successorReason(state, inputs, status, context);
    const repoIds = await resolveRepos(context.client, inputs.repos, state, reason !== undefined);
    const reach = wantedReach(inputs, repoIds);
    // One that the Hub does not list any more could do what was last seen of it.
    const before = current?.reach ?? lastSeen(state);
    const undone = reason?.fresh === true ? [] : undoneBy(reach, state, before);

    const predecessors = state.predecessors.filter(({ tokenId }) =>
      live?.some((token) => token.tokenId === tokenId),
    );
    if (reason) {
      if (inputs.expiresAt !== undefined && isPast(inputs.expiresAt, context.now)) {
        throw new LifecycleError(
          `A new token is needed (${reason.text}), but expiresAt (${inputs.expiresAt}) has passed. Declare a later moment.`,
        );
      }
      if (current?.reach && reach && widenedParts(current.reach, reach).length > 0) {
        // The predecessor must not go on being able to do, while it lasts, what the program does not allow.
        await place.change(current.tokenId, current.hubName, narrowed(current.reach, reach), current.reach);
      }
      // A rotation that failed for ever would leave the old value in use; one that widens would undo what somebody did.
      const kept = undone.length > 0 && reach && before ? narrowed(before, reach) : undefined;
      const issued = await issueMarked(
        place,
        inputs.name,
        ownerIn(inputs),
        { reach: kept ?? reach, role: inputs.role, expiresAt: inputs.expiresAt },
        context.randomHex,
      );
      context.claims.add(issued.tokenId);
      if (current) {
        predecessors.push({ tokenId: current.tokenId, supersededAt: context.now.toISOString() });
        context.log.info(
          `issued a successor (${reason.text}). The predecessor ${current.hubName} stays valid; a later \`pulumi up\` revokes it, ` +
            `${inputs.overlapHours} h from now at the earliest, once it is idle.`,
        );
      }
      const next = toState(inputs, {
        tokenId: issued.tokenId,
        hubName: issued.hubName,
        token: issued.value,
        last4: issued.last4,
        createdAt: issued.createdAt ?? context.now.toISOString(),
        hubExpiry: await endOf(issued, inputs, place),
        status: "active",
        user,
        repoIds,
        predecessors,
      });
      if (kept) {
        context.log.warn(
          `the successor can do no more than its predecessor, which was narrowed on the Hub (${undone.join(", ")}). ${HOW_TO_WIDEN}`,
        );
        // As a refresh would show it, so that the difference from the program stays in sight.
        Object.assign(next, reachInputs(next, kept));
      }
      return next;
    }
    if (undone.length > 0 && status === "active") {
      if (current?.reach && reach) {
        const rest = narrowed(current.reach, reach);
        if (!sameReach(rest, current.reach)) {
          await place.change(current.tokenId, current.hubName, rest, current.reach);
          context.log.info("narrowed the token to what the program still asks for.");
        }
      }
      throw new LifecycleError(refusalToWiden(state, undone));
    }

    let hubName = current?.hubName ?? state.hubName;
    let left = before;
    if (status !== "active") {
      // Somebody has the value of one that was rotated by hand.
      if (status === "revoked" && current?.reach && reach) left = narrowed(current.reach, reach);
      let narrows = false;
      if (current?.reach && left && !sameReach(left, current.reach)) {
        await place.change(current.tokenId, current.hubName, left, current.reach);
        narrows = true;
      }
      context.log.warn(
        `the token ${state.hubName} is ${status} on the Hub, so ${narrows ? "it was only narrowed to what the program still asks for" : "nothing was sent"}. ` +
          "It is not issued again by itself: set recreateIfInvalid, or change a rotation trigger.",
      );
    } else if (current?.reach && reach) {
      // Somebody may have renamed it; the mark is drawn anew where it got lost, so that the token stays known as ours.
      const mark = splitMark(current.hubName).mark ??
        splitMark(state.hubName).mark ?? { owner: ownerIn(inputs), random: context.randomHex(4) };
      hubName = withMark(inputs.name, mark);
      if (hubName !== current.hubName || !sameReach(reach, current.reach)) {
        await place.change(current.tokenId, hubName, reach, current.reach);
      }
    }
    const next = toState(inputs, {
      tokenId: state.tokenId,
      hubName,
      token: state.token,
      last4: state.last4,
      createdAt: state.createdAt,
      // A token that has expired is listed no more; its end stays what it was.
      hubExpiry: current ? current.expiresAt : state.expiryEnforced ? state.expiresAt : undefined,
      status,
      user,
      repoIds,
      predecessors,
    });
    if (status !== "active" && reach && state.applied.reach) {
      // A successor is not to be given what somebody took away, nor kept from what the program has added meanwhile.
      next.seen = left;
      next.applied.reach = narrowed(state.applied.reach, reach);
    }
    return next;
  },

  async delete(_id, state, context) {
    const place = tokenPlace(context.client, state);
    // Predecessors too: where the run that rotated was cut off, the child that ends them does not know them yet.
    for (const { tokenId } of [state, ...state.predecessors]) {
      const ended = await place.revoke(tokenId);
      if (!ended && tokenId === state.tokenId)
        context.log.info(`the token ${state.hubName} is gone already.`);
    }
  },

  imports: { parseId, compare: compareWithHub },
};

async function compareWithHub(
  id: string,
  inputs: HubTokenInputs,
  context: LifecycleContext,
): Promise<Imported<HubTokenState> | undefined> {
  const { client, claims } = context;
  const adopted = await adopt(id, context);
  if (!adopted) return undefined;
  const { state: found, live } = adopted;
  const foreign = refusalOfForeignMark(found.hubName, inputs.owner, `The token ${found.hubName}`);
  if (foreign) throw new LifecycleError(foreign);
  const own = inputs.owner === undefined ? undefined : tokensOf(inputs.owner, live)[0];
  if (own && own.tokenId !== found.tokenId) {
    throw new LifecycleError(
      `This resource has issued another token already, ${own.hubName}: with the option import it would go back to ${found.hubName}. ` +
        "Nothing was changed. Take the option out; if the resource is not in the state, import the other token.",
    );
  }
  if (claims.has(found.tokenId)) {
    throw new LifecycleError(`Another resource of this stack has the token ${found.hubName}.`);
  }
  claims.add(found.tokenId);
  const repoIds = await resolveRepos(client, inputs.repos, undefined);
  const { organization, serviceAccount, name } = found;
  const onHub: Record<string, unknown> = { organization, serviceAccount, name };
  if (organization === undefined) onHub["role"] = found.role ?? "read";
  const differing = differingFrom(onHub, { ...inputs, role: inputs.role ?? "read" });
  const [actual, wanted] = [wantedReach(found, found.repoIds), wantedReach(inputs, repoIds)];
  for (const part of actual && wanted ? differingReach(actual, wanted) : []) {
    differing[part === "repoIds" ? "repos" : part] = actual?.[part];
  }
  if (organization === undefined && !sameMoment(found.expiresAt, inputs.expiresAt)) {
    differing["expiresAt"] = found.expiresAt ?? "none";
  }
  const state = toState(inputs, {
    ...found,
    token: undefined,
    hubExpiry: found.expiryEnforced ? found.expiresAt : undefined,
    repoIds,
  });
  return { differing, state };
}

function placeFailures(inputs: HubTokenInputs): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const inOrganization = inputs.organization !== undefined || inputs.serviceAccount !== undefined;
  if (!inOrganization) {
    if (/[\\/]/.test(known(inputs.name) ?? "")) {
      failures.push({
        property: "name",
        reason: "must not have / or \\: the Hub finds a user's own token by its name",
      });
    }
    for (const property of SERVICE_ACCOUNT_ONLY) {
      if (inputs[property] !== undefined) {
        failures.push({
          property,
          reason:
            "belongs to a service account's token: give organization and serviceAccount too, or leave it out",
        });
      }
    }
    return failures;
  }
  for (const property of ["organization", "serviceAccount"] as const) {
    if (inputs[property] === undefined) {
      failures.push({
        property,
        reason: "is required for a service account's token: organization and serviceAccount go together",
      });
    }
  }
  if (inputs.permissions === undefined) {
    failures.push({
      property: "permissions",
      reason: "is required for a service account's token; permissionSets has ready-made sets",
    });
  }
  for (const property of USER_ONLY) {
    if (inputs[property] !== undefined) {
      failures.push({
        property,
        reason:
          "belongs to a user's own token; a service account's token has permissions, and the Hub sets its end",
      });
    }
  }
  const repos = known(inputs.repos);
  const repoPermissions = known(inputs.repoPermissions);
  if (repos?.length && inputs.repoPermissions === undefined) {
    failures.push({
      property: "repoPermissions",
      reason: "is required with repos: what may the token do in them?",
    });
  }
  if (repoPermissions?.length && (inputs.repos === undefined || repos?.length === 0)) {
    failures.push({
      property: "repos",
      reason: "is required with repoPermissions: in which repositories do they hold?",
    });
  }
  return failures;
}

function expiryFailures(
  inputs: HubTokenInputs,
  expiresAt: string,
  previous: HubTokenInputs | undefined,
  { now, log }: PureContext,
): CheckFailure[] {
  const moment = Date.parse(expiresAt);
  if (Number.isNaN(moment) || !dayExists(expiresAt)) {
    return [{ property: "expiresAt", reason: `is no date that exists: ${expiresAt}` }];
  }
  if (moment <= now.getTime()) {
    const aboutToBeSent = !sameMoment(previous?.expiresAt, expiresAt);
    if (aboutToBeSent) {
      return [
        { property: "expiresAt", reason: `has passed (it is ${now.toISOString()} now); give a later moment` },
      ];
    }
    log.warn(`expiresAt (${expiresAt}) has passed. Declare a later moment to get a new token.`);
  } else if (
    inputs.rotateBeforeDays !== undefined &&
    moment - now.getTime() <= inputs.rotateBeforeDays * DAY
  ) {
    log.warn(
      `the token ends at ${expiresAt}. Declare a later expiresAt to get a successor; a rotation alone would end at the same moment.`,
    );
  }
  return [];
}

/** Date.parse turns the 31st of a shorter month into a day of the next. */
function dayExists(moment: string): boolean {
  const date = moment.slice(0, "2027-01-31".length);
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

/**
 * Whether the program follows what was done on the Hub, or a run was cut off after it had sent something. Then nothing is sent,
 * but what was decided has to be kept: a later change of the program is measured by it.
 */
function hasToDecide(
  { applied, repoIds }: HubTokenState,
  inputs: HubTokenInputs,
  status: TokenStatus,
): boolean {
  const wanted = wantedReach(inputs, repoIds);
  return status === "active" && !!applied.reach && !!wanted && !sameReach(applied.reach, wanted);
}

interface SuccessorReason {
  text: string;
  /** Whether a person asked for it just now, and not the clock or a standing order. Only then may it widen. */
  fresh: boolean;
}

/** Why a new token is to be issued, or `undefined`. A token that somebody revoked is never issued anew by the clock. */
function successorReason(
  state: HubTokenState,
  inputs: HubTokenInputs,
  status: TokenStatus,
  { now, behaviour }: PureContext,
): SuccessorReason | undefined {
  if (!sameData(state.rotationTriggers ?? {}, inputs.rotationTriggers ?? {})) {
    return { text: "a rotation trigger changed", fresh: true };
  }
  if (inputs.organization === undefined) {
    const changed = [
      state.name !== inputs.name ? "name" : undefined,
      (state.role ?? "read") !== (inputs.role ?? "read") ? "role" : undefined,
      sameMoment(state.applied.expiresAt, inputs.expiresAt) ? undefined : "expiresAt",
    ].filter((property) => property !== undefined);
    if (changed.length > 0) return { text: `${changed.join(" and ")} changed`, fresh: true };
  }
  if (status !== "active" && inputs.recreateIfInvalid === true) {
    return { text: `the token is ${status} and recreateIfInvalid is set`, fresh: false };
  }
  if (status === "revoked" || status === "missing" || behaviour.rotation === "defer") return undefined;
  const due = rotateAt(scheduleOf(state, inputs));
  if (!isPast(due, now)) return undefined;
  // A successor that ends in the past would be refused; the warning about expiresAt says what to do.
  if (isPast(inputs.expiresAt, now)) return undefined;
  return { text: `due since ${due as string}`, fresh: false };
}

function scheduleOf(
  state: Pick<HubTokenState, "createdAt" | "expiresAt" | "applied">,
  inputs: HubTokenInputs,
) {
  return {
    createdAt: state.createdAt,
    expiresAt: state.expiresAt,
    expiryDeclared: state.applied.expiresAt !== undefined,
    rotateEveryDays: known(inputs.rotateEveryDays),
    rotateBeforeDays: known(inputs.rotateBeforeDays),
  };
}

/** The token as the Hub lists it. What the Hub leaves out of its reach is as it was last sent. */
function currentOf(
  live: LiveToken[] | undefined,
  state: HubTokenState,
): (LiveToken & { reach?: TokenReach }) | undefined {
  const found = live?.find((token) => token.tokenId === state.tokenId);
  if (!found?.reach) return found as (LiveToken & { reach?: undefined }) | undefined;
  return { ...found, reach: wholeReach(found.reach, state.applied.reach) };
}

function wholeReach(seen: SeenReach, sent?: TokenReach): TokenReach {
  return {
    ...seen,
    skipNetworkSecurity: seen.skipNetworkSecurity ?? sent?.skipNetworkSecurity ?? false,
  };
}

function statusOf(
  live: LiveToken[] | undefined,
  current: LiveToken | undefined,
  state: Pick<HubTokenState, "expiresAt" | "last4"> & { status?: TokenStatus },
  now: Date,
): TokenStatus {
  if (!live) return "missing";
  // A rotation by hand leaves the id and ends the value.
  if (current?.last4 && state.last4 && current.last4 !== state.last4) return "revoked";
  // It stays revoked when its end passes: an end by the clock would be a reason to issue it anew.
  if (!current && state.status === "revoked") return "revoked";
  if (isPast(current?.expiresAt ?? state.expiresAt, now)) return "expired";
  return current ? "active" : "revoked";
}

/** What the token could do when that was last seen. */
function lastSeen(state: HubTokenState): TokenReach | undefined {
  return state.seen ?? wantedReach(state, state.repoIds);
}

/** The parts in which the program asks for what somebody took away on the Hub. */
function undoneBy(
  wanted: TokenReach | undefined,
  state: HubTokenState,
  actual = lastSeen(state),
): (keyof TokenReach)[] {
  return wanted && actual ? undoneParts(wanted, actual, state.applied.reach) : [];
}

function reachesNoFurther(actual: TokenReach | undefined, wanted: TokenReach | undefined): boolean {
  return !actual || !wanted || widenedParts(actual, wanted).length === 0;
}

function refusalToWiden({ hubName }: HubTokenState, undone: readonly string[]): string {
  return (
    `The token ${hubName} was narrowed on the Hub since (${undone.join(", ")}), and the program still asks for what was taken away. ` +
    `It is not widened again by itself, because somebody may have narrowed it on purpose. ${HOW_TO_WIDEN}`
  );
}

const VALUE_UNKNOWN =
  "the value of this token is not known, because it was imported and the Hub shows a value only once. Change rotationTriggers to " +
  "issue a successor, or use the output token only after the next rotation.";

const HOW_TO_WIDEN = "Declare what it can do now, or, to widen it again, change rotationTriggers.";

function claim(state: HubTokenState, { claims }: PureContext): void {
  for (const { tokenId } of [state, ...state.predecessors]) claims.add(tokenId);
}

/** The end that the Hub has set for a new token, where the rotation goes by it; the answer to a creation may not tell. */
async function endOf(
  issued: IssuedToken,
  inputs: HubTokenInputs,
  place: TokenPlace,
): Promise<string | undefined> {
  if (issued.expiresAt !== undefined || inputs.rotateBeforeDays === undefined) return issued.expiresAt;
  try {
    return (await place.list())?.find(({ tokenId }) => tokenId === issued.tokenId)?.expiresAt;
  } catch {
    // The value must not get lost over this. A refresh asks again.
    return undefined;
  }
}

/** Ids of repositories. `anew` asks for known names too: another repository may stand under the name by now. */
async function resolveRepos(
  client: HubClient,
  repos: string[] | undefined,
  state: HubTokenState | undefined,
  anew = true,
): Promise<string[] | undefined> {
  if (repos === undefined) return undefined;
  const idOfKnown = new Map((state?.repos ?? []).map((repo, index) => [repo, state?.repoIds?.[index]]));
  return Promise.all(
    repos.map(async (repo) => {
      const remembered = idOfKnown.get(repo);
      if (remembered !== undefined && !anew) return remembered;
      const reference = parseRepoReference(repo);
      if ("repoId" in reference) return reference.repoId;
      try {
        return idFrom(await client.getRepo(reference.repo, reference.repoType));
      } catch (error) {
        if (remembered !== undefined && (error as Partial<HubError>).status === 404) return remembered;
        throw error;
      }
    }),
  );
}

function idFrom({ _id, id }: RepoInfo): string {
  if (_id !== undefined) return _id;
  throw new LifecycleError(
    `The Hub does not say the id of ${id}, which a token needs. Give the id itself in repos: 24 hexadecimal digits.`,
  );
}

function wantedReach(inputs: HubTokenInputs, repoIds: string[] | undefined): TokenReach | undefined {
  if (inputs.organization === undefined) return undefined;
  return {
    permissions: inputs.permissions ?? [],
    repoPermissions: inputs.repoPermissions ?? [],
    repoIds: repoIds ?? [],
    endpointPatterns: inputs.endpointPatterns ?? [],
    skipNetworkSecurity: inputs.skipNetworkSecurity ?? false,
  };
}

/** The arguments that say what the Hub's token can do, in the words of the program where they mean the same. */
function reachInputs(state: HubTokenState, actual: TokenReach): Partial<HubTokenState> {
  const list = (declared: string[] | undefined, observed: readonly string[]): string[] | undefined =>
    sameSet(declared, observed) ? declared : [...observed].sort();
  const nameOf = new Map(
    (state.repoIds ?? []).map((repoId, index) => [repoId, state.repos?.[index] ?? repoId]),
  );
  const reposChanged = !sameSet(state.repoIds, actual.repoIds);
  const observedIds = [...actual.repoIds].sort();
  return {
    permissions: list(state.permissions, actual.permissions),
    repoPermissions: list(state.repoPermissions, actual.repoPermissions),
    endpointPatterns: list(state.endpointPatterns, actual.endpointPatterns),
    skipNetworkSecurity:
      (state.skipNetworkSecurity ?? false) === actual.skipNetworkSecurity
        ? state.skipNetworkSecurity
        : actual.skipNetworkSecurity,
    ...(reposChanged && {
      repos: observedIds.map((repoId) => nameOf.get(repoId) ?? repoId),
      repoIds: observedIds,
    }),
  };
}

function sameReach(left: TokenReach, right: TokenReach): boolean {
  return differingReach(left, right).length === 0;
}

function differingReach(left: TokenReach, right: TokenReach): (keyof TokenReach)[] {
  const lists = ["permissions", "repoPermissions", "repoIds", "endpointPatterns"] as const;
  return [
    ...lists.filter((part) => !sameSet(left[part], right[part])),
    ...(left.skipNetworkSecurity === right.skipNetworkSecurity ? [] : (["skipNetworkSecurity"] as const)),
  ];
}

/** The token that an id names, for `HubToken.get`: by the owner's mark, by the Hub's id, or by its exact name. */
async function adopt(
  id: string,
  { client, now }: LifecycleContext,
): Promise<{ inputs: HubTokenInputs; state: HubTokenState; live: LiveToken[] } | undefined> {
  const { address, slot } = parseId(id);
  const place = tokenPlace(client, address);
  const live = (await place.list()) ?? [];
  const found =
    tokensOf(slot, live)[0] ?? live.find((token) => token.tokenId === slot || token.hubName === slot);
  if (!found) return undefined;
  const { text, mark } = splitMark(found.hubName);
  const inputs: HubTokenInputs = {
    ...address,
    name: text,
    owner: mark?.owner,
    role: found.role,
    overlapHours: 24,
    idleMinutes: 60,
    recreateIfInvalid: false,
    ...(found.reach && {
      permissions: [...found.reach.permissions].sort(),
      repos: [...found.reach.repoIds].sort(),
      repoPermissions: [...found.reach.repoPermissions].sort(),
      endpointPatterns: [...found.reach.endpointPatterns].sort(),
      skipNetworkSecurity: wholeReach(found.reach).skipNetworkSecurity,
    }),
    ...(address.organization === undefined && { expiresAt: found.expiresAt }),
  };
  const state = toState(inputs, {
    tokenId: found.tokenId,
    hubName: found.hubName,
    last4: found.last4,
    createdAt: found.createdAt,
    hubExpiry: found.expiresAt,
    status: statusOf(live, found, found, now),
    user: await place.user(),
    repoIds: inputs.repos,
    predecessors: [],
  });
  return { inputs, state, live };
}

function parseId(id: string): { address: { organization?: string; serviceAccount?: string }; slot: string } {
  const user = /^user\/(.+)$/s.exec(id);
  if (user) return { address: {}, slot: user[1] as string };
  const account = /^([^/]+)\/([0-9a-f]{24})\/(.+)$/s.exec(id);
  if (!account) {
    throw new LifecycleError(
      `"${id}" is not the id of a token. It has the form organization/accountId/slot, or user/slot.`,
    );
  }
  return { address: { organization: account[1], serviceAccount: account[2] }, slot: account[3] as string };
}

function idOf(inputs: HubTokenInputs): string {
  const slot = ownerIn(inputs);
  return inputs.organization === undefined
    ? `user/${slot}`
    : `${inputs.organization}/${inputs.serviceAccount ?? ""}/${slot}`;
}

function ownerIn(inputs: HubTokenInputs): string {
  if (inputs.owner === undefined) {
    throw new LifecycleError(
      "The token has no owner's mark. Declare it with the class HubToken, which sets it.",
    );
  }
  return inputs.owner;
}

/** The one way from what is known to what is kept. */
function toState(
  inputs: HubTokenInputs,
  token: {
    tokenId: string;
    hubName: string;
    token?: string;
    last4?: string;
    createdAt: string;
    hubExpiry?: string;
    status: TokenStatus;
    user?: string;
    repoIds?: string[];
    predecessors: KnownPredecessor[];
  },
): HubTokenState {
  const applied = { reach: wantedReach(inputs, token.repoIds), expiresAt: inputs.expiresAt };
  const state: HubTokenState = {
    ...inputs,
    ...expiryOf(token.hubExpiry, inputs.expiresAt),
    token: token.token,
    tokenId: token.tokenId,
    hubName: token.hubName,
    last4: token.last4,
    createdAt: token.createdAt,
    status: token.status,
    user: token.user,
    repoIds: token.repoIds,
    predecessors: token.predecessors,
    applied,
  };
  state.rotateAt = rotateAt(scheduleOf(state, inputs));
  return state;
}

function expiryOf(
  hubExpiry: string | undefined,
  declared: string | undefined,
): { expiresAt?: string; expiryEnforced: boolean } {
  if (hubExpiry === undefined) return { expiresAt: declared, expiryEnforced: false };
  return { expiresAt: sameMoment(hubExpiry, declared) ? declared : hubExpiry, expiryEnforced: true };
}

function inputsOf(state: HubTokenState): HubTokenInputs {
  const values = Object.fromEntries(
    Object.keys(schema.properties).map((property) => [property, state[property as keyof HubTokenState]]),
  ) as unknown as HubTokenInputs;
  return { ...values, expiresAt: state.applied.expiresAt };
}

function sameMoment(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (containsUnknown(left) || containsUnknown(right)) return false;
  return Date.parse(left) === Date.parse(right);
}

// --- Class -------------------------------------------------------------------------------------------------------

const shape: ResourceShape = {
  type: hubTokenDefinition.type,
  secrets: hubTokenDefinition.secrets,
  owned: true,
  outputs: [
    // Arguments too, for a token that is only looked up.
    ...Object.keys(schema.properties),
    "token",
    "tokenId",
    "hubName",
    "last4",
    "createdAt",
    "rotateAt",
    "expiryEnforced",
    "status",
    "predecessors",
  ],
};

/**
 * An access token of a service account (Hub: `…/service-accounts/{id}/tokens`, Enterprise plan) or of the user whose token
 * the provider has (Hub: `/api/settings/tokens`, extended API).
 *
 * A rotation is an in-place update: the id names the slot and stays, dependents get the successor, and the predecessor is
 * revoked in the first `pulumi up` after `overlapHours` in which it has not been used for `idleMinutes`. It falls due by the
 * clock, in a plain preview or up, unless the stack's `huggingface:rotation` is `defer`.
 *
 * Tokens are known by the owner's mark in their names, which comes from the names of project, stack and resource. Two stacks
 * with the same names in different backends therefore must not manage tokens of one account without a different
 * `huggingface:owner` each, set before the first `up`: each would take the other's for the remains of a creation that was cut
 * off, and revoke those that were never used.
 *
 * The token's value is an encrypted output. It is kept over refreshes and shown nowhere.
 *
 * For each token that you declare, a plan shows a second resource of the same name, its child of the type `HubTokenPredecessors`. It is
 * created with the token, and updated with each rotation and once more when the predecessor's overlap is over: that update revokes
 * the predecessor. It also revokes tokens that an interrupted creation left behind, if they were never used. It holds ids, never values,
 * and you never declare it.
 *
 * `protect: true` keeps both from being removed. `protect: false`, or one `pulumi state unprotect` of the token, releases both. A destroy
 * that the protection refuses revokes no predecessor; it may remove the child from the state, and the next `pulumi up` creates it again.
 *
 * @example
 * ```ts
 * const account = new ServiceAccount("ci", { organization: "acme", name: "ci" });
 * const token = new HubToken("ci", {
 *   organization: "acme",
 *   serviceAccount: account.accountId,
 *   name: "ci",
 *   permissions: [...permissionSets.readRepositories],
 *   rotateEveryDays: 30,
 * });
 * export const value = token.token;
 * ```
 */
export class HubToken<Value extends string | undefined = string> extends HubResource {
  /** The token's name, without the mark. */
  declare readonly name: pulumi.Output<string>;
  /** The organization of a service account's token. */
  declare readonly organization: pulumi.Output<string | undefined>;
  /** The id of the service account that the token belongs to. */
  declare readonly serviceAccount: pulumi.Output<string | undefined>;
  /** What a service account's token may do in the whole organization. */
  declare readonly permissions: pulumi.Output<Permission[] | undefined>;
  /** The role of a user's own token. */
  declare readonly role: pulumi.Output<"read" | "write" | "admin" | undefined>;
  /**
   * The value, encrypted in the state. After a look-up with `get` it is `undefined`, because the Hub shows a value only once. For the
   * same reason a token that was imported has no value until its first rotation: `pulumi up` fails if something uses it before. In
   * unit tests with mocks, it is what the mock returns.
   */
  declare readonly token: pulumi.Output<Value>;
  /** The Hub's id of the current token; for a user's own token, which has none, its full name on the Hub. */
  declare readonly tokenId: pulumi.Output<string>;
  /** The current token's name on the Hub, with the mark. */
  declare readonly hubName: pulumi.Output<string>;
  /** The last four characters of the value, as the Hub shows them. */
  declare readonly last4: pulumi.Output<string | undefined>;
  /** When the current token was issued (ISO 8601, UTC). */
  declare readonly createdAt: pulumi.Output<string>;
  /** When a successor falls due (ISO 8601, UTC); `undefined` where nothing asks for one. */
  declare readonly rotateAt: pulumi.Output<string | undefined>;
  /** When the token ends (ISO 8601); `undefined` for never. */
  declare readonly expiresAt: pulumi.Output<string | undefined>;
  /** Whether the Hub itself ends the token at `expiresAt`. */
  declare readonly expiryEnforced: pulumi.Output<boolean>;
  /** Whether the Hub accepts the token, as of the last `up` or refresh. */
  declare readonly status: pulumi.Output<TokenStatus>;
  /** The owner's mark: eight hex digits that the names of this resource's tokens on the Hub carry. */
  declare readonly owner: pulumi.Output<string>;
  /** Tokens that this one has succeeded and that the Hub still accepted when it did: their ids, never values. */
  declare readonly predecessors: pulumi.Output<KnownPredecessor[]>;

  constructor(name: string, args: HubTokenArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
    if (options?.id === undefined) {
      const { token } = this;
      // On use only, so that a token that was imported can wait for its rotation.
      Object.defineProperty(this, "token", { enumerable: true, get: () => token.apply(knownValue(name)) });
      // The child goes first, so a destroy that the token's protection refuses must cost nothing. One step takes the protection off both.
      // Not among the SDK's types: the option as the parent may have set it.
      const { __protect: isProtected } = this as { __protect?: boolean };
      const endedWithToken = (isProtected === true && options?.retainOnDelete !== true) || undefined;
      // A child, because an update of the token itself would make `token` unknown to its dependents in a preview.
      new HubTokenPredecessors(
        name,
        {
          organization: args.organization,
          serviceAccount: args.serviceAccount,
          tokenId: this.tokenId,
          predecessors: this.predecessors,
          overlapHours: args.overlapHours,
          idleMinutes: args.idleMinutes,
          owner: this.owner,
          endedWithToken,
        },
        // Not retained along with a token that is: nobody would know of the predecessors any more, nor end them.
        { parent: this, retainOnDelete: false, ...(endedWithToken && { protect: false }) },
      );
    }
  }

  /**
   * Looks a token up, without managing it: by `organization/accountId/slot` or `user/slot`, where the slot is the owner's
   * mark (eight hex digits), the Hub's id of a token, or the exact name of a user's own token. The value stays unknown.
   *
   * @throws when there is no such token, or the credentials cannot see it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): HubToken<string | undefined> {
    return new HubToken<string | undefined>(name, {} as HubTokenArgs, { ...options, id });
  }
}

/** Fails whatever would get nothing in place of a value: a secret elsewhere could lose what it holds. A unit test need not give one. */
function knownValue(name: string): <Value>(value: Value) => Value {
  return (value) => {
    if (value === undefined && !underMocks()) {
      throw programError(new ConfigurationError(`HubToken "${name}": ${VALUE_UNKNOWN}`));
    }
    return value;
  };
}

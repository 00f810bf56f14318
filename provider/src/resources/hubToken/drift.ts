import { isNotFound } from "../../client/errors";
import { objectKey } from "../../hub/auditEvents";
import { tokenPlace } from "../../hub/tokenPlace";
import { type LifecycleContext, LifecycleError } from "../../model/definition";
import { type DriftRules, isSealed, orderOfLists, SEALED } from "../../model/drift";
import { type Properties } from "../../model/plain";
import { fingerprint } from "../../rules/intent";
import { argumentsFor, ENDPOINTS, idsOf, wantedReach } from "../../rules/permissions";
import { orderOf, ordered } from "../../rules/reconcile";
import { isPast } from "../../rules/rotation";
import { type HubTokenState } from "./model";
import { resolveRepos } from "./repositories";

const ROLES = ordered(["read", "write", "admin"]);

export const hubTokenDrift: DriftRules<HubTokenState> = {
  async unseal({ applied, resolved, tried: _tried, seen: _seen, ...others }, context) {
    if (applied !== SEALED && resolved !== SEALED) return { ...others, applied, resolved };
    const ids = resolved === SEALED ? await resolvedAgain(others, context) : resolved;
    return { ...others, resolved: ids, applied: applied === SEALED ? appliedFrom(others, ids) : applied };
  },

  applied({ applied, resolved, ...state }) {
    const reach = applied.reach && argumentsFor(applied.reach, state, resolved);
    // The arguments omit the default role.
    const role = state.role === undefined && applied.role === "read" ? undefined : applied.role;
    const own = state.organization === undefined ? { name: applied.name, role } : {};
    return { ...reach, ...own };
  },

  isUnknown: (property, { resolved }) => property === "repos" && isSealed(resolved),

  order(property, applied, onHub) {
    if (property === "endpointPatterns") {
      return orderOf(ENDPOINTS, (applied ?? []) as string[], (onHub ?? []) as string[]);
    }
    if (property === "skipNetworkSecurity") return onHub === true ? "looser" : "tighter";
    if (property === "role")
      return orderOf(ROLES, (applied ?? "read") as string, (onHub ?? "read") as string);
    if (property === "status") return onHub === "revoked" ? "tighter" : "different";
    return property === "name" ? "different" : orderOfLists(applied, onHub);
  },

  events({ property }, { tokenId, serviceAccount }) {
    const about = [objectKey.token(tokenId)];
    const account = serviceAccount === undefined ? [] : [objectKey.account(serviceAccount)];
    return property === "status"
      ? [
          { about, types: ["token.revoke", "org.service_account.token.rotate"] },
          { about: account, types: ["org.service_account.delete"] },
        ].filter((each) => each.about.length > 0)
      : [{ about, types: ["org.service_account.token.update"] }];
  },

  due({ rotateAt, status }, { now }) {
    if (status !== "active" || !isPast(rotateAt, now)) return undefined;
    return `a rotation is due since ${rotateAt}`;
  },
};

/** What was last applied, if the state's copy is encrypted: after an update, it is what the arguments say. */
function appliedFrom(state: Properties, ids: unknown): HubTokenState["applied"] {
  const { organization, name, role, expiresAt, rotationTriggers, repos, ...reach } = state as HubTokenState;
  const repoIds = idsOf(repos, ids as Record<string, string> | undefined);
  return {
    reach: wantedReach({ ...reach, organization }, repoIds),
    expiresAt: state["expiryEnforced"] === true ? undefined : expiresAt,
    triggers: fingerprint(rotationTriggers),
    ...(organization === undefined && { name, role: role ?? "read" }),
  };
}

/**
 * The ids that the names of repositories have now. A name that may have led to another repository before has {@link SEALED} instead: the
 * token may still have access to that one.
 */
async function resolvedAgain(state: Properties, context: LifecycleContext): Promise<Record<string, string>> {
  const { repos, tokenId } = state as Partial<HubTokenState>;
  if (!Array.isArray(repos) || isSealed(repos)) return {};
  const [live, ...found] = await Promise.all([
    tokenPlace(context.client, state).list(),
    ...repos.map((repo) => idNow(repo, context)),
  ]);
  const granted = live?.find((each) => each.tokenId === tokenId)?.reach?.repoIds ?? [];
  const ids = repos.map((repo, index) => found[index] ?? repo);
  const isOther = granted.some((id) => !ids.includes(id));
  const entries = repos.map((repo, index) => {
    const id = found[index];
    return [repo, id === GONE || (isOther && id !== undefined && !granted.includes(id)) ? SEALED : id];
  });
  return Object.fromEntries(entries.filter(([, id]) => id !== undefined)) as Record<string, string>;
}

const GONE = "gone";

/** The id of a name; `undefined` for an id. */
async function idNow(repo: string, context: LifecycleContext): Promise<string | undefined> {
  try {
    const { resolved, failure } = await resolveRepos([repo], context);
    if (failure) throw failure;
    return resolved[repo];
  } catch (error) {
    if (isNotFound(error) || error instanceof LifecycleError) return GONE;
    throw error;
  }
}

import { objectKey } from "../../hub/auditEvents";
import { type LifecycleContext } from "../../model/definition";
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
    const own = state.organization === undefined ? { name: applied.name, role: applied.role } : {};
    return { ...reach, ...own };
  },

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

/** The ids that the names of repositories have now. */
async function resolvedAgain(
  { repos }: Properties,
  context: LifecycleContext,
): Promise<Record<string, string>> {
  if (!Array.isArray(repos) || isSealed(repos)) return {};
  const { resolved, failure } = await resolveRepos(repos as string[], context);
  if (failure) throw failure;
  return resolved;
}

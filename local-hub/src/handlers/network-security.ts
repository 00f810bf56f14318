import { badRequest } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { type NetworkSecurity } from "../store/records.js";
import { type Store } from "../store/store.js";
import { requireOrganization } from "./access.js";

/** What can be changed; `enforceAuth` waits for approval when it is turned on. */
export type NetworkSecurityUpdate = Partial<Omit<NetworkSecurity, "organization" | "enforceAuth">> & {
  enforceAuth?: boolean;
};

function requireAdmin(call: Call<{ org: string }>): string {
  const { org } = call.params;
  requireOrganization(call, org, { role: "admin", permissions: ["org.write"], plan: "plus" });
  return org;
}

function current(store: Store, organization: string): NetworkSecurity {
  return (
    store.networkSecurity.get(organization) ?? {
      organization,
      enforceAuth: false,
      enforceIpRestriction: false,
      highRateLimits: false,
      ipRanges: [],
      keepReposMetadataVisible: false,
    }
  );
}

export function getNetworkSecurity(call: Call<{ org: string }>): Answer {
  return ok(describe(current(call.store, requireAdmin(call))));
}

export function patchNetworkSecurity(call: Call<{ org: string }, unknown, NetworkSecurityUpdate>): Answer {
  const organization = requireAdmin(call);
  const { store, body, actor } = call;
  if (body.blockedContents && body.allowedContents) {
    throw badRequest("allowedContents: cannot be sent together with blockedContents");
  }
  const before = current(store, organization);
  const turnsOn = body.enforceAuth === true && before.enforceAuth !== true;
  const updated: NetworkSecurity = {
    ...before,
    ...(body.blockedContents && { allowedContents: undefined }),
    ...(body.allowedContents && { blockedContents: undefined }),
    ...body,
    enforceAuth: turnsOn ? "pending" : (body.enforceAuth ?? before.enforceAuth),
  };
  store.transact(() => {
    store.tables.networkSecurity.put(organization, updated);
    const changed = Object.keys(body);
    store.log(
      organization,
      actor,
      "org.settings.network_security",
      `Updated network security: ${changed.join(", ")}`,
      {
        changed,
      },
    );
  });
  return ok(describe(updated));
}

function describe(settings: NetworkSecurity): unknown {
  const { enforceAuth, enforceIpRestriction, highRateLimits, ipRanges, keepReposMetadataVisible } = settings;
  const { blockedContents, allowedContents } = settings;
  return {
    enforceAuth,
    enforceIpRestriction,
    highRateLimits,
    ipRanges,
    blockedContents,
    allowedContents,
    keepReposMetadataVisible,
  };
}

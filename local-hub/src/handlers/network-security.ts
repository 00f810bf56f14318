import { type Answer, type Call, ok } from "../route.js";
import { type NetworkSecurity } from "../store/records.js";
import { type Store } from "../store/store.js";
import { requireOrganization } from "./access.js";

/** An update of network security. Turning `enforceAuth` on sets it to `pending`. */
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
      blockedContents: [],
      allowedContents: [],
      keepReposMetadataVisible: false,
    }
  );
}

export function getNetworkSecurity(call: Call<{ org: string }>): Answer {
  return ok(describe(current(call.store, requireAdmin(call))));
}

export function patchNetworkSecurity(call: Call<{ org: string }, unknown, NetworkSecurityUpdate>): Answer {
  const organization = requireAdmin(call);
  const { store, body } = call;
  const before = current(store, organization);
  // On the Hub, a person checks the IP ranges before it is turned on. Here it stays pending.
  const waits = body.enforceAuth === true && before.enforceAuth !== true;
  const updated: NetworkSecurity = {
    ...before,
    ...body,
    enforceAuth: waits ? "pending" : (body.enforceAuth ?? before.enforceAuth),
  };
  if (Object.keys(body).length) save(call, before, updated, Object.keys(body));
  return ok(describe(updated));
}

function save(call: Call, before: NetworkSecurity, updated: NetworkSecurity, changed: string[]): void {
  const { store, actor } = call;
  const { organization } = updated;
  store.transact(() => {
    store.tables.networkSecurity.put(organization, updated);
    store.log(
      organization,
      actor,
      "org.settings.network",
      `Updated network security: ${changed.join(", ")}`,
      { changed },
    );
    const switched = (was: boolean, is: boolean): "enable" | "disable" | undefined =>
      was === is ? undefined : is ? "enable" : "disable";
    const restriction = switched(before.enforceIpRestriction, updated.enforceIpRestriction);
    if (restriction) {
      const verb = restriction === "enable" ? "Restricted" : "No longer restricted";
      store.log(
        organization,
        actor,
        `org.settings.network.ip_restriction.${restriction}`,
        `${verb} access to the organization's IP ranges`,
      );
    }
    const enforcement = switched(before.enforceAuth !== false, updated.enforceAuth !== false);
    if (enforcement) {
      const verb = enforcement === "enable" ? "Required" : "No longer required";
      store.log(
        organization,
        actor,
        `org.settings.network.auth_enforcement.${enforcement}`,
        `${verb} a login from the organization's IP ranges`,
      );
    }
  });
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

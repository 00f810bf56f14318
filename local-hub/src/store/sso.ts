import { sha256 } from "./ids.js";
import { type SsoSettings } from "./records.js";
import { type Actor, type Store } from "./store.js";

/** An update of an organization's single sign-on. */
export interface SsoUpdate {
  provider?: "saml" | "oidc";
  enabled?: boolean;
  ssoUrl?: string;
  certificate?: string;
  clientId?: string;
  clientSecret?: string;
}

/** Returns the settings after an update. If the protocol changes, the settings of the old protocol are removed. */
export function mergeSso(store: Store, organization: string, update: SsoUpdate): SsoSettings | undefined {
  const current = store.sso.get(organization);
  const provider = update.provider ?? current?.provider;
  if (!provider) return undefined;
  const kept = current?.provider === provider ? current : undefined;
  const { clientSecret, ...settings } = update;
  return {
    ...kept,
    enabled: current?.enabled ?? false,
    ...settings,
    ...(clientSecret !== undefined && { clientSecretHash: sha256(clientSecret) }),
    organization,
    provider,
    updatedAt: store.timestamp(),
  };
}

/** Saves the settings and logs the change. */
export function saveSso(store: Store, settings: SsoSettings, changed: string[], actor: Actor): void {
  store.transact(() => {
    const { organization, provider } = settings;
    const wasEnabled = store.sso.get(organization)?.enabled ?? false;
    store.tables.sso.put(organization, settings);
    store.log(
      organization,
      actor,
      "org.settings.sso",
      `Updated single sign-on (${provider}): ${changed.join(", ")}`,
      {
        provider,
        enabled: settings.enabled,
        changed,
      },
    );
    if (settings.enabled === wasEnabled) return;
    const [change, verb] = settings.enabled
      ? (["enable", "Enabled"] as const)
      : (["disable", "Disabled"] as const);
    store.log(organization, actor, `org.settings.sso.${change}`, `${verb} single sign-on (${provider})`, {
      provider,
    });
  });
}

export function deleteSso(store: Store, settings: SsoSettings, actor: Actor): void {
  store.transact(() => {
    const { organization, provider } = settings;
    store.tables.sso.delete(organization);
    if (settings.enabled) {
      store.log(organization, actor, "org.settings.sso.disable", `Disabled single sign-on (${provider})`, {
        provider,
      });
    }
    store.log(
      organization,
      actor,
      "org.settings.sso",
      `Removed the single sign-on configuration (${provider})`,
      {
        provider,
        removed: true,
      },
    );
  });
}

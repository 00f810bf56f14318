// Single sign-on has two facets: whether it is on, and the configuration that people sign in with, which has no
// order.
import { type Store } from "../../../local-hub/src/store/store";
import { nameOfCertificate } from "../certificates";
import { type Look, type Subject } from "./subject";

interface Settings {
  provider?: unknown;
  ssoUrl?: unknown;
  certificate?: unknown;
  clientId?: unknown;
}

const configurationOf = ({ provider, ssoUrl, certificate, clientId }: Settings): string =>
  JSON.stringify([provider, ssoUrl, provider === "saml" ? nameOfCertificate(certificate) : clientId]);

export const ssoConfig: Subject = {
  type: "SsoConfig",
  objectOf: ({ organization }) => `sso of ${String(organization)}`,
  look(store, object): Look | undefined {
    const settings = store.sso.get(object.replace("sso of ", ""));
    if (!settings) return undefined;
    const facets = { enabled: String(settings.enabled), configuration: configurationOf(settings) };
    return { identity: "sso", facets };
  },
  declared: (args) => ({ enabled: String(args["enabled"]), configuration: configurationOf(args) }),
  isLooser: (facet, to, from) => (facet === "enabled" ? from === "true" && to === "false" : to !== from),
  isOrdered: (facet) => facet === "enabled",
  // Single sign-on is not turned on over a refused configuration.
  isExcused: (_facet, held, declared) => held["configuration"] !== declared["configuration"],
  needsObject: false,
  isOpen: () => false,
  reasonOf: ({ acknowledgeOverwrite }) => acknowledgeOverwrite as string | undefined,
  mayAdopt: ({ adopt }) => adopt === true,
};

/** The credential that the Hub has and never shows. */
function credentialIn(store: Store, object: string): Look | undefined {
  const settings = store.sso.get(object.replace("credential of ", ""));
  if (!settings) return undefined;
  return { identity: "sso", facets: { credential: nameOfCertificate(settings.certificate) } };
}

export const ssoCredential: Subject = {
  type: "SsoCredential",
  objectOf: ({ organization }) => `credential of ${String(organization)}`,
  look: credentialIn,
  declared: ({ certificate }) => ({ credential: nameOfCertificate(certificate) }),
  isLooser: (_facet, to, from) => to !== from,
  isOrdered: () => false,
  isUnseen: true,
  needsObject: true,
  isOpen: () => false,
  reasonOf: () => undefined,
  mayAdopt: ({ replaceExisting }) => replaceExisting === true,
};

// Single sign-on, and its credential alone.
import { deleteSso, mergeSso, saveSso, type SsoUpdate } from "../../../local-hub/src/store/sso";
import { type Actor, type Store } from "../../../local-hub/src/store/store";
import { certificateNamed, CERTIFICATES } from "../certificates";
import { ORGANIZATION } from "../hub";
import { type Args, type HandChange, omit, type ProgramChange, type Slot } from "./slot";

const [p384, p521] = CERTIFICATES;
const URLS = ["https://idp.acme.example/sso", "https://idp.new.example/sso"] as const;
const CLIENTS = ["hub", "hub-2"] as const;
const SECRETS = ["correct-horse", "battery-staple"] as const;

/** Changes the settings as a person does on the Hub's pages. */
const set = (update: SsoUpdate) => (store: Store, actor: Actor) => {
  const settings = mergeSso(store, ORGANIZATION, update);
  if (settings) saveSso(store, settings, Object.keys(update), actor);
};

const remove = (store: Store, actor: Actor): void => {
  const settings = store.sso.get(ORGANIZATION);
  if (settings) deleteSso(store, settings, actor);
};

const saml = (certificate: string, ssoUrl: string) => ({ provider: "saml" as const, certificate, ssoUrl });
const oidc = (clientId: string, ssoUrl: string) => ({
  provider: "oidc" as const,
  clientId,
  ssoUrl,
  clientSecret: SECRETS[0],
});

const CONFIGURATIONS = [
  ["the first certificate", saml(p384, URLS[0])],
  ["the second certificate", saml(p521, URLS[0])],
  ["the second sign-on URL", saml(p384, URLS[1])],
  ["OIDC", oidc(CLIENTS[0], "https://login.acme.example")],
  ["another OIDC client", oidc(CLIENTS[1], "https://login.acme.example")],
] as const;

const PARTS = ["provider", "certificate", "ssoUrl", "clientId", "clientSecret"];

const handSso: HandChange[] = [
  ...[true, false].map((enabled) => ({
    words: `turns single sign-on ${enabled ? "on" : "off"}`,
    apply: (store: Store, actor: Actor) => {
      if (store.sso.has(ORGANIZATION)) set({ enabled })(store, actor);
    },
  })),
  ...CONFIGURATIONS.map(([words, update]) => ({ words: `sets ${words}`, apply: set(update) })),
  ...CONFIGURATIONS.slice(1, 3).map(([words, update]) => ({
    words: `deletes single sign-on if it exists, and sets it up again with ${words}, turned on`,
    apply: (store: Store, actor: Actor) => {
      remove(store, actor);
      set({ ...update, enabled: true })(store, actor);
    },
  })),
  { words: "deletes single sign-on", apply: remove },
];

const programSso: ProgramChange[] = [
  ...[true, false].map((enabled) => ({
    words: `declares single sign-on ${enabled ? "on" : "off"}`,
    apply: (args: Args) => ({ ...args, enabled }),
  })),
  ...CONFIGURATIONS.map(([words, update]) => ({
    words: `declares ${words}`,
    apply: (args: Args) => ({ ...omit(args, ...PARTS), ...update }),
  })),
  {
    words: "declares another client secret if it uses OIDC",
    apply: (args) =>
      args["provider"] === "oidc"
        ? { ...args, clientSecret: args["clientSecret"] === SECRETS[0] ? SECRETS[1] : SECRETS[0] }
        : args,
  },
  ...[true, false].map((adopt) => ({
    words: `declares adopt: ${adopt}`,
    apply: (args: Args) => ({ ...args, adopt }),
  })),
  ...["retain", "disable"].map((onDestroy) => ({
    words: `declares onDestroy ${onDestroy} for single sign-on`,
    apply: (args: Args) => ({ ...args, onDestroy }),
  })),
];

export const ssoSlot: Slot = {
  type: "SsoConfig",
  object: `sso of ${ORGANIZATION}`,
  name: "sso",
  begin: () => undefined,
  args: {
    organization: ORGANIZATION,
    ...saml(p384, URLS[0]),
    enabled: true,
    adopt: false,
    onDestroy: "retain",
    verifyIssuer: false,
  },
  program: programSso,
  hand: handSso,
  reason: "acknowledgeOverwrite",
  mayChangeProvider: true,
  needsReason: () => false,
  adopting: (args) => ({ ...args, adopt: true }),
  asOnHub(args, { enabled, configuration = "[]" }) {
    const [provider, ssoUrl, last] = JSON.parse(configuration) as string[];
    const own = { provider, ssoUrl, enabled: enabled === "true" };
    return provider === "saml"
      ? { ...omit(args, ...PARTS), ...own, certificate: certificateNamed(last ?? "") }
      : { ...omit(args, ...PARTS), ...own, clientId: last, clientSecret: SECRETS[0] };
  },
};

export const ssoCredentialSlot: Slot = {
  type: "SsoCredential",
  object: `credential of ${ORGANIZATION}`,
  name: "credential",
  begin: set({ ...CONFIGURATIONS[0][1], enabled: true }),
  args: { organization: ORGANIZATION, certificate: p521, replaceExisting: true },
  program: [p384, p521].map((certificate, index) => ({
    words: `declares credential ${index + 1}`,
    apply: (args: Args) => ({ ...args, certificate }),
  })),
  hand: [p384, p521].map((certificate, index) => ({
    words: `sets credential ${index + 1}`,
    apply: set({ certificate }),
  })),
  mayChangeProvider: true,
  needsReason: () => false,
  asOnHub: (args, { credential = "" }) => ({ ...args, certificate: certificateNamed(credential) }),
};

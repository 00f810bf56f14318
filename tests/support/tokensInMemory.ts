// Tokens, their arguments and states, and Hubs in memory that list them, to test single decisions.
import { hubError } from "../../provider/src/client/errors";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { hubTokenDefinition as definition } from "../../provider/src/resources/hubToken/lifecycle";
import {
  type HubTokenInputs as Inputs,
  type HubTokenState as State,
} from "../../provider/src/resources/hubToken/model";
import { migrate } from "../../provider/src/resources/hubToken/migrate";
import { type TokenReach } from "../../provider/src/rules/permissions";
import { inMemory } from "./inMemory";

export const OWNER = "0123abcd";
export const ACCOUNT = "0123456789abcdef01234567";
export const NOW = new Date("2026-03-01T00:00:00.000Z");
export const daysAgo = (days: number): string => new Date(NOW.getTime() - days * 86_400_000).toISOString();
export const CREATED = daysAgo(40);
export const MARKED = `ci [${OWNER}-0001]`;
export const repoId = (digit: string): string => digit.repeat(24);

export const reachWith = (changes: Partial<TokenReach> = {}): TokenReach => ({
  permissions: ["org.read"],
  repoPermissions: [],
  repoIds: [],
  endpointPatterns: [],
  skipNetworkSecurity: false,
  ...changes,
});
export const settings = { overlapHours: 24, idleMinutes: 60, recreateIfInvalid: false };
export const inputsWith = (changes: Partial<Inputs> = {}): Inputs => ({
  owner: OWNER,
  organization: "acme",
  serviceAccount: ACCOUNT,
  name: "ci",
  permissions: ["org.read"],
  ...settings,
  ...changes,
});
export const ownInputs = (changes: Partial<Inputs> = {}): Inputs => ({
  owner: OWNER,
  name: "mine",
  ...settings,
  ...changes,
});
/** The state as version 1 stored it. */
export type Former = Partial<Omit<State, "seen">> & { seen?: TokenReach; repoIds?: string[] };
export const stateWith = (changes: Former = {}): State => {
  const former = { ...formerState(), ...changes };
  return kept(migrate(former)) as State;
};
const formerState = (): Former => ({
  ...inputsWith(),
  token: "hf_value_old1",
  tokenId: "current",
  hubName: MARKED,
  last4: "old1",
  createdAt: CREATED,
  expiryEnforced: false,
  status: "active",
  applied: { reach: reachWith() },
  predecessors: [],
});
export const ownState = (changes: Former = {}): State => {
  const hubName = `mine [${OWNER}-0001]`;
  const former = {
    ...ownInputs(),
    token: "hf_value_old1",
    tokenId: hubName,
    hubName,
    last4: "old1",
    createdAt: CREATED,
    expiryEnforced: false,
    status: "active",
    user: "alice",
    userId: "a1",
    applied: {},
    predecessors: [],
    ...changes,
  };
  return kept(migrate(former)) as State;
};

/** A token as the Hub lists it for a service account. */
export interface Listed extends Partial<TokenReach> {
  _id: string;
  displayName?: string;
  last4?: string;
  createdAt?: string;
  expiration?: string;
}

export interface Surroundings extends Partial<LifecycleContext> {
  /** Answers of the Hub that differ from the usual ones. */
  methods?: object;
}

/** A Hub whose account has these tokens, or a Hub without the account, and what was sent to it. */
export function accountWith(tokens: Listed[] | undefined, { methods, ...changes }: Surroundings = {}) {
  const held = (tokens ?? []).map((token) => ({
    displayName: MARKED,
    last4: "old1",
    createdAt: CREATED,
    lastUsedAt: null,
    ...reachWith(),
    ...token,
  }));
  const sent: unknown[][] = [];
  const surroundings = inMemory(
    {
      getServiceAccount: () =>
        tokens === undefined
          ? Promise.reject(hubError({ what: "gone", status: 404 }))
          : Promise.resolve({ accessTokens: held }),
      listServiceAccounts: () => Promise.resolve([]),
      createServiceAccountToken(_organization: string, _account: string, request: object) {
        sent.push(["issue", request]);
        const tokenInfo = { _id: "new", ...request, createdAt: NOW.toISOString() };
        held.push(tokenInfo as unknown as (typeof held)[0]);
        return Promise.resolve({ token: "hf_value_new2", tokenInfo });
      },
      updateServiceAccountToken(_organization: string, _account: string, id: string, request: object) {
        sent.push(["change", id, request]);
        const changed = held.find(({ _id }) => _id === id);
        return Promise.resolve(Object.assign(changed ?? {}, request));
      },
      deleteServiceAccountToken(_organization: string, _account: string, id: string) {
        if (!tokens || !held.some(({ _id }) => _id === id))
          return Promise.reject(hubError({ what: "gone", status: 404 }));
        sent.push(["revoke", id]);
        held.splice(
          held.findIndex(({ _id }) => _id === id),
          1,
        );
        return Promise.resolve();
      },
      getRepo: (repo: string, repoType: string) =>
        Promise.resolve({ _id: `id of ${repoType} ${repo}`, id: repo }),
      ...methods,
    },
    { now: NOW, ...changes },
  );
  return { ...surroundings, sent, held };
}

/** The current token as the Hub lists it. */
export const current = (changes: Partial<Listed> = {}): Listed => ({ _id: "current", ...changes });

/** Updates a token on a Hub that lists these tokens of the account, or no account. */
export async function update(
  tokens: Listed[] | undefined,
  state: State,
  inputs: Inputs,
  surroundings: Surroundings = {},
) {
  const { context, said, sent } = accountWith(tokens, surroundings);
  const next = await definition.update("x", state, inputs, context);
  return { next, said, sent, claims: [...context.claims] };
}

/** A Hub with these tokens of a user, and what was sent to it. */
export function userWith(
  tokens: { name: string; role?: string; expiresAt?: string; createdAt?: string }[],
  { methods, ...changes }: Surroundings = {},
) {
  const sent: unknown[][] = [];
  let held = tokens;
  const surroundings = inMemory(
    {
      whoami: () => Promise.resolve({ id: "a1", name: "alice" }),
      listTokens: () =>
        Promise.resolve(
          held.map((token) => ({ role: "read", createdAt: CREATED, expiresAt: null, ...token })),
        ),
      createToken(request: { expiresAt?: string }) {
        sent.push(["issue", request]);
        return Promise.resolve({ ...request, token: "hf_value_new2", createdAt: NOW.toISOString() });
      },
      revokeToken(name: string) {
        sent.push(["revoke", name]);
        held = held.filter((token) => token.name !== name);
        return Promise.resolve();
      },
      ...methods,
    },
    { now: NOW, ...changes },
  );
  return { ...surroundings, sent };
}

/** The stored form: undefined values are left out. */
export const kept = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export const HOW_TO_WIDEN =
  "Declare what it can do now, or give rotationTriggers a new value to widen it again.";
export const refusal = (parts: string) =>
  `The token ${MARKED} was narrowed on the Hub (${parts}), and the program still declares what was removed. It is not ` +
  `widened again automatically, because someone may have narrowed it on purpose. ${HOW_TO_WIDEN}`;
export const NEW_NAME = `ci [${OWNER}-0f0f]`;
export const request = (changes: Partial<TokenReach> = {}, displayName = NEW_NAME) => ({
  displayName,
  ...reachWith(changes),
});
/** What a change sends: only the lists that differ. */
export const changeTo = (changes: Partial<TokenReach>, displayName: string) => ({
  displayName,
  skipNetworkSecurity: false,
  ...changes,
});

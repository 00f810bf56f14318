// Tokens without a state: lookups with `get`, and the option `import`.
import { type LiveToken, tokensOf } from "../../hub/token";
import { tokenPlace } from "../../hub/tokenPlace";
import { type Imported, type LifecycleContext, LifecycleError } from "../../model/definition";
import { differingFrom } from "../../model/diff";
import { noted } from "../../rules/intent";
import { refusalOfForeignMark, splitMark } from "../../rules/mark";
import { sameMoment } from "../../rules/moment";
import { differingReach, idsOf, wantedReach, wholeReach } from "../../rules/permissions";
import { toState } from "./state";
import { type HubTokenInputs, type HubTokenState, parseId } from "./model";
import { statusOf } from "./observation";
import { resolveRepos } from "./repositories";

/** The arguments that describe a token as the Hub shows it. */
function argumentsOf(
  found: LiveToken,
  address: { organization?: string; serviceAccount?: string },
): HubTokenInputs {
  const { text, mark } = splitMark(found.hubName);
  return {
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
}

/** The arguments that differ from the token, for the option `import`. */
function differingFromHub(
  found: HubTokenState,
  inputs: HubTokenInputs,
  repoIds: readonly string[] | undefined,
): Record<string, unknown> {
  const { organization, serviceAccount, name } = found;
  const onHub: Record<string, unknown> = { organization, serviceAccount, name };
  if (organization === undefined) onHub["role"] = found.role ?? "read";
  const differing = differingFrom(onHub, { ...inputs, role: inputs.role ?? "read" });
  const [actual, wanted] = [wantedReach(found, found.repos), wantedReach(inputs, repoIds)];
  if (actual && wanted) {
    for (const part of differingReach(actual, wanted)) {
      differing[part === "repoIds" ? "repos" : part] = actual[part];
    }
  }
  if (organization === undefined && !sameMoment(found.expiresAt, inputs.expiresAt)) {
    differing["expiresAt"] = found.expiresAt ?? "none";
  }
  return differing;
}

/** Finds the token of an id, by the owner's mark, the Hub's id or the exact name. */
export async function adopt(
  id: string,
  context: LifecycleContext,
): Promise<{ inputs: HubTokenInputs; state: HubTokenState; live: LiveToken[] } | undefined> {
  const { slot, ...address } = parseId(id);
  const place = tokenPlace(context.client, address);
  const live = (await place.list()) ?? [];
  const found =
    tokensOf(slot, live)[0] ?? live.find((token) => token.tokenId === slot || token.hubName === slot);
  if (!found) return undefined;
  const { tokenId, hubName, last4, createdAt, expiresAt: hubExpiry } = found;
  const inputs = argumentsOf(found, address);
  const status = statusOf(live, found, found, context.now);
  const isOwn = address.organization === undefined;
  const state = toState(inputs, {
    ...{ tokenId, hubName, last4, createdAt, hubExpiry, status, predecessors: [] },
    ...(isOwn && { ...(await place.user()), born: createdAt }),
  });
  return { inputs, state, live };
}

export async function compareWithHub(
  id: string,
  inputs: HubTokenInputs,
  context: LifecycleContext,
): Promise<Imported<HubTokenState> | undefined> {
  const { claims } = context;
  const adopted = await adopt(id, context);
  if (!adopted) return undefined;
  const { state: found, live } = adopted;
  const foreign = refusalOfForeignMark(found.hubName, inputs.owner, `The token ${found.hubName}`);
  if (foreign) throw new LifecycleError(foreign);
  const own = inputs.owner === undefined ? undefined : tokensOf(inputs.owner, live)[0];
  if (own && own.tokenId !== found.tokenId) {
    throw new LifecycleError(
      `This resource has already issued another token, ${own.hubName}. The option import would switch it to ${found.hubName}. ` +
        "Nothing was changed. Remove the option import; if the resource is not in the state, import the other token.",
    );
  }
  if (claims.has(found.tokenId)) {
    throw new LifecycleError(
      `Another resource of this stack already manages the token ${found.hubName}. Keep one of the two.`,
    );
  }
  claims.add(found.tokenId);
  const { resolved, failure } = await resolveRepos(inputs.repos, context);
  if (failure) throw failure;
  const hubExpiry = found.expiryEnforced ? found.expiresAt : undefined;
  const heard = noted(undefined, inputs.rotationTriggers);
  const state = toState(inputs, { ...found, token: undefined, hubExpiry, resolved, heard });
  return { differing: differingFromHub(found, inputs, idsOf(inputs.repos, resolved)), state };
}

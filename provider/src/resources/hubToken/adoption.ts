// Tokens that are only known from the Hub: a look-up, and the option import.
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

/** What a program would say of a token that is only known from the Hub. */
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

/** The token that an id names: by the owner's mark, by the Hub's id, or by its exact name. */
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
      `This resource has issued another token already, ${own.hubName}: with the option import it would go back to ${found.hubName}. ` +
        "Nothing was changed. Take the option out; if the resource is not in the state, import the other token.",
    );
  }
  if (claims.has(found.tokenId)) {
    throw new LifecycleError(`Another resource of this stack has the token ${found.hubName}.`);
  }
  claims.add(found.tokenId);
  const { resolved, failure } = await resolveRepos(inputs.repos, context);
  if (failure) throw failure;
  const hubExpiry = found.expiryEnforced ? found.expiresAt : undefined;
  const heard = noted(undefined, inputs.rotationTriggers);
  const state = toState(inputs, { ...found, token: undefined, hubExpiry, resolved, heard });
  return { differing: differingFromHub(found, inputs, idsOf(inputs.repos, resolved)), state };
}

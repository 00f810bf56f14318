// Issuing a token, and the checks before its value is given to anyone.
import { type HubError } from "../../client";
import { isConflict, outcomeIsUnknown } from "../../client/errors";
import { type IssuedToken, type LiveToken, type TokenPlace, type TokenRequest } from "../../hub/token";
import { type LifecycleContext, LifecycleError } from "../../model/definition";
import { WRONG_CLOCK } from "../../rules/clocks";
import { ownedBy, withMark } from "../../rules/mark";
import { differingReach, type TokenReach, wholeReach } from "../../rules/permissions";
import { type TokenFacts } from "./state";
import { type HubTokenInputs } from "./model";

/** How far a Hub may round up the expiry of a token, in milliseconds. */
const END_TOLERANCE = 60_000;

/** Describes how a new token differs from the request, or returns `undefined`. Values that the Hub does not show are ignored. */
function differenceFrom(
  asked: TokenRequest,
  shown: Pick<IssuedToken, "role" | "reach" | "expiresAt">,
): string | undefined {
  const differences: string[] = [];
  if (asked.reach && shown.reach) {
    const actual = wholeReach(shown.reach, asked.reach);
    for (const part of differingReach(actual, asked.reach)) {
      const words = (value: unknown): string =>
        Array.isArray(value) ? value.join(", ") || "none" : String(value);
      differences.push(`${part}: ${words(actual[part])} instead of ${words(asked.reach[part])}`);
    }
  }
  const role = asked.role ?? "read";
  if (shown.role !== undefined && shown.role !== role)
    differences.push(`role: ${shown.role} instead of ${role}`);
  const { expiresAt } = asked;
  // The Hub may set an earlier expiry, which the output shows.
  const latest = expiresAt === undefined ? Infinity : Date.parse(expiresAt) + END_TOLERANCE;
  const end = shown.expiresAt === undefined ? Infinity : Date.parse(shown.expiresAt);
  if (end > latest) differences.push(`expiresAt: ${shown.expiresAt ?? "never"} instead of ${expiresAt}`);
  return differences.length > 0 ? differences.join("; ") : undefined;
}

/**
 * Issues a token and checks that it has exactly the requested access. The value must not get lost, so later failures are only warnings,
 * unless the token has to be revoked.
 */
export async function issue(
  place: TokenPlace,
  inputs: HubTokenInputs,
  reach: TokenReach | undefined,
  context: LifecycleContext,
): Promise<TokenFacts> {
  const { role, expiresAt } = inputs;
  const owner = ownedBy(inputs, "HubToken");
  const requested = context.now;
  const request = { reach, role, expiresAt };
  const issued = await issueMarked(place, inputs.name, owner, request, context.randomHex);
  const { tokenId, hubName, value, last4 } = issued;
  context.claims.add(tokenId);
  // The rotation depends on the expiry that the Hub sets, and the response to a creation may lack it.
  const needsEnd = issued.expiresAt === undefined && inputs.rotateBeforeDays !== undefined;
  const needsReach = reach !== undefined && issued.reach === undefined;
  const listed = needsEnd || needsReach ? await listedOrWarn(place, issued, context) : undefined;
  const shown = { role: issued.role, reach: issued.reach ?? listed?.reach, expiresAt: issued.expiresAt };
  const difference = differenceFrom(request, shown);
  // guard: issued-as-asked
  if (difference !== undefined) await revokeWrong(place, issued, difference);
  return {
    ...{ tokenId, hubName, last4, status: "active", token: value },
    createdAt: saneMoment(issued.createdAt, requested, context.now),
    ...(inputs.organization === undefined && { born: issued.createdAt }),
    hubExpiry: issued.expiresAt ?? listed?.expiresAt,
  };
}

/** The new token in the Hub's list. A failure is only a warning, so that the value is not lost; a refresh reads the list again. */
async function listedOrWarn(
  place: TokenPlace,
  { tokenId, hubName }: IssuedToken,
  { log }: LifecycleContext,
): Promise<LiveToken | undefined> {
  try {
    const listed = (await place.list())?.find((token) => token.tokenId === tokenId);
    if (listed) return listed;
    log.warn(`the Hub does not list the new token ${hubName} yet, so its access was not verified.`);
  } catch (error) {
    log.warn(`the access of the new token ${hubName} was not verified: ${(error as Error).message}`);
  }
  return undefined;
}

/** Revokes a token with more or less access than requested. No one has its value yet. */
async function revokeWrong(
  place: TokenPlace,
  { tokenId, hubName }: IssuedToken,
  difference: string,
): Promise<never> {
  const revoked = await place.revoke(tokenId).then(
    () => "it was revoked before anyone had its value",
    (error: unknown) =>
      `it could not be revoked, so revoke it on the Hub: no one has its value. ${(error as Error).message}`,
  );
  throw new LifecycleError(
    `The Hub issued the token ${hubName} with other settings than requested (${difference}); ${revoked}. ` +
      "Declare what the Hub allows, or ask its administrators.",
  );
}

/**
 * Issues a token with a marked name. If the response to a creation is lost, the token may exist, but no one has its value. It is then
 * found by its exact name and revoked before another one is issued.
 */
export async function issueMarked(
  place: TokenPlace,
  name: string,
  owner: string,
  request: TokenRequest,
  randomHex: (length: number) => string,
): Promise<IssuedToken> {
  const attempts = 3;
  for (let attempt = 1; ; attempt++) {
    const hubName = withMark(name, { owner, random: randomHex(4) });
    try {
      return await place.issue(hubName, request);
    } catch (error) {
      if (isConflict(error) && attempt < attempts) continue;
      if (!outcomeIsUnknown(error)) throw error;
      await revokeLost(place, hubName, error);
      if (attempt === attempts) throw error;
    }
  }
}

async function revokeLost(place: TokenPlace, hubName: string, cause: HubError): Promise<void> {
  try {
    // guard: lost-token-by-name
    const lost = (await place.list())?.find((token) => token.hubName === hubName && !token.lastUsedAt);
    // guard: lost-token-revoked
    if (lost) await place.revoke(lost.tokenId);
  } catch (error) {
    throw new LifecycleError(
      `${cause.message} The token may have been created; the provider could not check this on the Hub: ${(error as Error).message} ` +
        `If it exists, it is named "${hubName}"; the next \`pulumi up\` reports it. No one has its value: revoke it on the Hub.`,
    );
  }
}

/** The creation time that the Hub reports for a token, or the time of the response if the Hub's time is implausible. */
export function saneMoment(told: string | undefined, requested: Date, answered: Date): string {
  const moment = told === undefined ? NaN : Date.parse(told);
  const isSane = moment >= requested.getTime() - WRONG_CLOCK && moment <= answered.getTime() + WRONG_CLOCK;
  // guard: sane-creation
  return isSane ? (told as string) : answered.toISOString();
}

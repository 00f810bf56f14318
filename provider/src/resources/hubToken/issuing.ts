// The creation of a token, and what has to be right before its value is given to anyone.
import { type HubError } from "../../client";
import { isConflict, outcomeIsUnknown } from "../../client/errors";
import { type IssuedToken, type LiveToken, type TokenPlace, type TokenRequest } from "../../hub/token";
import { type LifecycleContext, LifecycleError } from "../../model/definition";
import { WRONG_CLOCK } from "../../rules/clocks";
import { ownedBy, withMark } from "../../rules/mark";
import { differingReach, type TokenReach, wholeReach } from "../../rules/permissions";
import { type TokenFacts } from "./state";
import { type HubTokenInputs } from "./model";

/** Milliseconds by which a Hub may round the end of a token up. */
const END_TOLERANCE = 60_000;

/** In what a new token differs from what was asked for, in words, or `undefined`. What the Hub does not say counts for nothing. */
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
  // An earlier end is the Hub's to set, and shows in the output.
  const latest = expiresAt === undefined ? Infinity : Date.parse(expiresAt) + END_TOLERANCE;
  const end = shown.expiresAt === undefined ? Infinity : Date.parse(shown.expiresAt);
  if (end > latest) differences.push(`expiresAt: ${shown.expiresAt ?? "never"} instead of ${expiresAt}`);
  return differences.length > 0 ? differences.join("; ") : undefined;
}

/**
 * Issues a token, and makes sure that it can do what was asked for, no more and no less. From here on its value must not get lost: what
 * fails after this is no reason to fail, except a token that has to be revoked.
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
  // The rotation goes by the end that the Hub has set, and the answer to a creation may not tell it.
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

/** The new token in the Hub's list. The value must not get lost over this: a refresh asks again. */
async function listedOrWarn(
  place: TokenPlace,
  { tokenId, hubName }: IssuedToken,
  { log }: LifecycleContext,
): Promise<LiveToken | undefined> {
  try {
    const listed = (await place.list())?.find((token) => token.tokenId === tokenId);
    if (listed) return listed;
    log.warn(`the Hub does not list the new token ${hubName} yet, so what it can do was not verified.`);
  } catch (error) {
    log.warn(`what the new token ${hubName} can do was not verified: ${(error as Error).message}`);
  }
  return undefined;
}

/** No one has its value yet, so it is ended, whether it can do more than was asked for or less. */
async function revokeWrong(
  place: TokenPlace,
  { tokenId, hubName }: IssuedToken,
  difference: string,
): Promise<never> {
  const revoked = await place.revoke(tokenId).then(
    () => "it was revoked again, before anyone had its value",
    (error: unknown) =>
      `it could not be revoked, so revoke it on the Hub: no one has its value. ${(error as Error).message}`,
  );
  throw new LifecycleError(
    `The Hub has issued the token ${hubName} otherwise than it was asked for (${difference}); ${revoked}. ` +
      "Declare what the Hub allows, or ask its administrators.",
  );
}

/**
 * Issues a token under a marked name. Where the answer to a creation is lost, the token may exist although nobody
 * has its value: it is found by its exact name and revoked before another is made.
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
      `${cause.message} Whether the token was created is not known, and the Hub could not be asked: ${(error as Error).message} ` +
        `If it exists, it is named "${hubName}"; the next \`pulumi up\` reports it. No one has its value: revoke it on the Hub.`,
    );
  }
}

/** A time that the Hub gives for the creation of a token, or the time of the request if the Hub's is absurd. */
export function saneMoment(told: string | undefined, requested: Date, answered: Date): string {
  const moment = told === undefined ? NaN : Date.parse(told);
  const isSane = moment >= requested.getTime() - WRONG_CLOCK && moment <= answered.getTime() + WRONG_CLOCK;
  // guard: sane-creation
  return isSane ? (told as string) : answered.toISOString();
}

// A user's own tokens. They have no ids, and only that user can see them.
import { type HubClient } from "../client";
import { LifecycleError } from "../model/definition";
import { endAll } from "./endTokens";
import { type TokenPlace, type TokenUser } from "./token";

const RENAMED =
  " If that user was renamed, correct `user` in the state with `pulumi stack export` and `pulumi stack import`.";

/** A user's own tokens as a {@link TokenPlace}. */
export function userPlace(client: HubClient, known: TokenUser): TokenPlace {
  const place: TokenPlace = {
    async user() {
      const { id, name } = await client.whoami();
      const isSame = known.userId === undefined ? (known.user ?? name) === name : known.userId === id;
      // The Hub shows a user's own tokens only to that user. To others they look revoked although they are not.
      if (!isSame) {
        throw new LifecycleError(
          `This is a token of the user ${known.user}, but the provider uses a token of ${name}, who cannot see it. Nothing was changed. ` +
            `Use a token of ${known.user}.${known.userId === undefined ? RENAMED : ""}`,
        );
      }
      return { user: name, userId: id };
    },
    async list() {
      await place.user();
      const tokens = await client.listTokens();
      return tokens.map((token) => ({
        tokenId: token.name,
        hubName: token.name,
        createdAt: token.createdAt,
        lastUsedAt: token.lastUsed,
        expiresAt: token.expiresAt ?? undefined,
        role: token.role,
      }));
    },
    async issue(hubName, request) {
      await place.user();
      const created = await client.createToken({
        name: hubName,
        role: (request.role ?? "read") as "read" | "write" | "admin",
        // The Hub accepts only times in UTC.
        expiresAt: request.expiresAt && new Date(request.expiresAt).toISOString(),
      });
      return {
        tokenId: hubName,
        hubName,
        value: created.token,
        createdAt: created.createdAt,
        expiresAt: created.expiresAt ?? undefined,
        last4: created.token.slice(-4),
        role: created.role,
      };
    },
    change() {
      throw new LifecycleError("A user's own token cannot be changed, only replaced by a successor.");
    },
    revoke: async (tokenId) => (await place.revokeAll([tokenId])).has(tokenId),
    async revokeAll(tokenIds) {
      await place.user();
      return endAll(place, tokenIds, (tokenId) => client.revokeToken(tokenId));
    },
  };
  return place;
}

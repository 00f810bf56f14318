import { ownTokensAdvice } from "../advice";
import { invalidArgument } from "../arguments";
import { freeSegment } from "../paths";
import { list } from "../shape";
import { type CreatedToken, type CreateTokenOptions, type UserToken } from "../types";
import { readCreatedToken, readUserToken } from "../wire";
import { AuditLogOperations } from "./auditLog";

/** The methods about a user's own tokens. */
export abstract class UserTokenOperations extends AuditLogOperations {
  /**
   * Creates a token of the user whose token the client uses.
   *
   * The client does not repeat the request if it may have arrived; the error then has `outcomeUnknown`.
   *
   * Endpoint: `POST /api/settings/tokens`. It needs a Hub with the extended API; huggingface.co does not offer it.
   *
   * @throws HubError with status 409 if a token with this name already exists
   */
  async createToken({ name, role, expiresAt }: CreateTokenOptions): Promise<CreatedToken> {
    freeSegment("The token's name", name);
    if (name.length > 100) return invalidArgument("The token's name must have at most 100 characters.");
    if (!["read", "write", "admin"].includes(role))
      return invalidArgument("role must be read, write or admin.");
    return this.requester.json(
      {
        method: "POST",
        path: "/api/settings/tokens",
        body: { name, role, expiresAt },
        advice: ownTokensAdvice,
      },
      readCreatedToken,
    );
  }

  /**
   * Returns the user's own tokens, without their values.
   *
   * Endpoint: `GET /api/settings/tokens`. It needs a Hub with the extended API; huggingface.co does not offer it.
   */
  async listTokens(): Promise<UserToken[]> {
    return this.requester.json(
      { method: "GET", path: "/api/settings/tokens", advice: ownTokensAdvice },
      list(readUserToken),
    );
  }

  /**
   * Revokes one of the user's own tokens.
   *
   * Endpoint: `DELETE /api/settings/tokens/{name}`. It needs a Hub with the extended API; huggingface.co does not offer it.
   *
   * @param name - the full name of the token on the Hub
   */
  async revokeToken(name: string): Promise<void> {
    await this.requester.send({
      method: "DELETE",
      path: `/api/settings/tokens/${freeSegment("The token's name", name)}`,
      advice: ({ status }) =>
        status === 404
          ? "There is no token with this name, or this Hub does not offer the API for a user's own tokens (huggingface.co does not)."
          : undefined,
    });
  }
}

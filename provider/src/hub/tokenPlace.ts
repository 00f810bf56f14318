import { type HubClient } from "../client";
import { serviceAccountPlace } from "./accountTokens";
import { type TokenPlace, type TokenUser } from "./token";
import { userPlace } from "./userTokens";

/**
 * The owner of a token: a service account of an organization, or the user whose token the provider uses. If the user is already known, the
 * token of another user is refused.
 */
export interface TokenAddress extends TokenUser {
  organization?: string;
  serviceAccount?: string;
}

/** The operations for the tokens of this owner. */
export function tokenPlace(client: HubClient, address: TokenAddress): TokenPlace {
  return address.organization !== undefined && address.serviceAccount !== undefined
    ? serviceAccountPlace(client, address.organization, address.serviceAccount)
    : userPlace(client, address);
}

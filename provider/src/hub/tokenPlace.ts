import { type HubClient } from "../client";
import { serviceAccountPlace } from "./accountTokens";
import { type TokenPlace, type TokenUser } from "./token";
import { userPlace } from "./userTokens";

/**
 * Where a token lives: in a service account of an organization, or with the user whose token the provider has. If the user is known
 * already, anybody else's credentials are refused.
 */
export interface TokenAddress extends TokenUser {
  organization?: string;
  serviceAccount?: string;
}

/** The place that an address means. */
export function tokenPlace(client: HubClient, address: TokenAddress): TokenPlace {
  return address.organization !== undefined && address.serviceAccount !== undefined
    ? serviceAccountPlace(client, address.organization, address.serviceAccount)
    : userPlace(client, address);
}

import { accountsAdvice, exemptionAdvice } from "../advice";
import { checkEndpointPatterns } from "../limits";
import { idSegment, organizationPath } from "../paths";
import { list } from "../shape";
import {
  type ChangedServiceAccountToken,
  type IssuedServiceAccountToken,
  type ServiceAccountDetails,
  type ServiceAccountInfo,
  type ServiceAccountTokenSettings,
} from "../types";
import {
  readChangedServiceAccountToken,
  readCreatedServiceAccount,
  readIssuedServiceAccountToken,
  readServiceAccount,
  readServiceAccountDetails,
} from "../wire";
import { UserTokenOperations } from "./userTokens";

/** The methods about service accounts and their tokens. */
export abstract class ServiceAccountOperations extends UserTokenOperations {
  /**
   * Returns the service accounts of an organization, without their tokens.
   *
   * Endpoint: `GET /api/organizations/{org}/service-accounts`. It needs the Enterprise plan.
   */
  async listServiceAccounts(organization: string): Promise<ServiceAccountInfo[]> {
    return this.requester.json(
      { method: "GET", path: accountsPath(organization), advice: accountsAdvice },
      list(readServiceAccount),
    );
  }

  /**
   * Creates a service account.
   *
   * The client does not repeat the request if it may have arrived; the error then has `outcomeUnknown`.
   *
   * Endpoint: `POST /api/organizations/{org}/service-accounts`. It needs the Enterprise plan.
   */
  async createServiceAccount(
    organization: string,
    { name, description }: { name: string; description?: string },
  ): Promise<ServiceAccountInfo> {
    return this.requester.json(
      {
        method: "POST",
        path: accountsPath(organization),
        body: { name, description },
        advice: accountsAdvice,
      },
      readCreatedServiceAccount,
    );
  }

  /**
   * Returns a service account with its tokens, without their values.
   *
   * Endpoint: `GET /api/organizations/{org}/service-accounts/{id}`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   */
  async getServiceAccount(organization: string, accountId: string): Promise<ServiceAccountDetails> {
    return this.requester.json(
      { method: "GET", path: accountPath(organization, accountId), advice: accountsAdvice },
      readServiceAccountDetails,
    );
  }

  /**
   * Deletes a service account and all its tokens.
   *
   * Endpoint: `DELETE /api/organizations/{org}/service-accounts/{id}`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   */
  async deleteServiceAccount(organization: string, accountId: string): Promise<void> {
    await this.requester.send({
      method: "DELETE",
      path: accountPath(organization, accountId),
      advice: accountsAdvice,
    });
  }

  /**
   * Creates a token of a service account. The answer has its value.
   *
   * The client does not repeat the request if it may have arrived; the error then has `outcomeUnknown`.
   *
   * Endpoint: `POST /api/organizations/{org}/service-accounts/{id}/tokens`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   * @param settings - the settings of the new token
   */
  async createServiceAccountToken(
    organization: string,
    accountId: string,
    settings: ServiceAccountTokenSettings,
  ): Promise<IssuedServiceAccountToken> {
    checkEndpointPatterns(settings.endpointPatterns);
    return this.requester.json(
      {
        method: "POST",
        path: `${accountPath(organization, accountId)}/tokens`,
        body: settings,
        advice: settings.skipNetworkSecurity ? exemptionAdvice : accountsAdvice,
      },
      readIssuedServiceAccountToken,
    );
  }

  /**
   * Changes the settings of a service account's token. Its value stays the same.
   *
   * Endpoint: `PATCH /api/organizations/{org}/service-accounts/{id}/tokens/{tokenId}`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   * @param tokenId - the id (`_id`) of the token
   * @param settings - the settings to change
   */
  async updateServiceAccountToken(
    organization: string,
    accountId: string,
    tokenId: string,
    settings: ServiceAccountTokenSettings,
  ): Promise<ChangedServiceAccountToken> {
    checkEndpointPatterns(settings.endpointPatterns);
    return this.requester.json(
      {
        method: "PATCH",
        path: tokenPath(organization, accountId, tokenId),
        body: settings,
        advice: settings.skipNetworkSecurity ? exemptionAdvice : accountsAdvice,
      },
      readChangedServiceAccountToken,
    );
  }

  /**
   * Gives a service account's token a new value. **The old value stops working immediately.**
   *
   * The client does not repeat the request if it may have arrived; the error then has `outcomeUnknown`.
   *
   * Endpoint: `POST /api/organizations/{org}/service-accounts/{id}/tokens/{tokenId}/rotate`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   * @param tokenId - the id (`_id`) of the token
   */
  async rotateServiceAccountToken(
    organization: string,
    accountId: string,
    tokenId: string,
  ): Promise<IssuedServiceAccountToken> {
    return this.requester.json(
      {
        method: "POST",
        path: `${tokenPath(organization, accountId, tokenId)}/rotate`,
        advice: accountsAdvice,
      },
      readIssuedServiceAccountToken,
    );
  }

  /**
   * Deletes a service account's token, which revokes it.
   *
   * Endpoint: `DELETE /api/organizations/{org}/service-accounts/{id}/tokens/{tokenId}`. It needs the Enterprise plan.
   *
   * @param organization - the name of the organization
   * @param accountId - the id (`_id`) of the service account
   * @param tokenId - the id (`_id`) of the token
   */
  async deleteServiceAccountToken(organization: string, accountId: string, tokenId: string): Promise<void> {
    await this.requester.send({
      method: "DELETE",
      path: tokenPath(organization, accountId, tokenId),
      advice: accountsAdvice,
    });
  }
}

function accountsPath(organization: string): string {
  return `${organizationPath(organization)}/service-accounts`;
}

function accountPath(organization: string, accountId: string): string {
  return `${accountsPath(organization)}/${idSegment("The service account's id", accountId)}`;
}

function tokenPath(organization: string, accountId: string, tokenId: string): string {
  return `${accountPath(organization, accountId)}/tokens/${idSegment("The token's id", tokenId)}`;
}

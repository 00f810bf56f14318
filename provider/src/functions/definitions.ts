// What each function requests from the Hub, as plain functions of a client and plain arguments.
import {
  type AuditLogEntry,
  type AuditLogOptions,
  type AuditLogStreamOptions,
  type HubClient,
  type ListMembersOptions,
  type ListMemberTokensOptions,
  type ListRepositoriesOptions,
  type Member,
  type MemberToken,
  type OrgRepository,
  type OrgRole,
  type RepoScan,
  type ResourceGroupInfo,
  type ScannedRepoType,
  type ServiceAccountInfo,
  type SsoSettings,
  type UserToken,
  type WhoAmI,
} from "../client";

interface OfOrganization {
  organization: string;
}

interface Query<Options> extends OfOrganization {
  query?: Options;
}

export const functions = {
  getAuditLogs: (
    client: HubClient,
    { organization, query }: Query<AuditLogOptions>,
  ): Promise<AuditLogEntry[]> => client.auditLogs(organization, query),

  getMembers: (client: HubClient, { organization, query }: Query<ListMembersOptions>): Promise<Member[]> =>
    client.listMembers(organization, query),

  getMemberTokens: (
    client: HubClient,
    { organization, query }: Query<ListMemberTokensOptions>,
  ): Promise<MemberToken[]> => client.listMemberTokens(organization, query),

  getMyOrgRole: (client: HubClient, { organization }: OfOrganization): Promise<OrgRole | null> =>
    client.myOrgRole(organization),

  getRepositories: (
    client: HubClient,
    { organization, query }: Query<ListRepositoriesOptions>,
  ): Promise<OrgRepository[]> => client.listRepositories(organization, query),

  getRepositoryScan: (
    client: HubClient,
    { repo, repoType }: { repo: string; repoType?: ScannedRepoType },
  ): Promise<RepoScan> => client.getRepoScan(repo, repoType),

  getResourceGroup: (
    client: HubClient,
    { organization, groupId }: OfOrganization & { groupId: string },
  ): Promise<ResourceGroupInfo> => client.getResourceGroup(organization, groupId),

  getResourceGroups: (client: HubClient, { organization }: OfOrganization): Promise<ResourceGroupInfo[]> =>
    client.listResourceGroups(organization),

  getServiceAccounts: (client: HubClient, { organization }: OfOrganization): Promise<ServiceAccountInfo[]> =>
    client.listServiceAccounts(organization),

  getSsoConfig: (client: HubClient, { organization }: OfOrganization): Promise<SsoSettings> =>
    client.getSsoConfig(organization),

  getTokens: (client: HubClient): Promise<UserToken[]> => client.listTokens(),

  hasOrgRole: (
    client: HubClient,
    { organization, role }: OfOrganization & { role: OrgRole },
  ): Promise<boolean> => client.hasOrgRole(organization, role),

  whoami: (client: HubClient): Promise<WhoAmI> => client.whoami(),
};

/** Functions that return their results one by one. */
export const streams = {
  streamAuditLogs: (
    client: HubClient,
    { organization, query }: Query<AuditLogStreamOptions>,
  ): AsyncIterable<AuditLogEntry> => client.streamAuditLogs(organization, query),
};

/** The plain arguments of a function. */
export type ArgsOf<F> = F extends (client: HubClient, args: infer A extends object) => unknown ? A : object;

// All functions: a call in a program, the arguments that its mocks get, and the result that they return.
import { type Input, type Output } from "@pulumi/pulumi";
import * as huggingface from "../../provider/src";

export interface Forms {
  /** The arguments that the mocks get. */
  args: object;
  result: unknown;
  promise: () => Promise<unknown>;
  output?: (options?: huggingface.OutputCallOptions, organization?: Input<string>) => Output<unknown>;
}

const since = new Date("2026-01-31T12:00:00.000Z");
const organization = "acme";

export const forms: Record<string, Forms> = {
  getAuditLogs: {
    args: { organization, startDate: since.toISOString(), limit: 2 },
    result: [{ id: "1" }],
    promise: () => huggingface.getAuditLogs(organization, { startDate: since, limit: 2 }),
    output: (options, from = organization) =>
      huggingface.getAuditLogsOutput(from, { startDate: since, limit: 2 }, options),
  },
  streamAuditLogs: {
    args: { organization, endDate: since.toISOString() },
    result: [{ id: "1" }, { id: "2" }],
    promise: async () => {
      const entries: unknown[] = [];
      const stream = huggingface.streamAuditLogs(organization, { endDate: since });
      for await (const entry of stream) entries.push(entry);
      return entries;
    },
  },
  getMemberTokens: {
    args: { organization, query: "ci" },
    result: [],
    promise: () => huggingface.getMemberTokens(organization, { query: "ci" }),
    output: (options, from = organization) =>
      huggingface.getMemberTokensOutput(from, { query: "ci" }, options),
  },
  getMembers: {
    args: { organization, search: "bob" },
    result: [{ user: "bob" }],
    promise: () => huggingface.getMembers(organization, { search: "bob" }),
    output: (options, from = organization) => huggingface.getMembersOutput(from, { search: "bob" }, options),
  },
  getMyOrgRole: {
    args: { organization },
    result: null,
    promise: () => huggingface.getMyOrgRole(organization),
    output: (options, from = organization) => huggingface.getMyOrgRoleOutput(from, options),
  },
  getRepositories: {
    args: { organization, type: "model" },
    result: [{ id: "acme/llm" }],
    promise: () => huggingface.getRepositories(organization, { type: "model" }),
    output: (options, from = organization) =>
      huggingface.getRepositoriesOutput(from, { type: "model" }, options),
  },
  getRepositoryScan: {
    args: { repo: "acme/tickets", repoType: "dataset" },
    result: { scansDone: true, filesWithIssues: [] },
    promise: () => huggingface.getRepositoryScan("acme/tickets", "dataset"),
    output: (options) => huggingface.getRepositoryScanOutput("acme/tickets", "dataset", options),
  },
  getResourceGroup: {
    args: { organization, groupId: "6650000000000000000000aa" },
    result: { id: "6650000000000000000000aa", name: "ml" },
    promise: () => huggingface.getResourceGroup(organization, "6650000000000000000000aa"),
    output: (options, from = organization) =>
      huggingface.getResourceGroupOutput(from, "6650000000000000000000aa", options),
  },
  getResourceGroups: {
    args: { organization },
    result: [{ name: "ml" }],
    promise: () => huggingface.getResourceGroups(organization),
    output: (options, from = organization) => huggingface.getResourceGroupsOutput(from, options),
  },
  getServiceAccounts: {
    args: { organization },
    result: [{ name: "ci" }],
    promise: () => huggingface.getServiceAccounts(organization),
    output: (options, from = organization) => huggingface.getServiceAccountsOutput(from, options),
  },
  getSsoConfig: {
    args: { organization },
    result: { provider: "saml", enabled: true },
    promise: () => huggingface.getSsoConfig(organization),
    output: (options, from = organization) => huggingface.getSsoConfigOutput(from, options),
  },
  getTokens: {
    args: {},
    result: [{ name: "laptop" }],
    promise: () => huggingface.getTokens(),
    output: (options) => huggingface.getTokensOutput(options),
  },
  hasOrgRole: {
    args: { organization, role: "admin" },
    result: false,
    promise: () => huggingface.hasOrgRole(organization, "admin"),
    output: (options, from = organization) => huggingface.hasOrgRoleOutput(from, "admin", options),
  },
  whoami: {
    args: {},
    result: { name: "ada", orgs: [] },
    promise: () => huggingface.whoami(),
    output: (options) => huggingface.whoamiOutput(options),
  },
};

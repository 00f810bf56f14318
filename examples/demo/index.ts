// The program that `npm run demo` runs: the security settings of an organization in one file.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";

// The pipeline has its own service account and a token that can only read.
const account = new huggingface.ServiceAccount("pipeline", {
  organization,
  name: "pipeline",
  description: "Nightly evaluation",
});

const token = new huggingface.HubToken("pipeline", {
  organization,
  serviceAccount: account.accountId,
  name: "evaluation",
  permissions: [...huggingface.permissionSets.readRepositories],
  rotateEveryDays: 30,
  rotationTriggers: { generation: config.get("generation") ?? "1" },
  // The demo revokes the old token without a delay. For real tokens, keep the defaults: 24 hours, and one hour without use.
  overlapHours: 0,
  idleMinutes: 0,
});

// Members sign in with the company's identity provider.
const sso = new huggingface.SsoConfig("sso", {
  organization,
  provider: "saml",
  ssoUrl: "https://idp.acme.example/sso/saml",
  certificate: readFileSync(config.require("certificateFile"), "utf8"),
});

// The visibility of single repositories. A public repository needs a reason.
const declared = [
  new huggingface.RepoVisibility("corpus", {
    repo: `${organization}/corpus`,
    repoType: "dataset",
    visibility: "private",
  }),
  new huggingface.RepoVisibility("customer-tickets", {
    repo: `${organization}/customer-tickets`,
    repoType: "dataset",
    visibility: "private",
  }),
  new huggingface.RepoVisibility("embeddings", {
    repo: `${organization}/embeddings`,
    visibility: "public",
    acknowledgePublic: "released with the paper",
  }),
];

// All other repositories, including those that no one has declared. This resource only reports, because its mode is "report".
const everything = new huggingface.OrganizationVisibility("everything", {
  organization,
  widest: "private",
  exceptions: [
    ...declared,
    { repo: `${organization}/llm-public`, visibility: "public", reason: "released" },
    { repo: `${organization}/llm-gated`, visibility: "public", reason: "released, with approval" },
    {
      repo: `${organization}/evaluation`,
      repoType: "dataset",
      visibility: "public",
      reason: "public benchmark",
    },
    { repo: `${organization}/demo-space`, repoType: "space", visibility: "public", reason: "on our website" },
    {
      repo: `${organization}/customer-portal`,
      repoType: "space",
      visibility: "protected",
      reason: "for customers",
    },
  ],
});

export const pipelineToken = token.token;
export const certificateExpiresAt = sso.certificateExpiresAt;
export const tooWide = everything.violations;
export const yourRole = huggingface.getMyOrgRoleOutput(organization);
// Wait for all repositories, so that the result includes changes of this run.
export const lastVisibilityChange = pulumi
  .all(declared.map(({ visibility }) => visibility))
  .apply(() => huggingface.getAuditLogs(organization, { action: "repo.visibility", limit: 1 }))
  .apply(([entry]) => (entry ? `${entry.user ?? "?"}: ${entry.message}` : "none"));

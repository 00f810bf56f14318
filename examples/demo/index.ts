// The program of `npm run demo`: what an organization wants to be true of its security, in one file.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";

// A pipeline has an account of its own, and a token that can do nothing but read.
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
  // The demo does not want to wait. Where a token is in use, leave the defaults: a day, and an hour without use.
  overlapHours: 0,
  idleMinutes: 0,
});

// Members sign in at the company's identity provider.
const sso = new huggingface.SsoConfig("sso", {
  organization,
  provider: "saml",
  ssoUrl: "https://idp.acme.example/sso/saml",
  certificate: readFileSync(config.require("certificateFile"), "utf8"),
});

// Who sees what. Letting outsiders in takes a reason.
const visibilities = [
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
].map(({ visibility }) => visibility);

export const pipelineToken = token.token;
export const certificateExpiresAt = sso.certificateExpiresAt;
export const yourRole = huggingface.getMyOrgRoleOutput(organization);
// Asked for once all repositories are as declared, so that it tells of this run too.
export const lastVisibilityChange = pulumi
  .all(visibilities)
  .apply(() => huggingface.getAuditLogs(organization, { action: "repo.visibility", limit: 1 }))
  .apply(([entry]) => (entry ? `${entry.user ?? "?"}: ${entry.message}` : "none"));

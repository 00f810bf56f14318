// A locked-down organization: nothing is open to outsiders without a reason, code reads with a token of its own, and members
// sign in with the company's identity provider.
//
//   pulumi config set --secret clientSecret ...   the client secret from the identity provider
//   pulumi config set mode enforce                after you have read what a first run reports
//
// The organization needs the Enterprise plan. On huggingface.co, single sign-on is set up once in the browser.
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";

// A released model has a resource of its own, because it is also gated.
const released = new huggingface.RepoVisibility("llm-gated", {
  repo: `${organization}/llm-gated`,
  visibility: "public",
  gated: "manual",
  acknowledgePublic: "weights for researchers, access is approved for each request",
});

// Every other repository of the organization, including those that no one has declared yet.
const visibility = new huggingface.OrganizationVisibility("organization", {
  organization,
  widest: "private",
  exceptions: [
    released,
    { repo: `${organization}/llm-public`, visibility: "public", reason: "released with the paper" },
    { repo: `${organization}/embeddings`, visibility: "public", reason: "released with the paper" },
    {
      repo: `${organization}/corpus`,
      repoType: "dataset",
      visibility: "public",
      reason: "published under CC BY 4.0",
    },
    {
      repo: `${organization}/evaluation`,
      repoType: "dataset",
      visibility: "public",
      reason: "the public benchmark",
    },
    {
      repo: `${organization}/demo-space`,
      repoType: "space",
      visibility: "public",
      reason: "the demo on our website",
    },
    {
      repo: `${organization}/customer-portal`,
      repoType: "space",
      visibility: "protected",
      reason: "customers use it",
    },
  ],
  // "report" only names what is too wide. "enforce" makes it private in the run after the one that named it.
  mode: config.get("mode") === "enforce" ? "enforce" : "report",
  maxChanges: 10,
});

const pipeline = new huggingface.ServiceAccount("pipeline", { organization, name: "pipeline" });
const token = new huggingface.HubToken("pipeline", {
  organization,
  serviceAccount: pipeline.accountId,
  name: "pipeline",
  permissions: [...huggingface.permissionSets.readRepositories],
  rotateEveryDays: 30,
});

// Sends a new client secret. The rest of single sign-on is set up in the organization's settings.
new huggingface.SsoCredential("oidc", {
  organization,
  clientSecret: config.requireSecret("clientSecret"),
  replaceExisting: true,
});

export const tooWide = visibility.violations;
export const repositories = visibility.repositoryCount;
export const pipelineToken = token.token;

// A locked-down organization: nothing is open to outsiders without a reason, and the pipeline has its own token, which can only
// read. Optionally, the program also replaces the client secret of single sign-on.
//
// Needs the Enterprise plan, and a token of an organization administrator in HF_TOKEN.
//
//   pulumi config set organization acme
//   pulumi config set mode enforce             # after you have read what the first run reports
//   pulumi config set --secret clientSecret    # optional: only if single sign-on is already set up in the organization's settings
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";

// This released model has its own resource, because it is also gated.
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
  // "report" only names the repositories that are too wide. With "enforce", the run after that makes them private.
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

// Sends a new client secret. On huggingface.co, the rest of single sign-on is set up in the organization's settings.
const clientSecret = config.getSecret("clientSecret");
if (clientSecret) {
  new huggingface.SsoCredential("oidc", { organization, clientSecret, replaceExisting: true });
}

export const tooWide = visibility.violations;
export const repositories = visibility.repositoryCount;
export const pipelineToken = token.token;

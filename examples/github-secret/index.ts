// A token for the workflows of a GitHub repository. They read it from a repository secret. When the token is rotated, the same run
// updates the secret.
//
//   export GITHUB_OWNER=… GITHUB_TOKEN=…     # the owner of the repository, and a GitHub token that can set its secrets
//   pulumi config set repository evaluation
//   pulumi config set generation 2           # to rotate the token now, for example after a leak
import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";

const account = new huggingface.ServiceAccount("github", {
  organization,
  name: "github-actions",
  description: "Reads models in GitHub workflows",
});

const token = new huggingface.HubToken("github", {
  organization,
  serviceAccount: account.accountId,
  name: "GitHub Actions",
  permissions: huggingface.permissionSets.readRepositories,
  rotateEveryDays: 30,
  // The old token stays valid for a day, so that running jobs can finish.
  overlapHours: 24,
  rotationTriggers: { generation: config.get("generation") ?? "1" },
});

// A workflow reads the token as ${{ secrets.HF_TOKEN }}. The value is encrypted in the state of both resources.
const secret = new github.ActionsSecret("hf-token", {
  repository: config.get("repository") ?? "evaluation",
  secretName: "HF_TOKEN",
  value: token.token,
});

export const secretName = secret.secretName;
export const rotatesAt = token.rotateAt;

// A token for the workflows of a GitHub repository. They read it from a secret, which each rotation updates in the same run.
//
//   export GITHUB_OWNER=… GITHUB_TOKEN=…     # who owns the repository, and a token that may set its secrets
//   pulumi config set repository evaluation
//   pulumi config set generation 2           # a new token now, for instance after a leak
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
  // Jobs that started with the predecessor can finish.
  overlapHours: 24,
  rotationTriggers: { generation: config.get("generation") ?? "1" },
});

// A workflow reads it as ${{ secrets.HF_TOKEN }}. The value is encrypted in the state of both resources.
const secret = new github.ActionsSecret("hf-token", {
  repository: config.get("repository") ?? "evaluation",
  secretName: "HF_TOKEN",
  value: token.token,
});

export const secretName = secret.secretName;
export const rotatesAt = token.rotateAt;

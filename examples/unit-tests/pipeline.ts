import type * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

/** The resources and data of a pipeline. */
export interface Pipeline {
  account: huggingface.ServiceAccount;
  token: huggingface.HubToken;
  /** The models that the pipeline can read. */
  models: pulumi.Output<string[]>;
}

/** Creates a service account for a pipeline, with a token that reads the organization's models and is rotated every 30 days. */
export function pipeline(organization: string, name: string): Pipeline {
  const account = new huggingface.ServiceAccount(name, { organization, name });
  const token = new huggingface.HubToken(name, {
    organization,
    serviceAccount: account.accountId,
    name,
    permissions: [...huggingface.permissionSets.readRepositories],
    rotateEveryDays: 30,
  });
  const models = huggingface
    .getRepositoriesOutput(organization, { type: "model" })
    .apply((repositories) => repositories.map(({ id }) => id).sort());
  return { account, token, models };
}

// A service account for a pipeline, with a token that `pulumi up` rotates after 30 days.
//
//   pulumi config set generation 2           # to rotate the token now, for example after a leak
//   pulumi config set personalToken true     # also create a token for yourself; requires a Hub with the extended API
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";
const rotationTriggers = { generation: config.get("generation") ?? "1" };

// A service account, not a person: people leave, and a service account has only the permissions that it needs.
const account = new huggingface.ServiceAccount("ci", {
  organization,
  name: "ci-pipeline",
  description: "Reads models for the nightly evaluation",
});

const token = new huggingface.HubToken("ci", {
  organization,
  serviceAccount: account.accountId,
  name: "nightly evaluation",
  // Give the token only the permissions that the pipeline needs.
  permissions: [...huggingface.permissionSets.readRepositories],
  // The first `pulumi up` after 30 days issues a successor, and resources that use the token get it in the same run. The
  // old token stays valid for at least 24 hours and until it was unused for one hour. A later `pulumi up` revokes it.
  rotateEveryDays: 30,
  overlapHours: 24,
  idleMinutes: 60,
  rotationTriggers,
});

// Depend on the id, so that the list is not queried before this account exists.
const accounts = huggingface.getServiceAccountsOutput(account.id.apply(() => organization));

const outputs: Record<string, pulumi.Output<unknown>> = {
  // Pass the token on as an output, for example to a secret manager. It stays encrypted as a Pulumi secret.
  ciToken: token.token,
  ciTokenRotatesAt: token.rotateAt,
  ciTokenStatus: token.status,
  ciUser: account.user,
  serviceAccounts: accounts.apply((all) => all.map(({ name }) => name).sort()),
};

if (config.getBoolean("personalToken")) {
  const own = new huggingface.HubToken("own", {
    name: "laptop",
    role: "read",
    rotateEveryDays: 90,
    rotationTriggers,
  });
  outputs["personalToken"] = own.token;
  // Depend on the id, so that the list includes this token.
  const tokens = own.id.apply(() => huggingface.getTokensOutput());
  outputs["personalTokens"] = tokens.apply((all) => all.map(({ name }) => name));
}

export = outputs;

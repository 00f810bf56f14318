// A pipeline's own account, and a token that is never older than a month.
//
//   pulumi config set generation 2           # a new token now, for instance after a leak
//   pulumi config set personalToken true     # a token of your own too; needs a Hub with the extended API
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";
const rotationTriggers = { generation: config.get("generation") ?? "1" };

// Not a person's token: people leave, and theirs can do all that they can.
const account = new huggingface.ServiceAccount("ci", {
  organization,
  name: "ci-pipeline",
  description: "Reads models for the nightly evaluation",
});

const token = new huggingface.HubToken("ci", {
  organization,
  serviceAccount: account.accountId,
  name: "nightly evaluation",
  // As little as the work allows.
  permissions: [...huggingface.permissionSets.readRepositories],
  // The first `pulumi up` after 30 days issues a successor, which dependents get in the same run. The predecessor works on
  // for a day, and until nobody has used it for an hour; a later `pulumi up` revokes it.
  rotateEveryDays: 30,
  overlapHours: 24,
  idleMinutes: 60,
  rotationTriggers,
});

// By way of the id, so that a preview does not ask for accounts before this one is there.
const accounts = huggingface.getServiceAccountsOutput(account.id.apply(() => organization));

const outputs: Record<string, pulumi.Output<unknown>> = {
  // Pass it on as an Output, to a secret manager for instance: it stays encrypted all the way.
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
  // By way of the id, so that the list has this token.
  const tokens = own.id.apply(() => huggingface.getTokensOutput());
  outputs["personalTokens"] = tokens.apply((all) => all.map(({ name }) => name));
}

export = outputs;

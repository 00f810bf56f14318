// A Space that reads a model with a service account's token. `pulumi up` rotates the token after 30 days, and the Space gets the new one in the
// same run.
//
// Needs the Enterprise plan, and a token of an organization administrator in HF_TOKEN.
//
//   pulumi config set organization acme
//   pulumi config set space acme/demo-space
//   pulumi config set model acme/llm
//   pulumi config set generation 2             # optional: rotates the token now, for example after a leak
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";
const space = config.get("space") ?? `${organization}/demo-space`;

// Everyone who may change the code of a Space can read its secrets. So the token has only the permission that the Space needs.
const account = new huggingface.ServiceAccount("space", {
  organization,
  name: "demo-space",
  description: "Reads the model that the Space shows",
});

const token = new huggingface.HubToken("space", {
  organization,
  serviceAccount: account.accountId,
  name: "demo space",
  permissions: ["repo.content.read"],
  rotateEveryDays: 30,
  // The Hub restarts the Space with the new token. The old one stays valid for this time.
  overlapHours: 24,
  rotationTriggers: { generation: config.get("generation") ?? "1" },
});

// The secret depends on the token, so a rotation changes both in one run.
const secret = new huggingface.SpaceSecret("token", {
  space,
  key: "HF_TOKEN",
  value: token.token,
  description: "Issued by Pulumi; rotated every 30 days",
});

// Everyone who may see the Space can read a variable.
const variable = new huggingface.SpaceVariable("model", {
  space,
  key: "MODEL",
  value: config.get("model") ?? `${organization}/llm`,
});

export const secretStatus = secret.status;
export const variableStatus = variable.status;
export const tokenRotatesAt = token.rotateAt;

// A first program: it keeps one repository private and shows your role in the organization.
//
// The program contains no credentials. The provider reads HF_TOKEN from the environment, and HF_ENDPOINT if you use
// another Hub than huggingface.co. It stores neither of them.
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";
const model = config.get("model") ?? "llm-private";

// If someone makes it public, `pulumi preview --refresh` shows the change and `pulumi up --refresh` reverts it.
const llm = new huggingface.RepoVisibility("llm", {
  repo: `${organization}/${model}`,
  visibility: "private",
});

export const repository = llm.repo;
export const visibility = llm.visibility;
export const you = huggingface.whoamiOutput().name;
// Null if you are not a member.
export const yourRole = huggingface.getMyOrgRoleOutput(organization);

// The first program: a repository that has to stay private, and who you are to the organization.
//
// There are no credentials in here. The provider takes HF_TOKEN, and HF_ENDPOINT where another Hub than
// huggingface.co is meant, from the environment in which pulumi runs, and stores neither.
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";
const model = config.get("model") ?? "llm-private";

// Whoever makes it public by hand is seen by `pulumi preview --refresh`, and undone by `pulumi up --refresh`.
const llm = new huggingface.RepoVisibility("llm", {
  repo: `${organization}/${model}`,
  visibility: "private",
});

export const repository = llm.repo;
export const visibility = llm.visibility;
export const you = huggingface.whoamiOutput().name;
// Null for somebody who is no member.
export const yourRole = huggingface.getMyOrgRoleOutput(organization);

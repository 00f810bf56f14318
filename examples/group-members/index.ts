// The role of a member, and a member and a repository of a resource group that exists on the Hub.
//
//   export HF_TOKEN=hf_…                            # a token of an organization administrator
//   pulumi config set groupId 6570ab12ef90cd34ab56ef01
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";
const user = config.get("user") ?? "rex-read";
const repo = `${organization}/${config.get("model") ?? "fraud-detector"}`;
const groupId = config.require("groupId");

// If someone raises this role on the Hub, `pulumi up --refresh` lowers it again. The member's resource groups are kept.
const member = new huggingface.MemberRole("rex", { organization, user, role: "read" });

// Other members and repositories of the resource group stay unchanged.
const researcher = new huggingface.ResourceGroupMember("rex-in-research", {
  organization,
  groupId,
  user,
  role: "write",
});
new huggingface.RepoResourceGroup("fraud-detector", { repo, groupId, onDestroy: "remove" });

export const role = member.role;
export const roleInGroup = researcher.role;

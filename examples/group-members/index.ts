// The role of a member in the organization, and one member and one repository of a resource group that exists on the Hub.
//
// Needs the Team plan, and a token of an organization administrator in HF_TOKEN.
//
//   pulumi config set organization acme
//   pulumi config set groupId 6570ab12ef90cd34ab56ef01
//   pulumi config set user rex-read            # a member of the organization
//   pulumi config set model fraud-detector     # a model of the organization
//
// To list the ids of resource groups, run ../access-review. To create a resource group, see ../access-as-code. Leave out `members` and
// `repositories` there, or that program reverts what this one adds.
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

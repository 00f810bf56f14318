// Answers questions about who has access, and whether the repositories are safe to use. The program has no resources and changes nothing.
//
//   pulumi config set groupId 6650…    # optional: shows one resource group in detail
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const SCANNED = ["model", "dataset", "space"] as const;

export = async () => {
  const config = new pulumi.Config();
  const organization = config.get("organization") ?? "acme";

  // Members without two-factor authentication. Only an administrator's token sees it; without the right, the field is absent.
  const members = await huggingface.getMembers(organization);
  const withoutTwoFactor = members.filter(({ twoFaEnabled }) => twoFaEnabled === false);
  const external = members.filter(({ isExternalCollaborator }) => isExternalCollaborator);

  // Who is in which resource group. It needs the Team plan.
  const groups = await huggingface.getResourceGroups(organization);
  const peopleByGroup = groups.map(({ name, users }): [string, string[]] => [
    name,
    users.map((user) => `${user.name}: ${user.role}`),
  ]);

  const groupId = config.get("groupId");
  const group = groupId ? await huggingface.getResourceGroup(organization, groupId) : undefined;

  // Files that the Hub's scan finds dangerous. This sends one request for each repository.
  const findings: string[] = [];
  for (const repoType of SCANNED) {
    for (const { id } of await huggingface.getRepositories(organization, { type: repoType })) {
      const { filesWithIssues } = await huggingface.getRepositoryScan(id, repoType);
      for (const { path, level } of filesWithIssues) {
        if (level === "unsafe" || level === "suspicious")
          findings.push(`${repoType} ${id}: ${path} (${level})`);
      }
    }
  }

  return {
    withoutTwoFactor: withoutTwoFactor.map(({ user, role }) => `${user}: ${role ?? "unknown role"}`),
    external: external.map(({ user }) => user),
    peopleByGroup: Object.fromEntries(peopleByGroup),
    repositoriesOfGroup: group?.resources.map(({ type, name }) => `${type} ${name ?? "without a name"}`),
    findings,
  };
};

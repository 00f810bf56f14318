// Shows who has access to the organization, and which repositories have dangerous files. The program has no resources and changes nothing.
//
// Needs the Team plan, and a token of an organization administrator in HF_TOKEN.
//
//   pulumi config set organization acme
//   pulumi config set groupId 6570ab12ef90cd34ab56ef01    # optional: shows the repositories of one resource group
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const SCANNED = ["model", "dataset", "space"] as const;

export = async () => {
  const config = new pulumi.Config();
  const organization = config.get("organization") ?? "acme";

  // Members without two-factor authentication. For a token that may not see this, the Hub leaves the field out.
  const members = await huggingface.getMembers(organization);
  const withoutTwoFactor = members.filter(({ twoFaEnabled }) => twoFaEnabled === false);
  const external = members.filter(({ isExternalCollaborator }) => isExternalCollaborator);

  // Who is in which resource group. The key has the id, which other programs need.
  const groups = await huggingface.getResourceGroups(organization);
  const peopleByGroup = groups.map(({ name, id, users }): [string, string[]] => [
    `${name} (${id})`,
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

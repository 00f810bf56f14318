// Sets the visibility of many repositories from one table. Replace the rows in fleet.ts with your own repositories.
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";
import { fleet } from "./fleet";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";

const decided = new Set<string>();
const declared: huggingface.RepoVisibility[] = [];

for (const { name, reason, ...settings } of fleet) {
  // The key includes the type, because a model and a dataset can have the same name.
  const key = `${settings.repoType ?? "model"}/${name}`;
  decided.add(key);
  const repository = new huggingface.RepoVisibility(key, {
    repo: `${organization}/${name}`,
    ...settings,
    acknowledgePublic: reason,
  });
  declared.push(repository);
}

// Repositories that are not in the table should be private. Each `pulumi preview --refresh` shows those that are not.
const limit = new huggingface.OrganizationVisibility("others", { organization, exceptions: declared });

export const tooWide = limit.violations.apply((violations) =>
  violations.map(({ repo, repoType, visibility }) => `${repoType} ${repo}: ${visibility}`),
);

// Repositories of the organization that are not in the table.
export const undecided = huggingface.getRepositoriesOutput(organization).apply((repositories) =>
  repositories
    .filter(({ id, type }) => !decided.has(id.replace(organization, type)))
    .map(({ id, type, visibility }) => `${type} ${id}: ${visibility}`)
    .sort(),
);

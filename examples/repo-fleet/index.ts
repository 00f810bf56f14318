// Sets the visibility of many repositories from one table. Replace the rows in fleet.ts with your own repositories.
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";
import { fleet } from "./fleet";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";

const decided = new Set<string>();

for (const { name, reason, ...settings } of fleet) {
  // The key includes the type, because a model and a dataset can have the same name.
  const key = `${settings.repoType ?? "model"}/${name}`;
  decided.add(key);
  new huggingface.RepoVisibility(key, {
    repo: `${organization}/${name}`,
    ...settings,
    acknowledgePublic: reason,
  });
}

// Repositories of the organization that are not in the table.
export const undecided = huggingface.getRepositoriesOutput(organization).apply((repositories) =>
  repositories
    .filter(({ id, type }) => !decided.has(id.replace(organization, type)))
    .map(({ id, type, visibility }) => `${type} ${id}: ${visibility}`)
    .sort(),
);

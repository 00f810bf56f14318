// Who sees which repository, from one table. For your organization, write your repositories into fleet.ts.
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";
import { fleet } from "./fleet";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";

const decided = new Set<string>();

for (const { name, reason, ...settings } of fleet) {
  // With its kind, because a model and a dataset may have the same name.
  const key = `${settings.repoType ?? "model"}/${name}`;
  decided.add(key);
  new huggingface.RepoVisibility(key, {
    repo: `${organization}/${name}`,
    ...settings,
    acknowledgePublic: reason,
  });
}

// What nobody has decided about yet: repositories of the organization that are not in the table.
export const undecided = huggingface.getRepositoriesOutput(organization).apply((repositories) =>
  repositories
    .filter(({ id, type }) => !decided.has(id.replace(organization, type)))
    .map(({ id, type, visibility }) => `${type} ${id}: ${visibility}`)
    .sort(),
);

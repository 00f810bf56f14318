// Two organizations in one program, each with an administrator's token of its own.
//
//   export ACME_HF_TOKEN=hf_… GLOBEX_HF_TOKEN=hf_…
//   pulumi config set huggingface:endpoint http://127.0.0.1:8123    # for another Hub than huggingface.co
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const first = config.get("firstOrganization") ?? "acme";
const second = config.get("secondOrganization") ?? "globex";

// The names of variables, and not tokens: they are read at each call and stored nowhere, so a token that was renewed
// yesterday works in today's `pulumi refresh` too.
const acme = new huggingface.Provider("acme", { tokenEnv: "ACME_HF_TOKEN" });
const globex = new huggingface.Provider("globex", { tokenEnv: "GLOBEX_HF_TOKEN" });

new huggingface.RepoVisibility(
  "acme-model",
  { repo: `${first}/${config.get("firstModel") ?? "fraud-detector"}`, visibility: "private" },
  { provider: acme },
);
new huggingface.RepoVisibility(
  "globex-model",
  { repo: `${second}/${config.get("secondModel") ?? "forecast"}`, visibility: "private" },
  { provider: globex },
);

// Functions take the same provider.
export const firstRole = huggingface.getMyOrgRoleOutput(first, { provider: acme });
export const secondRole = huggingface.getMyOrgRoleOutput(second, { provider: globex });
export const secondRepositories = huggingface
  .getRepositoriesOutput(second, {}, { provider: globex })
  .apply((repositories) => repositories.length);

// Two organizations in one program. Each has its own administrator token.
//
//   export ACME_HF_TOKEN=hf_… GLOBEX_HF_TOKEN=hf_…
//   pulumi config set huggingface:endpoint http://127.0.0.1:8123    # if you use another Hub than huggingface.co
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const config = new pulumi.Config();
const first = config.get("firstOrganization") ?? "acme";
const second = config.get("secondOrganization") ?? "globex";

// tokenEnv is the name of an environment variable. The provider reads the token from it at each call and does not store it,
// so after you replace a token, `pulumi refresh` uses the new one.
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

// Functions accept the same provider.
export const firstRole = huggingface.getMyOrgRoleOutput(first, { provider: acme });
export const secondRole = huggingface.getMyOrgRoleOutput(second, { provider: globex });
export const secondRepositories = huggingface
  .getRepositoriesOutput(second, {}, { provider: globex })
  .apply((repositories) => repositories.length);

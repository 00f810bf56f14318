// Never run: the compiler says whether these programs are right.
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

declare const account: pulumi.Output<string>;
declare const visibility: pulumi.Output<huggingface.Visibility>;
const token = { organization: "acme", serviceAccount: account, name: "ci" };

export function right(): unknown[] {
  const permissions: huggingface.Permission[] = ["org.read"];
  return [
    new huggingface.HubToken("set", { ...token, permissions: huggingface.permissionSets.readRepositories }),
    new huggingface.HubToken("list", { ...token, permissions }),
    new huggingface.HubToken("output", { ...token, permissions: pulumi.output(["org.read" as const]) }),
    new huggingface.HubToken("repos", {
      ...token,
      permissions: [],
      repos: ["acme/llm"] as const,
      repoPermissions: ["repo.content.read"] as const,
    }),
    new huggingface.RepoVisibility("named", { repo: "acme/llm", visibility }),
    new huggingface.RepoVisibility("short", { repo: "acme/llm", private: true }),
    new huggingface.SsoCredential("secret", { organization: "acme", clientSecret: account }),
    new huggingface.SsoCredential("certificate", {
      organization: "acme",
      certificate: account,
      metadataUrl: account,
    }),
    new huggingface.SsoCredential("metadata", {
      organization: "acme",
      metadataXml: account,
      certificate: account,
    }),
    new huggingface.Provider("token", { token: account }),
    new huggingface.Provider("variable", { tokenEnv: "ACME_HF_TOKEN" }),
  ];
}

export function wrong(): unknown[] {
  return [
    // @ts-expect-error -- neither visibility nor private
    new huggingface.RepoVisibility("neither", { repo: "acme/llm" }),
    // @ts-expect-error -- both
    new huggingface.RepoVisibility("both", { repo: "acme/llm", visibility: "private", private: true }),
    // @ts-expect-error -- no credential
    new huggingface.SsoCredential("neither", { organization: "acme" }),
    // @ts-expect-error -- both
    new huggingface.SsoCredential("both", { organization: "acme", clientSecret: "s", certificate: "c" }),
    // @ts-expect-error -- neither token nor tokenEnv
    new huggingface.Provider("neither", {}),
    // @ts-expect-error -- both
    new huggingface.Provider("both", { token: "t", tokenEnv: "ACME_HF_TOKEN" }),
    // @ts-expect-error -- no such permission
    new huggingface.HubToken("misspelt", { ...token, permissions: ["org.raed"] }),
  ];
}

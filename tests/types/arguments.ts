// Never run: the compiler checks whether these programs are correct.
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

declare const account: pulumi.Output<string>;
declare const visibility: pulumi.Output<huggingface.Visibility>;
declare const visibilityNow: huggingface.Visibility;
declare const yes: boolean;
declare const fleet: { repo: string; visibility: huggingface.Visibility; reason?: string }[];
declare const protocol: "saml" | "oidc";
declare const metadata: string | undefined;
const token = { organization: "acme", serviceAccount: account, name: "ci" };
const repo = "acme/llm";
const acme = { organization: "acme" };
const group = { ...acme, name: "Research" };
const saml = { ...acme, provider: "saml", ssoUrl: "https://idp.acme.example", certificate: account } as const;
const oidc = { ...acme, provider: "oidc", ssoUrl: account, clientId: "hub", clientSecret: account } as const;

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
    new huggingface.ResourceGroup("group", { ...acme, name: account }),
    new huggingface.ResourceGroup("lists", {
      ...acme,
      name: "Research",
      spendLimits: { total: 5000, jobs: account.apply(Number) },
      members: [{ user: account, role: "write" }, pulumi.output({ user: "ada", role: "read" as const })],
      repositories: [{ repo }, { repo: account, repoType: "dataset" }],
    }),
    new huggingface.ResourceGroup("open", { ...acme, name: "All", autoJoin: { role: "read", scope: "all" } }),
    new huggingface.ServiceAccount("account", { ...acme, name: account, allowReplace: pulumi.output(yes) }),
    new huggingface.RepoVisibility("private", { repo, visibility: "private" }),
    new huggingface.RepoVisibility("internal", { repo, visibility: pulumi.output("internal" as const) }),
    new huggingface.RepoVisibility("opened again", {
      repo,
      visibility: "internal",
      acknowledgePublic: account,
    }),
    new huggingface.RepoVisibility("public", { repo, visibility: "public", acknowledgePublic: "released" }),
    new huggingface.RepoVisibility("output", { repo, visibility, acknowledgePublic: account }),
    new huggingface.RepoVisibility("private output", { repo, visibility, acknowledgePublic: undefined }),
    new huggingface.RepoVisibility("short", { repo, private: true }),
    new huggingface.RepoVisibility("short public", { repo, private: false, acknowledgePublic: "released" }),
    new huggingface.RepoVisibility("short variable", { repo, private: yes, acknowledgePublic: undefined }),
    ...fleet.map(
      ({ reason, ...line }) =>
        new huggingface.RepoVisibility(line.repo, { ...line, acknowledgePublic: reason }),
    ),
    new huggingface.OrganizationVisibility("report", acme),
    new huggingface.OrganizationVisibility("enforce", {
      ...acme,
      widest: visibility,
      mode: "enforce",
      maxChanges: pulumi.output(5),
      exceptions: [
        new huggingface.RepoVisibility("exception", { repo, visibility: "private" }),
        pulumi.output(new huggingface.RepoVisibility("later", { repo, visibility: "private" })),
        { repo: account, visibility, reason: "released" },
        { repo, repoType: "kernel", visibility: "public", reason: account },
      ],
    }),
    new huggingface.OrganizationVisibility("output", {
      ...acme,
      exceptions: pulumi.output([{ repo, visibility, reason: account }]),
    }),
    new huggingface.MemberRole("member", { ...acme, user: account, role: "write", allowOwnDemotion: yes }),
    new huggingface.MemberRole("output", { ...acme, user: "ana", role: pulumi.output("read" as const) }),
    new huggingface.ResourceGroupMember("in a group", {
      ...acme,
      groupId: account,
      user: "ana",
      role: "admin",
    }),
    new huggingface.RepoResourceGroup("bound", { repo, groupId: account }),
    new huggingface.RepoResourceGroup("removed", {
      repo,
      repoType: "space",
      groupId: account,
      onDestroy: "remove",
    }),
    new huggingface.SsoConfig("saml", saml),
    new huggingface.SsoConfig("metadata", { ...acme, provider: "saml", metadataXml: account }),
    new huggingface.SsoConfig("chosen", {
      ...acme,
      provider: "saml",
      metadataXml: account,
      certificate: account,
    }),
    new huggingface.SsoConfig("perhaps", { ...saml, metadataXml: metadata, metadataUrl: account }),
    new huggingface.SsoConfig("oidc", { ...oidc, verifyIssuer: pulumi.output(false), enabled: yes }),
    new huggingface.SsoConfig("output", { ...oidc, provider: pulumi.output("oidc" as const) }),
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
    new huggingface.SpaceSecret("secret", {
      space: "acme/demo",
      key: "KEY",
      value: account,
      description: "d",
    }),
    new huggingface.SpaceVariable("variable", {
      space: account,
      key: "KEY",
      value: "v",
      acknowledgeOverwrite: "r",
    }),
    new huggingface.Provider("token", { token: account }),
    new huggingface.Provider("variable", { tokenEnv: "ACME_HF_TOKEN" }),
  ];
}

/** A consumer of a secret, such as a resource of another package. */
declare function handOn(value: pulumi.Input<string>): void;

export function tokens(): huggingface.HubToken {
  const declared = new huggingface.HubToken("declared", { ...token, permissions: [] });
  const lookedUp = huggingface.HubToken.get("looked up", "user/mine");
  handOn(declared.token);
  handOn(lookedUp.token.apply((value) => value ?? "none"));
  // @ts-expect-error -- a token that was looked up has no value
  handOn(lookedUp.token);
  // @ts-expect-error -- for the same reason
  const neither: huggingface.HubToken = lookedUp;
  const either: huggingface.HubToken<string | undefined>[] = [declared, lookedUp];
  void new huggingface.HubToken("after", { name: "mine" }, { dependsOn: either, parent: lookedUp });
  return neither;
}

export function wrong(): unknown[] {
  return [
    // @ts-expect-error -- the value is missing
    new huggingface.SpaceSecret("no value", { space: "acme/demo", key: "KEY" }),
    // @ts-expect-error -- the key is missing
    new huggingface.SpaceVariable("no key", { space: "acme/demo", value: "v" }),
    // @ts-expect-error -- the name is missing
    new huggingface.ServiceAccount("no name", acme),
    new huggingface.ResourceGroup("no role", {
      ...group,
      // @ts-expect-error -- the role is missing
      members: [{ user: "ada" }],
    }),
    new huggingface.ResourceGroup("kernel", {
      ...group,
      // @ts-expect-error -- kernels cannot be moved
      repositories: [{ repo, repoType: "kernel" }],
    }),
    // @ts-expect-error -- neither visibility nor private
    new huggingface.RepoVisibility("neither", { repo }),
    // @ts-expect-error -- both visibility and private
    new huggingface.RepoVisibility("both", { repo, visibility: "private", private: true }),
    // @ts-expect-error -- the reason is missing
    new huggingface.RepoVisibility("public", { repo, visibility: "public" }),
    // @ts-expect-error -- the reason is missing
    new huggingface.RepoVisibility("protected", { repo, repoType: "space", visibility: "protected" }),
    // @ts-expect-error -- the reason is missing
    new huggingface.RepoVisibility("short public", { repo, private: false }),
    // @ts-expect-error -- may be public, and the reason is missing
    new huggingface.RepoVisibility("variable", { repo, visibility: visibilityNow }),
    // @ts-expect-error -- may be public, and the reason is missing
    new huggingface.RepoVisibility("output", { repo, visibility }),
    // @ts-expect-error -- may be public, and the reason is missing
    new huggingface.RepoVisibility("short variable", { repo, private: yes }),
    // @ts-expect-error -- an unknown role
    new huggingface.MemberRole("owner", { ...acme, user: "ana", role: "owner" }),
    // @ts-expect-error -- the resource group is missing
    new huggingface.ResourceGroupMember("nowhere", { ...acme, user: "ana", role: "read" }),
    // @ts-expect-error -- a kernel cannot be in a resource group
    new huggingface.RepoResourceGroup("kernel", { repo, repoType: "kernel", groupId: account }),
    // @ts-expect-error -- the provider is missing
    new huggingface.SsoConfig("protocol", { ...acme, ssoUrl: account, certificate: account }),
    // @ts-expect-error -- an unknown provider
    new huggingface.SsoConfig("other protocol", { ...saml, provider: "ldap" }),
    // @ts-expect-error -- the required arguments depend on the provider
    new huggingface.SsoConfig("some protocol", { ...acme, provider: protocol, ssoUrl: account }),
    // @ts-expect-error -- neither sign-on URL and certificate, nor metadata
    new huggingface.SsoConfig("nothing", { ...acme, provider: "saml" }),
    // @ts-expect-error -- the certificate is missing
    new huggingface.SsoConfig("no certificate", { ...acme, provider: "saml", ssoUrl: account }),
    // @ts-expect-error -- the sign-on URL is missing
    new huggingface.SsoConfig("no URL", { ...acme, provider: "saml", certificate: account }),
    // @ts-expect-error -- a client's id with SAML
    new huggingface.SsoConfig("client", { ...saml, clientId: "hub" }),
    // @ts-expect-error -- a client's secret with SAML
    new huggingface.SsoConfig("secret", { ...saml, clientSecret: account }),
    // @ts-expect-error -- an issuer with SAML
    new huggingface.SsoConfig("issuer", { ...saml, verifyIssuer: true }),
    // @ts-expect-error -- the client is missing
    new huggingface.SsoConfig("no client", { ...acme, provider: "oidc", ssoUrl: account }),
    // @ts-expect-error -- the client's secret is missing
    new huggingface.SsoConfig("no secret", { ...acme, provider: "oidc", ssoUrl: account, clientId: "hub" }),
    // @ts-expect-error -- a certificate with OIDC
    new huggingface.SsoConfig("certificate", { ...oidc, certificate: account }),
    // @ts-expect-error -- metadata with OIDC
    new huggingface.SsoConfig("metadata", { ...oidc, metadataXml: account }),
    // @ts-expect-error -- the address of metadata with OIDC
    new huggingface.SsoConfig("metadata URL", { ...oidc, metadataUrl: account }),
    // @ts-expect-error -- a warning before a certificate expires, with OIDC
    new huggingface.SsoConfig("end", { ...oidc, warnBeforeDays: 3 }),
    // @ts-expect-error -- the provider is an Output, and a client's secret is missing
    new huggingface.SsoConfig("output", {
      ...acme,
      provider: pulumi.output("oidc" as const),
      ssoUrl: account,
      clientId: "hub",
    }),
    new huggingface.OrganizationVisibility("reasonless", {
      ...acme,
      // @ts-expect-error -- the reason is missing
      exceptions: [{ repo, visibility: "public" }],
    }),
    // @ts-expect-error -- another mode
    new huggingface.OrganizationVisibility("mode", { ...acme, mode: "fix" }),
    // @ts-expect-error -- the credential is missing
    new huggingface.SsoCredential("neither", { organization: "acme" }),
    // @ts-expect-error -- both client secret and certificate
    new huggingface.SsoCredential("both", { organization: "acme", clientSecret: "s", certificate: "c" }),
    // @ts-expect-error -- neither token nor tokenEnv
    new huggingface.Provider("neither", {}),
    // @ts-expect-error -- both token and tokenEnv
    new huggingface.Provider("both", { token: "t", tokenEnv: "ACME_HF_TOKEN" }),
    // @ts-expect-error -- an unknown permission
    new huggingface.HubToken("misspelt", { ...token, permissions: ["org.raed"] }),
  ];
}

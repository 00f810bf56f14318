// Answers that the document allows, but that a resource cannot use. It must fail with a clear error, because it must
// not guess missing values.

/** An expected error or difference. */
export interface Refusal {
  lifecycle: RegExp;
  /** The trial. */
  trial: RegExp;
  /** The step and the message. */
  error: RegExp;
  /** Not an error: a refresh shows a difference from the program. */
  drift?: true;
  reason: string;
}

const UNKNOWN_SETTINGS =
  "settings that cannot be read back may not be in force, and people could not sign in.";

/** The first match for a lifecycle and a trial applies. */
export const refusals: Refusal[] = [
  {
    lifecycle: /^HubToken of a service account$/,
    trial: /^only required fields$|^GET \S+: \/accessTokens is absent$/,
    error: /^(refresh|change).*(accessTokens|list)/s,
    reason:
      "without the list the resource cannot know whether the token is alive, and must not treat it as revoked.",
  },
  {
    lifecycle: /^HubToken of the user$/,
    trial: /^only required fields$|^POST \S+: \/expiresAt is absent$/,
    error:
      /^create: The Hub issued the token .* with other settings than requested \(expiresAt: never instead of /,
    reason: "a token without an expiry is more than requested, and no one has its value yet.",
  },
  {
    lifecycle: /^MemberRole$/,
    trial: /^only required fields$|^GET \S+\/members: \/0\/(role|resourceGroups) is absent$/,
    error: /^create: The Hub does not show the (role|resource groups) of ana/,
    reason: "a change of the role removes the member from every resource group that it leaves out.",
  },
  {
    lifecycle: /^ServiceAccount$/,
    trial: /^only required fields$|^GET \S+: \/accessTokens is absent$/,
    error: /^destroy.*token/s,
    reason: "undeclared tokens may still be in use.",
  },
  {
    lifecycle: /^RepoVisibility of a (model|dataset)( without the listing)?$/,
    trial: /^only required fields$|^GET \S+: \/gated is absent$/,
    error: /^refresh after change of gating: The Hub does not say whether (model|dataset) \S+ is gated/,
    reason: "the program declares the gating, and a missing value must not count as open to all.",
  },
  {
    lifecycle: /^RepoVisibility of a (model|dataset|bucket) without the listing$/,
    trial: /^only required fields$|^GET \S+: \/private is (absent|null)$/,
    error: /^refresh after create: With these credentials, the Hub does not show .* may be open to outsiders/,
    reason: "nothing shows who can see a repository that must be private.",
  },
  {
    lifecycle: /^RepoVisibility of a space without the listing$/,
    trial: /^/,
    error: /^refresh after create: With these credentials, the Hub does not show .* may be open to outsiders/,
    reason: "a Space that is not public may be protected, and only the listing shows it.",
  },
  {
    lifecycle: /^RepoVisibility of a bucket$/,
    trial: /createdAt is "2024-/,
    error: /^preview after the refresh after create: expected "same", but it is "update"$/,
    drift: true,
    reason: "a bucket has no id, so a bucket with another creation time is another bucket.",
  },
  {
    lifecycle: /^OrganizationVisibility$/,
    trial: /repositories: \/0\/type is "kernel"$/,
    error: /^preview after the refresh after enforce: expected "same", but it is "update"$/,
    drift: true,
    reason: "the Hub's API cannot change a kernel, so each refresh shows it.",
  },
  {
    lifecycle: /^OrganizationVisibility$/,
    trial: /^all fields$|repositories: \/(0(?!\/visibility is "private")| is a filled list)/,
    error: /^enforce: 1 of 2 repositories could not be narrowed: .*repo must be "namespace\/name"/,
    reason: "the name of the sample is not a name of a repository; the other repository is narrowed.",
  },
  {
    lifecycle: /^SsoConfig with SAML$/,
    trial: /^only required fields$|^GET \S+: \/(ssoUrl|certificate) is absent$/,
    error: /ssoUrl|certificate/,
    reason: UNKNOWN_SETTINGS,
  },
  {
    lifecycle: /^SsoConfig with OIDC$/,
    trial: /^only required fields$|^GET \S+: \/(ssoUrl|clientId) is absent$/,
    error: /ssoUrl|clientId/,
    reason: UNKNOWN_SETTINGS,
  },
];

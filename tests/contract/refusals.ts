// Answers that the document allows, but that a resource cannot live with: there a clear error is what has to come, because
// what it is not told it must not guess.

/** An error, or a difference, that has to come. */
export interface Refusal {
  lifecycle: RegExp;
  /** The trial. */
  trial: RegExp;
  /** The step and the message. */
  error: RegExp;
  /** It is no error: a refresh shows a difference from the program. */
  drift?: true;
  reason: string;
}

const GUESSED_GATING = "the program declares the gating, and what is not told must not pass for open to all.";
const UNKNOWN_SETTINGS = "what cannot be read back may not be in force, and people could not sign in.";

/** The first that fits a life and a trial counts. */
export const refusals: Refusal[] = [
  {
    lifecycle: /^HubToken of a service account$/,
    trial: /^only required fields$|^GET \S+: \/accessTokens is absent$/,
    error: /^(refresh|change).*(accessTokens|list)/s,
    reason:
      "without the list it cannot be told whether the token is alive, and it must not pass for revoked.",
  },
  {
    lifecycle: /^HubToken of a service account$/,
    trial: /^GET \S+: \/accessTokens\/0\/skipNetworkSecurity is absent$/,
    error: /^refresh after create: expected \[\], but it is \["skipNetworkSecurity"\]$/,
    drift: true,
    reason: "the document gives false as the default, so an exemption that is left out is not in force.",
  },
  {
    lifecycle: /^ServiceAccount$/,
    trial: /^only required fields$|^GET \S+: \/accessTokens is absent$/,
    error: /^destroy.*token/s,
    reason: "tokens that nobody has declared may still be in use.",
  },
  {
    lifecycle: /^RepoVisibility of a (model|dataset)( without the listing)?$/,
    trial: /^GET \S+: \/gated is absent$/,
    error: /gated|gating/,
    reason: GUESSED_GATING,
  },
  {
    lifecycle: /^RepoVisibility of a (model|dataset)$/,
    trial: /^only required fields$/,
    error: /gated|gating/,
    reason: GUESSED_GATING,
  },
  {
    lifecycle: /^RepoVisibility of a (model|dataset|bucket) without the listing$/,
    trial: /^only required fields$|^GET \S+: \/private is (absent|null)$/,
    error: /private|visib|gated|gating/,
    reason: "nothing tells who sees the repository, and what is not told must not pass for public.",
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

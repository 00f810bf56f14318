/**
 * The Hub's errors, as they go over the wire.
 */
export class WireError extends Error {
  override readonly name = "WireError";

  /**
   * @param status - HTTP status.
   * @param message - What the body's `error` and the header `X-Error-Message` say. Never holds a secret.
   * @param code - The header `X-Error-Code`, if the Hub gives one for this.
   * @param details - What the body says beside `error`.
   */
  constructor(
    readonly status: number,
    message: string,
    readonly code?: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

export const badRequest = (message: string): WireError => new WireError(400, message);

/** Nobody has said who asks. */
export const loginRequired = (): WireError => new WireError(401, "Invalid username or password.");

/** The same for a repository that is not open to all, or that there is not. */
export const repoNeedsLogin = (): WireError =>
  new WireError(401, "Invalid username or password.", "RepoNotFound");

/** The token is none of ours, or is one no longer. */
export const invalidToken = (): WireError =>
  new WireError(401, "Invalid credentials in Authorization header");

export const expiredToken = (): WireError => new WireError(401, "The access token has expired");

export const planRequired = (plan: string): WireError =>
  new WireError(402, `This feature needs the ${plan} plan or a higher one. Please upgrade the organization.`);

export const forbidden = (message: string): WireError => new WireError(403, message);

/** The exact words of the Hub's guide, because clients recognize these two errors by their text. */
export const tokenNotApproved = (): WireError =>
  forbidden(
    "Due to the organization token policy, your token needs to be approved by the organization before you can access this resource.",
  );

export const tokenCutOff = (): WireError =>
  forbidden(
    "Your token has been revoked by the organization administrator, you can no longer access organization resources. Please contact them for more information.",
  );

export const notFound = (message: string, code?: string): WireError => new WireError(404, message, code);

export const noSuchPage = (): WireError => notFound("Sorry, we can't find the page you are looking for.");

/** There is no such repository, or it is not for whoever asks: the Hub does not say which. */
export const repoNotFound = (): WireError => notFound("Repository not found", "RepoNotFound");

export const ssoNotConfigured = (): WireError =>
  notFound("Single sign-on has never been configured for this organization", "SsoNotConfigured");

export const conflict = (message: string, details?: Record<string, unknown>): WireError =>
  new WireError(409, message, undefined, details);

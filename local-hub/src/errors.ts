/**
 * An error response of the Hub.
 */
export class WireError extends Error {
  override readonly name = "WireError";

  /**
   * @param status - HTTP status.
   * @param message - Text of the field `error` and the header `X-Error-Message`. Never contains a secret.
   * @param code - The header `X-Error-Code`, if the Hub sends one for this error.
   * @param details - Other fields of the body.
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

/** The request has no token. */
export const loginRequired = (): WireError => new WireError(401, "Invalid username or password.");

/** The request has no token, and the repository is not public or does not exist. */
export const repoNeedsLogin = (): WireError =>
  new WireError(401, "Invalid username or password.", "RepoNotFound");

/** The token is unknown or was revoked. */
export const invalidToken = (): WireError =>
  new WireError(401, "Invalid credentials in Authorization header");

export const expiredToken = (): WireError => new WireError(401, "The access token has expired");

export const planRequired = (plan: string): WireError =>
  new WireError(402, `This feature needs the ${plan} plan or a higher one. Please upgrade the organization.`);

export const forbidden = (message: string): WireError => new WireError(403, message);

/** The exact text of the Hub's guide, because clients recognize this error and the next one by their text. */
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

/** The repository does not exist or the caller cannot see it. The Hub does not distinguish the two. */
export const repoNotFound = (): WireError => notFound("Repository not found", "RepoNotFound");

export const ssoNotConfigured = (): WireError =>
  notFound("Single sign-on has never been configured for this organization", "SsoNotConfigured");

export const conflict = (message: string, details?: Record<string, unknown>): WireError =>
  new WireError(409, message, undefined, details);

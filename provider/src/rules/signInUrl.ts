/** Why a URL cannot be an identity provider's, or `undefined`. The URL is not repeated: it may hold credentials. */
export function signInUrlProblem(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return "is not a URL; give one as https://idp.example.com/sso";
  }
  if (url.protocol !== "https:") return `must begin with https://, not ${url.protocol}//`;
  if (url.username || url.password) return "must not hold a user name or a password";
  if (url.hash) return "must not have a part behind #";
  return undefined;
}

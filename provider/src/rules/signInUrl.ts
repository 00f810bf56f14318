/** Why a URL cannot be an identity provider's, or `undefined`. Nothing of the URL is repeated: it may hold credentials. */
export function signInUrlProblem(text: string): string | undefined {
  // The URL parser would drop them in silence, and the Hub would keep another text than it was given.
  if (/[\s\p{Cc}\\]/u.test(text)) return "must not hold white space, control characters or backslashes";
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return "is not a URL; give one as https://idp.example.com/sso";
  }
  if (url.protocol !== "https:") return "must begin with https://";
  if (url.username || url.password || /^[a-z]+:\/\/[^/?#]*@/i.test(text)) {
    return "must not hold a user name or a password";
  }
  if (text.includes("#")) return "must not have a part behind #";
  return undefined;
}

/** Why a URL cannot be the issuer of an OpenID provider, or `undefined`. */
export function issuerProblem(text: string): string | undefined {
  const problem = signInUrlProblem(text);
  if (problem !== undefined) return problem;
  // Below it lies the discovery document, which is then nowhere.
  if (text.includes("?")) return "must not have a part behind ?: an issuer has none";
  if (text.includes("/.well-known/")) {
    return "is the address of the issuer's discovery document; give the issuer, which is named in it";
  }
  return undefined;
}

/** Whether two URLs are the same address: a `/` that every URL parser adds makes no difference. */
export function sameAddress(left: string | undefined, right: string | undefined): boolean {
  return normalAddress(left) === normalAddress(right);
}

/** The one writing of an address; a text that is not a URL stays as it is. */
export function normalAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return new URL(text).href;
  } catch {
    return text;
  }
}

/** Why a URL cannot be an identity provider's, or `undefined`. The reason never quotes the URL, which may contain credentials. */
export function signInUrlProblem(text: string): string | undefined {
  // The URL parser would drop these silently, and the Hub would keep a different text from the declared one.
  if (/[\s\p{Cc}\\]/u.test(text)) return "must not contain white space, control characters or backslashes";
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return "is not a URL; give one such as https://idp.example.com/sso";
  }
  if (url.protocol !== "https:") return "must begin with https://";
  if (url.username || url.password || /^[a-z]+:\/\/[^/?#]*@/i.test(text)) {
    return "must not contain a user name or a password";
  }
  if (text.includes("#")) return "must not have a fragment (#…)";
  return undefined;
}

/** Why a URL cannot be the issuer of an OpenID provider, or `undefined`. */
export function issuerProblem(text: string): string | undefined {
  const problem = signInUrlProblem(text);
  if (problem !== undefined) return problem;
  // The path of the discovery document is appended to the issuer, which fails with a query.
  if (text.includes("?")) return "must not have a query (?…): an issuer has none";
  if (text.includes("/.well-known/")) {
    return "is the URL of the discovery document; give the issuer that the document names";
  }
  return undefined;
}

/** Whether two URLs are the same address. A `/` that every URL parser adds makes no difference. */
export function sameAddress(left: string | undefined, right: string | undefined): boolean {
  return normalAddress(left) === normalAddress(right);
}

/** The normal form of an address. A text that is not a URL is returned unchanged. */
export function normalAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return new URL(text).href;
  } catch {
    return text;
  }
}

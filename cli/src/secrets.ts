const TOKEN = /(hf|api_org)_[A-Za-z0-9]{20,}/g;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Replaces tokens of the Hub, which people sometimes put into names and descriptions. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN, "$1_[secret]");
}

/** Whether a text contains a token of the Hub or a private key. */
export function containsSecret(text: string): boolean {
  return withoutTokens(text) !== text || PRIVATE_KEY.test(text);
}

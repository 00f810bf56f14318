import { hubError } from "./errors";

/**
 * Checks the address of a Hub and returns it without a `/` at its end.
 *
 * @throws HubError with the code `endpoint_refused`; the message never repeats a user name or password
 */
export function checkEndpoint(endpoint: string): string {
  const refuse = (why: string): never => {
    throw hubError({
      code: "endpoint_refused",
      what: `The endpoint is refused: ${why}.`,
      advice: "Give the address of a Hub, such as https://huggingface.co.",
    });
  };
  if (typeof endpoint !== "string" || endpoint === "") return refuse("it is empty");
  if (/[\s\p{Cc}]/u.test(endpoint)) return refuse("it contains white space or control characters");
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch {
    return refuse("it is not a URL");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return refuse("it must begin with https://");
  if (url.username !== "" || url.password !== "" || endpoint.includes("@")) {
    return refuse("it contains a user name or password; the token is set separately");
  }
  if (endpoint.includes("?") || endpoint.includes("#")) return refuse("it contains a query or a fragment");
  // guard: http-loopback
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return refuse(
      "http would send the token unencrypted and is allowed only for this machine (127.0.0.1, ::1, localhost)",
    );
  }
  return url.origin + withoutEndingSlashes(url.pathname);
}

/** Whether a host name in the form of the URL parser means this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Whether a URL has the same scheme, host and port as the endpoint, and no user name or password. */
export function sameOrigin(url: URL, endpoint: string): boolean {
  return url.origin === new URL(endpoint).origin && url.username === "" && url.password === "";
}

/** Removes slashes at the end of a text. A regular expression would be slow for a text with many slashes in the middle. */
export function withoutEndingSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === "/") end -= 1;
  // guard: linear
  return text.slice(0, end);
}

import { hubError } from "./errors";

/**
 * Checks the address of a Hub and brings it into one form: without a `/` at its end.
 *
 * @throws HubError with code `endpoint_refused`, which never repeats a user name or password
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
    return refuse("it is no URL");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return refuse("it must begin with https://");
  if (url.username !== "" || url.password !== "" || endpoint.includes("@")) {
    return refuse("it contains a user name or password; the token is given apart");
  }
  if (endpoint.includes("?") || endpoint.includes("#")) return refuse("it contains a query or a fragment");
  // guard: http-loopback
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return refuse(
      "http would send the token unencrypted; it is allowed only for this machine (127.0.0.1, ::1, localhost)",
    );
  }
  return url.origin + withoutEndingSlashes(url.pathname);
}

/** Whether a host name, as the URL parser writes it, means this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Whether a URL leads to the same scheme, host and port as the endpoint, with no user name of its own. */
export function sameOrigin(url: URL, endpoint: string): boolean {
  return url.origin === new URL(endpoint).origin && url.username === "" && url.password === "";
}

/** The text without any slash at its end. A regular expression for it would take long where many stand in the middle. */
export function withoutEndingSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === "/") end -= 1;
  // guard: linear
  return text.slice(0, end);
}

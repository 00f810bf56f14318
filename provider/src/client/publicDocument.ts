import { AxiosTransport, type Transport, type TransportAnswer, TransportFailure } from "./transport";

/** The limits for a public document. */
export interface DocumentLimits {
  /** Milliseconds for the whole download, including redirects. */
  timeoutMs: number;
  /** The most bytes, after decompression. */
  maxBytes: number;
}

/** A document that could not be fetched. The message is a reason in words, without a query, user name or password. */
export class DocumentUnavailable extends Error {
  override readonly name = "DocumentUnavailable";
}

const MAX_REDIRECTS = 3;

/**
 * Fetches a public document from a server other than the Hub, without a token or cookies. It uses only https, also after a redirect,
 * and does not try again.
 *
 * @throws DocumentUnavailable if the document cannot be fetched
 */
export async function fetchPublicDocument(
  address: string,
  { timeoutMs, maxBytes }: DocumentLimits,
  transport: Transport = new AxiosTransport(),
): Promise<string> {
  const deadline = AbortSignal.timeout(timeoutMs);
  let url = publicUrl(address);
  try {
    for (let redirects = 0; ; redirects++) {
      const answer = await transport.send({
        method: "GET",
        url: url.href,
        headers: { Accept: "*/*", "Accept-Encoding": "identity", "User-Agent": "pulumi-huggingface" },
        connectTimeoutMs: timeoutMs,
        answerTimeoutMs: timeoutMs,
        signal: deadline,
      });
      if (answer.status >= 200 && answer.status < 300) return await textOf(answer, maxBytes, url);
      answer.cancel();
      const target = answer.status >= 300 && answer.status < 400 ? answer.headers["location"] : undefined;
      if (target === undefined) throw new DocumentUnavailable(`${shown(url)} answered ${answer.status}`);
      if (redirects === MAX_REDIRECTS)
        throw new DocumentUnavailable(`${shown(url)} redirects too many times`);
      url = publicUrl(target, url);
    }
  } catch (error) {
    if (error instanceof DocumentUnavailable) throw error;
    throw new DocumentUnavailable(`${shown(url)} ${reasonOf(error, timeoutMs)}`);
  } finally {
    transport.close();
  }
}

function publicUrl(address: string, from?: URL): URL {
  let url: URL;
  try {
    url = new URL(address, from);
  } catch {
    throw new DocumentUnavailable(
      from ? `${shown(from)} redirects to an invalid URL` : "its address is not a URL",
    );
  }
  const problem =
    url.protocol !== "https:"
      ? "an address that is not https"
      : url.username || url.password
        ? "an address with a user name or a password"
        : undefined;
  if (problem === undefined) return url;
  throw new DocumentUnavailable(from ? `${shown(from)} redirects to ${problem}` : `it has ${problem}`);
}

async function textOf(answer: TransportAnswer, maxBytes: number, url: URL): Promise<string> {
  const encoding = answer.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    answer.cancel();
    throw new DocumentUnavailable(`${shown(url)} answers with an encoding that was not requested`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > maxBytes)
      throw new DocumentUnavailable(`${shown(url)} answers with more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof TransportFailure)) return "could not be fetched";
  const detail = error.detail === undefined ? "" : ` (${error.detail})`;
  switch (error.kind) {
    case "dns":
      return `could not be found${detail}`;
    case "tls":
      return `has a certificate that is not trusted${detail}`;
    case "aborted":
    case "timeout":
    case "connect_timeout":
      return `gave no complete answer within ${timeoutMs / 1000} s`;
    default:
      return `could not be reached${detail}`;
  }
}

/** The address without its query, user name and password, which may be private. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname.length > 200 ? `${url.pathname.slice(0, 200)}…` : url.pathname}`;
}

import { type HubError, hubError } from "./errors";

/** How to set a token, for all errors about a missing or wrong token. */
export const HOW_TO_SET_A_TOKEN =
  "Set the environment variable HF_TOKEN, log in with the Hub's command line (`hf auth login`), or pass a token to the client or provider.";

/** The token of a client. It is read before the first request that needs it, and checked once. */
export class Token {
  #value: string | undefined;

  /** @param lookUp - throws if the token cannot be read; the message says what to do */
  constructor(
    private readonly endpoint: string,
    private readonly lookUp: () => string | undefined,
  ) {}

  /** The token, if a request has already needed it. */
  get found(): string | undefined {
    return this.#value;
  }

  /** @throws HubError with the code `token_missing` or `token_malformed` */
  checked(): string {
    if (this.#value !== undefined) return this.#value;
    const token = this.#read();
    if (token === undefined || token === "") {
      throw this.#error(
        "token_missing",
        "No access token is set, so nothing was sent to the Hub.",
        HOW_TO_SET_A_TOKEN,
      );
    }
    if (!/^[\x21-\x7e]{1,4096}$/.test(token)) {
      throw this.#error(
        "token_malformed",
        "The access token is malformed (white space, control or non-ASCII characters, or much too long), so nothing was sent to the Hub.",
        `A token is "hf_" followed by letters and digits. ${HOW_TO_SET_A_TOKEN}`,
      );
    }
    this.#value = token;
    return token;
  }

  #read(): string | undefined {
    try {
      return this.lookUp();
    } catch (error) {
      throw this.#error("token_missing", (error as Error).message);
    }
  }

  #error(code: "token_missing" | "token_malformed", what: string, advice?: string): HubError {
    return hubError({ what, code, endpoint: this.endpoint, advice });
  }
}

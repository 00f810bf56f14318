/** A message for the user during a call. It never contains a secret. */
export interface HubNotice {
  /** `warning` if the call may fail, else `info`. */
  severity: "info" | "warning";
  /** One line of text. */
  message: string;
}

/** Options of a {@link HubClient}. */
export interface HubClientOptions {
  /**
   * The address of the Hub. It must use https, or http on a loopback address, and have no user name, query or fragment.
   *
   * Default: `HF_ENDPOINT`, else `https://huggingface.co`. If you set `token` and the environment sets `HF_ENDPOINT`, this option is
   * required.
   */
  endpoint?: string;
  /**
   * The access token, a secret.
   *
   * Default: `HF_TOKEN`, else `HUGGING_FACE_HUB_TOKEN`, else the token file of the Hub's tools.
   */
  token?: string;
  /** Where the token comes from, for error messages, such as "the environment variable X". */
  tokenSource?: string;
  /**
   * Timeout in seconds for connecting, and again for the complete answer; more than 0, default 30.
   *
   * For a stream, it is the longest time without a byte.
   */
  timeoutSeconds?: number;
  /** How many times a failed request is sent again if that is safe; 0 to 20, default 5. */
  maxRetries?: number;
  /**
   * The longest wait in seconds before one attempt, for example for the Hub's rate limit or `Retry-After`; 1 to 3600, default 310,
   * which is slightly more than a window of the rate limit.
   *
   * A request that would have to wait longer fails, and the error contains the time to wait. One call may wait several times if others use
   * the same rate limit.
   */
  maxWaitSeconds?: number;
  /** The most bytes of an answer that is not a stream, after decompression; up to 512 MiB, default 64 MiB. */
  maxBodyBytes?: number;
  /** The most bytes of one entry of a streamed answer; up to 512 MiB, default 1 MiB. */
  maxEntryBytes?: number;
  /** Called with messages for the user, such as `rate limited, resuming in 41 s`. Default: no messages. */
  onNotice?: (notice: HubNotice) => void;
  /** The `User-Agent` of requests. Default: the name and version of this package. */
  userAgent?: string;
  /** Cancels all requests and waits of the client when it is aborted. */
  signal?: AbortSignal;
}

import { type Transport, type TransportAnswer, type TransportRequest } from "pulumi-huggingface/client";
import { AxiosTransport, parseRateLimit, type RateLimit } from "pulumi-huggingface/core";

/** The rate limits of the Hub, by what they apply to. */
export interface Limits {
  /** All requests except who-am-I. */
  api?: RateLimit;
  /** Who-am-I, which may have a limit of its own. */
  whoami?: RateLimit;
}

/** Sends requests and notes the rate limit in each answer. */
export class LimitObserver implements Transport {
  readonly #transport = new AxiosTransport();
  readonly limits: Limits = {};

  async send(request: TransportRequest): Promise<TransportAnswer> {
    const answer = await this.#transport.send(request);
    const limit = parseRateLimit(answer.headers);
    if (limit) this.limits[request.url.includes("/api/whoami") ? "whoami" : "api"] = limit;
    return answer;
  }

  close(): void {
    this.#transport.close();
  }
}

import { type ClientErrorCode } from "./errors";
import { type FailureKind } from "./retry";

interface NoAnswer {
  /** What the Hub does, while it is asked again. */
  problem: string;
  /** What the Hub did, after the last try. */
  happened: (timeoutSeconds: number) => string;
  code: ClientErrorCode;
  advice?: string;
}

const CHECK_THE_WAY = "Check the network, the proxy and the endpoint.";

/** The words for each way in which no complete answer comes. */
export const NO_ANSWER: Readonly<Record<FailureKind, NoAnswer>> = {
  refused: {
    problem: "refuses connections",
    happened: () => "refused the connection",
    code: "network",
    advice: "Check the endpoint, and that the Hub is running.",
  },
  dns: {
    problem: "cannot be found",
    happened: () => "could not be found",
    code: "network",
    advice: "Check the endpoint's name and this machine's name resolution.",
  },
  unreachable: {
    problem: "cannot be reached",
    happened: () => "could not be reached",
    code: "network",
    advice: CHECK_THE_WAY,
  },
  connect_timeout: {
    problem: "cannot be reached",
    happened: (seconds) => `could not be reached within ${seconds} s`,
    code: "timeout",
    advice: CHECK_THE_WAY,
  },
  tls: {
    problem: "has a certificate that is not trusted",
    happened: () => "has a certificate that is not trusted",
    code: "network",
    advice: "If a proxy stands in between, set NODE_EXTRA_CA_CERTS to its certificate authority.",
  },
  timeout: {
    problem: "does not answer in time",
    happened: (seconds) => `gave no complete answer within ${seconds} s`,
    code: "timeout",
    advice: "Run again later, or raise timeoutSeconds.",
  },
  reset: {
    problem: "closes connections before it has answered",
    happened: () => "closed the connection before the answer was complete",
    code: "network",
    advice: "Run again later.",
  },
  aborted: {
    problem: "was not waited for",
    happened: () => "was not waited for any longer, because the call was cancelled",
    code: "aborted",
  },
};

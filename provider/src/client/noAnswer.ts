import { type ClientErrorCode } from "./errors";
import { type FailureKind } from "./retry";

interface NoAnswer {
  /** What the Hub does, in the warning before the next attempt. */
  problem: string;
  /** What the Hub did, in the error after the last attempt. */
  happened: (timeoutSeconds: number) => string;
  code: ClientErrorCode;
  advice?: string;
}

const CHECK_THE_WAY = "Check the network, the proxy and the endpoint.";

/** The words for each kind of failure without a complete answer. */
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
    advice: "Check the host name of the endpoint and this machine's DNS.",
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
    advice: "If you use a proxy, set NODE_EXTRA_CA_CERTS to the file with its certificate authority.",
  },
  timeout: {
    problem: "does not answer in time",
    happened: (seconds) => `gave no complete answer within ${seconds} s`,
    code: "timeout",
    advice: "Run again later, or raise timeoutSeconds.",
  },
  reset: {
    problem: "closes connections before it answers",
    happened: () => "closed the connection before the answer was complete",
    code: "network",
    advice: "Run again later.",
  },
  aborted: {
    problem: "does not answer",
    happened: () => "did not answer before the call was cancelled",
    code: "aborted",
  },
};

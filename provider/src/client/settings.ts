// The settings of a client: its checked options, and the environment for missing options.
import { invalidArgument, wholeNumber } from "./arguments";
import { type Clock, systemClock } from "./clock";
import { checkEndpoint } from "./endpoint";
import { type Environment, proxyPasswords, resolveEnvironment } from "./environment";
import { hubError } from "./errors";
import { type HubClock } from "./hubClock";
import { MAX_WAIT_MS } from "./retry";
import { AxiosTransport, type Transport } from "./transport";
import { type HubClientOptions, type HubNotice } from "./types";

/** The checked settings, with defaults. */
export interface RequesterSettings {
  endpoint: string;
  /** Returns the token; called before the first request that needs it. */
  token: () => string | undefined;
  /** Where the token comes from, in words. */
  tokenSource?: () => string | undefined;
  timeoutMs: number;
  maxRetries: number;
  /** The longest wait before one attempt. */
  maxWaitMs: number;
  maxBodyBytes: number;
  maxEntryBytes: number;
  userAgent: string;
  /** Values that must not appear in messages, in addition to the token and the secrets of a call. */
  secrets?: () => readonly string[];
  notify: (notice: HubNotice) => void;
  signal?: AbortSignal;
  transport: Transport;
  clock: Clock;
  /** Gets the date of each answer. */
  hubClock?: HubClock;
}

/** Internal parts of a {@link HubClient} that tests and the provider replace. Programs do not need it. */
export interface HubClientInternals {
  transport?: Transport;
  clock?: Clock;
  hubClock?: HubClock;
  resolveEnvironment?: () => Environment;
}

const MIB = 1024 * 1024;

/** @throws HubError `endpoint_refused` or `invalid_argument` */
export function settingsFrom(options: HubClientOptions, internals: HubClientInternals): RequesterSettings {
  let resolved: Environment | undefined;
  // Read only if the options leave something out.
  const environment = (): Environment =>
    (resolved ??= (internals.resolveEnvironment ?? resolveEnvironment)());
  if (options.endpoint === undefined && options.token && environment().endpointSource !== undefined) {
    throw hubError({
      code: "endpoint_refused",
      what: `The token is given in the program, but the endpoint comes from ${environment().endpointSource}.`,
      advice:
        "Pass the endpoint together with the token, so that a variable on a machine cannot send the token to another Hub.",
    });
  }
  return {
    endpoint: checkEndpoint(options.endpoint ?? environment().endpoint),
    token: () => (options.token === undefined ? environment().token : options.token),
    tokenSource: () =>
      options.tokenSource ?? (options.token === undefined ? environment().tokenSource : undefined),
    timeoutMs: 1000 * numberOption("timeoutSeconds", options.timeoutSeconds ?? 30, 0.001, 86_400),
    maxRetries: wholeNumber("maxRetries", options.maxRetries ?? 5, 0, 20),
    maxWaitMs: 1000 * numberOption("maxWaitSeconds", options.maxWaitSeconds ?? MAX_WAIT_MS / 1000, 1, 3600),
    maxBodyBytes: wholeNumber("maxBodyBytes", options.maxBodyBytes ?? 64 * MIB, 1, 512 * MIB),
    maxEntryBytes: wholeNumber("maxEntryBytes", options.maxEntryBytes ?? MIB, 1, 512 * MIB),
    userAgent: userAgentOption(options.userAgent),
    secrets: () => proxyPasswords(),
    notify: (notice) => options.onNotice?.(notice),
    signal: options.signal,
    transport: internals.transport ?? new AxiosTransport(),
    clock: internals.clock ?? systemClock,
    hubClock: internals.hubClock,
  };
}

function numberOption(name: string, value: number, min: number, max: number): number {
  if (typeof value !== "number" || !(value >= min && value <= max)) {
    return invalidArgument(`${name} must be a number from ${min} to ${max}.`);
  }
  return value;
}

function userAgentOption(userAgent: string | undefined): string {
  if (userAgent === undefined) {
    const { name, version } = require("../../package.json") as { name: string; version: string };
    return `${name}/${version}`;
  }
  return /^[\x20-\x7e]{1,500}$/.test(userAgent)
    ? userAgent
    : invalidArgument("userAgent must be printable ASCII.");
}

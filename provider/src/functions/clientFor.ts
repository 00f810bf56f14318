import * as pulumi from "@pulumi/pulumi";
import { type HubClient } from "../client";
import { NAMESPACE, parseSettings, type ProviderSettings, resolveCredentials } from "../config";
import { say } from "../engine/log";
import { type Provider } from "../engine/provider";

/** Whose credentials a function uses. Default: the stack's configuration, then the environment. */
export interface CallOptions {
  /** A client of your own. */
  client?: HubClient;
}

/** The same for the Output form, which can also take the credentials of a {@link Provider}. */
export interface OutputCallOptions extends CallOptions {
  /** The provider whose credentials are used. */
  provider?: Provider;
}

let defaultClient: HubClient | undefined;

/** The client that a call is to use. */
export function clientFor(options: CallOptions = {}): HubClient {
  if (options.client) return options.client;
  // From the runtime, because `Config.get` warns about a secret that is not wrapped, and a client needs it in clear.
  defaultClient ??= makeClient(parseSettings((key) => pulumi.runtime.getConfig(`${NAMESPACE}:${key}`)));
  return defaultClient;
}

/** The Output form of a call: waits for its arguments, and uses the provider's credentials where one is named. */
export function outputOf<A, R>(
  args: pulumi.Input<A>,
  options: OutputCallOptions,
  call: (args: pulumi.Unwrap<A>, options: CallOptions) => Promise<R>,
): pulumi.Output<R> {
  const { provider, client } = options;
  if (!provider || client) return pulumi.output(args).apply((values) => call(values, { client }));
  // The token is a secret, but what the function answers is not.
  return pulumi
    .all([pulumi.unsecret(provider.settings), args])
    .apply(([settings, values]) =>
      call(values, { client: makeClient(parseSettings((key) => settings[key])) }),
    );
}

function makeClient(settings: ProviderSettings): HubClient {
  const { endpoint, token } = resolveCredentials(settings);
  // Loaded here so that a program that only declares resources does not pay for the client.
  const { HubClient: Client } = require("../client") as typeof import("../client");
  return new Client({
    endpoint,
    token: token ?? "",
    timeoutSeconds: settings.timeoutSeconds,
    maxRetries: settings.maxRetries,
    onNotice: ({ severity, message }) => say(severity, message),
  });
}

import * as pulumi from "@pulumi/pulumi";
import { type HubClient } from "../client";
import { ConfigurationError } from "../client/environment";
import { printableLine } from "../client/printable";
import { clientOf } from "../hub/clientOf";
import { NAMESPACE, parseSettings, type ProviderSettings, resolveCredentials } from "../model/settings";
import { underMocks } from "./mocks";
import { type Provider } from "./provider";
import { checkStackSettings } from "./stackSettings";

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

/** What the Output form hands to the promise form: the provider, and its settings as soon as they are known. */
export interface InnerOptions extends CallOptions {
  via?: { provider: Provider; settings: Record<string, string> };
}

const MAX_MESSAGE = 3000;

// Asking again who one is costs: the Hub's limit on that is strict. One client serves all calls with the same settings.
const clients = new Map<string, HubClient>();

/**
 * The client that a call is to use; `undefined` if the mocks of a unit test answer in its place.
 *
 * @throws ConfigurationError when a provider is given, whose credentials are not known yet when a promise begins, or the stack's
 *   configuration holds a secret unencrypted
 */
export function clientFor(options: InnerOptions = {}): HubClient | undefined {
  if (options.client) return options.client;
  if ((options as OutputCallOptions).provider) {
    throw new ConfigurationError(
      "Only the Output form of a function takes { provider }, for example whoamiOutput({ provider }). Use that, or give { client }.",
    );
  }
  if (underMocks()) return undefined;
  const { via } = options;
  if (via) return sharedClient(parseSettings((key) => via.settings[key]));
  checkStackSettings();
  // From the runtime, because `Config.get` warns about a secret that is not wrapped, and a client needs it unencrypted.
  return sharedClient(parseSettings((key) => pulumi.runtime.getConfig(`${NAMESPACE}:${key}`)));
}

function sharedClient(settings: ProviderSettings): HubClient {
  // By what the settings come to, because providers may name the same token in different ways.
  const { endpoint, token } = resolveCredentials(settings);
  const { timeoutSeconds, maxRetries, maxWaitSeconds } = settings;
  const key = JSON.stringify([endpoint, token, timeoutSeconds, maxRetries, maxWaitSeconds]);
  let client = clients.get(key);
  if (!client) {
    client = clientOf(settings, (severity, message) => {
      const shown = printableLine(message, MAX_MESSAGE);
      void (severity === "warning" ? pulumi.log.warn(shown) : pulumi.log.info(shown));
    });
    clients.set(key, client);
  }
  return client;
}

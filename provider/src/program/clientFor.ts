import * as pulumi from "@pulumi/pulumi";
import { type HubClient } from "../client";
import { ConfigurationError } from "../client/environment";
import { printableLine } from "../client/printable";
import { clientOf } from "../hub/clientOf";
import { NAMESPACE, parseSettings, type ProviderSettings, resolveCredentials } from "../model/settings";
import { underMocks } from "./mocks";
import { type Provider } from "./provider";
import { checkStackSettings } from "./stackSettings";

/**
 * Which credentials a function uses.
 *
 * Default: the token and endpoint in the stack's configuration, else those in the environment.
 */
export interface CallOptions {
  /** A client that you created. Its token and endpoint are used. */
  client?: HubClient;
}

/**
 * Which credentials the Output form of a function uses.
 *
 * Default: the token and endpoint in the stack's configuration, else those in the environment. If both options are set, `client` is
 * used.
 */
export interface OutputCallOptions extends CallOptions {
  /** The {@link Provider} whose token and endpoint are used. */
  provider?: Provider;
}

/** What the Output form passes to the promise form: the provider and its resolved settings. */
export interface InnerOptions extends CallOptions {
  via?: { provider: Provider; settings: Record<string, string> };
}

const MAX_MESSAGE = 3000;

// One client serves all calls with the same settings, because it keeps the answer of whoami, which the Hub limits strictly.
const clients = new Map<string, HubClient>();

/**
 * The client for a call; `undefined` if the mocks of a unit test answer instead.
 *
 * @throws ConfigurationError if a promise form gets a provider, whose credentials are not known yet, or if the stack's configuration
 *   contains an unencrypted secret
 */
export function clientFor(options: InnerOptions = {}): HubClient | undefined {
  if (options.client) return options.client;
  if ((options as OutputCallOptions).provider) {
    throw new ConfigurationError(
      "Only the Output form of a function takes { provider }, for example whoamiOutput({ provider }). Use that form, or pass { client }.",
    );
  }
  if (underMocks()) return undefined;
  const { via } = options;
  if (via) return sharedClient(parseSettings((key) => via.settings[key]));
  checkStackSettings();
  // Read from the runtime, because `Config.get` warns about a secret that is read as plain text, and a client needs plain text.
  return sharedClient(parseSettings((key) => pulumi.runtime.getConfig(`${NAMESPACE}:${key}`)));
}

function sharedClient(settings: ProviderSettings): HubClient {
  // The key has the resolved token, because providers may name the same token in different ways.
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

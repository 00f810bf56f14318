import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError, DEFAULT_ENDPOINT, resolveEnvironment } from "../client/environment";
import { checkTokenEnv, endpointBeside, NAMESPACE } from "../model/settings";
import { underMocks } from "./mocks";
import { inProgram } from "./programError";
import { keepAnswersOutOfDebug } from "./quietDebug";

/** Arguments of a {@link Provider} that do not depend on how you set the token. */
export interface ProviderCommonArgs {
  /**
   * The address of the Hub. It must use https, or http on a loopback address.
   *
   * Default: the stack's `huggingface:endpoint`, else `https://huggingface.co`. `HF_ENDPOINT` is used only with
   * `allowEndpointFromEnvironment`.
   */
  endpoint?: pulumi.Input<string>;
  /**
   * Timeout in seconds for connecting, and again for the complete answer; 1 to 600.
   *
   * Default: the stack's `huggingface:timeoutSeconds`, else 30.
   */
  timeoutSeconds?: pulumi.Input<number>;
  /**
   * How many times a failed request is sent again if that is safe; 0 to 20.
   *
   * Default: the stack's `huggingface:maxRetries`, else 5.
   */
  maxRetries?: pulumi.Input<number>;
  /**
   * The longest wait in seconds before one attempt, for example for the Hub's rate limit; 1 to 3600. A request that would have to wait
   * longer fails, and the error contains the time to wait.
   *
   * Default: the stack's `huggingface:maxWaitSeconds`, else 310.
   */
  maxWaitSeconds?: pulumi.Input<number>;
  /**
   * `auto` rotates tokens when they are due by the clock. `defer` leaves these rotations to a later run.
   *
   * Default: the stack's `huggingface:rotation`, else `auto`.
   */
  rotation?: pulumi.Input<"auto" | "defer">;
  /**
   * Whether the token may be sent to the address in `HF_ENDPOINT` if no `endpoint` is set. Refresh and destroy then use the address of
   * the last `pulumi up`.
   *
   * Default: the stack's `huggingface:allowEndpointFromEnvironment`, else `false`.
   */
  allowEndpointFromEnvironment?: boolean;
}

/** Arguments of a {@link Provider} with the token itself. */
export interface ProviderTokenArgs extends ProviderCommonArgs {
  /**
   * The token, a secret. It is stored encrypted in the state, and refresh and destroy use the stored token even if it is out of date.
   * Prefer `tokenEnv`.
   */
  token: pulumi.Input<string>;
  /** Not allowed together with `token`. */
  tokenEnv?: undefined;
}

/** Arguments of a {@link Provider} with the name of an environment variable. */
export interface ProviderTokenEnvArgs extends ProviderCommonArgs {
  /**
   * The name of the environment variable that contains the token on the machine that runs Pulumi. The variable is read at each
   * operation, and the token is not stored.
   */
  tokenEnv: pulumi.Input<string>;
  /** Not allowed together with `tokenEnv`. */
  token?: undefined;
}

/** Arguments of a {@link Provider}. Set exactly one of `token` and `tokenEnv`. */
export type ProviderArgs = ProviderTokenArgs | ProviderTokenEnvArgs;

const ENDPOINT = `${NAMESPACE}:endpoint`;

const endpoints = new WeakMap<pulumi.ProviderResource, string>();

/** The address of the Hub that a provider's resources are on; `undefined` if it is not known before the run. */
export function endpointOf(provider: pulumi.ProviderResource): string | undefined {
  return endpoints.get(provider);
}

/**
 * A provider with its own token and endpoint, for resources that set the option `provider`.
 *
 * Use one provider for each organization or Hub in your program. Use it only for resources of this package: Pulumi passes its token
 * to every dynamic resource that uses the provider.
 *
 * @example
 * ```ts
 * const acme = new Provider("acme", { tokenEnv: "ACME_HF_TOKEN" });
 * new RepoVisibility("llm", { repo: "acme/llm", visibility: "private" }, { provider: acme });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /** The provider's settings, for functions that take `{ provider }`. Secret if the token is part of them. */
  readonly settings: pulumi.Output<Record<string, string>>;

  /**
   * Creates a provider.
   *
   * @param name - the name of the provider in the stack
   * @param args - the token or its environment variable, and the other settings
   * @param options - options of the Pulumi resource
   * @throws ConfigurationError if not exactly one of `token` and `tokenEnv` is set, or if a setting is refused
   */
  constructor(name: string, args: ProviderArgs, options?: pulumi.ResourceOptions) {
    const settings = inProgram(() => settingsOf(name, args));
    keepAnswersOutOfDebug();
    super("pulumi-nodejs", name, settings, options);
    const endpoint = settings[ENDPOINT] ?? DEFAULT_ENDPOINT;
    if (typeof endpoint === "string") endpoints.set(this, endpoint);
    this.settings = pulumi.output(settings).apply((values) =>
      Object.fromEntries(
        Object.entries(values)
          .filter(([, value]) => value !== undefined)
          .map(([key, value]) => [key.slice(NAMESPACE.length + 1), String(value)]),
      ),
    );
  }
}

function settingsOf(
  name: string,
  args: ProviderArgs | undefined,
): Record<string, pulumi.Input<string> | undefined> {
  if (!args || (args.token === undefined) === (args.tokenEnv === undefined)) {
    throw new ConfigurationError(
      `Provider "${name}": set exactly one of token and tokenEnv (the name of the environment variable that contains the token).`,
    );
  }
  // An explicit provider does not see the stack's configuration, so the common settings are copied here.
  const stack = new pulumi.Config(NAMESPACE);
  const text = (
    value: pulumi.Input<string | number> | undefined,
    key: string,
  ): pulumi.Input<string> | undefined =>
    value === undefined ? stack.get(key) : pulumi.output(value).apply(String);
  const allowed = args.allowEndpointFromEnvironment ?? stack.getBoolean("allowEndpointFromEnvironment");
  // An endpoint from the environment is stored with the token. The default is not, because no one chose it.
  const endpoint = endpointBeside<pulumi.Input<string>>(
    `Provider "${name}": its token`,
    { endpoint: args.endpoint ?? stack.get("endpoint"), allowed },
    // A unit test must not depend on the machine's environment.
    underMocks() ? resolveEnvironment({}) : resolveEnvironment(),
  );
  const settings: Record<string, pulumi.Input<string> | undefined> = {
    token: args.token === undefined ? undefined : pulumi.secret(args.token),
    tokenEnv: checked(args.tokenEnv, (text) => checkTokenEnv(`Provider "${name}": tokenEnv`, text)),
    endpoint: checked(endpoint, (text) => refusePassword(name, text)),
    timeoutSeconds: text(args.timeoutSeconds, "timeoutSeconds"),
    maxRetries: text(args.maxRetries, "maxRetries"),
    maxWaitSeconds: text(args.maxWaitSeconds, "maxWaitSeconds"),
    rotation: text(args.rotation, "rotation"),
  };
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${NAMESPACE}:${key}`, value]));
}

/** Pulumi stores these settings unencrypted, so a value that contains a secret by mistake must not reach the engine. */
function checked(
  value: pulumi.Input<string> | undefined,
  check: (text: string) => void,
): pulumi.Input<string> | undefined {
  if (typeof value === "string") check(value);
  if (value === undefined || typeof value === "string") return value;
  return pulumi.output(value).apply((text) => {
    inProgram(() => check(text));
    return text;
  });
}

function refusePassword(name: string, endpoint: string): void {
  if (!endpoint.includes("@")) return;
  throw new ConfigurationError(
    `Provider "${name}": the endpoint contains a user name or password. Remove it; the token is set separately.`,
  );
}

import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError, DEFAULT_ENDPOINT, resolveEnvironment } from "../client/environment";
import { checkTokenEnv, endpointBeside, NAMESPACE } from "../model/settings";
import { underMocks } from "./mocks";
import { inProgram } from "./programError";
import { keepAnswersOutOfDebug } from "./quietDebug";

/** What all arguments of a {@link Provider} have in common. */
export interface ProviderCommonArgs {
  /**
   * The Hub's address: https, or http on a loopback address. Default: the stack's `huggingface:endpoint`, else
   * `https://huggingface.co`. `HF_ENDPOINT` counts only with `allowEndpointFromEnvironment`.
   */
  endpoint?: pulumi.Input<string>;
  /** Seconds for connecting and for an answer, 1 to 600. Default: the stack's `huggingface:timeoutSeconds`, else 30. */
  timeoutSeconds?: pulumi.Input<number>;
  /** How often a request that may be repeated is, 0 to 20. Default: the stack's `huggingface:maxRetries`, else 5. */
  maxRetries?: pulumi.Input<number>;
  /**
   * The longest wait in seconds before one try, as the rate limit may ask for, 1 to 3600. Default: the stack's
   * `huggingface:maxWaitSeconds`, else 310. What would have to wait longer fails, and says how long.
   */
  maxWaitSeconds?: pulumi.Input<number>;
  /** auto, or defer to leave rotations that are due by the clock to a later run. Default: the stack's `huggingface:rotation`, else auto. */
  rotation?: pulumi.Input<"auto" | "defer">;
  /**
   * Sends the token to the endpoint that `HF_ENDPOINT` names, if none is set beside it. Refresh and destroy then use the address of the
   * last `pulumi up`. Default: the stack's `huggingface:allowEndpointFromEnvironment`, else false.
   */
  allowEndpointFromEnvironment?: boolean;
}

/** Arguments of a {@link Provider} that gets the token itself. */
export interface ProviderTokenArgs extends ProviderCommonArgs {
  /** The token. Kept encrypted in the state, where refresh and destroy find it even when it is out of date: prefer `tokenEnv`. */
  token: pulumi.Input<string>;
  tokenEnv?: undefined;
}

/** Arguments of a {@link Provider} that gets the name of a variable. */
export interface ProviderTokenEnvArgs extends ProviderCommonArgs {
  /** The name of the environment variable that holds the token where pulumi runs. Read at each call and stored nowhere. */
  tokenEnv: pulumi.Input<string>;
  token?: undefined;
}

/** Arguments of a {@link Provider}: one of `token` and `tokenEnv`. */
export type ProviderArgs = ProviderTokenArgs | ProviderTokenEnvArgs;

const ENDPOINT = `${NAMESPACE}:endpoint`;

const endpoints = new WeakMap<pulumi.ProviderResource, string>();

/** The address of the Hub that a provider's resources are on; `undefined` if only the run knows it. */
export function endpointOf(provider: pulumi.ProviderResource): string | undefined {
  return endpoints.get(provider);
}

/**
 * A set of credentials of its own, for resources that name it as `provider`: this is how one program serves several
 * organizations. It is the engine's provider for dynamic resources with the Hub's settings, so give it to resources of this
 * library only: those of another library would get the token too.
 *
 * @example
 * ```ts
 * const acme = new Provider("acme", { tokenEnv: "ACME_HF_TOKEN" });
 * new RepoVisibility("llm", { repo: "acme/llm", visibility: "private" }, { provider: acme });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /** The settings, resolved, for the functions that take `{ provider }`. */
  readonly settings: pulumi.Output<Record<string, string>>;

  /** @throws ConfigurationError when neither or both of `token` and `tokenEnv` are given */
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
      `Provider "${name}": give exactly one of token and tokenEnv (the name of the environment variable that holds it).`,
    );
  }
  // Such a provider sees nothing of the stack's configuration, so what holds for all is passed on here.
  const stack = new pulumi.Config(NAMESPACE);
  const text = (
    value: pulumi.Input<string | number> | undefined,
    key: string,
  ): pulumi.Input<string> | undefined =>
    value === undefined ? stack.get(key) : pulumi.output(value).apply(String);
  const allowed = args.allowEndpointFromEnvironment ?? stack.getBoolean("allowEndpointFromEnvironment");
  // The address that the environment names is kept with the token. The default is not: only what someone named counts as intended.
  const endpoint = endpointBeside<pulumi.Input<string>>(
    `Provider "${name}": its token`,
    { endpoint: args.endpoint ?? stack.get("endpoint"), allowed },
    // A unit test must not depend on the machine that it runs on.
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

/** The engine keeps these in clear, so what holds a secret by mistake must not get as far as the engine. */
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
    `Provider "${name}": the endpoint holds a user name or a password. Leave it out: the token is given apart.`,
  );
}

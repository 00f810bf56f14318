// With which token each provider of the stack reads from the Hub.
import { checkTokenEnv, ConfigurationError, isSealed, NAMESPACE, Run } from "pulumi-huggingface/core";
import { type Recorded, type RecordedProvider, type Stack } from "./stack";

/** Prints a message of a read, such as a wait for the Hub's rate limit. */
export type Say = (severity: "info" | "warning", message: string) => void;

/** The text of the option `--token-env`: the name of a provider, and of an environment variable. */
const FORM = "PROVIDER=VARIABLE, such as acme=ACME_HF_TOKEN";

/**
 * The variables that the options `--token-env` name, by provider.
 *
 * @throws ConfigurationError if an option has another form
 */
export function tokenVariables(options: readonly string[]): Map<string, string> {
  return new Map(
    options.map((option) => {
      const at = option.lastIndexOf("=");
      const [provider, variable] = [option.slice(0, at), option.slice(at + 1)];
      // The option is not repeated, because it may contain a token.
      if (at < 1 || /^hf_\w{20,}/.test(provider)) {
        throw new ConfigurationError(`--token-env must have the form ${FORM}.`);
      }
      checkTokenEnv("The variable in --token-env", variable);
      return [provider, variable] as const;
    }),
  );
}

/**
 * A run for each provider that a resource of the stack uses, with the settings that the stack has recorded.
 *
 * @param variables - see {@link tokenVariables}
 * @throws ConfigurationError if a token is encrypted and no variable is named for it, or if a named provider does not exist
 */
export function runsOf(
  { resources, providers }: Stack,
  variables: ReadonlyMap<string, string>,
  say: Say,
): (resource: Recorded) => Run {
  const used = new Set(resources.map(({ provider }) => provider));
  const names = [...used].map((urn) => nameOf(providers.get(urn)));
  const unknown = [...variables.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `--token-env names the provider ${unknown}, which no resource of this stack uses. It has: ${names.join(", ")}.`,
    );
  }
  const runs = new Map([...used].map((urn) => [urn, runOf(providers.get(urn), variables, say)]));
  return ({ provider }) => runs.get(provider) as Run;
}

function runOf(
  provider: RecordedProvider | undefined,
  variables: ReadonlyMap<string, string>,
  say: Say,
): Run {
  const name = nameOf(provider);
  const settings = { ...provider?.settings };
  const tokenKey = `${NAMESPACE}:token`;
  const variable = variables.get(name);
  if (variable !== undefined) {
    delete settings[tokenKey];
    settings[`${NAMESPACE}:tokenEnv`] = variable;
  } else if (isSealed(settings[tokenKey])) {
    throw new ConfigurationError(
      `The token of the provider ${name} is encrypted in the stack. Name the environment variable that contains it: --token-env ${name}=VARIABLE.`,
    );
  }
  const run = new Run(say);
  run.configure((key) => textOf(name, key, settings[key]));
  return run;
}

/** The name of a provider. A stack without configuration may have no default provider of its own. */
function nameOf(provider: RecordedProvider | undefined): string {
  return provider?.name ?? "default";
}

function textOf(provider: string, key: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isSealed(value)) return typeof value === "string" ? value : JSON.stringify(value);
  throw new ConfigurationError(
    `The setting ${key} of the provider ${provider} is encrypted in the stack. Only the token may be. Add --show-secrets, or set it without --secret.`,
  );
}

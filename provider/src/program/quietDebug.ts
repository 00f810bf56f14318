import * as pulumi from "@pulumi/pulumi";

// For debugging, the SDK logs the engine's answer about each resource with unencrypted secrets. `pulumi up --json`, --debug and the
// event log print it. These patterns match the SDK's messages.
const OURS = /\[(?:pulumi-nodejs:dynamic\/huggingface:\w+|pulumi:providers:pulumi-nodejs)\]/;
const ANSWER = /, resp: [\s\S]*$/;

const QUIET = Symbol.for("pulumi-huggingface.quietDebug");

/** Removes the engine's answer from a message of the SDK about a resource of this package. */
export function withoutAnswer(message: string): string {
  return OURS.test(message) ? message.replace(ANSWER, ", resp: omitted, it may contain secrets") : message;
}

/** Removes the engine's answers about resources of this package from all later debug messages of the SDK. */
export function keepAnswersOutOfDebug(): void {
  const log = pulumi.log as typeof pulumi.log & { [QUIET]?: true };
  if (log[QUIET]) return;
  const original = log.debug;
  Object.assign(log, {
    [QUIET]: true,
    debug: (
      message: string,
      ...others: Parameters<typeof original> extends [string, ...infer R] ? R : never
    ) => original(withoutAnswer(message), ...others),
  });
}

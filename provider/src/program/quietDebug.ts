import * as pulumi from "@pulumi/pulumi";

// The SDK logs, for debugging, the engine's whole answer about each resource, secrets in clear. `pulumi up --json` prints that to
// standard output, and so do --debug and the event log. The names it cuts the text at are the SDK's own.
const OURS = /\[(?:pulumi-nodejs:dynamic\/huggingface:\w+|pulumi:providers:pulumi-nodejs)\]/;
const ANSWER = /, resp: [\s\S]*$/;

const QUIET = Symbol.for("pulumi-huggingface.quietDebug");

/** A message of the SDK about a resource of ours, without what the engine answered. */
export function withoutAnswer(message: string): string {
  return OURS.test(message) ? message.replace(ANSWER, ", resp: left out, it may hold secrets") : message;
}

/** From now on the SDK's own messages do not tell what the engine answered about resources of this library. */
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

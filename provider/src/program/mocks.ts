import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../client/environment";

/** Whether this is a unit test under `pulumi.runtime.setMocks`. Ask at each call: mocks can be set at any time. */
export function underMocks(): boolean {
  const monitor = pulumi.runtime.getMonitor();
  // guard: mocks-noticed
  return monitor !== undefined && "mocks" in monitor;
}

/**
 * What the mocks of a unit test answer to a function: the `result` that their `call` returns for its token.
 *
 * @throws ConfigurationError if there is none
 */
export async function answerOfMocks(
  name: string,
  args: Record<string, unknown>,
  provider?: pulumi.ProviderResource,
): Promise<unknown> {
  const token = `huggingface:index:${name}`;
  // Without an answer, and if `call` throws, the SDK rejects with an empty error.
  const answer = (await pulumi.runtime.invoke(token, args, { provider }).catch(() => undefined)) as
    { result?: unknown } | undefined;
  if (!answer || !("result" in answer)) {
    throw new ConfigurationError(
      `${name}: the mocks of this unit test return no { result } for it, or throw. Nothing was requested from the Hub. Let \`call\` of ` +
        `setMocks answer the token "${token}": if (args.token === "${token}") return { result: … };`,
    );
  }
  return answer.result;
}

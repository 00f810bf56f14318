import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../client/environment";

/** Whether this is a unit test with `pulumi.runtime.setMocks`. Check it at each call, because mocks can be set at any time. */
export function underMocks(): boolean {
  const monitor = pulumi.runtime.getMonitor();
  // guard: mocks-noticed
  return monitor !== undefined && "mocks" in monitor;
}

/**
 * The mocks' answer to a function: the `result` that their `call` returns for the function's token.
 *
 * @throws ConfigurationError if the mocks return no `result`
 */
export async function answerOfMocks(
  name: string,
  args: Record<string, unknown>,
  provider?: pulumi.ProviderResource,
): Promise<unknown> {
  const token = `huggingface:index:${name}`;
  // If `call` throws or returns nothing, the SDK rejects with an empty error.
  const answer = (await pulumi.runtime.invoke(token, args, { provider }).catch(() => undefined)) as
    { result?: unknown } | undefined;
  if (!answer || !("result" in answer)) {
    throw new ConfigurationError(
      `${name}: the mocks of this unit test return no { result } for this function, or throw. No request was sent to the Hub. Answer the ` +
        `token "${token}" in \`call\` of setMocks: if (args.token === "${token}") return { result: … };`,
    );
  }
  return answer.result;
}

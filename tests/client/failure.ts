import assert from "node:assert/strict";
import { inspect } from "node:util";
import { HubError } from "../../provider/src/client/errors";
import { TOKEN } from "./quickClient";

/** The error of a call that has to fail; it never holds the token. */
export async function failure(call: Promise<unknown>): Promise<HubError> {
  const error = await call.then(
    (value) => assert.fail(`succeeded with ${inspect(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HubError, inspect(error));
  assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(TOKEN), "the token is in the error");
  return error;
}

import assert from "node:assert/strict";
import { inspect } from "node:util";
import { HubError } from "../../provider/src/client/errors";
import { TOKEN } from "./quickClient";

/** The error of a call that must fail. Checks that it does not contain the token. */
export async function failure(call: Promise<unknown>): Promise<HubError> {
  const error = await call.then(
    (value) => assert.fail(`The call succeeded with ${inspect(value)}.`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HubError, inspect(error));
  assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(TOKEN), "The error contains the token.");
  return error;
}

import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { clientCalls } from "./clientCalls";

describe("client calls", () => {
  it("cover every method", () => {
    const methods = Object.getOwnPropertyNames(HubClient.prototype).filter(
      (name) => !["constructor", "close"].includes(name),
    );
    const called: string[] = clientCalls.map(({ method }) => method);
    assert.deepEqual(
      methods.filter((method) => !called.includes(method)),
      [],
    );
  });
});

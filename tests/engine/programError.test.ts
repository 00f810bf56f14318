// Errors of this library in a program: the text that a user needs, and no stack for the SDK to print in colors.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { RunError } from "@pulumi/pulumi";
import * as huggingface from "../../provider/src";
import { type HubClient, HubError } from "../../provider/src/client";
import { quickClient, TOKEN } from "../client/quickClient";
import { startScriptedServer, type ScriptedServer } from "../support/scriptedServer";

/** The error of a rejected promise. */
const errorOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => assert.fail("there was no error"),
    (error: Error) => error,
  );

function assertOneLine(error: Error): void {
  assert.ok(RunError.isInstance(error), "the SDK prints only the message");
  assert.equal(error.stack, `${error.name}: ${error.message}`);
  assert.ok(!inspect(error, { showHidden: true }).includes(TOKEN));
  assert.ok(!Object.keys(error).includes("__pulumiRunError"), "the mark is not shown");
}

describe("errors in a program", () => {
  let server: ScriptedServer;
  let client: HubClient;
  const all = async (entries: AsyncIterable<unknown>): Promise<void> => {
    for await (const _ of entries);
  };

  beforeEach(async () => {
    server = await startScriptedServer();
    client = quickClient(server.endpoint, { maxRetries: 0 }).client;
  });
  afterEach(() => server.close());

  it("keep all fields of the Hub's refusal", async () => {
    server.script({
      status: 403,
      headers: { "x-error-code": "OrgForbidden", "x-request-id": "Root=1-abc" },
      body: { error: "not yours" },
    });
    const error = await errorOf(huggingface.getMemberTokens("acme", {}, { client }));
    assertOneLine(error);
    assert.ok(error instanceof HubError);
    const { name, status, code, requestId, method, path } = error;
    assert.deepEqual(
      { name, status, code, requestId, method, path },
      {
        name: "HubError",
        status: 403,
        code: "OrgForbidden",
        requestId: "Root=1-abc",
        method: "GET",
        path: "/api/organizations/acme/settings/tokens",
      },
    );
    assert.match(error.message, /answered 403 .*"not yours"/);
  });
  it("report a Hub that cannot be reached", async () => {
    const { endpoint } = server;
    await server.close();
    const away = quickClient(endpoint, { maxRetries: 0 }).client;
    const error = await errorOf(huggingface.whoami({ client: away }));
    assertOneLine(error);
    assert.match(error.message, /ECONNREFUSED/);
  });
  it("name the function that has an invalid argument", async () => {
    const error = await errorOf(huggingface.getAuditLogs("acme", { limit: -1 }, { client }));
    assertOneLine(error);
    assert.match(error.message, /^getAuditLogs: limit must be a whole number/);
    assert.throws(
      () => huggingface.streamAuditLogs("acme", { limit: -1 }, { client }),
      (refused: Error) => {
        assertOneLine(refused);
        return refused.message.startsWith("streamAuditLogs: limit must be");
      },
    );
  });
  it("report an interrupted stream", async () => {
    server.script({ status: 500, body: "" });
    const error = await errorOf(all(huggingface.streamAuditLogs("acme", {}, { client })));
    assertOneLine(error);
    assert.equal((error as HubError).status, 500);
  });
  it("report a mistake in a call", async () => {
    const options = { provider: {} } as huggingface.CallOptions;
    assertOneLine(await errorOf(huggingface.whoami(options)));
    assert.throws(
      () => huggingface.streamAuditLogs("acme", {}, options),
      (error: Error) => {
        assertOneLine(error);
        return error instanceof huggingface.ConfigurationError;
      },
    );
  });
  it("report a mistake in a constructor", () => {
    for (const make of [
      () => new huggingface.Provider("acme", {} as huggingface.ProviderArgs),
      () => new huggingface.Provider("acme", undefined as unknown as huggingface.ProviderArgs),
      () => new huggingface.HubToken("ci", undefined as unknown as huggingface.HubTokenArgs),
    ]) {
      assert.throws(make, (error: Error) => {
        assertOneLine(error);
        return error instanceof huggingface.ConfigurationError;
      });
    }
  });
  it("do not change if they come from the user's own code", async () => {
    const own = new TypeError("mine");
    const { stack } = own;
    const theirs = {
      whoami: () => Promise.reject(own),
      // eslint-disable-next-line require-yield -- it fails before the first entry
      streamAuditLogs: async function* () {
        await Promise.reject(own);
      },
    } as unknown as HubClient;
    assert.equal(await errorOf(huggingface.whoami({ client: theirs })), own);
    assert.equal(await errorOf(all(huggingface.streamAuditLogs("acme", {}, { client: theirs }))), own);
    assert.equal(own.stack, stack);
    assert.ok(!RunError.isInstance(own));
  });
  it("of a client used alone keep their stacks", async () => {
    server.script({ status: 404, body: {} });
    const error = await errorOf(client.getSsoConfig("acme"));
    assert.match(error.stack ?? "", /\n\s+at /);
    assert.ok(!RunError.isInstance(error));
  });
});

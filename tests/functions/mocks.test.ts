// The functions and the classes in a unit test of a user's program: the mocks answer, and no request is sent.
import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Server } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { resetOptions, type MockCallArgs, type MockResourceArgs } from "@pulumi/pulumi/runtime";
import { ConfigurationError } from "../../provider/src/client/environment";
import * as huggingface from "../../provider/src";
import { forms } from "./forms";

const ACCOUNT = "64a0000000000000000000a1";

const promised = <T>(output: pulumi.Output<T>): Promise<T> =>
  (output as unknown as { promise(): Promise<T> }).promise();

describe("unit test with mocks", () => {
  let server: Server;
  let connections = 0;
  let calls: MockCallArgs[] = [];
  let answer: (args: MockCallArgs) => unknown;
  const environment = { ...process.env };

  before(async () => {
    server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    // A developer's machine has a token. The endpoint counts the requests.
    process.env["HF_ENDPOINT"] = `http://127.0.0.1:${port}`;
    process.env["HF_TOKEN"] = `hf_${"d".repeat(34)}`;
  });
  after(() => {
    for (const name of ["HF_ENDPOINT", "HF_TOKEN"]) {
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    }
    server.close();
  });

  beforeEach(async () => {
    connections = 0;
    calls = [];
    answer = () => ({});
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }: MockResourceArgs) => ({
        id: `${name}-id`,
        state: { ...(inputs as object), accountId: ACCOUNT },
      }),
      call: (args) => {
        calls.push(args);
        return answer(args) as Record<string, unknown>;
      },
    });
  });
  afterEach(() => {
    resetOptions("", "", -1, "", "", false, "");
    assert.equal(connections, 0, "a unit test should send no request");
  });

  const asked = (): unknown[] => calls.map(({ token, inputs }): unknown[] => [token, inputs]);
  const otherProvider = () => new huggingface.Provider("globex", { tokenEnv: "NOT_SET_HERE" });

  it("is covered here for every function", () => {
    const functions = Object.keys(huggingface).filter((name) => /^(get|has|stream|whoami)/.test(name));
    assert.deepEqual(functions.filter((name) => !name.endsWith("Output")).sort(), Object.keys(forms).sort());
  });

  for (const [name, { args, result, promise, output }] of Object.entries(forms)) {
    const token = `huggingface:index:${name}`;
    describe(`of ${name}`, () => {
      it("returns the result of the mocks as a promise", async () => {
        answer = () => ({ result });
        assert.deepEqual(await promise(), result);
        assert.deepEqual(asked(), [[token, args]]);
      });

      if (output) {
        it("returns the result of the mocks as an Output, and passes them the provider", async () => {
          answer = () => ({ result });
          assert.deepEqual(await promised(output()), result);
          assert.deepEqual(await promised(output({ provider: otherProvider() })), result);
          assert.deepEqual(asked(), [
            [token, args],
            [token, args],
          ]);
          assert.match(calls[1]?.provider ?? "", /::globex::globex-id$/);
        });
      }

      it("fails with the code to write if the mocks fail or return anything else", async () => {
        for (const wrong of [
          () => ({}),
          () => undefined,
          () => ({ name: "ada" }),
          () => {
            throw new Error("mine");
          },
        ]) {
          answer = wrong;
          await assert.rejects(promise(), (error) => {
            assert.ok(error instanceof ConfigurationError);
            assert.ok(error.message.includes(`if (args.token === "${token}") return { result: … };`));
            return true;
          });
        }
      });
    });
  }

  it("fails if the mocks return anything but a list for a stream", async () => {
    answer = () => ({ result: { id: "1" } });
    await assert.rejects(
      forms["streamAuditLogs"]!.promise(),
      /^ConfigurationError: streamAuditLogs: .* a list\.$/,
    );
  });

  it("can pass its own client in place of the mocks", async () => {
    const client = { myOrgRole: () => Promise.resolve("read") } as unknown as huggingface.HubClient;
    assert.equal(await huggingface.getMyOrgRole("acme", { client }), "read");
    assert.equal(await promised(huggingface.getMyOrgRoleOutput("acme", { client })), "read");
    assert.deepEqual(calls, []);
  });

  it("cannot pass a provider to a promise form, like any program", async () => {
    const options = { provider: otherProvider() } as huggingface.CallOptions;
    await assert.rejects(huggingface.whoami(options), /Only the Output form/);
  });

  it("gets the resource outputs that the mocks return, and accountId even if the id contains no slash", async () => {
    const account = new huggingface.ServiceAccount("ci", { organization: "acme", name: "ci" });
    assert.equal(await promised(account.id), "ci-id");
    assert.equal(await promised(account.accountId), ACCOUNT);
    const token = new huggingface.HubToken("ci", {
      organization: "acme",
      serviceAccount: account.accountId,
      name: "ci",
      permissions: ["org.read"],
    });
    assert.equal(await promised(token.serviceAccount), ACCOUNT);
  });

  it("can have an unencrypted token in its configuration, because a test cannot mark it as secret", async () => {
    pulumi.runtime.setConfig("huggingface:token", "made-up");
    try {
      const model = new huggingface.RepoVisibility("llm", { repo: "acme/llm", visibility: "private" });
      assert.equal(await promised(model.visibility), "private");
    } finally {
      pulumi.runtime.setAllConfig({});
    }
  });
});

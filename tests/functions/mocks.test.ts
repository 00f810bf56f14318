// The functions and the classes in a unit test of a user's program: the mocks answer, and nothing reaches a network.
import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Server } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { resetOptions, type MockCallArgs, type MockResourceArgs } from "@pulumi/pulumi/runtime";
import { ConfigurationError } from "../../provider/src/client/environment";
import * as huggingface from "../../provider/src";

const ACCOUNT = "64a0000000000000000000a1";

const promised = <T>(output: pulumi.Output<T>): Promise<T> =>
  (output as unknown as { promise(): Promise<T> }).promise();

describe("unit tests with mocks", () => {
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
    // What a developer's machine has: a token and, to notice any request, an address that counts.
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
    assert.equal(connections, 0, "a unit test must not reach the network");
  });

  const since = new Date("2026-01-31T12:00:00.000Z");
  const organization = "acme";
  const forms: Record<
    string,
    {
      args: object;
      result: unknown;
      promise: () => Promise<unknown>;
      output?: (options?: huggingface.OutputCallOptions) => pulumi.Output<unknown>;
    }
  > = {
    getAuditLogs: {
      args: { organization, startDate: since.toISOString(), limit: 2 },
      result: [{ id: "1" }],
      promise: () => huggingface.getAuditLogs(organization, { startDate: since, limit: 2 }),
      output: (options) =>
        huggingface.getAuditLogsOutput(organization, { startDate: since, limit: 2 }, options),
    },
    streamAuditLogs: {
      args: { organization, endDate: since.toISOString() },
      result: [{ id: "1" }, { id: "2" }],
      promise: async () => {
        const entries: unknown[] = [];
        for await (const entry of huggingface.streamAuditLogs(organization, { endDate: since })) {
          entries.push(entry);
        }
        return entries;
      },
    },
    getMemberTokens: {
      args: { organization, query: "ci" },
      result: [],
      promise: () => huggingface.getMemberTokens(organization, { query: "ci" }),
      output: (options) => huggingface.getMemberTokensOutput(organization, { query: "ci" }, options),
    },
    getMyOrgRole: {
      args: { organization },
      result: null,
      promise: () => huggingface.getMyOrgRole(organization),
      output: (options) => huggingface.getMyOrgRoleOutput(organization, options),
    },
    getRepositories: {
      args: { organization, type: "model" },
      result: [{ id: "acme/llm" }],
      promise: () => huggingface.getRepositories(organization, { type: "model" }),
      output: (options) => huggingface.getRepositoriesOutput(organization, { type: "model" }, options),
    },
    getServiceAccounts: {
      args: { organization },
      result: [{ name: "ci" }],
      promise: () => huggingface.getServiceAccounts(organization),
      output: (options) => huggingface.getServiceAccountsOutput(organization, options),
    },
    getSsoConfig: {
      args: { organization },
      result: { provider: "saml", enabled: true },
      promise: () => huggingface.getSsoConfig(organization),
      output: (options) => huggingface.getSsoConfigOutput(organization, options),
    },
    getTokens: {
      args: {},
      result: [{ name: "laptop" }],
      promise: () => huggingface.getTokens(),
      output: (options) => huggingface.getTokensOutput(options),
    },
    hasOrgRole: {
      args: { organization, role: "admin" },
      result: false,
      promise: () => huggingface.hasOrgRole(organization, "admin"),
      output: (options) => huggingface.hasOrgRoleOutput(organization, "admin", options),
    },
    whoami: {
      args: {},
      result: { name: "ada", orgs: [] },
      promise: () => huggingface.whoami(),
      output: (options) => huggingface.whoamiOutput(options),
    },
  };

  it("every function is covered here", () => {
    const functions = Object.keys(huggingface).filter((name) => /^(get|has|stream|whoami)/.test(name));
    assert.deepEqual(functions.filter((name) => !name.endsWith("Output")).sort(), Object.keys(forms).sort());
  });

  for (const [name, { args, result, promise, output }] of Object.entries(forms)) {
    const token = `huggingface:index:${name}`;
    describe(name, () => {
      it("returns the result of the mocks as a promise", async () => {
        answer = () => ({ result });
        assert.deepEqual(await promise(), result);
        assert.deepEqual(
          calls.map(({ token, inputs }): unknown[] => [token, inputs]),
          [[token, args]],
        );
      });

      if (output) {
        it("returns the result of the mocks as an Output, and tells them the provider", async () => {
          answer = () => ({ result });
          assert.deepEqual(await promised(output()), result);
          const provider = new huggingface.Provider("globex", { tokenEnv: "NOT_SET_HERE" });
          assert.deepEqual(await promised(output({ provider })), result);
          assert.deepEqual(
            calls.map(({ token, inputs }): unknown[] => [token, inputs]),
            [
              [token, args],
              [token, args],
            ],
          );
          assert.match(calls[1]?.provider ?? "", /::globex::globex-id$/);
        });
      }

      for (const [what, wrong] of Object.entries<() => unknown>({
        "an empty answer": () => ({}),
        "no answer": () => undefined,
        "an answer in another form": () => ({ name: "ada" }),
        "mocks that throw": () => {
          throw new Error("mine");
        },
      })) {
        it(`fails with the token to answer after ${what}`, async () => {
          answer = wrong;
          await assert.rejects(promise(), (error) => {
            assert.ok(error instanceof ConfigurationError);
            assert.ok(error.message.includes(`if (args.token === "${token}") return { result: … };`));
            return true;
          });
        });
      }
    });
  }

  it("a stream needs a list", async () => {
    answer = () => ({ result: { id: "1" } });
    await assert.rejects(
      forms["streamAuditLogs"]!.promise(),
      /^ConfigurationError: streamAuditLogs: .* a list\.$/,
    );
  });

  it("a client of the test's own answers instead of the mocks", async () => {
    const client = { myOrgRole: () => Promise.resolve("read") } as unknown as huggingface.HubClient;
    assert.equal(await huggingface.getMyOrgRole("acme", { client }), "read");
    assert.equal(await promised(huggingface.getMyOrgRoleOutput("acme", { client })), "read");
    assert.deepEqual(calls, []);
  });

  it("the promise form refuses a provider as outside of a test", async () => {
    const provider = new huggingface.Provider("globex", { tokenEnv: "NOT_SET_HERE" });
    await assert.rejects(huggingface.whoami({ provider } as huggingface.CallOptions), /Only the Output form/);
  });

  describe("resources", () => {
    it("have the outputs that the mocks give them, and the account's id also without a / in its id", async () => {
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
    it("take a token in the configuration that no test can mark as secret", async () => {
      pulumi.runtime.setConfig("huggingface:token", "made-up");
      try {
        const model = new huggingface.RepoVisibility("llm", { repo: "acme/llm", visibility: "private" });
        assert.equal(await promised(model.visibility), "private");
      } finally {
        pulumi.runtime.setAllConfig({});
      }
    });
  });
});

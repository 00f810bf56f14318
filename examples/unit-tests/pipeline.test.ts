// Run these tests with `npm test` in the folder examples.
//
// The mocks replace the Hub and the engine. The tests make no requests and read neither HF_TOKEN nor the token file.
import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { before, describe, it } from "mocha";
import { pipeline } from "./pipeline";

/** Waits for the value of an output. */
const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply((value) => resolve(value)));

describe("the pipeline", () => {
  before(() =>
    pulumi.runtime.setMocks({
      // Returns the state of a resource: its arguments, and the outputs that the Hub would add.
      newResource: ({ type, name, inputs }) => {
        const state = inputs as Record<string, unknown>;
        switch (type) {
          case "pulumi-nodejs:dynamic/huggingface:ServiceAccount":
            return { id: `${name}-id`, state: { ...state, accountId: "64a0000000000000000000a1" } };
          default:
            return { id: `${name}-id`, state };
        }
      },
      // Returns the result of a function, always as { result }.
      call: ({ token, inputs }) => {
        assert.equal(token, "huggingface:index:getRepositories");
        assert.deepEqual(inputs, { organization: "acme", type: "model" });
        return { result: [{ id: "acme/llm" }, { id: "acme/embeddings" }] };
      },
    }),
  );

  it("creates the token for the service account", async () => {
    const { token } = pipeline("acme", "evaluation");
    assert.equal(await valueOf(token.serviceAccount), "64a0000000000000000000a1");
  });

  it("gives the token only read permission", async () => {
    const { token } = pipeline("acme", "evaluation");
    assert.deepEqual(await valueOf(token.permissions), ["repo.content.read"]);
  });

  it("lists the models", async () => {
    const { models } = pipeline("acme", "evaluation");
    assert.deepEqual(await valueOf(models), ["acme/embeddings", "acme/llm"]);
  });
});

// npm test, in the folder above
//
// The mocks stand for the Hub and for the engine. No request is made, and neither HF_TOKEN nor the token file is read.
import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { before, describe, it } from "mocha";
import { pipeline } from "./pipeline";

/** The value of an output, as soon as it is there. */
const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply((value) => resolve(value)));

describe("the pipeline", () => {
  before(() =>
    pulumi.runtime.setMocks({
      // What the Hub would add to the arguments of each resource.
      newResource: ({ type, name, inputs }) => {
        const state = inputs as Record<string, unknown>;
        switch (type) {
          case "pulumi-nodejs:dynamic/huggingface:ServiceAccount":
            return { id: `${name}-id`, state: { ...state, accountId: "64a0000000000000000000a1" } };
          default:
            return { id: `${name}-id`, state };
        }
      },
      // What the functions return, by their token: always as { result }.
      call: ({ token, inputs }) => {
        assert.equal(token, "huggingface:index:getRepositories");
        assert.deepEqual(inputs, { organization: "acme", type: "model" });
        return { result: [{ id: "acme/llm" }, { id: "acme/embeddings" }] };
      },
    }),
  );

  it("gives the token to the account", async () => {
    const { token } = pipeline("acme", "evaluation");
    assert.equal(await valueOf(token.serviceAccount), "64a0000000000000000000a1");
  });

  it("lets the token read, and nothing else", async () => {
    const { token } = pipeline("acme", "evaluation");
    assert.deepEqual(await valueOf(token.permissions), ["repo.content.read"]);
  });

  it("lists the models", async () => {
    const { models } = pipeline("acme", "evaluation");
    assert.deepEqual(await valueOf(models), ["acme/embeddings", "acme/llm"]);
  });
});

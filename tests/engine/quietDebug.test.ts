import assert from "node:assert/strict";
import { withoutAnswer } from "../../provider/src/program/quietDebug";

describe("debug messages of the SDK", () => {
  const told = (type: string): string =>
    `RegisterResource RPC finished: resource:ci[${type}]; err: null, resp: urn:pulumi:dev::p::t::ci,id,,\nhf_geheim`;

  for (const type of ["pulumi-nodejs:dynamic/huggingface:HubToken", "pulumi:providers:pulumi-nodejs"]) {
    it(`do not contain the engine's answer about ${type}`, () => {
      assert.ok(!withoutAnswer(told(type)).includes("hf_geheim"));
      assert.match(withoutAnswer(told(type)), /^RegisterResource RPC finished: resource:ci.*omitted/);
    });
  }
  it("stay unchanged if they are about anything else", () => {
    for (const message of [told("aws:s3/bucket:Bucket"), "preparing resource", ""]) {
      assert.equal(withoutAnswer(message), message);
    }
  });
});

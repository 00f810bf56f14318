// Messages may contain names from outside. No message can control the terminal or flood it.
import assert from "node:assert/strict";
import fc from "fast-check";
import sinon from "sinon";
import { engineHandler } from "../../provider/src/dynamic/handler";
import { say } from "../../provider/src/dynamic/log";
import { Run } from "../../provider/src/hub/run";
import { definitions } from "./definitions";
import { assertPresentable, hostileText, runs } from "./hostile";

const SETTINGS: Record<string, string> = {
  "huggingface:token": "hf_x",
  "huggingface:endpoint": "http://127.0.0.1:1",
  "huggingface:maxRetries": "0",
};

describe("message with a hostile name", function () {
  this.timeout(60_000);
  afterEach(() => sinon.restore());

  it("is safe to print in an error about an id", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...definitions), hostileText, async (definition, id) => {
        const handler = engineHandler(definition, new Run(say), () => Promise.resolve());
        handler.configure({ config: { get: (key) => SETTINGS[key] } });
        await assert.rejects(handler.read(`\u001B[2J${id}`, {}), (error: Error) => {
          assertPresentable(error.message);
          return true;
        });
      }),
      runs(300),
    );
  });

  it("is safe to print in a warning", () => {
    const said = sinon.stub(console, "error");
    fc.assert(
      fc.property(hostileText, (name) => say("warning", `the token ${name} is gone.`)),
      runs(300),
    );
    assert.ok(said.callCount > 30);
    for (const [text] of said.args) assertPresentable(String(text));
  });
});

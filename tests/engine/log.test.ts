// What is said to the person at the terminal, without an engine.
import assert from "node:assert/strict";
import sinon from "sinon";
import { say } from "../../provider/src/dynamic/log";

describe("messages", () => {
  afterEach(() => sinon.restore());

  it("are said once in a process, however often the engine asks, and once for each resource", () => {
    const said = sinon.stub(console, "error");
    for (let asked = 0; asked < 3; asked++) {
      say("warning", "SsoConfig of acme: the certificate expires in 20 day(s).");
      say("warning", "SsoCredential of acme: the certificate expires in 20 day(s).");
    }
    assert.deepEqual(
      said.args.map(([text]) => text as string),
      [
        "warning: SsoConfig of acme: the certificate expires in 20 day(s).",
        "warning: SsoCredential of acme: the certificate expires in 20 day(s).",
      ],
    );
  });
});

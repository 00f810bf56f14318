// The log for the user, tested without an engine.
import assert from "node:assert/strict";
import sinon from "sinon";
import { say } from "../../provider/src/dynamic/log";

describe("log message", () => {
  afterEach(() => sinon.restore());

  it("appears once in a process for each resource, however often the engine asks", () => {
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

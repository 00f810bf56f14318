import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { handlerText } from "../../provider/src/model/handlerText";
import { createProject, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";

describe("value of an imported HubToken", function () {
  this.timeout(240_000);
  let hub: Hub;
  let project: Project;

  /** The token, and its use in the program. */
  const declare = (more: string, use: string) =>
    project.write(
      "index.js",
      `const hf = require("pulumi-huggingface");
const token = new hf.HubToken("it", { name: "it", ${more} });
${use}`,
    );

  before(async () => {
    hub = await startHub();
    await new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin }).createToken({
      name: "it",
      role: "read",
    });
    project = await createProject({
      name: "imported",
      program: { "index.js": "" },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("is not needed if nothing uses it, and a warning names what would fail", async () => {
    await declare("", "exports.status = token.status;");
    const __provider = handlerText("HubToken");
    const inputs = { name: "it", __provider };
    await project.importFile({
      resources: [
        {
          type: "pulumi-nodejs:dynamic/huggingface:HubToken",
          name: "it",
          id: "user/it",
          inputs,
          outputs: { __provider },
        },
      ],
    });
    await project.refresh();
    const up = await project.up();
    assert.ok(
      up.diagnostics.some(
        ({ severity, message }) =>
          severity === "warning" &&
          /value of this token is not known.*imported.*rotationTriggers/.test(message),
      ),
      up.text,
    );
    assert.deepEqual(await project.outputs(), { status: "active" });
  });

  const USE = `new hf.ServiceAccount("user", { organization: "acme", name: "user", description: token.token });`;

  it("causes an error in every resource that uses it, instead of an empty value", async () => {
    await declare("", USE);
    const { code, text } = await project.up({ allowFailure: true });
    assert.notEqual(code, 0);
    assert.match(text, /HubToken "it": the value of this token is not known/);
    assert.deepEqual(hub.store.serviceAccountsOf("acme"), []);
  });

  it("is the successor's value after a rotation, for uses in the same run", async () => {
    await declare(`rotationTriggers: { release: "1" }`, USE);
    await project.up();
    // Followed by the library's mark.
    const [value = ""] = hub.store.serviceAccountsOf("acme")[0]?.description?.split(" ") ?? [];
    assert.ok(hub.store.findToken(value));
  });
});

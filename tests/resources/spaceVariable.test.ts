import assert from "node:assert/strict";
import { spaceVariableDefinition } from "../../provider/src/resources/spaceVariable/lifecycle";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";
import { ByHand, settingIn, SPACE } from "../support/spaceSettings";

describe("SpaceVariable", () => {
  let hub: Hub;
  let clock: Clock;
  let byHand: ByHand;

  beforeEach(async () => {
    clock = new Clock(new Date());
    hub = await startHub();
    byHand = new ByHand(hub);
  });
  afterEach(() => hub.close());

  const args = (changes: object = {}) => ({ space: SPACE, key: "MODEL", value: "acme/llm", ...changes });
  const slot = () => new ResourceHarness(spaceVariableDefinition, { hub, clock });
  const valueOf = (key = "MODEL") => settingIn(hub, key)?.value;
  const declared = async (changes: object = {}) => {
    const resource = slot();
    await resource.up(args(changes));
    return resource;
  };
  const setByHand = (value: string, key = "MODEL") => byHand.client.setSpaceVariable(SPACE, { key, value });

  it("sets a new variable, then has nothing to do, changes it, and deletes it", async () => {
    const resource = await declared({ description: "the model" });
    assert.deepEqual(settingIn(hub, "MODEL"), {
      kind: "variable",
      value: "acme/llm",
      description: "the model",
    });
    assert.equal(resource.id, "acme/demo-space/MODEL");
    const same = args({ description: "the model" });
    assert.equal(resource.preview(same), "same");
    assert.deepEqual(await resource.refresh(), []);
    assert.equal(resource.preview(same), "same");
    assert.equal(await resource.up(args({ value: "" })), "update");
    assert.deepEqual(settingIn(hub, "MODEL"), { kind: "variable", value: "" });
    assert.deepEqual(await resource.refresh(), []);
    await resource.destroy();
    assert.equal(settingIn(hub, "MODEL"), undefined);
  });

  it("adopts an existing variable with the declared value, and overwrites another value only with a reason", async () => {
    await setByHand("acme/llm");
    await declared();
    await setByHand("theirs", "OTHER");
    await assert.rejects(slot().up(args({ key: "OTHER" })), {
      message:
        "The variable OTHER of the Space acme/demo-space exists on the Hub, and this program did not set it. It is not overwritten automatically, because " +
        "something may need its value. Remove this resource from the program to keep it, or give a new reason in acknowledgeOverwrite to overwrite it.",
    });
    assert.equal(valueOf("OTHER"), "theirs");
    await slot().up(args({ key: "OTHER", acknowledgeOverwrite: "ours" }));
    assert.equal(valueOf("OTHER"), "acme/llm");
  });

  it("changes a variable that someone changed only with a new reason, even if the value is new", async () => {
    const resource = await declared();
    await setByHand("theirs");
    assert.deepEqual(await resource.refresh(), ["value"]);
    for (const value of ["acme/llm", "acme/new"]) {
      await assert.rejects(resource.up(args({ value })), {
        message:
          "The variable MODEL of the Space acme/demo-space was changed on the Hub after this program set it. It is not overwritten automatically, because " +
          "someone may have done that on purpose. Declare the value that the Hub has to keep it, or give a new reason in acknowledgeOverwrite to overwrite it.",
      });
    }
    assert.equal(valueOf(), "theirs");
    assert.equal(await resource.up(args({ value: "theirs" })), "update");
    assert.equal(resource.preview(args({ value: "theirs" })), "same");
    assert.equal(await resource.up(args({ acknowledgeOverwrite: "back" })), "update");
    assert.equal(valueOf(), "acme/llm");
  });

  it("sets a variable that someone deleted only with a new reason", async () => {
    const resource = await declared();
    await byHand.client.deleteSpaceVariable(SPACE, "MODEL");
    assert.deepEqual(await resource.refresh(), ["value"]);
    assert.equal(resource.kept.status, "missing");
    assert.deepEqual(await resource.refresh(), []);
    await assert.rejects(resource.up(args()), /was deleted on the Hub after this program set it/);
    assert.equal(await resource.up(args({ acknowledgeOverwrite: "needed" })), "update");
    assert.equal(valueOf(), "acme/llm");
    assert.equal(resource.kept.status, "active");
  });

  it("reverts a description that someone changed", async () => {
    const resource = await declared({ description: "ours" });
    await byHand.client.setSpaceVariable(SPACE, { key: "MODEL", value: "acme/llm", description: "theirs" });
    assert.deepEqual(await resource.refresh(), ["description"]);
    assert.equal(await resource.up(args({ description: "ours" })), "update");
    assert.equal(settingIn(hub, "MODEL")?.description, "ours");
  });

  it("leaves the variable of a different Space, and a Space that is gone", async () => {
    const resource = await declared();
    await byHand.deleteSpace();
    await byHand.createSpace();
    await setByHand("acme/llm");
    await resource.destroy();
    assert.equal(valueOf(), "acme/llm");
    const other = await declared();
    await byHand.deleteSpace();
    await other.destroy();
  });

  it("refuses a key that the Hub has as a secret", async () => {
    await byHand.client.setSpaceSecret(SPACE, { key: "MODEL", value: "secret" });
    await assert.rejects(
      slot().up(args()),
      /already has a secret MODEL, and a key is a secret or a variable, not both/,
    );
  });

  it("refuses a token of the Hub as value", () => {
    assert.throws(() => slot().check(args({ value: `https://x:hf_${"a1".repeat(17)}@huggingface.co` })), {
      message:
        ": value: contains a token of the Hub, and everyone who may see the Space can read its variables. Use a SpaceSecret. If the token was published, " +
        "revoke it.",
    });
    slot().check(args({ value: "hf_short" }));
  });

  it("does not report a deletion that the Hub did not make", async () => {
    const resource = await declared();
    hub.inject({
      method: "DELETE",
      path: `/api/spaces/${SPACE}/variables`,
      effect: { status: 200, body: {} },
    });
    await assert.rejects(
      resource.destroy(),
      /The Hub accepted the deletion of the variable MODEL of the Space acme\/demo-space but still has it/,
    );
  });

  it("is imported if nothing differs", async () => {
    await byHand.client.setSpaceVariable(SPACE, { key: "MODEL", value: "acme/llm", description: "d" });
    const { imports } = spaceVariableDefinition;
    assert.ok(typeof imports === "object");
    const compare = async (changes: object) =>
      (await imports.compare(`${SPACE}/MODEL`, slot().check(args(changes)), slot().context()))?.differing;
    assert.deepEqual(await compare({ description: "d" }), {});
    assert.deepEqual(await compare({ value: "other" }), { value: undefined, description: "d" });
    assert.throws(() => imports.parseId("acme/demo-space"), {
      message:
        '"acme/demo-space" is not the id of a secret or variable of a Space. It has the form namespace/name/KEY, such as acme/demo/API_KEY.',
    });
  });
});

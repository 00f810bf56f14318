import assert from "node:assert/strict";
import { spaceSecretDefinition } from "../../provider/src/resources/spaceSecret/lifecycle";
import { valueSeen } from "../../provider/src/resources/spaceSecret/decisions";
import { type SpaceSecretState } from "../../provider/src/resources/spaceSecret/model";
import { secretHash } from "../../provider/src/rules/spaceSetting";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";
import { ByHand, settingIn, SPACE } from "../support/spaceSettings";

describe("SpaceSecret", () => {
  let hub: Hub;
  let clock: Clock;
  let byHand: ByHand;

  beforeEach(async () => {
    clock = new Clock(new Date());
    hub = await startHub({ now: () => clock.now });
    byHand = new ByHand(hub);
  });
  afterEach(() => hub.close());

  const args = (changes: object = {}) => ({ space: SPACE, key: "API_KEY", value: "first value", ...changes });
  const slot = () => new ResourceHarness(spaceSecretDefinition, { hub, clock });
  const has = (value: string, key = "API_KEY", space = SPACE) => hub.store.hasSpaceSecret(space, key, value);
  const declared = async (changes: object = {}) => {
    const resource = slot();
    await resource.up(args(changes));
    clock.pass(1);
    return resource;
  };
  const setByHand = async (value: string, key = "API_KEY") => {
    await byHand.client.setSpaceSecret(SPACE, { key, value });
    clock.pass(1);
  };

  it("sets a new secret, then has nothing to do, changes it, and deletes it", async () => {
    const resource = await declared({ description: "for the API" });
    assert.ok(has("first value"));
    assert.deepEqual(settingIn(hub, "API_KEY"), { kind: "secret", description: "for the API" });
    assert.equal(resource.id, "acme/demo-space/API_KEY");
    assert.equal(resource.kept.status, "active");
    const same = args({ description: "for the API" });
    assert.equal(resource.preview(same), "same");
    assert.deepEqual(await resource.refresh(), []);
    assert.equal(resource.preview(same), "same");
    assert.equal(await resource.up(args({ value: "second value" })), "update");
    assert.ok(has("second value"));
    assert.deepEqual(settingIn(hub, "API_KEY"), { kind: "secret" });
    await resource.destroy();
    assert.equal(settingIn(hub, "API_KEY"), undefined);
    assert.deepEqual(resource.warnings(), []);
  });

  it("overwrites an existing secret only with a reason", async () => {
    await setByHand("theirs");
    await assert.rejects(slot().up(args()), {
      message:
        "The secret API_KEY of the Space acme/demo-space exists on the Hub, and this program did not set it. It is not overwritten automatically, because " +
        "something may need its value. Remove this resource from the program to keep it, or give a new reason in acknowledgeOverwrite to overwrite it.",
    });
    assert.ok(has("theirs"));
    await declared({ acknowledgeOverwrite: "this program manages it from now on" });
    assert.ok(has("first value"));
  });

  it("overwrites a secret that someone changed only with a new reason", async () => {
    const resource = await declared({ acknowledgeOverwrite: "old" });
    await setByHand("theirs");
    assert.equal(resource.preview(args({ acknowledgeOverwrite: "old" })), "same");
    assert.deepEqual(await resource.refresh(), ["value"]);
    assert.equal(resource.kept.status, "changed");
    await assert.rejects(resource.up(args({ acknowledgeOverwrite: "old" })), {
      message:
        "The secret API_KEY of the Space acme/demo-space was changed on the Hub after this program set it. It is not overwritten automatically, because " +
        "someone may have done that on purpose. Remove this resource from the program and with `pulumi state delete` to keep it, or give a new reason in " +
        "acknowledgeOverwrite to overwrite it.",
    });
    assert.match(
      resource.warnings().join("\n"),
      /the secret API_KEY of the Space acme\/demo-space was changed on the Hub after this program set it \(by ada-admin at [^)]*, according to the audit log\)\./,
    );
    assert.ok(has("theirs"));
    const reason = args({ acknowledgeOverwrite: "it was a mistake" });
    assert.equal(await resource.up(reason), "update");
    assert.ok(has("first value"));
    assert.equal(resource.kept.status, "active");
    assert.equal(resource.preview(reason), "same");
    assert.deepEqual(await resource.refresh(), []);
  });

  it("overwrites a changed secret with a new value, and warns", async () => {
    const resource = await declared();
    await setByHand("theirs");
    assert.equal(await resource.up(args({ value: "rotated" })), "update");
    assert.ok(has("rotated"));
    assert.match(
      resource.warnings().join("\n"),
      /was changed on the Hub after this program set it \(by ada-admin/,
    );
    assert.equal(resource.preview(args({ value: "rotated" })), "same");
  });

  it("sets a secret that someone deleted only with a new reason, even if the value is new", async () => {
    const resource = await declared();
    await byHand.client.deleteSpaceSecret(SPACE, "API_KEY");
    assert.deepEqual(await resource.refresh(), ["value"]);
    assert.equal(resource.kept.status, "missing");
    for (const value of ["first value", "rotated"]) {
      await assert.rejects(resource.up(args({ value })), {
        message:
          "The secret API_KEY of the Space acme/demo-space was deleted on the Hub after this program set it. It is not set again automatically, because " +
          "someone may have done that on purpose. Remove this resource from the program, or give a new reason in acknowledgeOverwrite to set it again.",
      });
      assert.equal(settingIn(hub, "API_KEY"), undefined);
    }
    assert.equal(
      await resource.up(args({ value: "rotated", acknowledgeOverwrite: "still needed" })),
      "update",
    );
    assert.ok(has("rotated"));
    assert.equal(resource.kept.status, "active");
  });

  it("changes a description that someone changed", async () => {
    const resource = await declared({ description: "ours" });
    await resource.refresh();
    assert.equal(await resource.up(args({ description: "new" })), "update");
    assert.equal(settingIn(hub, "API_KEY")?.description, "new");
    assert.ok(has("first value"));
  });

  it("does not give the secret to a different Space of the same name", async () => {
    const resource = await declared();
    await byHand.deleteSpace();
    await resource.refresh();
    assert.equal(resource.kept.status, "missing");
    assert.equal(await resource.up(args({ value: "rotated" })), "update");
    assert.match(
      resource.warnings().join("\n"),
      /The Space acme\/demo-space does not exist on the Hub, so the secret API_KEY was not set\./,
    );
    await byHand.createSpace();
    const early = args({ value: "rotated", acknowledgeOverwrite: "early" });
    await assert.rejects(
      resource.up(early),
      /does not exist, and it is not set automatically, because this is a different Space/,
    );
    assert.equal(settingIn(hub, "API_KEY"), undefined);
    await assert.rejects(resource.up(early), /different Space/);
    await resource.up(args({ value: "rotated", acknowledgeOverwrite: "the new Space needs it" }));
    assert.ok(has("rotated"));
  });

  it("leaves the secret of a different Space at the end", async () => {
    const resource = await declared();
    await byHand.deleteSpace();
    await byHand.createSpace();
    await setByHand("theirs");
    await resource.destroy();
    assert.ok(has("theirs"));
    assert.match(resource.warnings().join("\n"), /left unchanged on the Hub: it is a different object/);
  });

  it("refuses a moved Space, recognizes the secret under the new name, and leaves it at the end of the old name", async () => {
    const resource = await declared();
    await byHand.moveSpace(SPACE, "acme/portal");
    const redirect = () =>
      hub.inject({
        method: "GET",
        path: `/api/spaces/${SPACE}`,
        effect: { status: 307, headers: { location: "/api/spaces/acme/portal" } },
      });
    redirect();
    await assert.rejects(resource.up(args({ value: "rotated" })), {
      message:
        'The Space acme/demo-space was moved to acme/portal on the Hub. Declare space: "acme/portal", or remove this resource from the program; nothing ' +
        "was changed.",
    });
    const key = spaceSecretDefinition.identityOf?.(resource.kept);
    const moved = slot();
    const inputs = moved.check(args({ space: "acme/portal" }));
    const context = {
      ...moved.context(),
      formerOf: (id: string) => (id === key ? resource.kept : undefined),
    };
    const { state } = await spaceSecretDefinition.create(inputs, context);
    assert.equal(state.status, "active");
    assert.ok(has("first value", "API_KEY", "acme/portal"));
    redirect();
    await resource.destroy();
    assert.match(resource.warnings().join(), /left unchanged: The Space acme\/demo-space was moved/);
    assert.ok(has("first value", "API_KEY", "acme/portal"));
  });

  it("refuses a key that the Hub has as a variable", async () => {
    await byHand.client.setSpaceVariable(SPACE, { key: "API_KEY", value: "public" });
    await assert.rejects(slot().up(args()), {
      message:
        "The Space acme/demo-space already has a variable API_KEY, and a key is a secret or a variable, not both. Nothing was sent. Delete the variable on " +
        "the Hub, or use another key.",
    });
  });

  it("finds the secret under its key, whatever the case of other keys", async () => {
    await setByHand("theirs", "api_key");
    const resource = await declared();
    assert.ok(has("first value"));
    await resource.destroy();
    assert.ok(has("theirs", "api_key"));
    const of = (key: string) => spaceSecretDefinition.declaredObject?.(args({ key }))?.toLowerCase();
    assert.notEqual(of("API_KEY"), of("api_key"));
  });

  it("fails if the Hub does not make a change, or does not show what it needs", async () => {
    const resource = await declared();
    const answer = (method: string, path: string, body: object, status = 200) =>
      hub.inject({ method, path: `/api/spaces/${SPACE}${path}`, effect: { status, body } });
    answer("POST", "/secrets", {});
    await assert.rejects(resource.up(args({ value: "second value" })), {
      message:
        "The Hub accepted a change of the secret API_KEY of the Space acme/demo-space but did not make it: it is not the declared value. Run `pulumi up` " +
        "again; if that does not help, change it on the Hub.",
    });
    assert.equal(await resource.up(args({ value: "second value" })), "update");
    assert.ok(has("second value"));
    answer("GET", "", { id: SPACE, private: false });
    await assert.rejects(resource.refresh(), /The Hub does not show the id of the Space acme\/demo-space/);
    answer("GET", "", { error: "Not Found" }, 404);
    await assert.rejects(resource.refresh(), /404/);
    assert.deepEqual(await resource.refresh(), []);
    assert.equal(resource.kept.status, "active");
  });

  it("is not created in a Space that does not exist", async () => {
    await assert.rejects(
      slot().up(args({ space: "acme/nothing" })),
      /The Space acme\/nothing does not exist on the Hub/,
    );
  });

  it("keeps the value only in what is encrypted", async () => {
    const resource = await declared({ value: "correct-horse-battery" });
    await setByHand("theirs");
    await resource.refresh();
    await assert.rejects(resource.up(args({ value: "correct-horse-battery", description: "d" })));
    const { secrets } = spaceSecretDefinition;
    const open = Object.entries(resource.kept).filter(([name]) => !secrets.includes(name));
    const text = JSON.stringify(open);
    assert.doesNotMatch(text, /correct-horse/);
    assert.ok(!text.includes(secretHash("correct-horse-battery")));
    assert.doesNotMatch(resource.warnings().join("\n"), /correct-horse/);
  });
});

describe("value of a SpaceSecret", () => {
  const kept = (changes: object = {}) =>
    ({
      space: SPACE,
      key: "K",
      value: "v",
      applied: "A",
      identity: "1",
      setAt: T1,
      status: "active",
      ...changes,
    }) as SpaceSecretState;
  const T1 = "2026-11-20T10:00:00.000Z";
  const T2 = "2026-11-20T11:00:00.000Z";

  for (const [what, info, state, value] of [
    ["is missing without the key", undefined, kept(), null],
    ["is the applied one at the same time", { updatedAt: T1 }, kept(), "A"],
    [
      "is the applied one at the same time in another form",
      { updatedAt: "2026-11-20T10:00:00Z" },
      kept(),
      "A",
    ],
    ["is another one at another time", { updatedAt: T2 }, kept(), `set at ${T2}`],
    ["is the applied one if the Hub shows no time", {}, kept(), "A"],
    [
      "is the applied one if the Hub did not show the time before",
      { updatedAt: T2 },
      kept({ setAt: undefined }),
      "A",
    ],
    [
      "is another one if it was missing at the last look",
      {},
      kept({ setAt: undefined, seen: {} }),
      "set at an unknown time",
    ],
    ["is the tried one at another time", { updatedAt: T2 }, kept({ tried: "B" }), "B"],
    ["is the applied one if the tried one did not arrive", { updatedAt: T1 }, kept({ tried: "B" }), "A"],
    [
      "is another one in another Space",
      { updatedAt: T1 },
      kept({ identity: "2", tried: "B" }),
      `set at ${T1}`,
    ],
    ["is another one after the Space was missing", { updatedAt: T1 }, kept({ gone: true }), `set at ${T1}`],
    ["is another one for a new resource", { updatedAt: T1 }, undefined, `set at ${T1}`],
  ] as const) {
    it(what, () => assert.equal(valueSeen(info, "1", state).value, value));
  }
});

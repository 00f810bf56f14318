// Values that the program marks as secrets are not in a drift report, also if they are decrypted to compare them.
import assert from "node:assert/strict";
import { driftOf, HIDDEN } from "../../cli/src/drift/report";
import { readStack, type Recorded } from "../../cli/src/drift/stack";

/** A secret in the result of `pulumi stack export --show-secrets`. */
const decrypted = (value: unknown): object => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

function recorded(inputs: object): Recorded {
  const resource = {
    urn: "urn:pulumi:prod::infra::pulumi-nodejs:dynamic/huggingface:ResourceGroup::group",
    type: "pulumi-nodejs:dynamic/huggingface:ResourceGroup",
    id: "acme/1",
    inputs: { organization: "acme", ...inputs },
    outputs: {},
  };
  const text = JSON.stringify({ version: 3, deployment: { manifest: {}, resources: [resource] } });
  return readStack(text).resources[0] as Recorded;
}

function shownValues(resource: Recorded, property: string, applied: unknown, onHub: unknown): string[] {
  const finding = { property, applied, onHub, order: "looser" } as const;
  const drift = driftOf(resource, finding, { events: [] }, { up: "reverts" }, "pulumi up");
  return [drift.applied, drift.onHub];
}

describe("a decrypted secret in a drift report", () => {
  it("is not shown", () => {
    const resource = recorded({ name: decrypted("research") });
    assert.equal(resource.inputs["name"], "research");
    assert.deepEqual(shownValues(resource, "name", "research", "other"), [HIDDEN, HIDDEN]);
  });

  it("is not shown if only a part of the property is secret", () => {
    const resource = recorded({ members: [{ user: decrypted("ana"), role: "read" }] });
    assert.deepEqual(shownValues(resource, "members", [], [{ user: "eve", role: "read" }]), [HIDDEN, HIDDEN]);
  });

  it("does not hide other properties", () => {
    const resource = recorded({ name: decrypted("research") });
    assert.deepEqual(shownValues(resource, "autoJoin", "none", "all"), ["none", "all"]);
  });
});

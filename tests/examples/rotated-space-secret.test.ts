import assert from "node:assert/strict";
import { runExample } from "../support/example";
import { type Hub } from "../support/hub";
import { settingIn, SPACE } from "../support/spaceSettings";

/** The values of the account's tokens that the Space's secret may have. */
function tokenInSpace(hub: Hub, value: unknown): boolean {
  return hub.store.hasSpaceSecret(SPACE, "HF_TOKEN", String(value));
}

describe("example rotated-space-secret", function () {
  this.timeout(120_000);

  it("gives the Space the account's token, also after a rotation, and removes everything on destroy", () =>
    runExample("rotated-space-secret", {
      afterUp: async (hub, outputs, project) => {
        assert.equal(outputs["secretStatus"], "active");
        assert.equal(outputs["variableStatus"], "active");
        assert.deepEqual(settingIn(hub, "MODEL"), { kind: "variable", value: "acme/llm" });
        const tokenOf = async () => {
          const state = await project.state({ showSecrets: true });
          const token = state.deployment.resources?.find(({ type }) => type.endsWith(":HubToken"));
          return (token?.outputs?.["token"] as { plaintext: string }).plaintext.replaceAll('"', "");
        };
        const first = await tokenOf();
        assert.ok(hub.store.findToken(first));
        assert.ok(tokenInSpace(hub, first));
        await project.setConfig({ generation: "2" });
        await project.up();
        const second = await tokenOf();
        assert.notEqual(second, first);
        assert.ok(tokenInSpace(hub, second));
      },
      afterDestroy: (hub) => {
        assert.equal(settingIn(hub, "HF_TOKEN"), undefined);
        assert.equal(settingIn(hub, "MODEL"), undefined);
        assert.deepEqual(hub.store.serviceAccountsOf("acme"), []);
      },
    }));
});

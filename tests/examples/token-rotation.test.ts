import assert from "node:assert/strict";
import { runExample } from "../support/example";

describe("example token-rotation", function () {
  this.timeout(120_000);

  it("issues the account's token and the user's own, renews both, and removes all of them on destroy", () => {
    let values: string[] = [];
    return runExample("token-rotation", {
      config: () => ({ personalToken: "true" }),
      afterUp: async (hub, outputs, project) => {
        const [account] = hub.store.serviceAccountsOf("acme");
        assert.equal(account?.name, "ci-pipeline");
        assert.equal(outputs["ciUser"], account.user);
        assert.deepEqual(outputs["serviceAccounts"], ["ci-pipeline"]);
        assert.equal(outputs["ciTokenStatus"], "active");
        const [token] = hub.store.tokensOf(account.id);
        assert.ok(token);
        assert.deepEqual(token.permissions, ["repo.content.read"]);
        const month = Date.parse(token.createdAt) + 30 * 24 * 60 * 60 * 1000;
        assert.equal(outputs["ciTokenRotatesAt"], new Date(month).toISOString());
        assert.equal(hub.store.findToken(outputs["ciToken"] as string)?.token.id, token.id);
        assert.equal(hub.store.findToken(outputs["personalToken"] as string)?.kind, "user");

        await project.setConfig({ generation: "2" });
        await project.up();
        const renewed = await project.outputs({ showSecrets: true });
        for (const name of ["ciToken", "personalToken"]) {
          assert.notEqual(renewed[name], outputs[name]);
          assert.ok(hub.store.findToken(renewed[name] as string), `the new ${name} should work`);
          assert.ok(
            hub.store.findToken(outputs[name] as string),
            `the old ${name} should work for one more day`,
          );
        }
        values = ["ciToken", "personalToken"].flatMap((name) => [
          outputs[name] as string,
          renewed[name] as string,
        ]);
      },
      afterDestroy: (hub) => {
        assert.deepEqual(hub.store.serviceAccountsOf("acme"), []);
        for (const value of values) assert.equal(hub.store.findToken(value), undefined);
      },
    });
  });
});

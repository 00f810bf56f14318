import assert from "node:assert/strict";
import { runExample } from "../support/example";
import { type Hub } from "../support/hub";

describe("example locked-down-organization", function () {
  this.timeout(300_000);

  const visibilityOf = (hub: Hub, repo: string, type: "model" | "dataset" = "model") =>
    hub.store.repository(repo, type)?.visibility;
  const publish = (hub: Hub, name: string) => {
    const repository = hub.store.repository(`acme/${name}`, "dataset");
    assert.ok(repository);
    hub.store.tables.repositories.put(`dataset/acme/${name}`, { ...repository, visibility: "public" });
  };
  const env = (hub: Hub) => ({ HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin });
  const config = () => ({ clientSecret: { secret: "a client secret of the test" } });

  it("finds the repository that no one declared, reports it, and then makes it private", () =>
    runExample("locked-down-organization", {
      hub: { profile: "public" },
      env,
      config,
      afterUp: async (hub, outputs, project) => {
        assert.deepEqual(outputs["tooWide"], []);
        assert.equal(outputs["repositories"], 17);
        publish(hub, "telemetry");
        const { code, text } = await project.preview({
          refresh: true,
          expectNoChanges: true,
          allowFailure: true,
        });
        assert.notEqual(code, 0);
        assert.match(text, /acme\/telemetry/);
        await project.setConfig({ mode: "enforce" });
        await project.up();
        assert.equal(visibilityOf(hub, "acme/telemetry", "dataset"), "public", "reported first");
        await project.up();
        assert.equal(visibilityOf(hub, "acme/telemetry", "dataset"), "private");
        assert.equal(visibilityOf(hub, "acme/llm-public"), "public");
      },
    }));
});

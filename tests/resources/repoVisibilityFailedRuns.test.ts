// What a run found before it failed is known to later runs, even if it sent nothing.
import assert from "node:assert/strict";
import { HubClient, type RepoSettingsUpdate } from "../../provider/src/client";
import { UnfinishedError } from "../../provider/src/model/definition";
import { repoVisibilityDefinition as definition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";
import { request } from "../support/request";

const MODEL = "acme/llm-private";

describe("a RepoVisibility whose run has failed", () => {
  let hub: Hub;
  let byHand: HubClient;
  let repo: ReturnType<typeof slot>;
  beforeEach(async () => {
    hub = await startHub();
    byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    repo = slot();
  });
  afterEach(() => hub.close());

  const slot = () => new ResourceHarness(definition, { hub, clock: new Clock() });
  const args = (changes: object) => ({ owner: "0123abcd", repo: MODEL, ...changes });
  const open = (reason: string, changes: object = {}) =>
    args({ visibility: "public", acknowledgePublic: reason, ...changes });
  const stored = () => hub.store.repository(MODEL, "model")!;
  const make = (settings: RepoSettingsUpdate) =>
    byHand.updateRepoSettings(MODEL, { repoType: "model", ...settings });
  const night = async (inputs: object) => {
    await repo.refresh();
    return repo.up(inputs);
  };
  /** The Hub refuses what the run sends. */
  const fails = async (run: () => Promise<unknown>) => {
    hub.inject({ method: "PUT", path: /settings$/, effect: { status: 403, body: { error: "no" } } });
    await assert.rejects(run, UnfinishedError);
  };
  const refused = (inputs: object, reason: RegExp) =>
    assert.rejects(
      () => night(inputs),
      (error: Error) => {
        assert.ok(error instanceof UnfinishedError, String(error));
        assert.match(error.message, reason);
        return true;
      },
    );

  it("because of its gate is not opened again after it was found public and closed by hand", async () => {
    await repo.up(args({ visibility: "private", gated: "manual" }));
    await make({ visibility: "public" });
    const wanted = open("launch", { gated: "auto" });
    await fails(() => repo.up(wanted));
    await make({ visibility: "private" });
    await refused(wanted, /was made private on the Hub/);
    assert.equal(stored().visibility, "private");
  });

  it("because of its visibility is not opened at a first gate that was found as declared and closed by hand", async () => {
    await repo.up(args({ visibility: "private" }));
    const wanted = args({ visibility: "internal", gated: false });
    await fails(() => repo.up(wanted));
    await make({ gated: "manual" });
    await refused(wanted, /has gated: "manual"/);
    assert.equal(stored().gated, "manual");
  });

  for (const [title, was, made, wanted] of [
    ["refused", "private", "private", open("launch", { gated: "auto" })],
    ["as declared", "private", "private", args({ visibility: "private", gated: "auto" })],
    ["tightened", "private", "public", args({ visibility: "private", gated: "auto" })],
  ] as const) {
    it(`is not opened at the first gate of another repository that this run refused, with its visibility ${title}`, async () => {
      await repo.up(args({ visibility: was }));
      const [organization, name] = MODEL.split("/");
      const send = (method: "POST" | "DELETE", path: string, body: object) =>
        request(hub.endpoint, hub.tokens.admin, method, path, { name, organization, type: "model", ...body });
      await send("DELETE", "/api/repos/delete", {});
      await send("POST", "/api/repos/create", { visibility: made });
      await make({ gated: "manual" });
      for (let nights = 0; nights < 3; nights++) {
        await refused(wanted, /has gated: "manual"/);
        assert.deepEqual([stored().visibility, stored().gated], [was, "manual"]);
      }
    });
  }

  describe("keeps its reason open", () => {
    beforeEach(async () => {
      await repo.up(open("first"));
      await make({ visibility: "private" });
    });

    it("after a refresh if the Hub still has what it was given for", async () => {
      const wanted = open("second", { gated: "auto" });
      await fails(() => night(wanted));
      await repo.refresh();
      assert.equal(await night(wanted), "update");
      assert.deepEqual([stored().visibility, stored().gated], ["public", "auto"]);
    });

    it("after a refresh that does not see the value exactly", async () => {
      await fails(() => night(open("second")));
      hub.inject({ path: /settings\/repositories/, effect: { status: 403, body: { error: "no" } } });
      await repo.refresh();
      assert.match(repo.warnings().at(-1) ?? "", /does not show/);
      assert.equal(await repo.up(open("second")), "update");
      assert.equal(stored().visibility, "public");
    });

    it("after a refresh if its program no longer declares a gate", async () => {
      await make({ visibility: "public" });
      await repo.up(open("first", { gated: "auto" }));
      await make({ visibility: "private" });
      await fails(() => night(open("second")));
      assert.equal(await night(open("second")), "update");
      assert.equal(stored().visibility, "public");
    });

    it("but not after a refresh has seen something else, even if that is undone", async () => {
      const wanted = open("second");
      await fails(() => night(wanted));
      await make({ visibility: "public" });
      await repo.refresh();
      await make({ visibility: "private" });
      await refused(wanted, /was made private on the Hub/);
      assert.equal(stored().visibility, "private");
    });
  });
});

import assert from "node:assert/strict";
import { type ConfigurableRepoType, HubClient } from "../../provider/src/client";
import { repoVisibilityDefinition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { canBeGated, visibilitiesOf } from "../../provider/src/rules/visibility";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";
import { request } from "../support/request";

const REPOS: Record<ConfigurableRepoType, string> = {
  model: "acme/llm-private",
  dataset: "acme/telemetry",
  space: "acme/labeling",
  bucket: "acme/checkpoints",
};
const reason = { acknowledgePublic: "product page" };

const owner = "0123abcd";

describe("RepoVisibility", () => {
  let hub: Hub;

  beforeEach(async () => {
    hub = await startHub();
  });
  afterEach(() => hub.close());

  const slot = (surroundings: { token?: string; hub?: Hub } = {}) =>
    new ResourceHarness(repoVisibilityDefinition, { hub, clock: new Clock(), ...surroundings });
  const args = (changes: object = {}) => ({ owner, repo: "acme/llm-private", ...changes });
  const stored = (repo = "acme/llm-private", type: ConfigurableRepoType = "model") =>
    hub.store.repository(repo, type);
  const puts = (of = hub) => of.store.requests.filter(({ method }) => method === "PUT").length;
  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const tokenWith = async (permissions: "repo"[] | "all") => {
    const client = byHand();
    const account = await client.createServiceAccount("acme", { name: "ci" });
    const { token } = await client.createServiceAccountToken("acme", account._id, {
      permissions:
        permissions === "all"
          ? ["repo.content.read", "repo.write", "org.read"]
          : ["repo.content.read", "repo.write"],
    });
    return token;
  };

  for (const repoType of Object.keys(REPOS) as ConfigurableRepoType[]) {
    for (const visibility of visibilitiesOf(repoType)) {
      it(`makes a ${repoType} ${visibility}, and then has nothing to do`, async () => {
        const inputs = args({ repo: REPOS[repoType], repoType, visibility, ...reason });
        const repo = slot();
        await repo.up(inputs);
        assert.equal(stored(REPOS[repoType], repoType)?.visibility, visibility);
        assert.equal(repo.id, `${repoType}/${REPOS[repoType]}`);
        assert.deepEqual(await repo.refresh(), []);
        assert.equal(await repo.up(inputs), "same");
        assert.equal(puts(), visibility === "private" ? 0 : 1, "nothing is sent if nothing changes");
        const found = await repoVisibilityDefinition.read(repo.id, undefined, repo.context());
        assert.equal(found?.inputs.visibility, visibility);
        assert.equal(found?.inputs.gated, canBeGated(repoType) ? false : undefined);
      });
    }
  }

  it("needs no listing for a bucket, and leaves its regions unchanged", async () => {
    const regions = [{ provider: "aws", region: "eu" }];
    const client = byHand();
    const settings = { private: true, cdnRegions: regions };
    await request(hub.endpoint, hub.tokens.admin, "PUT", `/api/buckets/${REPOS.bucket}/settings`, settings);
    const token = await tokenWith([]);
    await assert.rejects(
      new HubClient({ endpoint: hub.endpoint, token }).listRepositories("acme"),
      /permission org\.read/,
    );
    const repo = slot({ token });
    for (const visibility of ["private", "public", "private"] as const) {
      const inputs = args({ repo: REPOS.bucket, repoType: "bucket", visibility, ...reason });
      await repo.up(inputs);
      assert.deepEqual(await repo.refresh(), []);
      assert.equal(await repo.up(inputs), "same");
      assert.equal(stored(REPOS.bucket, "bucket")?.visibility, visibility);
      assert.deepEqual((await client.getRepo(REPOS.bucket, "bucket")).cdnRegions, regions);
    }
  });

  describe("creation", () => {
    it("takes over a repository that is as declared, and sends nothing", async () => {
      assert.equal(await slot().up(args({ private: true })), "create");
      assert.equal(puts(), 0);
    });
    it("fails if the repository does not exist", async () => {
      await assert.rejects(
        slot().up(args({ repo: "acme/none", private: true })),
        /model acme\/none does not exist on the Hub.*does not create/s,
      );
    });
    it("does not report a repository as missing if these credentials may not see it", async () => {
      const other = slot({ token: hub.tokens.outsider });
      await assert.rejects(other.up(args({ private: true })), /gone or only hidden:.*not a member of acme/s);
    });
    it("sends the gate in the same request", async () => {
      const repo = slot();
      await repo.up(args({ visibility: "public", gated: "manual", ...reason }));
      assert.equal(puts(), 1);
      assert.equal(stored()?.gated, "manual");
      assert.deepEqual(await repo.refresh(), []);
    });
    it("does not change a gate that is not declared", async () => {
      const repo = slot();
      await repo.up(args({ repo: "acme/llm-gated", private: true }));
      assert.equal(stored("acme/llm-gated")?.gated, "manual");
      await byHand().updateRepoSettings("acme/llm-gated", { gated: false });
      assert.deepEqual(await repo.refresh(), []);
    });
    it("fails for internal visibility on a Hub that does not offer it", async () => {
      const plain = await startHub({ profile: "public" });
      try {
        const repo = slot({ hub: plain });
        await assert.rejects(repo.up(args({ visibility: "internal" })), /does not offer internal visibility/);
        assert.equal(plain.store.repository("acme/llm-private")?.visibility, "private");
      } finally {
        await plain.close();
      }
    });
  });

  describe("update", () => {
    it("sends nothing for arguments that the Hub does not have", async () => {
      const repo = slot();
      await repo.up(args({ private: true }));
      assert.equal(
        await repo.up(args({ private: true, onDestroy: "private", acknowledgePublic: "later" })),
        "update",
      );
      assert.equal(puts(), 0);
      assert.equal(repo.kept.onDestroy, "private");
    });
    it("is a replacement for another repository or type, and leaves the old repository unchanged", async () => {
      const repo = slot();
      await repo.up(args({ private: true }));
      assert.equal(repo.preview(args({ private: true, repoType: "dataset" })), "replace");
      assert.equal(await repo.up(args({ repo: "acme/embeddings", private: true })), "replace");
      assert.equal(stored("acme/embeddings")?.visibility, "private");
      assert.equal(stored()?.visibility, "private");
    });
    it("narrows a repository that someone widened on the Hub, after the refresh has shown it", async () => {
      const repo = slot();
      await repo.up(args({ private: true }));
      await byHand().setRepoVisibility("acme/llm-private", { private: false });
      assert.deepEqual(await repo.refresh(), ["visibility"]);
      assert.equal(await repo.up(args({ private: true })), "update");
      assert.equal(stored()?.visibility, "private");
      assert.match(repo.warnings().join(), /someone made it public on the Hub/);
      assert.equal(await repo.up(args({ private: true })), "same");
    });
  });

  describe("after someone narrowed it on the Hub", () => {
    const open = () => args({ visibility: "public", ...reason });
    let repo: ReturnType<typeof slot>;
    beforeEach(async () => {
      repo = slot();
      await repo.up(open());
      await byHand().setRepoVisibility("acme/llm-private", { private: true });
    });

    it("announces the refusal in a preview, and no nightly `up --refresh` widens it", async () => {
      const before = puts();
      for (let night = 0; night < 3; night++) {
        assert.deepEqual(await repo.refresh(), night === 0 ? ["visibility"] : []);
        assert.equal(repo.preview(open()), "update");
        assert.match(repo.warnings().at(-1) ?? "", /`pulumi up` will refuse this.*was made private/);
        await assert.rejects(repo.up(open()), /was made private on the Hub.*not made public automatically/s);
      }
      await assert.rejects(
        repo.up({ ...open(), onDestroy: "private" }),
        /not made public automatically/,
        "not along with another change either",
      );
      assert.equal(stored()?.visibility, "private");
      assert.equal(puts(), before);
    });
    it("does not widen it without a refresh in an update for another reason", async () => {
      await assert.rejects(repo.up({ ...open(), onDestroy: "private" }), /not made public automatically/);
      assert.equal(stored()?.visibility, "private");
    });
    it("widens it for a new reason", async () => {
      await repo.refresh();
      assert.equal(
        await repo.up({ ...open(), acknowledgePublic: "cleared by security, ticket 7" }),
        "update",
      );
      assert.equal(stored()?.visibility, "public");
      assert.equal(repo.kept.acknowledgePublic, "cleared by security, ticket 7");
    });
    it("sends nothing if the program follows, and makes a later change of the program", async () => {
      await repo.refresh();
      const before = puts();
      const closed = args({ visibility: "private" });
      assert.equal(await repo.up(closed), "update");
      assert.equal(puts(), before);
      assert.equal(await repo.up(closed), "same");
      assert.equal(
        await repo.up(args({ visibility: "internal" })),
        "update",
        "a change of the program is intended",
      );
      assert.equal(stored()?.visibility, "internal");
    });
  });

  describe("for a repository that is gone or only hidden", () => {
    const remove = () =>
      request(hub.endpoint, hub.tokens.admin, "DELETE", "/api/repos/delete", {
        name: "llm-private",
        organization: "acme",
      });
    const move = (fromRepo: string, toRepo: string) =>
      request(hub.endpoint, hub.tokens.admin, "POST", "/api/repos/move", { fromRepo, toRepo, type: "model" });

    it("keeps it in the state as missing if an administrator does not see it, and sends nothing", async () => {
      const repo = slot();
      await repo.up(args({ private: true }));
      assert.equal(repo.kept.status, "active");
      await remove();
      assert.deepEqual(await repo.refresh(), []);
      assert.equal(repo.kept.status, "missing");
      assert.match(repo.warnings().join(), /does not exist on the Hub, so nothing was sent/);
      repo.said.length = 0;
      assert.equal(repo.preview(args({ private: true })), "same");
      assert.match(repo.warnings().join(), /does not exist on the Hub/);
      const before = puts();
      assert.equal(await repo.up(args({ visibility: "internal" })), "update");
      assert.equal(puts(), before);
      assert.equal(repo.kept.status, "missing");
      assert.equal(repo.kept.applied, undefined, "nothing counts as applied any more");
      await repo.destroy();
    });
    it("does not make it public again if it was made private while it was away, until the reason changes", async () => {
      const repo = slot();
      const inputs = args({ visibility: "public", ...reason });
      await repo.up(inputs);
      await move("acme/llm-private", "acme/quarantine");
      await byHand().setRepoVisibility("acme/quarantine", { private: true });
      await repo.refresh();
      assert.equal(repo.kept.status, "missing");
      assert.equal(await repo.up(inputs), "same");
      await move("acme/quarantine", "acme/llm-private");
      for (let night = 0; night < 2; night++) {
        await repo.refresh();
        assert.equal(repo.kept.status, "active");
        await assert.rejects(
          repo.up(inputs),
          /a different repository with the same name, or an earlier run did not find it/,
        );
        assert.equal(stored()?.visibility, "private");
      }
      await repo.up({ ...inputs, acknowledgePublic: "cleared, ticket 9" });
      assert.equal(stored()?.visibility, "public");
    });
    it("narrows it as soon as it is back if an update found it missing in between", async () => {
      const repo = slot();
      await repo.up(args({ visibility: "public", ...reason }));
      await move("acme/llm-private", "acme/quarantine");
      await repo.refresh();
      await repo.up(args({ private: true, ...reason }));
      await move("acme/quarantine", "acme/llm-private");
      assert.equal(await repo.up(args({ private: true, ...reason })), "update");
      assert.equal(stored()?.visibility, "private");
      assert.equal(await repo.up(args({ private: true, ...reason })), "same");
    });
    it("does not mistake it for the repository that it was moved to", async () => {
      const repo = slot();
      await repo.up(args({ private: true, onDestroy: "private" }));
      await move("acme/llm-private", "acme/renamed");
      const redirect = () =>
        hub.inject({
          method: "GET",
          path: "/api/models/acme/llm-private",
          effect: { status: 307, headers: { location: "/api/models/acme/renamed" } },
        });
      redirect();
      await assert.rejects(
        repo.refresh(),
        /model acme\/llm-private was moved to acme\/renamed.*nothing was changed/s,
      );
      redirect();
      await assert.rejects(slot().up(args({ private: true })), /was moved to acme\/renamed/);
      const before = puts();
      redirect();
      await repo.destroy();
      assert.equal(puts(), before);
      assert.match(repo.warnings().join(), /left unchanged: model acme\/llm-private was moved/);
    });
    it("fails for a member from whom it is hidden, even if that member may list repositories", async () => {
      const repo = slot();
      await repo.up(args({ private: true }));
      const group = await request(
        hub.endpoint,
        hub.tokens.admin,
        "POST",
        "/api/organizations/acme/resource-groups",
        { name: "secret" },
      );
      const { id } = group.body as { id: string };
      await request(hub.endpoint, hub.tokens.admin, "POST", "/api/models/acme/llm-private/resource-group", {
        resourceGroupId: id,
      });
      const member = slot({ token: hub.tokens.write });
      Object.assign(member, { id: repo.id, state: repo.state });
      await assert.rejects(
        member.refresh(),
        /gone or only hidden:.*role of the token's owner in acme is write/s,
      );
      const outsider = slot({ token: hub.tokens.outsider });
      Object.assign(outsider, { id: repo.id, state: repo.state });
      await assert.rejects(outsider.refresh(), /not a member of acme/);
      await assert.rejects(outsider.up(args({ private: true, onDestroy: "private" })), /not a member of/);
    });
    it("fails for a token that is fine-grained or restricted by the organization", async () => {
      const repo = slot();
      await repo.up(args({ private: true }));
      const account = slot({ token: await tokenWith("all") });
      Object.assign(account, { id: repo.id, state: repo.state });
      assert.deepEqual(await account.refresh(), []);
      await request(hub.endpoint, hub.tokens.admin, "DELETE", "/api/repos/delete", {
        name: "llm-private",
        organization: "acme",
      });
      await assert.rejects(account.refresh(), /only hidden: .*(not admin|fine-grained)/s);
      hub.store.setTokenPolicy("acme", "approval");
      await assert.rejects(repo.refresh(), /restricts this token \(token-policy\)|approve/);
    });
    it("shows it as missing in a user's own namespace if that user does not see it", async () => {
      await request(hub.endpoint, hub.tokens.outsider, "POST", "/api/repos/create", {
        name: "mine",
        private: true,
      });
      const repo = slot({ token: hub.tokens.outsider });
      await repo.up(args({ repo: "otto-outsider/mine", private: true }));
      await request(hub.endpoint, hub.tokens.outsider, "DELETE", "/api/repos/delete", { name: "mine" });
      await repo.refresh();
      assert.equal(repo.kept.status, "missing");
    });
  });

  it("makes a repository private without the right to list, even if it is only known not to be public", async () => {
    await byHand().setRepoInternalVisibility("acme/llm-private", { visibility: "internal" });
    await slot({ token: await tokenWith(["repo"]) }).up(args({ private: true }));
    assert.equal(stored()?.visibility, "private");
  });

  describe("destroy", () => {
    it("leaves the repository unchanged by default", async () => {
      const repo = slot();
      await repo.up(args({ visibility: "public", ...reason }));
      const before = puts();
      await repo.destroy();
      assert.equal(stored()?.visibility, "public");
      assert.equal(puts(), before);
    });
    it("makes it private if that is declared, and succeeds if it is gone", async () => {
      const repo = slot();
      const inputs = args({ visibility: "public", onDestroy: "private", ...reason });
      await repo.up(inputs);
      await repo.destroy();
      assert.equal(stored()?.visibility, "private");
      await repo.up({ ...inputs, acknowledgePublic: "again" });
      await request(hub.endpoint, hub.tokens.admin, "DELETE", "/api/repos/delete", {
        name: "llm-private",
        organization: "acme",
      });
      await repo.destroy();
      assert.ok(
        !hub.store.requests.some(
          ({ method, path, tokenId }) => method === "DELETE" && path.includes("llm") && !tokenId,
        ),
      );
    });
  });

  it("is looked up by its id alone, which must have the right form", async () => {
    const context = slot().context();
    const found = await repoVisibilityDefinition.read("space/acme/customer-portal", undefined, context);
    assert.equal(found?.state.visibility, "protected");
    assert.equal(await repoVisibilityDefinition.read("model/acme/none", undefined, context), undefined);
    for (const id of [
      "acme/a",
      "kernel/acme/x",
      "model/acme",
      "model/acme/a/b",
      "x model/acme/a",
      "model//a",
    ]) {
      await assert.rejects(repoVisibilityDefinition.read(id, undefined, context), {
        message: `"${id}" is not the id of a repository's visibility. It has the form repoType/namespace/name, such as model/acme/llm.`,
      });
    }
    await assert.rejects(
      repoVisibilityDefinition.read("model/acme/a%2fb", undefined, context),
      /must be a valid name/,
    );
  });

  it("fails for a visibility that this release does not know", async () => {
    const repo = slot();
    hub.inject({
      method: "GET",
      path: /settings\/repositories$/,
      effect: { status: 200, body: [{ id: "acme/llm-private", type: "model", visibility: "galactic" }] },
    });
    await assert.rejects(repo.up(args({ private: true })), {
      message:
        'acme/llm-private has the visibility "galactic" on the Hub, which this release does not know. Install a later release.',
    });
  });
});

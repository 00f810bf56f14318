import assert from "node:assert/strict";
import { type ConfigurableRepoType, HubClient, VISIBILITIES } from "../../provider/src/client";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { repoVisibilityDefinition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { startHub, type Hub } from "../support/hub";
import { Clock, Refused, Slot } from "../support/lifecycle";
import { request } from "../support/request";

const REPOS: Record<ConfigurableRepoType, string> = {
  model: "acme/llm-private",
  dataset: "acme/telemetry",
  space: "acme/labeling",
  bucket: "acme/checkpoints",
};
const ALLOWED: Record<ConfigurableRepoType, readonly string[]> = {
  model: ["private", "internal", "public"],
  dataset: ["private", "internal", "public"],
  space: VISIBILITIES,
  bucket: ["private", "public"],
};
const reason = { acknowledgePublic: "product page" };

// The same resource of one stack in all tests: what it declared in the last one, it declares no longer.
const owner = "0123abcd";

describe("RepoVisibility", () => {
  let hub: Hub;

  beforeEach(async () => {
    hub = await startHub();
  });
  afterEach(() => hub.close());

  const slot = (surroundings: { token?: string; hub?: Hub } = {}) =>
    new Slot(repoVisibilityDefinition, { hub, clock: new Clock(), ...surroundings });
  const args = (changes: object = {}) => ({ owner, repo: "acme/llm-private", ...changes });
  const stored = (repo = "acme/llm-private", type: ConfigurableRepoType = "model") =>
    hub.store.repository(repo, type);
  const puts = (of = hub) => of.store.requests.filter(({ method }) => method === "PUT").length;
  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const reasons = (inputs: object, of = slot()): string[] => {
    try {
      of.check(inputs);
    } catch (error) {
      if (error instanceof Refused)
        return error.failures.map(({ property, reason }) => `${property}: ${reason}`);
      throw error;
    }
    return [];
  };
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

  describe("each type and visibility", () => {
    for (const type of Object.keys(REPOS) as ConfigurableRepoType[]) {
      for (const visibility of VISIBILITIES) {
        const allowed = ALLOWED[type].includes(visibility);
        it(`${type}, ${visibility}: ${allowed ? "set, read back, the same" : "refused by name"}`, async () => {
          const inputs = args({ repo: REPOS[type], repoType: type, visibility, ...reason });
          const repo = slot();
          if (!allowed) {
            assert.match(
              reasons(inputs).join(),
              new RegExp(`^visibility: "${visibility}" is not for a ${type}; allowed: private`),
            );
            return;
          }
          await repo.up(inputs);
          assert.equal(stored(REPOS[type], type)?.visibility, visibility);
          assert.equal(repo.id, `${type}/${REPOS[type]}`);
          assert.deepEqual(await repo.refresh(), []);
          assert.equal(await repo.up(inputs), "same");
          assert.equal(puts(), visibility === "private" ? 0 : 1, "nothing is sent when nothing changes");
          const found = await repoVisibilityDefinition.read(repo.id, undefined, repo.context());
          assert.equal(found?.inputs.visibility, visibility);
          assert.equal(found?.inputs.gated, type === "model" || type === "dataset" ? false : undefined);
        });
      }
    }
  });

  it("a bucket needs no listing: set, read back, the same, and its regions stay", async () => {
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

  describe("its arguments", () => {
    it("the short form is the long one in short", () => {
      assert.equal(slot().check(args({ private: true })).visibility, "private");
      assert.equal(slot().check(args({ private: false, ...reason })).visibility, "public");
      assert.match(
        reasons(args({ private: true, visibility: "private" })).join(),
        /private: is the short form/,
      );
      assert.match(reasons(args()).join(), /visibility: is required.*private: true/);
      assert.match(reasons(args({ private: "yes" })).join(), /private: must be boolean, not string/);
    });
    it("public and protected need a reason, internal and private none", () => {
      assert.match(
        reasons(args({ visibility: "public" })).join(),
        /acknowledgePublic: is required.*acme\/llm-private/,
      );
      assert.match(reasons(args({ private: false })).join(), /acknowledgePublic: is required/);
      assert.match(
        reasons(args({ repo: REPOS.space, repoType: "space", visibility: "protected" })).join(),
        /acknowledgePublic: is required/,
      );
      assert.match(reasons(args({ visibility: "public", acknowledgePublic: "  " })).join(), /1 to 500/);
      assert.deepEqual(reasons(args({ visibility: "internal" })), []);
    });
    it("only models and datasets are gated", () => {
      for (const repoType of ["space", "bucket"]) {
        const inputs = args({
          repo: REPOS[repoType as ConfigurableRepoType],
          repoType,
          private: true,
          gated: "auto",
        });
        assert.match(reasons(inputs).join(), new RegExp(`gated: is not for a ${repoType}`));
      }
    });
    it("all that is wrong is told at once", () => {
      const found = reasons(
        args({ repo: "llm", visibility: "hidden", repoTyp: "model", onDestroy: "delete" }),
      );
      assert.equal(found.length, 4, found.join("\n"));
      assert.match(found.join("\n"), /did you mean "repoType"/);
    });
    it("names that would lead elsewhere are refused", () => {
      for (const repo of [
        "acme/../x",
        "acme/a/b",
        "acme",
        "/acme/a",
        "acme/a%2fb",
        "acme/a b",
        "acme/..",
        "ac..me/x",
      ]) {
        assert.equal(reasons(args({ repo, private: true })).length, 1, repo);
      }
    });
    it("what is not known yet is not judged", () => {
      for (const property of ["repo", "repoType", "visibility", "private", "gated", "acknowledgePublic"]) {
        const visibility =
          property === "private" || property === "visibility" ? {} : { visibility: "public" };
        assert.deepEqual(reasons(args({ ...reason, ...visibility, [property]: UNKNOWN })), [], property);
      }
    });
    it("two of one stack for the same repository are refused, whatever the case", () => {
      assert.deepEqual(reasons(args({ private: true })), []);
      assert.deepEqual(reasons(args({ private: true })), [], "the same one again");
      const second = { owner: "ffffffff", private: true };
      assert.match(
        reasons({ ...second, repo: "Acme/LLM-private" }).join(),
        /repo: another RepoVisibility of this stack declares Acme\/LLM-private too/,
      );
      assert.deepEqual(reasons({ ...second, repo: "acme/corpus", repoType: "dataset" }), []);
    });
  });

  describe("create", () => {
    it("one that is as declared already is taken over and nothing sent", async () => {
      assert.equal(await slot().up(args({ private: true })), "create");
      assert.equal(puts(), 0);
    });
    it("one that is not there is an error that says so", async () => {
      await assert.rejects(
        slot().up(args({ repo: "acme/none", private: true })),
        /no model acme\/none on the Hub.*does not create/s,
      );
    });
    it("one that a member cannot see is not called missing", async () => {
      const other = slot({ token: hub.tokens.outsider });
      await assert.rejects(
        other.up(args({ private: true })),
        /gone or only hidden cannot be told.*not a member's of acme/s,
      );
    });
    it("gating goes along in the same request", async () => {
      const repo = slot();
      await repo.up(args({ visibility: "public", gated: "manual", ...reason }));
      assert.equal(puts(), 1);
      assert.equal(stored()?.gated, "manual");
      assert.deepEqual(await repo.refresh(), []);
    });
    it("gating that is not declared is left alone", async () => {
      const repo = slot();
      await repo.up(args({ repo: "acme/llm-gated", private: true }));
      assert.equal(stored("acme/llm-gated")?.gated, "manual");
      await byHand().updateRepoSettings("acme/llm-gated", { gated: false });
      assert.deepEqual(await repo.refresh(), []);
    });
    it("internal on a Hub that has it not is refused by name", async () => {
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
    it("what the Hub does not hold is not sent", async () => {
      const repo = slot();
      await repo.up(args({ private: true }));
      assert.equal(
        await repo.up(args({ private: true, onDestroy: "private", acknowledgePublic: "later" })),
        "update",
      );
      assert.equal(puts(), 0);
      assert.equal(repo.kept.onDestroy, "private");
    });
    it("another repository or type replaces, and the old one stays as it is", async () => {
      const repo = slot();
      await repo.up(args({ private: true }));
      assert.equal(repo.preview(args({ private: true, repoType: "dataset" })), "replace");
      assert.equal(await repo.up(args({ repo: "acme/embeddings", private: true })), "replace");
      assert.equal(stored("acme/embeddings")?.visibility, "private");
      assert.equal(stored()?.visibility, "private");
    });
    it("made wider on the Hub: shown, and narrowed again", async () => {
      const repo = slot();
      await repo.up(args({ private: true }));
      await byHand().setRepoVisibility("acme/llm-private", { private: false });
      assert.deepEqual(await repo.refresh(), ["visibility"]);
      assert.equal(await repo.up(args({ private: true })), "update");
      assert.equal(stored()?.visibility, "private");
      assert.match(repo.warnings().join(), /somebody made it public on the Hub/);
      assert.equal(await repo.up(args({ private: true })), "same");
    });
    it("gated outside of what is declared is repaired", async () => {
      const repo = slot();
      await repo.up(args({ visibility: "public", gated: "manual", ...reason }));
      await byHand().updateRepoSettings("acme/llm-private", { gated: false });
      assert.deepEqual(await repo.refresh(), ["gated"]);
      await repo.up(args({ visibility: "public", gated: "manual", ...reason }));
      assert.equal(stored()?.gated, "manual");
    });
  });

  describe("made narrower on the Hub", () => {
    const open = () => args({ visibility: "public", ...reason });
    let repo: ReturnType<typeof slot>;
    beforeEach(async () => {
      repo = slot();
      await repo.up(open());
      await byHand().setRepoVisibility("acme/llm-private", { private: true });
    });

    it("the preview shows it and says that it will be refused, and no night widens it", async () => {
      const before = puts();
      for (let night = 0; night < 3; night++) {
        assert.deepEqual(await repo.refresh(), night === 0 ? ["visibility"] : []);
        assert.equal(repo.preview(open()), "update");
        assert.match(repo.warnings().at(-1) ?? "", /`pulumi up` will refuse this.*was made private/);
        await assert.rejects(
          repo.up(open()),
          /was made private on the Hub.*not made public again by itself/s,
        );
      }
      await assert.rejects(
        repo.up({ ...open(), onDestroy: "private" }),
        /by itself/,
        "nor along with another change",
      );
      assert.equal(stored()?.visibility, "private");
      assert.equal(puts(), before);
    });
    it("without a refresh an update for another reason does not widen it either", async () => {
      await assert.rejects(repo.up({ ...open(), onDestroy: "private" }), /by itself/);
      assert.equal(stored()?.visibility, "private");
    });
    it("a new reason widens it", async () => {
      await repo.refresh();
      assert.equal(
        await repo.up({ ...open(), acknowledgePublic: "cleared by security, ticket 7" }),
        "update",
      );
      assert.equal(stored()?.visibility, "public");
      assert.equal(repo.kept.acknowledgePublic, "cleared by security, ticket 7");
    });
    it("leaving the reason out is no new reason", async () => {
      await repo.refresh();
      await assert.rejects(repo.up(args({ visibility: "internal" })), /not made internal again by itself/);
      assert.equal(stored()?.visibility, "private");
    });
    it("the program can take it over: nothing is sent, and that is the new beginning", async () => {
      await repo.refresh();
      const before = puts();
      const closed = args({ visibility: "private" });
      assert.equal(await repo.up(closed), "update");
      assert.equal(puts(), before);
      assert.equal(await repo.up(closed), "same");
      assert.equal(
        await repo.up(args({ visibility: "internal" })),
        "update",
        "a change of the program is somebody's will",
      );
      assert.equal(stored()?.visibility, "internal");
    });
    it("to something between: wider than now is refused", async () => {
      const space = slot();
      const inputs = {
        owner: "eeeeeeee",
        repo: REPOS.space,
        repoType: "space",
        visibility: "public",
        ...reason,
      };
      await space.up(inputs);
      await byHand().updateRepoSettings(REPOS.space, { repoType: "space", visibility: "internal" });
      await space.refresh();
      await assert.rejects(space.up({ ...inputs, visibility: "protected" }), /was made internal/);
      assert.equal(await space.up({ ...inputs, visibility: "private" }), "update", "narrower never is");
      assert.equal(stored(REPOS.space, "space")?.visibility, "private");
    });
  });

  it("tightened gating is not loosened, but what is too wide is narrowed all the same", async () => {
    const repo = slot();
    const inputs = args({ private: true, gated: "auto" });
    await repo.up(inputs);
    await byHand().updateRepoSettings("acme/llm-private", { visibility: "public", gated: "manual" });
    assert.deepEqual(await repo.refresh(), ["visibility", "gated"]);
    await assert.rejects(repo.up(inputs), /gated: "manual" on the Hub since.*not loosened to "auto"/s);
    assert.equal(stored()?.visibility, "private", "narrowing is always done");
    assert.equal(stored()?.gated, "manual");
    await repo.up({ ...inputs, acknowledgePublic: "auto is enough" });
    assert.equal(stored()?.gated, "auto");
  });

  it("narrowed visibility stays, but gating that became looser is tightened all the same", async () => {
    const repo = slot();
    const inputs = args({ visibility: "public", gated: "manual", ...reason });
    await repo.up(inputs);
    await byHand().updateRepoSettings("acme/llm-private", { visibility: "private", gated: false });
    await repo.refresh();
    await assert.rejects(repo.up(inputs), /not made public again/);
    assert.equal(stored()?.visibility, "private");
    assert.equal(stored()?.gated, "manual");
  });

  describe("gone or only hidden", () => {
    const remove = () =>
      request(hub.endpoint, hub.tokens.admin, "DELETE", "/api/repos/delete", {
        name: "llm-private",
        organization: "acme",
      });
    const move = (fromRepo: string, toRepo: string) =>
      request(hub.endpoint, hub.tokens.admin, "POST", "/api/repos/move", { fromRepo, toRepo, type: "model" });

    it("missing where an administrator sees none: kept, warned of, and nothing sent", async () => {
      const repo = slot();
      await repo.up(args({ private: true }));
      assert.equal(repo.kept.status, "active");
      await remove();
      assert.deepEqual(await repo.refresh(), []);
      assert.equal(repo.kept.status, "missing");
      assert.match(repo.warnings().join(), /is not on the Hub\. Nothing is sent/);
      repo.said.length = 0;
      assert.equal(repo.preview(args({ private: true })), "same");
      assert.match(repo.warnings().join(), /is not on the Hub/);
      const before = puts();
      assert.equal(await repo.up(args({ visibility: "internal" })), "update");
      assert.equal(puts(), before);
      assert.equal(repo.kept.status, "missing");
      assert.equal(repo.kept.applied.visibility, "private", "what was sent last");
      await repo.destroy();
    });
    it("moved away, made private and moved back: not made public again until the reason changes", async () => {
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
        await assert.rejects(repo.up(inputs), /was made private on the Hub.*not made public again/s);
        assert.equal(stored()?.visibility, "private");
      }
      await repo.up({ ...inputs, acknowledgePublic: "cleared, ticket 9" });
      assert.equal(stored()?.visibility, "public");
    });
    it("back after an update that found it missing: what was pending is done, or refused", async () => {
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
    it("one that answers under another name was moved, and is not read as the old one", async () => {
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
      assert.match(repo.warnings().join(), /left as it is: model acme\/llm-private was moved/);
    });
    it("an error for a member from whom it is hidden, although the listing is open to that member", async () => {
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
      await assert.rejects(member.refresh(), /gone or only hidden cannot be told.*role in acme is write/s);
      const outsider = slot({ token: hub.tokens.outsider });
      Object.assign(outsider, { id: repo.id, state: repo.state });
      await assert.rejects(outsider.refresh(), /not a member's of acme/);
      await assert.rejects(outsider.up(args({ private: true, onDestroy: "private" })), /not a member's/);
    });
    it("an error for a token that the organization restricts, or that is fine-grained", async () => {
      const repo = slot();
      await repo.up(args({ private: true }));
      const account = slot({ token: await tokenWith("all") });
      Object.assign(account, { id: repo.id, state: repo.state });
      assert.deepEqual(await account.refresh(), []);
      await request(hub.endpoint, hub.tokens.admin, "DELETE", "/api/repos/delete", {
        name: "llm-private",
        organization: "acme",
      });
      await assert.rejects(account.refresh(), /cannot be told: .*(not admin|fine-grained)/s);
      hub.store.setTokenPolicy("acme", "approval");
      await assert.rejects(repo.refresh(), /restricts these credentials \(token-policy\)|approve/);
    });
    it("an answer of 401 is an error", async () => {
      const repo = slot();
      await repo.up(args({ private: true, gated: false }));
      hub.inject({
        method: "GET",
        path: "/api/models/acme/llm-private",
        effect: { status: 401, body: { error: "Invalid username or password." } },
      });
      await assert.rejects(repo.refresh(), /401/);
    });
    it("in a person's own namespace, that person sees all", async () => {
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

  describe("without the right to list the organization's repositories", () => {
    let token: string;
    beforeEach(async () => {
      token = await tokenWith(["repo"]);
    });
    it("public and not public are told, and drift is repaired", async () => {
      const repo = slot({ token });
      await repo.up(args({ visibility: "public", ...reason }));
      assert.equal(stored()?.visibility, "public");
      assert.deepEqual(await repo.refresh(), []);
      await byHand().setRepoVisibility("acme/llm-private", { private: true });
      assert.deepEqual(await repo.refresh(), ["visibility"]);
    });
    it("declared private, it is made private even where the Hub only says that it is not public", async () => {
      await byHand().setRepoInternalVisibility("acme/llm-private", { visibility: "internal" });
      await slot({ token }).up(args({ private: true }));
      assert.equal(stored()?.visibility, "private");
    });
    it("whether internal is still internal cannot be told, which is said, and nothing is sent", async () => {
      const repo = slot({ token });
      await repo.up(args({ visibility: "internal" }));
      const before = puts();
      assert.deepEqual(await repo.refresh(), []);
      assert.match(repo.warnings().join(), /may not list.*still internal or private cannot be told/);
      assert.equal(await repo.up(args({ visibility: "internal" })), "same");
      assert.equal(puts(), before);
    });
  });

  describe("destroy", () => {
    it("retains by default: neither deleted nor changed", async () => {
      const repo = slot();
      await repo.up(args({ visibility: "public", ...reason }));
      const before = puts();
      await repo.destroy();
      assert.equal(stored()?.visibility, "public");
      assert.equal(puts(), before);
    });
    it("makes it private where that is declared, never wider, and is done where it is gone", async () => {
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

  it("is looked up by its id alone, and an id of another form is refused", async () => {
    const context = slot().context();
    const found = await repoVisibilityDefinition.read("space/acme/customer-portal", undefined, context);
    assert.equal(found?.state.visibility, "protected");
    assert.equal(await repoVisibilityDefinition.read("model/acme/none", undefined, context), undefined);
    for (const id of ["acme/llm-private", "kernel/acme/x", "model/acme", "model/acme/a/b"]) {
      await assert.rejects(
        repoVisibilityDefinition.read(id, undefined, context),
        /form repoType\/namespace\/name/,
      );
    }
    await assert.rejects(
      repoVisibilityDefinition.read("model/acme/a%2fb", undefined, context),
      /must be a name/,
    );
  });

  it("a visibility that is newer than this library is an error, not a guess", async () => {
    const repo = slot();
    hub.inject({
      method: "GET",
      path: /settings\/repositories$/,
      effect: { status: 200, body: [{ id: "acme/llm-private", type: "model", visibility: "galactic" }] },
    });
    await assert.rejects(repo.up(args({ private: true })), /"galactic".*later release/s);
  });
});

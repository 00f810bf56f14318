// What happens to a repository between two runs, and how the next run handles it.
import assert from "node:assert/strict";
import sinon from "sinon";
import {
  type ConfigurableRepoType,
  HubClient,
  type RepoSettings,
  type RepoSettingsUpdate,
  type Visibility,
} from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { checkArguments } from "../../provider/src/model/check";
import { UnfinishedError } from "../../provider/src/model/definition";
import { importObject } from "../../provider/src/model/importing";
import { repoVisibilityDefinition as definition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";
import { request } from "../support/request";

const MODEL = "acme/llm-private";
const SPACE = "acme/labeling";
const BUCKET = "acme/checkpoints";

describe("RepoVisibility over several runs,", () => {
  let hub: Hub;
  let repo: ReturnType<typeof slot>;
  beforeEach(async () => {
    hub = await startHub();
    repo = slot();
  });
  afterEach(async () => {
    sinon.restore();
    await hub.close();
  });

  /** Makes the Hub handle a change differently; `change` gets the client of the test. */
  const putsGo = (
    change: (client: HubClient, repo: string, settings: RepoSettingsUpdate) => Promise<RepoSettings>,
  ): void => {
    const real = HubClient.prototype.updateRepoSettings.bind(byHand());
    const client = { updateRepoSettings: real } as HubClient;
    sinon
      .stub(HubClient.prototype, "updateRepoSettings")
      .callsFake((repository, settings) => change(client, repository, settings));
  };
  const slot = (token?: string) => new ResourceHarness(definition, { hub, clock: new Clock(), token });
  const args = (changes: object = {}) => ({ owner: "0123abcd", repo: MODEL, ...changes });
  const closed = (changes: object = {}) => args({ visibility: "private", ...changes });
  const open = (reason = "product page") => args({ visibility: "public", acknowledgePublic: reason });
  const stored = (name = MODEL, type: ConfigurableRepoType = "model") => hub.store.repository(name, type);
  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const make = (visibility: Visibility, name = MODEL, repoType: ConfigurableRepoType = "model") =>
    byHand().updateRepoSettings(name, { repoType, visibility });
  const send = (method: "POST" | "DELETE", path: string, body: object) =>
    request(hub.endpoint, hub.tokens.admin, method, path, body);
  const remove = (type: ConfigurableRepoType = "model", name = MODEL) =>
    type === "bucket"
      ? send("DELETE", `/api/buckets/${name}`, {})
      : send("DELETE", "/api/repos/delete", { name: name.split("/")[1], organization: "acme", type });
  const again = async (visibility: Visibility, type: ConfigurableRepoType = "model", repository = MODEL) => {
    await remove(type, repository);
    const [organization, name] = repository.split("/");
    const made =
      type === "bucket"
        ? await send("POST", `/api/buckets/${repository}`, { private: visibility === "private" })
        : await send("POST", "/api/repos/create", { name, organization, type, visibility, sdk: "static" });
    assert.equal(made.status, 200, JSON.stringify(made.body));
  };
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").length;
  /** A nightly run: a refresh and an update. */
  const night = async (inputs: object, on = repo) => {
    await on.refresh();
    return on.up(inputs);
  };
  const refused = (run: Promise<unknown>, reason: RegExp) =>
    assert.rejects(run, (error: Error) => {
      assert.ok(error instanceof UnfinishedError, String(error));
      assert.match(error.message, reason);
      return true;
    });
  const ANOTHER =
    /a different repository with the same name, or an earlier run did not find it.*not made public automatically/s;

  describe("after a rename with an alias,", () => {
    /** The failures of each check in one run. */
    const checks = (...checked: { owner: string; olds?: object }[]) => {
      const context = slot().context();
      return checked.map(({ owner, olds = {} }) =>
        checkArguments(definition, closed({ owner }), { ...olds }, context).failures.map(
          ({ reason }) => reason,
        ),
      );
    };
    const olds = closed({ owner: "0123abcd" });

    it("may be replaced, because the second check does not get the former owner's mark", () => {
      assert.deepEqual(checks({ owner: "89abcdef", olds }, { owner: "89abcdef" }), [[], []]);
    });

    it("may not also be declared under its former name", () => {
      const [, [reason] = []] = checks({ owner: "89abcdef", olds }, { owner: "0123abcd" });
      assert.match(String(reason), /another RepoVisibility of this stack already manages acme\/llm-private/);
    });
  });

  describe("with another repository under the name,", () => {
    it("reports it, and sends nothing if it is as declared", async () => {
      await repo.up(closed());
      await again("private");
      const before = puts();
      assert.equal(await night(closed()), "update");
      assert.match(
        repo.warnings().join(),
        /this is a different repository from the one that this program last set/,
      );
      assert.equal(puts(), before);
      assert.equal(await night(closed()), "same");
    });
    it("narrows it, even without a refresh", async () => {
      await repo.up(closed());
      await again("public");
      await night(closed());
      assert.equal(stored()?.visibility, "private");
      await again("public");
      await repo.up(closed({ onDestroy: "private" }));
      assert.equal(stored()?.visibility, "private");
    });
    it("does not make it public for a reason given before the report, but does for one given after", async () => {
      await repo.up(closed());
      await remove();
      await repo.refresh();
      await repo.up(open());
      assert.equal(repo.kept.status, "missing");
      await again("private");
      await repo.refresh();
      assert.equal(repo.preview(open("given after the refresh")), "update");
      assert.match(
        repo.warnings().join(),
        /`pulumi up` will refuse this.*a different repository with the same name/s,
      );
      for (let run = 0; run < 2; run++) {
        await refused(repo.up(open("given after the refresh")), ANOTHER);
        await refused(night(open("given after the refresh")), ANOTHER);
      }
      await refused(repo.up(open()), ANOTHER);
      await repo.up(open("given after the report"));
      assert.equal(stored()?.visibility, "public");
      assert.equal(await night(open("given after the report")), "same");
    });
    it("distinguishes it from the former one in an update alone", async () => {
      await repo.up(open());
      await again("private");
      await refused(repo.up(open("a new reason")), ANOTHER);
      assert.equal(stored()?.visibility, "private");
      await repo.up(open("another new reason"));
      assert.equal(stored()?.visibility, "public");
    });
    it("distinguishes it from the former one among many, by shared listings", async () => {
      for (const [name, type] of [
        [MODEL, "model"],
        ["acme/telemetry", "dataset"],
        [SPACE, "space"],
        [BUCKET, "bucket"],
      ] as const) {
        const one = slot();
        const inputs = closed({ repo: name, repoType: type });
        await one.up(inputs);
        await again("private", type, name);
        await one.refresh();
        assert.ok(one.kept.unreported, type);
        assert.equal(await one.up(inputs), "update");
        await one.refresh();
        assert.ok(!one.kept.unreported, type);
      }
    });
    it("leaves it alone in a destroy, with or without a refresh", async () => {
      for (const refreshes of [true, false]) {
        const one = slot();
        await one.up({ ...open(), onDestroy: "private" });
        await again("public");
        if (refreshes) await one.refresh();
        await one.destroy();
        assert.equal(stored()?.visibility, "public");
        assert.match(one.warnings().join(), /left unchanged: it is a different repository/);
      }
    });
    it("does not notice it if the state has no identity, but takes the first one that is as applied", async () => {
      await repo.up(closed());
      assert.equal(repo.kept.identity, stored()?.id);
      delete repo.kept.identity;
      await repo.refresh();
      assert.equal(repo.kept.identity, stored()?.id);
      delete repo.kept.identity;
      await make("internal");
      await repo.refresh();
      assert.equal(repo.kept.identity, undefined);
    });
    it("assumes the same repository while the Hub does not show which one it is", async () => {
      await repo.up(closed());
      const { identity } = repo.kept;
      hub.inject({ method: "GET", path: "/api/models", effect: { status: 403 } });
      await repo.refresh();
      assert.deepEqual([repo.kept.identity, repo.kept.unreported], [identity, undefined]);
    });
  });

  describe("with a missing repository,", () => {
    it("predicts no refusal, and the run does not refuse", async () => {
      await repo.up(open());
      await make("private");
      await repo.refresh();
      await remove();
      await repo.refresh();
      repo.said.length = 0;
      repo.preview(open());
      assert.doesNotMatch(repo.warnings().join(), /will refuse/);
      await repo.up(open());
      assert.equal(repo.kept.status, "missing");
      assert.equal(repo.preview(open()), "same");
    });
  });

  describe("with a repository that someone narrowed,", () => {
    beforeEach(async () => {
      await repo.up(open());
      await make("private");
    });

    it("ends a refusal for one new reason, but not for an old one that returns", async () => {
      await refused(night(open()), /was made private on the Hub after this program set it to public/);
      await repo.up(open("second"));
      assert.equal(stored()?.visibility, "public");
      await make("private");
      await refused(night(open("product page")), /was made private/);
      await refused(night(open("second")), /was made private/);
      await repo.up(open("third"));
      assert.equal(stored()?.visibility, "public");
    });
    it("ends a refusal if the program declares what the Hub has, and may widen it later", async () => {
      await refused(night(open()), /was made private/);
      await repo.up(closed());
      assert.equal(await night(closed()), "same");
      await repo.up(open());
      assert.equal(stored()?.visibility, "public");
    });
    it("needs a reason that no run has seen, even if the program changed too", async () => {
      await refused(
        repo.up(args({ visibility: "internal" })),
        /was made private on the Hub after this program set it to public/,
      );
      await refused(night(args({ visibility: "internal" })), /was made private/);
      assert.equal(stored()?.visibility, "private");
    });
    it("accepts a reason again whose run failed while nothing has changed", async () => {
      const fails = () =>
        hub.inject({ method: "PUT", path: /settings$/, effect: { status: 503, body: { error: "no" } } });
      fails();
      await assert.rejects(repo.up(open("second")), UnfinishedError);
      await repo.up(open("second"));
      assert.equal(stored()?.visibility, "public");
      await make("private");
      fails();
      await assert.rejects(repo.up(open("third")), UnfinishedError);
      await make("internal");
      await refused(repo.up(open("third")), /was made internal/);
    });
    it("refuses a creation as an update would, if another resource of the run remembers the repository", async () => {
      await refused(night(open()), /was made private/);
      const renamed = slot();
      const former = repo.kept;
      await assert.rejects(
        definition.create(renamed.check(open()), { ...renamed.context(), former }),
        /was made private on the Hub after this program set it to public/,
      );
      assert.equal(stored()?.visibility, "private");
      const created = await definition.create(renamed.check(open("moved")), { ...renamed.context(), former });
      assert.equal(stored()?.visibility, "public");
      assert.equal(created.state.heard?.seen.length, 2, "it knows the reasons of the former resource");
    });
    it("does not widen another repository, because it cannot remember a report about it", async () => {
      await again("private");
      const renamed = slot();
      const context = { ...renamed.context(), former: repo.kept };
      await assert.rejects(
        definition.create(renamed.check(open("moved")), context),
        /a different repository with the same name.* Another resource of this stack managed it before\. Name that resource in the option `aliases`/s,
      );
      await definition.create(renamed.check(closed()), context);
      assert.match(renamed.warnings().join(), /this is a different repository/);
    });
    it("does not open under its new name a repository that was closed and renamed on the Hub", async () => {
      await repo.up(open());
      await make("private");
      const { identity } = repo.kept;
      assert.ok(identity !== undefined);
      const context = {
        ...slot().context(),
        formerOf: (id: string) => (id === identity ? repo.kept : undefined),
      };
      await assert.rejects(
        definition.create(slot().check(open()), context),
        /acme\/llm-private was made private on the Hub/,
      );
      await repo.refresh();
      assert.equal(stored()?.visibility, "private");
    });
    it("keeps the id while it is missing, to recognize it under another name", async () => {
      const { identity } = repo.kept;
      await remove();
      await repo.refresh();
      assert.deepEqual([repo.kept.status, repo.kept.identity], ["missing", identity]);
    });
    it("keeps in an import the reasons that its former name has heard", async () => {
      await repo.up(open("first"));
      await repo.up(open("second"));
      const renamed = slot();
      const context = { ...renamed.context(), former: repo.kept };
      const imported = await importObject(
        definition,
        `model/${MODEL}`,
        renamed.check(open("second")),
        context,
      );
      assert.deepEqual(imported.heard, repo.kept.heard);
    });
  });

  describe("with a gate that someone closed,", () => {
    const gated = (gate: unknown, changes: object = {}) => ({ ...open(), gated: gate, ...changes });
    const close = () => byHand().updateRepoSettings(MODEL, { gated: "manual" });

    it("does not open it again, not even for a change of the program, until there is a new reason", async () => {
      await repo.up(gated("auto"));
      await close();
      await refused(night(gated("auto")), /acme\/llm-private has gated: "manual"/);
      await refused(night(gated(false)), /not loosened to false/);
      assert.equal(stored()?.gated, "manual");
      await repo.up(gated(false, { acknowledgePublic: "cleared" }));
      assert.equal(stored()?.gated, false);
    });
    it("opens it if the program declares a gate for the first time", async () => {
      await repo.up(open());
      await close();
      await repo.up(gated("auto"));
      assert.equal(stored()?.gated, "auto");
    });
    it("opens it for such a program even after a run that could not send it", async () => {
      await repo.up(open());
      await close();
      hub.inject({ method: "PUT", path: /settings$/, effect: { status: 503, body: { error: "no" } } });
      await assert.rejects(repo.up(gated("auto")));
      assert.equal(repo.preview(gated("auto")), "update");
      await repo.up(gated("auto"));
      assert.equal(stored()?.gated, "auto");
      await close();
      await refused(night(gated("auto")), /has gated: "manual"/);
    });
    it("narrows the visibility in spite of a refused gate, and remembers that", async () => {
      await repo.up(args({ visibility: "internal", gated: "auto" }));
      await make("public");
      await close();
      await refused(night(args({ visibility: "internal", gated: "auto" })), /has gated: "manual"/);
      assert.equal(stored()?.visibility, "internal");
      assert.deepEqual(repo.kept.applied, { visibility: "internal", gated: "auto" });
      assert.equal(
        repo.kept.gated,
        undefined,
        "a value that the Hub does not have is not kept as an argument",
      );
      await repo.up(args({ visibility: "internal", gated: "manual" }));
      assert.equal(await night(args({ visibility: "internal", gated: "manual" })), "same");
    });
  });

  describe("with a value that these credentials do not see exactly,", () => {
    const RIGHT =
      /can list the organization's repositories: a member's token, or one with the permission org\.read/;
    let reader: ReturnType<typeof slot>;
    beforeEach(async () => {
      const account = await byHand().createServiceAccount("acme", { name: "ci" });
      const permissions = ["repo.content.read", "repo.write"] as const;
      const { token } = await byHand().createServiceAccountToken("acme", account._id, {
        permissions: [...permissions],
      });
      reader = slot(token);
    });
    const space = (changes: object = {}) => closed({ repo: SPACE, repoType: "space", ...changes });

    it("fails a refresh, which names the missing right, for a Space that may be open to outsiders", async () => {
      await reader.up(space());
      await make("protected", SPACE, "space");
      await assert.rejects(
        reader.refresh(),
        /whether space acme\/labeling is private, internal or protected.*acceptUnseen/s,
      );
      await assert.rejects(reader.refresh(), RIGHT);
      await reader.up(space({ acceptUnseen: true }));
      assert.equal(
        stored(SPACE, "space")?.visibility,
        "private",
        "an update closes it, and sees that in the answer",
      );
      await make("protected", SPACE, "space");
      assert.deepEqual(await reader.refresh(), []);
      assert.match(reader.warnings().join(), RIGHT);
      assert.equal(await reader.up(space({ acceptUnseen: true })), "same");
    });
    it("fails a refresh for a Space that a listing leaves out", async () => {
      await repo.up(space());
      await make("protected", SPACE, "space");
      hub.inject({ method: "GET", path: /settings\/repositories$/, effect: { status: 200, body: [] } });
      await assert.rejects(repo.refresh(), RIGHT);
      assert.deepEqual(await repo.refresh(), ["visibility"]);
    });
    it("only warns about a model that may be internal, and plans no change", async () => {
      await reader.up(closed());
      for (let each = 0; each < 2; each++) {
        assert.deepEqual(await reader.refresh(), []);
        assert.equal(await reader.up(closed()), "same");
      }
      assert.match(reader.warnings().join(), /whether model acme\/llm-private is private or internal\./);
    });
    it("does not widen a public model that someone narrowed, whatever it is now", async () => {
      await reader.up(open());
      await make("internal");
      assert.deepEqual(await reader.refresh(), ["visibility"]);
      await refused(
        reader.up(open()),
        /was made private or internal on the Hub after this program set it to public/,
      );
      assert.deepEqual(await reader.refresh(), []);
      await refused(reader.up(open()), /was made private or internal/);
      await reader.up(open("cleared"));
      assert.equal(stored()?.visibility, "public");
    });
    it("does not send what could be wider, and names the missing right in the refusal", async () => {
      await reader.up(args({ visibility: "internal" }));
      await make("private");
      await reader.refresh();
      await reader.up(open());
      await make("private");
      await refused(reader.up(args({ visibility: "internal" })), RIGHT);
      assert.equal(stored()?.visibility, "private");
    });
  });

  describe("with a change that the Hub only claims to have made,", () => {
    const answers = (body: unknown) =>
      hub.inject({ method: "PUT", path: /settings$/, effect: { status: 200, body } });

    for (const [title, body] of [
      ["names another visibility", { visibility: "public" }],
      ["contains nothing", {}],
      ["has another form", "OK"],
      ["says that it is not private", { private: false }],
      ["only says that it is not public", { private: true }],
    ] as const) {
      it(`fails if the answer ${title}, and the next run sends it again`, async () => {
        await repo.up(open());
        answers(body);
        await refused(
          repo.up(closed()),
          /did not make it: visibility private was sent, and the Hub has visibility public\./,
        );
        assert.deepEqual(
          [repo.kept.applied?.visibility, repo.kept.seen?.visibilities],
          ["public", ["public"]],
        );
        await repo.up(closed());
        assert.equal(stored()?.visibility, "private");
      });
    }
    it("fails a creation and a destroy", async () => {
      answers({ gated: "manual" });
      await assert.rejects(
        repo.up(open()),
        /did not make it: visibility public was sent, and the Hub has visibility private/,
      );
      await repo.up({ ...open(), onDestroy: "private" });
      answers({ visibility: "public" });
      await assert.rejects(repo.destroy(), /did not make it: visibility private was sent/);
    });
    it("takes the gate from the answer, and reads what the answer does not contain", async () => {
      await repo.up({ ...open(), gated: "manual" });
      answers({ gated: "manual" });
      await refused(
        repo.up({ ...open(), gated: "auto" }),
        /: gated "auto" was sent, and the Hub has gated "manual"/,
      );
      const { length } = hub.store.requests;
      await repo.up({ ...open(), gated: "auto" });
      assert.equal(hub.store.requests.length - length, 3, "two reads and the change");
    });
    it("counts a value as applied if the connection broke and the value arrived", async () => {
      await repo.up(closed());
      const put = { method: "PUT", path: /settings$/ } as const;
      hub.inject({ ...put, effect: "lose-answer" });
      await assert.rejects(repo.up(open()), UnfinishedError);
      assert.equal(stored()?.visibility, "public");
      assert.deepEqual(repo.kept.tried, { visibility: "public" });
      await repo.up(args({ visibility: "internal" }));
      assert.equal(stored()?.visibility, "internal");
    });
  });

  describe("with an attempt that did not arrive,", () => {
    it("does not count it once that was seen, because someone may set the same value in an incident", async () => {
      await repo.up(open());
      hub.inject({ method: "PUT", path: /settings$/, effect: { status: 503, body: { error: "no" } } });
      await assert.rejects(repo.up(args({ visibility: "internal" })), UnfinishedError);
      await night(open());
      await make("internal");
      await refused(night(open()), /was made internal on the Hub/);
      assert.equal(stored()?.visibility, "internal");
    });
    it("keeps the reason open for the rest of the change", async () => {
      await repo.up({ ...open(), gated: "auto" });
      await make("private");
      await byHand().updateRepoSettings(MODEL, { repoType: "model", gated: "manual" });
      await repo.refresh();
      const again = { ...open("the incident is over"), gated: "auto" };
      putsGo(async (client, name, { repoType, visibility }) => {
        await client.updateRepoSettings(name, { repoType, visibility });
        return { visibility, gated: "manual" };
      });
      await refused(repo.up(again), /gated "auto" was sent/);
      sinon.restore();
      await repo.up(again);
      assert.deepEqual([stored()?.visibility, stored()?.gated], ["public", "auto"]);
    });
  });

  it("narrows the repository although the Hub refuses the gate", async () => {
    await repo.up(closed({ gated: "manual" }));
    await make("public");
    putsGo(async (client, name, { repoType, visibility, gated }) => {
      if (gated !== undefined) throw hubError({ what: "The Hub does not know this gate.", status: 400 });
      return client.updateRepoSettings(name, { repoType, visibility });
    });
    await refused(night(closed({ gated: "auto" })), /does not know this gate/);
    assert.equal(stored()?.visibility, "private");
    assert.deepEqual(repo.kept.applied, { visibility: "private", gated: "manual" });
  });

  describe("with a visibility that the program leaves to the Hub with ignoreChanges,", () => {
    /** The engine passes the visibility of the state as that of the program. */
    const ignoring = (changes: object = {}) => args({ visibility: repo.kept.visibility, ...changes });

    it("needs no reason for what is already the case", async () => {
      await repo.up(open());
      assert.equal(await repo.up(ignoring()), "update");
      assert.equal(await night(ignoring()), "same");
    });
    it("accepts the short form", () => {
      const both = (isPrivate: boolean, visibility: string) =>
        checkArguments(definition, args({ private: isPrivate, visibility }), {}, repo.context());
      assert.deepEqual(both(true, "private").failures, []);
      assert.equal(both(true, "private").inputs["private"], undefined);
      assert.match(String(both(true, "internal").failures[0]?.reason), /give only one of the two/);
    });
    it("does not make it public again without a reason", async () => {
      await repo.up(closed());
      await make("public");
      await repo.refresh();
      await make("private");
      await refused(repo.up(ignoring()), /not made public without a reason: say in acknowledgePublic/);
      assert.equal(stored()?.visibility, "private");
    });
  });
});

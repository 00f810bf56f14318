import assert from "node:assert/strict";
import { HubClient, type Visibility } from "../../provider/src/client";
import { organizationVisibilityDefinition } from "../../provider/src/resources/organizationVisibility/lifecycle";
import { createRepository } from "../../local-hub/src/store/repositories";
import { stub } from "sinon";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";

/** What the shipped organization shows to others. */
const exceptions = [
  ...["llm-public", "llm-gated", "embeddings"].map((name) => ({ repo: `acme/${name}` })),
  ...["corpus", "evaluation"].map((name) => ({ repo: `acme/${name}`, repoType: "dataset" })),
  ...["demo-space", "customer-portal"].map((name) => ({ repo: `acme/${name}`, repoType: "space" })),
].map((each) => ({ ...each, visibility: "public", reason: "open" }));

const enforce = { mode: "enforce" };

describe("OrganizationVisibility", () => {
  let hub: Hub;
  let clock: Clock;
  beforeEach(async () => {
    hub = await startHub();
    clock = new Clock(new Date());
  });
  afterEach(() => hub.close());

  const slot = (changes: object = {}) =>
    new ResourceHarness(organizationVisibilityDefinition, { hub, clock, ...changes });
  const args = (changes: object = {}) => ({ organization: "acme", exceptions, ...changes });
  const stored = (repo: string, type: "model" | "bucket" | "kernel" = "model") =>
    hub.store.repository(repo, type)?.visibility;
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").map(({ path }) => path);
  const byHand = async (repo: string, visibility: Visibility = "public", repoType?: "space" | "bucket") => {
    const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.write });
    await client.updateRepoSettings(repo, { visibility, ...(repoType && { repoType }) });
    clock.now = new Date();
  };
  const make = (name: string, visibility: Visibility, type: "model" | "kernel" = "model") => {
    const user = hub.store.users.get("wim-write");
    const author = {
      id: user?.id ?? "",
      user: "wim-write",
      avatarUrl: user?.avatarUrl ?? "",
      type: "user",
    } as const;
    createRepository(
      hub.store,
      { type, namespace: "acme", name, visibility, author: "wim-write" },
      { author },
    );
  };
  const names = (resource: ReturnType<typeof slot>) =>
    resource.kept.violations.map(({ repo }) => repo.replace("acme/", ""));
  /** `up --refresh` in a process of its own. */
  const nightly = async (resource: ReturnType<typeof slot>, inputs: object) => {
    resource.surroundings.reported = new Map();
    await resource.refresh();
    const step = await resource.up(inputs);
    delete resource.surroundings.reported;
    return step;
  };

  it("reports what is wider than allowed, and then has nothing to do", async () => {
    const resource = slot();
    assert.equal(await resource.up({ organization: "acme" }), "create");
    assert.deepEqual(names(resource), [
      ...["corpus", "demo-space", "embeddings", "evaluation", "llm-gated", "llm-public", "customer-portal"],
    ]);
    assert.deepEqual([resource.kept.violationCount, resource.kept.repositoryCount], [7, 17]);
    assert.match(
      resource.warnings().join("\n"),
      /^more people can see 7 of the 17 repositories of acme than the program allows: dataset acme\/corpus \(public, allowed: private\)/,
    );
    assert.equal(resource.id, "acme/visibility");
    assert.equal(resource.preview({ organization: "acme" }), "same");
    assert.deepEqual(puts(), []);
  });

  it("shows the widest visibility in each refresh as long as there is a violation", async () => {
    const resource = slot();
    await resource.up(args());
    await byHand("acme/labeling", "protected", "space");
    assert.deepEqual(await resource.refresh(), ["widest"]);
    assert.equal(resource.kept.widest, "protected");
    await byHand("acme/llm");
    assert.deepEqual(await resource.refresh(), ["widest"]);
    assert.equal(resource.kept.widest, "public");
    assert.equal(resource.preview(args()), "update");
    assert.equal(await resource.up(args()), "update");
    assert.equal(resource.preview(args()), "same", "a plain preview");
    await byHand("acme/llm", "private");
    await byHand("acme/labeling", "private", "space");
    assert.deepEqual(await resource.refresh(), []);
    assert.equal(resource.preview(args()), "same");
  });

  it("keeps the declared limit if the program later declares what the refresh found", async () => {
    const resource = slot();
    await resource.up(args());
    await byHand("acme/llm");
    await resource.refresh();
    assert.equal(resource.preview(args({ widest: "public" })), "update");
    await resource.up(args({ widest: "public" }));
    assert.deepEqual(await resource.refresh(), []);
    assert.deepEqual([resource.kept.limit, names(resource)], ["public", []]);
  });

  it("names who widened a repository after the last run, and no one else", async () => {
    await byHand("acme/speech-base");
    const resource = slot();
    clock.pass(1);
    await resource.up(args());
    assert.doesNotMatch(resource.warnings().join("\n"), /audit log/);
    clock.now = new Date();
    resource.kept.checkedAt = new Date().toISOString();
    await byHand("acme/llm");
    await resource.refresh();
    const said = resource.warnings().at(-1) ?? "";
    assert.match(
      said,
      /model acme\/llm \(public, allowed: private\) \(by wim-write at [^,]+, according to the audit log\), model acme\/speech-base \(public, allowed: private\)\./,
    );
  });

  it("warns about an exception without a repository", async () => {
    const resource = slot();
    const wrong = { repo: "acme/corpus", visibility: "public", reason: "x" };
    await resource.up(args({ exceptions: [...exceptions, wrong] }));
    assert.deepEqual(resource.warnings(), [
      "no repository matches these exceptions: model acme/corpus. Remove them, or correct repo and repoType.",
    ]);
  });

  it("has nothing to do if exceptions change their order or omit the default type", async () => {
    const resource = slot();
    await resource.up(args());
    const reordered = [...exceptions]
      .reverse()
      .map((each) => ({ ...each, repoType: "repoType" in each ? each.repoType : "model" }));
    assert.equal(resource.preview(args({ exceptions: reordered })), "same");
    assert.equal(resource.preview(args({ exceptions: reordered.slice(1) })), "update");
  });

  describe("with the mode enforce", () => {
    it("narrows nothing in a creation", async () => {
      await byHand("acme/llm");
      const resource = slot();
      await resource.up(args(enforce));
      assert.deepEqual([stored("acme/llm"), names(resource)], ["public", ["llm"]]);
    });

    it("narrows in the next run what the creation has shown, and then has nothing to do", async () => {
      await byHand("acme/llm");
      const resource = slot();
      await resource.up(args(enforce));
      assert.equal(resource.preview(args(enforce)), "update");
      assert.match(
        resource.said.at(-1)?.message ?? "",
        /^`pulumi up` narrows model acme\/llm from public to private\.$/,
      );
      await resource.up(args(enforce));
      assert.deepEqual([stored("acme/llm"), names(resource)], ["private", []]);
      assert.equal(resource.preview(args(enforce)), "same");
    });

    it("does not narrow what only the refresh of the same run has shown", async () => {
      const resource = slot();
      await resource.up(args(enforce));
      await byHand("acme/llm");
      await nightly(resource, args(enforce));
      assert.equal(stored("acme/llm"), "public");
      await nightly(resource, args(enforce));
      assert.equal(stored("acme/llm"), "private");
    });

    it("narrows what an earlier refresh has shown", async () => {
      const resource = slot();
      await resource.up(args(enforce));
      await byHand("acme/llm");
      await resource.refresh();
      await resource.up(args(enforce));
      assert.equal(stored("acme/llm"), "private");
    });

    it("does not narrow what only an update is the first to see", async () => {
      const resource = slot();
      await resource.up(args({ ...enforce, widest: "public" }));
      await byHand("acme/llm");
      await resource.up(args(enforce));
      assert.equal(stored("acme/llm"), "public");
      await resource.up(args(enforce));
      assert.equal(stored("acme/llm"), "private");
    });

    it("narrows at most maxChanges in each run, the widest first", async () => {
      await byHand("acme/labeling", "protected", "space");
      for (const name of ["speech-base", "llm", "fraud-detector"]) await byHand(`acme/${name}`);
      const resource = slot();
      const inputs = args({ ...enforce, maxChanges: 2 });
      await resource.up(inputs);
      await resource.up(inputs);
      assert.deepEqual(puts().slice(-2), [
        "/api/models/acme/fraud-detector/settings",
        "/api/models/acme/llm/settings",
      ]);
      assert.deepEqual(names(resource), ["speech-base", "labeling"]);
      assert.match(
        resource.warnings().at(-1) ?? "",
        /2 of the 17 .* A later `pulumi up` narrows them, at most 2 in each run/,
      );
      await resource.up(inputs);
      assert.deepEqual(names(resource), []);
      assert.equal(await resource.up(inputs), "same");
    });

    it("narrows to the widest visibility that is allowed and that the type can have", async () => {
      await byHand("acme/llm");
      await byHand("acme/checkpoints", "public", "bucket");
      const resource = slot();
      const inputs = args({ ...enforce, widest: "internal" });
      await resource.up(inputs);
      await resource.up(inputs);
      assert.deepEqual([stored("acme/llm"), stored("acme/checkpoints", "bucket")], ["internal", "private"]);
    });

    it("reverts nothing if someone narrowed the repository further in the meantime", async () => {
      await byHand("acme/llm");
      const resource = slot();
      const inputs = args({ ...enforce, widest: "internal" });
      await resource.up(inputs);
      // Only the list is older than the change by hand.
      const context = resource.context();
      const list = await context.client.listRepositories("acme");
      await byHand("acme/llm", "private");
      stub(context.client, "listRepositories").callThrough().onFirstCall().resolves(list);
      await organizationVisibilityDefinition.update("x", resource.kept, resource.check(inputs), context);
      assert.equal(stored("acme/llm"), "private");
    });

    it("only reports kernels, and then has nothing to do", async () => {
      make("fast", "public", "kernel");
      const resource = slot();
      await resource.up(args(enforce));
      assert.match(
        resource.warnings().join("\n"),
        /This release cannot change the visibility of kernel acme\/fast\. Change it on the Hub, or add the repository to exceptions\./,
      );
      assert.equal(resource.preview(args(enforce)), "same");
      assert.equal(await nightly(resource, args(enforce)), "update");
      assert.equal(stored("acme/fast", "kernel"), "public");
      const kernel = { repo: "acme/fast", repoType: "kernel", visibility: "public", reason: "x" };
      await resource.up(args({ ...enforce, exceptions: [...exceptions, kernel] }));
      assert.deepEqual(names(resource), []);
    });

    it("continues after a failure, names all that failed, and keeps the rest", async () => {
      for (const name of ["fraud-detector", "llm", "speech-base"]) await byHand(`acme/${name}`);
      const resource = slot();
      await resource.up(args(enforce));
      const change = stub(HubClient.prototype, "updateRepoSettings").callThrough();
      change.withArgs("acme/llm").rejects(new Error("The Hub refused it."));
      try {
        await assert.rejects(resource.up(args(enforce)), {
          message:
            /^1 of 3 repositories could not be narrowed: model acme\/llm\. Other changes of this run are done and kept\. Fix the cause and run `pulumi up` again\. The Hub refused it\.$/,
        });
      } finally {
        change.restore();
      }
      assert.deepEqual(names(resource), ["llm"]);
      assert.deepEqual([stored("acme/fraud-detector"), stored("acme/speech-base")], ["private", "private"]);
      await resource.up(args(enforce));
      assert.deepEqual([stored("acme/llm"), names(resource)], ["private", []]);
    });
  });

  it("fails without the view of the whole organization, and sends nothing", async () => {
    await byHand("acme/llm");
    const resource = slot();
    await resource.up(args(enforce));
    const before = puts().length;
    for (const token of [hub.tokens.write, hub.tokens.read]) {
      resource.surroundings.token = token;
      for (const step of [
        () => resource.refresh(),
        () => resource.up(args(enforce)),
        () => slot({ token }).up(args()),
      ]) {
        await assert.rejects(step(), {
          message:
            /It is unclear whether the list has all of them: .*Nothing was changed\. Use an administrator's token\./,
        });
      }
    }
    assert.equal(puts().length, before);
  });

  it("looks up what is not private, without a warning, also after a refresh", async () => {
    const resource = slot();
    const found = await organizationVisibilityDefinition.read(
      "acme/visibility",
      undefined,
      resource.context(),
    );
    assert.deepEqual(found?.inputs, {
      organization: "acme",
      widest: "private",
      mode: "report",
      maxChanges: 10,
    });
    assert.equal(found?.state.violationCount, 7);
    resource.id = "acme/visibility";
    resource.state = found?.state;
    assert.deepEqual(await resource.refresh(), []);
    assert.deepEqual(resource.said, []);
    await assert.rejects(organizationVisibilityDefinition.read("acme", undefined, resource.context()), {
      message:
        /"acme" is not the id of an organization's visibility. It has the form organization\/visibility\./,
    });
  });

  it("replaces for another organization and deletes without a change of the Hub", async () => {
    const resource = slot();
    await resource.up(args());
    hub.store.tables.memberships.put("globex/ada-admin", {
      organization: "globex",
      user: "ada-admin",
      role: "admin",
    });
    assert.equal(await resource.up({ organization: "globex" }), "replace");
    assert.equal(resource.preview({ organization: "GLOBEX" }), "same");
    await resource.destroy();
    assert.deepEqual(puts(), []);
  });

  it("needs at most 10 requests and 20 kB of state for 5000 repositories", async () => {
    hub.store.transact(() => {
      for (let at = 0; at < 5000; at++) make(`${"a-long-name-of-a-repository-".repeat(3)}${at}`, "public");
    });
    const resource = slot();
    for (const step of [
      () => resource.up(args()),
      () => resource.refresh(),
      () => resource.up(args({ maxChanges: 5 })),
    ]) {
      const before = hub.store.requests.length;
      await step();
      assert.ok(hub.store.requests.length - before <= 10, String(hub.store.requests.length - before));
      assert.ok(JSON.stringify(resource.kept).length <= 20_000, String(JSON.stringify(resource.kept).length));
    }
    assert.deepEqual([resource.kept.violationCount, resource.kept.repositoryCount], [5000, 5017]);
  });
});

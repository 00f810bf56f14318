// How a RepoVisibility handles answers that the local Hub does not give.
import assert from "node:assert/strict";
import { type Gated, type Visibility } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { type ImportRules } from "../../provider/src/model/definition";
import { changedProperties } from "../../provider/src/model/diff";
import { sameData, withoutUndefined } from "../../provider/src/model/plain";
import { repoVisibilityDefinition as definition } from "../../provider/src/resources/repoVisibility/lifecycle";
import {
  type RepoVisibilityInputs as Inputs,
  type RepoVisibilityState as State,
} from "../../provider/src/resources/repoVisibility/model";
import { noted } from "../../provider/src/rules/intent";
import { inMemory } from "../support/inMemory";
import { inputsWith, open, stateWith } from "../support/repoVisibility";

describe("RepoVisibility with answers that only some Hubs give", () => {
  const unchanged = { repo: "acme/llm", repoType: "model", visibility: undefined, gated: undefined };
  const MISSING =
    "warn the repository does not exist on the Hub, so nothing was sent. Create it, or remove this resource from the program. A repository that " +
    "later appears under this name is not widened automatically.";

  interface Stored {
    /** `undefined`: the Hub does not show it. */
    visibility?: Visibility;
    gated?: Gated;
    /** The status with which the Hub refuses to list repositories. */
    refusesListing?: number;
    /** The status with which it refuses to show the repository. */
    refuses?: number;
    /** What the listing contains instead. */
    listing?: object[];
    /** What identifies the repository. */
    identity?: string;
    /** The status with which the Hub refuses the listing that identifies the repository. */
    refusesIdentity?: number;
  }

  function hubWith({
    visibility,
    gated,
    refusesListing,
    refuses,
    listing,
    identity,
    refusesIdentity,
  }: Stored) {
    const sent: object[] = [];
    const asked: string[] = [];
    const surroundings = inMemory({
      listRepositories: (organization: string, { search, type }: { search: string; type: string }) => {
        assert.deepEqual([organization, search], ["acme", "llm"]);
        return refusesListing !== undefined
          ? Promise.reject(hubError({ what: "no listing", status: refusesListing }))
          : Promise.resolve(listing ?? (refuses ? [] : [{ id: "acme/llm", type, visibility }]));
      },
      listReposOf: (author: string, options: object) => {
        assert.deepEqual([author, options], ["acme", { type: "model", search: "llm" }]);
        return refusesIdentity !== undefined
          ? Promise.reject(hubError({ what: "no listing", status: refusesIdentity }))
          : Promise.resolve([
              { _id: "other", id: "acme/llm-2" },
              { _id: identity, id: "Acme/LLM" },
            ]);
      },
      listBuckets: () => Promise.resolve([{ id: "Acme/LLM", createdAt: identity }]),
      getRepo(repo: string) {
        asked.push(repo);
        return refuses !== undefined
          ? Promise.reject(hubError({ what: "no repository", status: refuses }))
          : Promise.resolve({
              id: "Acme/LLM",
              _id: identity,
              ...(visibility && { private: visibility !== "public" }),
              gated,
            });
      },
      updateRepoSettings(repo: string, settings: object) {
        sent.push({ repo, ...settings });
        return Promise.resolve(settings);
      },
      whoami: () => Promise.resolve({ name: "acme", orgs: [], auth: { accessToken: { role: "write" } } }),
      streamAuditLogs() {
        throw hubError({ what: "no audit log", status: 403 });
      },
    });
    return { ...surroundings, sent, asked };
  }

  describe("an update", () => {
    const rows: [string, Stored, State, object][] = [
      ["after a change of the program", { visibility: "private" }, stateWith(), { visibility: "internal" }],
      [
        "of an argument that the Hub does not have",
        { visibility: "private" },
        stateWith(),
        { onDestroy: "private" },
      ],
      [
        "after a refresh that found drift",
        { visibility: "private", gated: false },
        stateWith({ gated: false, applied: { visibility: "private", gated: "auto" } }),
        { gated: "auto" },
      ],
      [
        "that only saves a decision",
        { visibility: "private" },
        stateWith({ applied: { visibility: "internal" } }),
        {},
      ],
      [
        "of a repository that reappears",
        { visibility: "private" },
        stateWith({ ...open, status: "missing" }),
        {},
      ],
      ["of a repository that is gone", { refuses: 404 }, stateWith(), { visibility: "internal" }],
      [
        "of another repository",
        { visibility: "private", identity: "new" },
        stateWith({ identity: "new", unreported: true }),
        {},
      ],
      [
        "of a repository that is gone and must become narrower",
        { refuses: 404 },
        stateWith({ status: "missing", applied: undefined, seen: { visibilities: ["public"] } }),
        {},
      ],
    ];
    for (const [title, stored, state, declared] of rows) {
      it(`${title} changes only outputs that the preview announced`, async () => {
        const inputs = inputsWith(declared);
        const { context } = hubWith(stored);
        const changed = changedProperties(definition, state, inputs);
        const result = definition.diff?.(state, inputs, changed, context);
        assert.ok(result?.changes);
        assert.deepEqual([result.changed, result.replaces], [changed, []]);
        const next = await definition.update("x", state, inputs, context);
        const announced = [...result.changed, ...result.renews];
        for (const name of Object.keys({ ...state, ...next }) as (keyof State)[]) {
          assert.ok(announced.includes(name) || sameData(next[name], state[name]), name);
        }
      });
    }
    it("keeps a repository that is gone as missing, with what was last seen and all reasons", async () => {
      const { context, said, sent } = hubWith({ refuses: 404 });
      const inputs = inputsWith({ visibility: "internal", acknowledgePublic: "later" });
      const next = await definition.update("x", stateWith(), inputs, context);
      const seen = { visibilities: ["private"] };
      const { identity } = stateWith();
      assert.deepEqual(next, {
        ...{ ...inputs, identity, seen },
        ...{ heard: noted(undefined, "later"), status: "missing" },
      });
      assert.deepEqual([said, sent], [[MISSING], []]);
    });
    it("sends a narrowing and reports what someone changed, although the rest is refused", async () => {
      const { context, sent, said } = hubWith({ visibility: "private", gated: "auto" });
      const inputs = inputsWith({ ...open, gated: "manual" });
      const state = stateWith({ ...open, gated: "manual" });
      await assert.rejects(
        definition.update("x", state, inputs, context),
        /acme\/llm was made private on the Hub/,
      );
      assert.deepEqual(sent, [{ ...unchanged, gated: "manual" }]);
      assert.deepEqual(said, [
        "warn someone made it private on the Hub after this program set it to public.",
      ]);
    });
    it("does not report a value as someone's change if it is as declared, because an interrupted run may have sent it", async () => {
      const { context, said, sent } = hubWith({ visibility: "public" });
      const state = stateWith({ ...open, applied: { visibility: "private" } });
      const next = await definition.update("x", state, inputsWith(open), context);
      assert.deepEqual([said, sent, next.applied?.visibility], [[], [], "public"]);
    });
  });

  describe("a preview", () => {
    const diff = (state: State, declared: object, changed: string[] = []) => {
      const { context, said } = inMemory({});
      return { ...definition.diff?.(state, inputsWith(declared), changed, context), said };
    };
    it("logs nothing if there is nothing to do", () =>
      assert.deepEqual(diff(stateWith(), {}), {
        changes: false,
        changed: [],
        replaces: [],
        renews: [],
        said: [],
      }));
    it("warns of a missing repository, unless another one replaces it", () => {
      assert.deepEqual(diff(stateWith({ status: "missing" }), {}).said, [MISSING]);
      const other = diff(stateWith({ status: "missing" }), { repo: "acme/other" }, ["repo"]);
      assert.deepEqual([other.replaces, other.said], [["repo"], []]);
    });
    it("announces a refusal, unless another repository replaces it", () => {
      const narrowed = stateWith({ applied: { visibility: "internal" }, heard: { seen: [] } });
      const [warning, ...more] = diff(narrowed, { visibility: "internal" }, ["visibility"]).said;
      assert.match(
        warning ?? "",
        /^warn `pulumi up` will refuse this\. acme\/llm was made private on the Hub/,
      );
      assert.deepEqual(more, []);
      const other = { repo: "acme/other", visibility: "internal" };
      assert.deepEqual(diff(narrowed, other, ["repo", "visibility"]).said, []);
    });
  });

  describe("a refresh", () => {
    const refresh = async (stored: Stored, state: State) => {
      const { context, said, asked } = hubWith(stored);
      const found = await definition.read("x", state, context);
      return { inputs: withoutUndefined(found?.inputs), state: withoutUndefined(found?.state), said, asked };
    };
    it("takes the visibility from the listing, and asks for the gate only if it is declared", async () => {
      const found = await refresh({ visibility: "internal", gated: "auto" }, stateWith());
      assert.deepEqual(found, {
        inputs: inputsWith({ visibility: "internal" }),
        state: withoutUndefined({ ...stateWith({ visibility: "internal" }), applied: stateWith().applied }),
        said: [],
        asked: [],
      });
      const gated = await refresh({ visibility: "internal", gated: "auto" }, stateWith({ gated: "manual" }));
      assert.deepEqual([gated.inputs?.gated, gated.asked], ["auto", ["acme/llm"]]);
    });
    it("takes the identity of the repository from a listing or else keeps it; another failure is an error", async () => {
      const known = stateWith({ identity: "first" });
      const first = await refresh({ visibility: "private", identity: "first" }, stateWith());
      assert.deepEqual([first.state, first.asked], [withoutUndefined(known), []]);
      for (const refusesIdentity of [402, 403, 404]) {
        const { state } = await refresh({ visibility: "private", refusesIdentity }, known);
        assert.deepEqual(state, withoutUndefined(known));
      }
      await assert.rejects(refresh({ visibility: "private", refusesIdentity: 500 }, known), { status: 500 });
    });
    it("identifies a bucket by the second of its creation, with or without fractions", async () => {
      const bucket = stateWith({ repoType: "bucket", identity: "2026-01-01T00:00:00Z" });
      for (const [identity, unreported] of [
        ["2026-01-01T00:00:00Z", undefined],
        ["2026-01-01T00:00:00.987Z", undefined],
        ["2026-01-02T00:00:00.000Z", true],
      ] as const) {
        const { state } = await refresh({ visibility: "private", identity }, bucket);
        assert.equal(state?.unreported, unreported, identity);
      }
    });
    it("keeps a repository that is gone as missing, with what was last seen", async () => {
      const seen = { visibilities: ["private"] };
      assert.deepEqual(await refresh({ refuses: 404 }, stateWith()), {
        inputs: inputsWith(),
        state: withoutUndefined(stateWith({ status: "missing", applied: undefined, seen })),
        said: [MISSING],
        asked: ["acme/llm"],
      });
    });
    it("asks for the repository itself if it may not list it; any other refusal is an error", async () => {
      for (const refusesListing of [402, 403, 404]) {
        const drifted = await refresh({ visibility: "public", refusesListing }, stateWith());
        assert.deepEqual([drifted.inputs?.visibility, drifted.said], ["public", []]);
        const { inputs, said } = await refresh({ visibility: "private", refusesListing }, stateWith());
        assert.deepEqual([inputs?.visibility, said.length], ["private", 1]);
        assert.match(
          said[0] ?? "",
          /whether model acme\/llm is private or internal\. .* the permission org\.read\. A change between these is not detected\.$/,
        );
      }
      for (const refusesListing of [401, 500]) {
        await assert.rejects(refresh({ visibility: "public", refusesListing }, stateWith()), {
          status: refusesListing,
        });
      }
    });
    it("does not save the gate in the state if it is not declared", async () => {
      const { inputs, state } = await refresh(
        { visibility: "private", gated: "manual", refusesListing: 403 },
        stateWith(),
      );
      assert.deepEqual([inputs?.gated, state?.gated], [undefined, undefined]);
    });
    it("fails if the Hub lists a repository and then answers 404 for it", async () => {
      const listing = [{ id: "acme/llm", type: "model", visibility: "private" }];
      await assert.rejects(refresh({ refuses: 404, listing }, stateWith({ gated: "auto" })), { status: 404 });
    });
  });

  it("shows in a look-up a gate that no one has declared, and asks for none if the type has no gates", async () => {
    const model = hubWith({ visibility: "internal", gated: "auto" });
    const found = await definition.read("model/acme/llm", undefined, model.context);
    const inputs = {
      repo: "acme/llm",
      repoType: "model",
      visibility: "internal",
      gated: "auto",
      onDestroy: "retain",
    };
    assert.deepEqual(withoutUndefined(found), { inputs, state: { ...inputs, status: "active" } });
    const space = hubWith({ visibility: "protected" });
    await definition.read("space/acme/llm", undefined, space.context);
    assert.deepEqual([model.asked, space.asked], [["acme/llm"], ["acme/llm"]]);
  });

  it("shows in a look-up the widest possible visibility if it is only known not to be public, and warns", async () => {
    const { context, said } = hubWith({ visibility: "private", refusesListing: 403 });
    const found = await definition.read("space/acme/llm", undefined, context);
    assert.equal(found?.inputs.visibility, "protected");
    assert.deepEqual(said, [
      "warn With these credentials, the Hub does not show whether space acme/llm is private, internal or protected. The lookup returns the widest " +
        "of these, protected.",
    ]);
  });

  it("ignores the case of names, and uses only the same name and type of a listing", async () => {
    const listing = [
      { id: "acme/llm", type: "dataset", visibility: "public" },
      { id: "acme/llm-2", type: "model", visibility: "public" },
      { id: "Acme/LLM", type: "model", visibility: "private" },
    ];
    const { context, sent } = hubWith({ visibility: "private", listing });
    await definition.create(inputsWith(), context);
    assert.deepEqual(sent, []);
    const other = hubWith({ visibility: "public", listing: listing.slice(0, 2) });
    await definition.create(inputsWith(), other.context);
    assert.deepEqual(other.sent, [{ ...unchanged, visibility: "private" }]);
  });

  it("considers both if a listing shows the repository as private and the repository itself is public", async () => {
    const listing = [{ id: "acme/llm", type: "model", visibility: "private" }];
    const { context, sent } = hubWith({ visibility: "public", listing });
    await definition.create(inputsWith(), context);
    assert.deepEqual(sent, [{ ...unchanged, visibility: "private" }]);
  });

  describe("a bucket that is not known to be private or public", () => {
    const bucket = (changes: object = {}) => inputsWith({ repoType: "bucket", ...changes });
    const bucketState = (changes: object = {}) => stateWith({ repoType: "bucket", ...changes });
    const message = /^The Hub does not say whether bucket acme\/llm is private, neither .*org\.read\.$/;
    const untold = () => hubWith({ refusesListing: 403 });

    it("is made private without a warning", async () => {
      const { context, sent, said } = untold();
      await definition.create(bucket(), context);
      await definition.update("x", bucketState(), bucket(), context);
      await definition.delete("x", bucketState({ onDestroy: "private" }), context);
      assert.deepEqual(
        sent.map((each) => (each as Inputs).visibility),
        ["private", "private", "private"],
      );
      assert.deepEqual(said, ['info made the repository private (onDestroy is "private").']);
    });
    it("is not looked up as if that were known", () =>
      assert.rejects(definition.read("bucket/acme/llm", undefined, untold().context), { message }));
    it("is opened only if both possible visibilities allow it", async () => {
      const { context, sent } = untold();
      await definition.create(bucket(open), context);
      await definition.update("x", bucketState(), bucket(open), context);
      assert.equal(sent.length, 2);
      const heard = noted(undefined, open.acknowledgePublic);
      const refused = definition.update(
        "x",
        bucketState({ applied: undefined, heard }),
        bucket(open),
        context,
      );
      await assert.rejects(
        refused,
        /It is not made public, because that could widen it\. Use credentials that/,
      );
      await definition.update("x", bucketState(open), bucket(open), context);
      assert.equal(sent.length, 2);
    });
    it("fails a refresh if it must be private, unless the program accepts that", async () => {
      const { context, said } = untold();
      await assert.rejects(
        definition.read("x", bucketState(), context),
        /^LifecycleError: With these credentials, the Hub does not show whether bucket acme\/llm is private or public\. .* It may be open to outsiders\..*acceptUnseen/,
      );
      for (const state of [bucketState({ acceptUnseen: true }), bucketState(open)]) {
        const found = await definition.read("x", state, context);
        assert.equal(found?.inputs.visibility, state.visibility);
      }
      assert.equal(said.length, 2);
    });
  });

  it("treats a gate that the Hub does not show as unknown, and sends only the narrowest gate", async () => {
    const { context, sent } = hubWith({ visibility: "private" });
    const found = await definition.read("model/acme/llm", undefined, context);
    assert.equal(found?.inputs.gated, undefined);
    await definition.create(inputsWith({ gated: "manual" }), context);
    const state = stateWith({ gated: "auto" });
    await assert.rejects(
      definition.update("x", state, inputsWith({ gated: false }), context),
      /whether model acme\/llm is gated/,
    );
    assert.deepEqual(sent, [{ ...unchanged, gated: "manual" }]);
    assert.equal((await definition.read("x", state, context))?.inputs.gated, "auto");
    const unseen = hubWith({ visibility: "public" });
    await assert.rejects(
      definition.read("x", stateWith({ ...open, gated: "auto" }), unseen.context),
      /^LifecycleError: The Hub does not say whether model acme\/llm is gated\. It may be open to outsiders/,
    );
  });

  it("fails an import that has to compare an unknown value, and compares no gate that is not declared", async () => {
    const compare = (stored: Stored, declared: object) =>
      (definition.imports as ImportRules<Inputs, State>).compare(
        "model/acme/llm",
        inputsWith(declared),
        hubWith(stored).context,
      );
    await assert.rejects(compare({ refusesListing: 403 }, {}), /whether model acme\/llm is private/);
    await assert.rejects(
      compare({ visibility: "private" }, { gated: "auto" }),
      /whether model acme\/llm is gated/,
    );
    const found = await compare({ visibility: "private", gated: "auto", refusesListing: 403 }, {});
    assert.deepEqual(found?.differing, {
      visibility: "not public; these credentials cannot see more",
    });
  });

  describe("a destroy with onDestroy: private", () => {
    const destroy = async (stored: Stored) => {
      const { context, said, sent } = hubWith(stored);
      await definition.delete("x", stateWith({ onDestroy: "private" }), context);
      return { said, sent };
    };
    const made = {
      said: ['info made the repository private (onDestroy is "private").'],
      sent: [{ repo: "acme/llm", repoType: "model", visibility: "private" }],
    };
    it("makes the repository private unless the Hub shows exactly that", async () => {
      assert.deepEqual(await destroy({ visibility: "internal" }), made);
      assert.deepEqual(await destroy({ visibility: "private", refusesListing: 403 }), made);
      assert.deepEqual(await destroy({ visibility: "private" }), { said: [], sent: [] });
    });
    it("leaves a repository alone that was not set by the program", async () => {
      const { context, said, sent } = hubWith({ visibility: "public", identity: "new" });
      for (const kept of [{ identity: "old" }, { unreported: true }, { applied: undefined }]) {
        await definition.delete("x", stateWith({ ...open, onDestroy: "private", ...kept }), context);
      }
      assert.equal(said.length, 3);
      assert.deepEqual(sent, []);
    });
    it("does nothing if the repository is gone, and does not hide other errors", async () => {
      assert.deepEqual(await destroy({ refuses: 404 }), { said: [], sent: [] });
      await assert.rejects(destroy({ refuses: 503 }), { status: 503 });
    });
  });
});

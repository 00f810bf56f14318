// How a HubToken handles a Hub that does not do what it was asked to, or that answers with absurd values.
import assert from "node:assert/strict";
import { hubError } from "../../provider/src/client/errors";
import { UnfinishedError } from "../../provider/src/model/definition";
import { hubTokenDefinition as definition } from "../../provider/src/resources/hubToken/lifecycle";
import { type HubTokenState as State } from "../../provider/src/resources/hubToken/model";
import { inMemory } from "../support/inMemory";
import {
  accountWith,
  current,
  inputsWith,
  MARKED,
  NEW_NAME,
  NOW,
  ownInputs,
  ownState,
  reachWith,
  stateWith,
  userWith,
} from "../support/tokensInMemory";

const TRIGGERS = { rotationTriggers: { incident: "1" } };
const BOTH = ["org.read", "org.write"];

/** A Hub that issues tokens that differ from the request, and shows it in its answer or only in its list. */
function issuing(differing: object, { tells = true, methods = {} } = {}) {
  const hub = accountWith([current()]);
  Object.assign(hub.context.client, {
    createServiceAccountToken(_organization: string, _account: string, request: object) {
      hub.sent.push(["issue"]);
      const made = { _id: "new", ...request, ...differing, createdAt: NOW.toISOString() };
      hub.held.push(made as unknown as (typeof hub.held)[0]);
      const tokenInfo = tells ? made : { _id: "new", createdAt: NOW.toISOString() };
      return Promise.resolve({ token: "hf_value_new2", tokenInfo });
    },
    ...methods,
  });
  return hub;
}

const failure = async (step: Promise<unknown>): Promise<Error> =>
  step.then(
    () => assert.fail("it succeeded"),
    (error: unknown) => error as Error,
  );
const keptBy = (error: Error): State => {
  assert.ok(error instanceof UnfinishedError, error.stack);
  return error.state as State;
};

describe("a new token that differs from the request", () => {
  for (const [what, differing, words] of [
    ["more permissions", { permissions: BOTH }, "permissions: org.read, org.write instead of org.read"],
    ["fewer permissions", { permissions: [] }, "permissions: none instead of org.read"],
    ["other endpoints", { endpointPatterns: ["a"] }, "endpointPatterns: a instead of none"],
    [
      "an exemption from network rules",
      { skipNetworkSecurity: true },
      "skipNetworkSecurity: true instead of false",
    ],
  ] as const) {
    for (const tells of [true, false]) {
      it(`(${what}, ${tells ? "shown by the answer" : "shown by the list"}) is revoked, and the step fails`, async () => {
        const created = issuing(differing, { tells });
        const message =
          `The Hub issued the token ${NEW_NAME} with other settings than requested (${words}); it was revoked before anyone had its ` +
          "value. Declare what the Hub allows, or ask its administrators.";
        await assert.rejects(definition.create(inputsWith(), created.context), {
          name: "LifecycleError",
          message,
        });
        assert.deepEqual(created.sent, [["issue"], ["revoke", "new"]]);

        const rotated = issuing(differing, { tells });
        const error = await failure(
          definition.update("x", stateWith(), inputsWith(TRIGGERS), rotated.context),
        );
        assert.equal(error.message, message);
        const { tokenId, token, predecessors, applied } = keptBy(error);
        assert.deepEqual(
          [tokenId, token, predecessors, applied.triggers],
          ["current", "hf_value_old1", [], undefined],
        );
      });
    }
  }
  it("is named in the error if it cannot be revoked", async () => {
    const methods = {
      deleteServiceAccountToken: () => Promise.reject(hubError({ what: "down.", status: 500 })),
    };
    const { context } = issuing({ permissions: BOTH }, { methods });
    await assert.rejects(definition.create(inputsWith(), context), (error: Error) => {
      assert.match(
        error.message,
        /could not be revoked, so revoke it on the Hub: no one has its value\. down\./,
      );
      assert.ok(error.message.includes(NEW_NAME));
      return true;
    });
  });
  it("(a user's own, with another role or a later expiry) is revoked, and the step fails", async () => {
    const expiresAt = "2027-01-01T00:00:00.000Z";
    for (const [differing, words] of [
      [{ role: "write" }, "role: write instead of read"],
      [{ expiresAt: undefined }, `expiresAt: never instead of ${expiresAt}`],
      [
        { expiresAt: "2027-01-01T00:02:00.000Z" },
        `expiresAt: 2027-01-01T00:02:00.000Z instead of ${expiresAt}`,
      ],
    ] as const) {
      const createToken = (request: object) =>
        Promise.resolve({ ...request, ...differing, token: "hf_value_new2", createdAt: NOW.toISOString() });
      const { context, sent } = userWith([], { methods: { createToken } });
      const error = await failure(definition.create(ownInputs({ expiresAt }), context));
      assert.ok(error.message.includes(`(${words})`), error.message);
      assert.equal(sent[0]?.[0], "revoke");
    }
  });
  it("is kept if it expires earlier, or if the Hub does not show what it can do", async () => {
    const expiresAt = "2027-01-01T00:00:00.000Z";
    const earlier = "2026-06-01T00:00:00.000Z";
    const createToken = (request: object) =>
      Promise.resolve({
        ...request,
        expiresAt: earlier,
        token: "hf_value_new2",
        createdAt: NOW.toISOString(),
      });
    const { context } = userWith([], { methods: { createToken } });
    const { state } = await definition.create(ownInputs({ expiresAt }), context);
    assert.deepEqual([state.token, state.expiresAt], ["hf_value_new2", earlier]);

    const silent = issuing(
      {},
      {
        tells: false,
        methods: { getServiceAccount: () => Promise.reject(hubError({ what: "down.", status: 503 })) },
      },
    );
    const created = await definition.create(inputsWith(), silent.context);
    assert.equal(created.state.token, "hf_value_new2");
    assert.deepEqual(silent.said, [`warn the access of the new token ${NEW_NAME} was not verified: down.`]);
  });
});

describe("a change of a token that the Hub accepts but does not make", () => {
  const DIFFERS = (parts: string, name = MARKED) =>
    `The Hub accepted a change of the token ${name}, but the token still differs (${parts}). Check the token on the Hub; the next ` +
    "`pulumi up` tries again.";
  const without = (tells: boolean) => {
    const hub = accountWith([current({ permissions: [...BOTH] })]);
    Object.assign(hub.context.client, {
      updateServiceAccountToken: () =>
        Promise.resolve(tells ? { ...hub.held[0] } : { _id: "current", displayName: MARKED }),
    });
    return hub;
  };

  for (const tells of [true, false]) {
    it(`fails, as the ${tells ? "answer" : "list"} shows, and the state keeps what was seen`, async () => {
      const hub = without(tells);
      const error = await failure(
        definition.update("x", stateWith(), inputsWith({ name: "other" }), hub.context),
      );
      assert.equal(error.message, DIFFERS("permissions, name", "other [0123abcd-0001]"));
      const state = keptBy(error);
      assert.deepEqual(state.seen?.reach, reachWith({ permissions: BOTH }));
      assert.deepEqual(state.applied.reach, reachWith());
      assert.equal(state.tried, undefined);
      assert.equal(state.hubName, MARKED);
      // The difference stays visible: a preview decides on the same data.
      const { context } = inMemory({}, { now: NOW });
      assert.equal(definition.diff?.(state, inputsWith({ name: "other" }), [], context).changes, true);
    });
  }
  it("issues no successor before the token is narrowed", async () => {
    const hub = without(true);
    const error = await failure(definition.update("x", stateWith(), inputsWith(TRIGGERS), hub.context));
    assert.equal(error.message, DIFFERS("permissions"));
    assert.deepEqual(hub.sent, []);
    const { applied, heard } = keptBy(error);
    assert.equal(applied.triggers, undefined, "the rotation is still ordered");
    assert.equal(heard?.seen.length, 1);
  });
  it("counts as sent if the result cannot be seen", async () => {
    const hub = accountWith([current()]);
    let asked = 0;
    const list = hub.context.client.getServiceAccount.bind(hub.context.client);
    Object.assign(hub.context.client, {
      updateServiceAccountToken: () => Promise.resolve({ _id: "current", displayName: MARKED }),
      getServiceAccount: (organization: string, account: string) =>
        asked++ === 0
          ? list(organization, account)
          : Promise.reject(hubError({ what: "down.", status: 503 })),
    });
    const error = await failure(
      definition.update("x", stateWith(), inputsWith({ permissions: BOTH }), hub.context),
    );
    assert.equal(error.message, "down.");
    assert.deepEqual(keptBy(error).tried, reachWith({ permissions: BOTH }));
  });
  it("does not count as sent if the Hub refuses it", async () => {
    const refused = hubError({ what: "refused.", status: 403 });
    const hub = accountWith([current()], {
      methods: { updateServiceAccountToken: () => Promise.reject(refused) },
    });
    const error = await failure(
      definition.update("x", stateWith(), inputsWith({ permissions: BOTH }), hub.context),
    );
    assert.equal(keptBy(error).tried, undefined);
  });
});

describe("a revocation that the Hub accepts but does not make", () => {
  it("fails a destroy, which lists the tokens only once", async () => {
    const state = stateWith({ predecessors: [{ tokenId: "old", supersededAt: NOW.toISOString() }] });
    let asked = 0;
    const hub = accountWith([current(), { _id: "old" }]);
    const list = hub.context.client.getServiceAccount.bind(hub.context.client);
    Object.assign(hub.context.client, {
      deleteServiceAccountToken: () => Promise.resolve(),
      getServiceAccount(organization: string, account: string) {
        asked++;
        return list(organization, account);
      },
    });
    await assert.rejects(definition.delete("x", state, hub.context), {
      message:
        `The Hub accepted the revocation of the token ${MARKED} but still lists it, so it may still be valid. ` +
        "Run the same command again; if that does not help, revoke the token on the Hub.",
    });
    assert.equal(asked, 1);
  });
});

describe("a Hub with absurd creation times of tokens", () => {
  for (const createdAt of ["1970-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z"]) {
    it(`(${createdAt}) does not cause a new token each night`, async () => {
      const inputs = inputsWith({ rotateEveryDays: 30 });
      const hub = issuing({});
      Object.assign(hub.context.client, {
        createServiceAccountToken: (_organization: string, _account: string, request: object) =>
          Promise.resolve({ token: "hf_value_new2", tokenInfo: { _id: "new", ...request, createdAt } }),
      });
      const { state } = await definition.create(inputs, hub.context);
      assert.deepEqual([state.createdAt, state.rotateAt], [NOW.toISOString(), "2026-03-31T00:00:00.000Z"]);
      const { context } = inMemory({}, { now: NOW });
      assert.equal(definition.diff?.(state, inputs, [], context).changes, false);
    });
    it(`(${createdAt}) identifies a user's own token by that time`, async () => {
      const methods = {
        createToken: (request: object) => Promise.resolve({ ...request, token: "hf_value_new2", createdAt }),
      };
      const inputs = ownInputs({ role: "read", rotateEveryDays: 30 });
      const { context } = userWith([], { methods });
      const { state } = await definition.create(inputs, context);
      assert.equal(state.createdAt, NOW.toISOString());
      const read = (listed: string) =>
        definition.read("x", state, userWith([{ name: state.hubName, createdAt: listed }]).context);
      assert.equal((await read(createdAt))?.state.status, "active");
      assert.equal((await read(NOW.toISOString()))?.state.status, "revoked");
    });
  }
});

describe("a user's own token with another role than it was given", () => {
  const hub = () => userWith([{ name: ownState().hubName, role: "admin" }]);
  const words = /has the role admin on the Hub, which this program did not set; it declares read/;

  it("is refused by the preview after a refresh and by the run", async () => {
    const found = await definition.read("x", ownState(), hub().context);
    assert.ok(found);
    const { context, said } = inMemory({}, { now: NOW });
    assert.equal(definition.diff?.(found.state, ownInputs(), [], context).changes, true);
    assert.match(said.join(), words);
    const due = ownInputs({ rotateEveryDays: 30 });
    for (const inputs of [ownInputs(), due]) {
      const { context: run, sent } = hub();
      const error = await failure(definition.update("x", found.state, inputs, run));
      assert.match(error.message, words);
      assert.deepEqual(sent, []);
    }
  });
  it("gets a successor by a new trigger, and is accepted unchanged by a program that declares the role", async () => {
    const { context, sent } = hub();
    await definition.update("x", ownState(), ownInputs(TRIGGERS), context);
    assert.equal(sent[0]?.[0], "issue");
    const same = hub();
    const next = await definition.update("x", ownState(), ownInputs({ role: "admin" }), same.context);
    assert.deepEqual([same.sent, next.applied.role], [[], "admin"]);
  });
});

describe("a repository that was moved", () => {
  const moved = { getRepo: () => Promise.resolve({ _id: "5".repeat(24), id: "other/m" }) };
  const inRepo = { repos: ["acme/m"], repoPermissions: ["repo.write" as const] };

  it("is not given to a token under its former name", async () => {
    const { context, sent } = accountWith([], { methods: moved });
    await assert.rejects(definition.create(inputsWith(inRepo), context), {
      message:
        "The model acme/m was moved to other/m on the Hub. Use that name or the repository's id in repos; the token gets no access to it until then.",
    });
    assert.deepEqual(sent, []);
  });
  it("stays with a token that already has access to it, with a warning", async () => {
    const repoIds = ["4".repeat(24)];
    const reach = reachWith({ repoIds, repoPermissions: ["repo.write"] });
    const state = stateWith({ ...inRepo, repoIds, applied: { reach } });
    const { context, said, sent } = accountWith([current({ ...reach })], { methods: moved });
    await definition.update("x", state, inputsWith({ ...inRepo, ...TRIGGERS }), context);
    assert.match(said.join("\n"), /warn The model acme\/m was moved to other\/m/);
    assert.deepEqual((sent[0]?.[1] as { repoIds: string[] }).repoIds, repoIds);
  });
});

// What a HubToken keeps of a failed update, and what it logs about tokens created under its name, on a Hub in memory.
import assert from "node:assert/strict";
import { hubError } from "../../provider/src/client/errors";
import { UnfinishedError } from "../../provider/src/model/definition";
import { hubTokenDefinition as definition } from "../../provider/src/resources/hubToken/lifecycle";
import {
  type HubTokenInputs as Inputs,
  type HubTokenState as State,
} from "../../provider/src/resources/hubToken/model";
import {
  accountWith,
  changeTo,
  CREATED,
  current,
  daysAgo,
  inputsWith,
  type Listed,
  MARKED,
  NOW,
  OWNER,
  ownInputs,
  ownState,
  reachWith,
  repoId,
  request,
  stateWith,
  type Surroundings,
  update,
  userWith,
} from "../support/tokensInMemory";

const [READ, WRITE, JOB] = ["org.read", "org.write", "job.write"] as const;
const wide = { permissions: [READ, WRITE] };
const triggers = { rotationTriggers: { incident: "1" } };

/** A failed update: its message, and what is kept, logged and sent. */
async function failed(tokens: Listed[], state: State, inputs: Inputs, surroundings: Surroundings = {}) {
  const { context, said, sent } = accountWith(tokens, surroundings);
  const error = await definition.update("x", state, inputs, context).then(
    () => assert.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UnfinishedError, String(error));
  return { message: error.message, kept: error.state as State, said, sent };
}

describe("an update of a HubToken that fails", () => {
  const noIssue = {
    createServiceAccountToken: () => Promise.reject(hubError({ what: "not allowed", status: 403 })),
  };

  it("keeps what counts as applied after it has narrowed the token", async () => {
    const state = stateWith({ ...wide, applied: { reach: reachWith(wide) } });
    const inputs = inputsWith({ ...wide, ...triggers });
    const first = await failed([current({ permissions: [READ, JOB] })], state, inputs, { methods: noIssue });
    assert.deepEqual(first.sent, [["change", "current", changeTo({ permissions: [READ] }, MARKED)]]);
    assert.deepEqual(first.kept.seen?.reach, reachWith({ permissions: [READ] }));
    assert.deepEqual(first.kept.applied, { ...state.applied, reach: reachWith({ permissions: [READ] }) });
    const { sent } = await update([current()], first.kept, inputs);
    assert.deepEqual(sent, [["issue", request(wide)]]);
  });

  it("may still issue a successor after it has narrowed a token whose value someone replaced", async () => {
    const byHand = { last4: "xxxx" };
    const inputs = inputsWith(triggers);
    const { kept } = await failed([current({ ...byHand, ...wide })], stateWith(), inputs, {
      methods: noIssue,
    });
    const { sent } = await update([current(byHand)], kept, inputs);
    assert.deepEqual(sent, [["issue", request()]]);
  });

  it("does not remove a repository that may be one that it cannot look up", async () => {
    const methods = { getRepo: () => Promise.reject(hubError({ what: "down", status: 503 })) };
    const inRepo = { repos: ["acme/a"], repoPermissions: ["repo.write"] };
    const listed = current({
      ...{ permissions: [READ, WRITE], repoIds: [repoId("a")], repoPermissions: ["repo.write"] },
    });
    const { message, sent } = await failed([listed], stateWith(inRepo), inputsWith(inRepo), { methods });
    assert.match(message, /down/);
    assert.deepEqual(sent, [["change", "current", changeTo({ permissions: [READ] }, MARKED)]]);
    const gone = await failed([], stateWith(inRepo), inputsWith(inRepo), { methods });
    assert.match(gone.message, /down/);
    assert.deepEqual(gone.sent, []);
  });

  describe("because of what the Hub has after a change", () => {
    const differs = (what: string, hubName = MARKED) =>
      `The Hub accepted a change of the token ${hubName}, but the token still differs (${what}). ` +
      "Check the token on the Hub; the next `pulumi up` tries again."; /** A Hub that returns nothing for a change, and lists these tokens after it. */

    const lists = (tokens: Listed[] | undefined) => {
      let changed = false;
      const list = (accessTokens: Listed[]) =>
        Promise.resolve({
          accessTokens: accessTokens.map((token) => ({
            ...{ displayName: MARKED, last4: "old1", createdAt: CREATED, ...reachWith(), ...token },
          })),
        });
      return {
        updateServiceAccountToken() {
          changed = true;
          return Promise.resolve({});
        },
        getServiceAccount: () => {
          if (!changed) return list([current()]);
          return tokens ? list(tokens) : Promise.reject(hubError({ what: "gone", status: 404 }));
        },
        listServiceAccounts: () => Promise.resolve([]),
      };
    };
    const after = (tokens: Listed[] | undefined, inputs: Partial<Inputs> = wide) =>
      failed([current()], stateWith(), inputsWith(inputs), { methods: lists(tokens) });

    it("reports that the token or its account is gone", async () => {
      for (const tokens of [[], undefined, [{ _id: "other", ...wide }]]) {
        assert.equal((await after(tokens)).message, differs("the token, name"));
      }
    });
    it("reports what differs, and keeps it", async () => {
      const held = { permissions: [READ, JOB], skipNetworkSecurity: true };
      const { message, kept } = await after([{ _id: "other", ...wide }, current(held)]);
      assert.equal(message, differs("permissions, skipNetworkSecurity"));
      assert.deepEqual([kept.seen?.reach, kept.tried], [reachWith(held), undefined]);
      const renamed = await after([current(wide)], { ...wide, name: "other" });
      assert.equal(renamed.message, differs("name", `other [${OWNER}-0001]`));
      assert.equal(renamed.kept.hubName, MARKED);
    });
    it("does not fail if the Hub lists the token as it was sent", async () => {
      const tokens = [{ _id: "other" }, current(wide)];
      const { next } = await update([current()], stateWith(), inputsWith(wide), { methods: lists(tokens) });
      assert.deepEqual(next.applied.reach, reachWith(wide));
    });
  });

  it("explains how to declare the resource if it has no mark to restore", async () => {
    const byHand = current({ displayName: "by hand" });
    const state = stateWith({ hubName: "by hand" });
    const { message, sent } = await failed([byHand], state, inputsWith({ owner: undefined }));
    assert.match(message, /^The HubToken has no owner's mark\. Declare it with the class HubToken/);
    assert.deepEqual(sent, []);
  });
});

describe("another token under the name of a HubToken", () => {
  const state = ownState();
  const [name, born] = [state.hubName, NOW.toISOString()];
  const SOMEONE = `Someone created another token with that name at ${born}, which was not changed.`;
  const HOW =
    "It is not issued again automatically: set recreateIfInvalid to true, or give rotationTriggers a new value.";
  const other = { name: "unrelated", createdAt: daysAgo(1) };

  for (const [title, tokens, word] of [
    ["is reported if it is in the list", [other, { name, createdAt: born }], ` ${SOMEONE}`],
    ["is not reported if only other tokens are in the list", [other], ""],
    ["is not reported if the list is empty", [], ""],
  ] as const) {
    it(title, async () => {
      const refreshed = userWith([...tokens]);
      await definition.read("x", state, refreshed.context);
      assert.deepEqual(refreshed.said, [`warn the token ${name} is revoked on the Hub.${word}`]);
      const updated = userWith([...tokens]);
      await definition.update("x", state, ownInputs(), updated.context);
      assert.deepEqual(updated.said, [
        `warn the token ${name} is revoked on the Hub, so nothing was sent. ${HOW}${word}`,
      ]);
    });
  }

  it("is left alone by a destroy, which logs that, even if it revokes a predecessor", async () => {
    const left = "Someone created another token with that name, which was not changed.";
    for (const predecessors of [[], [{ tokenId: "old", supersededAt: NOW.toISOString() }]]) {
      const { context, said, sent } = userWith([{ name: "old" }, { name, createdAt: born }]);
      await definition.delete("x", { ...state, predecessors }, context);
      assert.deepEqual(said, [`info the token ${name} was already gone. ${left}`]);
      assert.deepEqual(
        sent,
        predecessors.map(({ tokenId }) => ["revoke", tokenId]),
      );
    }
    const revokeToken = () => Promise.reject(hubError({ what: "gone", status: 404 }));
    const gone = userWith([], { methods: { revokeToken } });
    await definition.delete("x", state, gone.context);
    assert.deepEqual(gone.said, [`info the token ${name} was already gone.`]);
  });
});

describe("what distinguishes a HubToken from others in a run", () => {
  it("is its place and its id on the Hub, and for a replacement its owner's mark", () => {
    assert.equal(definition.sharedObject?.("x", stateWith()), "acme/current");
    assert.equal(definition.sharedObject?.("x", ownState()), `user/${ownState().tokenId}`);
    assert.equal(definition.formerBy?.(inputsWith()), `mark ${OWNER}`);
    assert.equal(definition.formerBy?.(inputsWith({ owner: undefined })), undefined);
  });
});

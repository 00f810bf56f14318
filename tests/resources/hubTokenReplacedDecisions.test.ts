// What a HubToken sends, keeps and logs if it is created in place of another, on a Hub in memory.
import assert from "node:assert/strict";
import { hubTokenDefinition as definition } from "../../provider/src/resources/hubToken/lifecycle";
import {
  type HubTokenInputs as Inputs,
  type HubTokenState as State,
} from "../../provider/src/resources/hubToken/model";
import {
  accountWith,
  HOW_TO_WIDEN,
  inputsWith,
  kept,
  NEW_NAME,
  ownInputs,
  ownState,
  OWNER,
  reachWith,
  refusal,
  repoId,
  request,
  stateWith,
  userWith,
} from "../support/tokensInMemory";

describe("a HubToken that is created in place of another", () => {
  const wide = { permissions: ["org.read", "org.write"] };
  const triggers = { rotationTriggers: { incident: "1" } };
  const OWN_NAME = `mine [${OWNER}-0f0f]`;

  async function replaced(former: State, inputs: Inputs) {
    const { context, said, sent } =
      inputs.organization === undefined ? userWith([]) : accountWith([{ _id: "current" }]);
    const { state } = await definition.create(inputs, { ...context, former });
    return { state, said, sent: kept(sent) };
  }

  it("gets everything that is declared, without a warning, if no one narrowed the former token", async () => {
    const { state, said, sent } = await replaced(stateWith(), inputsWith(wide));
    assert.deepEqual([sent, said], [[["issue", request(wide)]], []]);
    assert.deepEqual(state.applied.reach, reachWith(wide));
  });

  it("can do no more than a former token that someone narrowed, and logs that", async () => {
    const former = stateWith({ applied: { reach: reachWith(wide) } });
    const { state, said, sent } = await replaced(former, inputsWith(wide));
    assert.deepEqual(sent, [["issue", request()]]);
    assert.deepEqual(said, [
      `warn the successor has no more access than its predecessor, which was narrowed on the Hub (permissions). ${HOW_TO_WIDEN}`,
    ]);
    assert.deepEqual([state.permissions, state.applied.reach], [["org.read"], reachWith(wide)]);
  });

  it("is refused if nothing expresses what both sides allow, unless a new trigger allows it", async () => {
    const patterns = { endpointPatterns: ["acme/*"] };
    const former = stateWith({
      applied: { reach: reachWith(patterns) },
      seen: reachWith({ endpointPatterns: ["other/*"] }),
    });
    await assert.rejects(replaced(former, inputsWith(patterns)), { message: refusal("endpointPatterns") });
    const { sent } = await replaced(former, inputsWith({ ...patterns, ...triggers }));
    assert.deepEqual(sent, [["issue", request(patterns)]]);
  });

  it("gets access to another repository under the name of its own only with a new trigger", async () => {
    const inRepo = { repos: ["acme/a"], repoPermissions: ["repo.write"] };
    const reach = reachWith({ repoPermissions: ["repo.write"], repoIds: [repoId("a")] });
    const former = stateWith({ ...inRepo, repoIds: [repoId("a")], applied: { reach } });
    const without = await replaced(former, inputsWith(inRepo));
    const other = { repoPermissions: ["repo.write"], repoIds: ["id of model acme/a"] };
    assert.deepEqual(without.sent, [["issue", request({ ...other, repoIds: [] })]]);
    assert.match(without.said.join(), /gets no access to it/);
    const fresh = await replaced(former, inputsWith({ ...inRepo, ...triggers }));
    assert.deepEqual(fresh.sent, [["issue", request(other)]]);
    assert.match(fresh.said.join(), /gets access to it, because rotationTriggers has a new value/);
  });

  it("gets what is declared if it is a user's own", async () => {
    const { sent, said } = await replaced(ownState(), ownInputs());
    assert.deepEqual([sent, said], [[["issue", { name: OWN_NAME, role: "read" }]], []]);
  });

  it("is not issued for a user if the Hub showed a role that the program has not set", async () => {
    const former: State = { ...ownState(), seen: { role: "write" } };
    await assert.rejects(
      replaced(former, ownInputs()),
      /^LifecycleError: The token mine .* has the role write on the Hub, which this program did not set; it declares read\./,
    );
    const { sent } = await replaced(former, ownInputs(triggers));
    assert.deepEqual(sent, [["issue", { name: OWN_NAME, role: "read" }]]);
  });

  it("gets what is declared if a service account's token replaces a user's own, or vice versa", async () => {
    const ofAccount = await replaced(ownState(), inputsWith(wide));
    assert.deepEqual(ofAccount.sent, [["issue", { ...request(wide), displayName: NEW_NAME }]]);
    const own = await replaced(stateWith({ status: "revoked" }), ownInputs());
    assert.deepEqual(own.sent, [["issue", { name: OWN_NAME, role: "read" }]]);
  });

  it("keeps the triggers of the former token, so that an old trigger is not new", async () => {
    const first = await replaced(stateWith(), inputsWith(triggers));
    const { state } = await replaced(first.state, inputsWith());
    assert.equal(state.heard?.seen.length, 1);
    const narrowed = { ...state, seen: { reach: reachWith({ permissions: [] }) } };
    const again = await replaced(narrowed, inputsWith(triggers));
    assert.deepEqual(again.sent, [["issue", request({ permissions: [] })]]);
  });
});

// What a HubToken sends, keeps and logs, step by step, on a Hub in memory.
import assert from "node:assert/strict";
import { hubError } from "../../provider/src/client/errors";
import { hubTokenDefinition as definition } from "../../provider/src/resources/hubToken/lifecycle";
import {
  type HubTokenInputs as Inputs,
  type HubTokenState as State,
} from "../../provider/src/resources/hubToken/model";
import { type TokenReach } from "../../provider/src/rules/permissions";
import {
  ACCOUNT,
  accountWith,
  changeTo,
  CREATED,
  current,
  daysAgo,
  type Former,
  HOW_TO_WIDEN,
  inputsWith,
  kept,
  type Listed,
  MARKED,
  NEW_NAME,
  NOW,
  OWNER,
  ownInputs,
  ownState,
  reachWith,
  refusal,
  repoId,
  request,
  stateWith,
  update,
  userWith,
} from "../support/tokensInMemory";

describe("the creation of a HubToken", () => {
  it("sends what is declared under a marked name, and keeps the result", async () => {
    const { context, sent } = accountWith([]);
    const inputs = inputsWith({
      repos: ["acme/m", "datasets/acme/d", repoId("7")],
      repoPermissions: ["repo.write"],
      endpointPatterns: ["acme/*"],
      skipNetworkSecurity: true,
      rotateEveryDays: 30,
    });
    const { id, state } = await definition.create(inputs, context);
    const repoIds = ["id of model acme/m", "id of dataset acme/d", repoId("7")];
    const reach = {
      permissions: ["org.read"],
      repoPermissions: ["repo.write"],
      repoIds,
      endpointPatterns: ["acme/*"],
      skipNetworkSecurity: true,
    };
    assert.equal(id, `acme/${ACCOUNT}/${OWNER}`);
    assert.deepEqual(sent, [["issue", { displayName: NEW_NAME, ...reach }]]);
    assert.deepEqual([...context.claims], ["new"]);
    assert.deepEqual(kept(state), {
      ...inputs,
      token: "hf_value_new2",
      tokenId: "new",
      hubName: NEW_NAME,
      last4: "new2",
      createdAt: NOW.toISOString(),
      rotateAt: "2026-03-31T00:00:00.000Z",
      expiryEnforced: false,
      status: "active",
      resolved: { "acme/m": repoIds[0], "datasets/acme/d": repoIds[1] },
      applied: { reach },
      predecessors: [],
    });
  });
  it("keeps a value whose answer has no valid time, with the current time", async () => {
    const methods = {
      createServiceAccountToken: () =>
        Promise.resolve({ token: "hf_value_new2", tokenInfo: { _id: "new", createdAt: "yesterday" } }),
    };
    const { state } = await definition.create(inputsWith(), accountWith([], { methods }).context);
    assert.deepEqual([state.token, state.createdAt], ["hf_value_new2", NOW.toISOString()]);
    const rotated = await definition.update(
      "x",
      stateWith(),
      inputsWith({ rotationTriggers: { now: "1" } }),
      accountWith([{ _id: "current" }], { methods }).context,
    );
    assert.deepEqual([rotated.token, rotated.createdAt], ["hf_value_new2", NOW.toISOString()]);
  });
  it("gives a service account's token only what is declared", async () => {
    const { context, sent } = accountWith([]);
    const { state } = await definition.create(inputsWith({ permissions: undefined }), context);
    const reach = reachWith({ permissions: [] });
    assert.deepEqual(sent, [["issue", { displayName: NEW_NAME, ...reach }]]);
    assert.deepEqual(state.applied.reach, reach);
  });
  it("gives a user's own token its role and its expiry", async () => {
    const { context, sent } = userWith([]);
    const inputs = ownInputs({ role: "write", expiresAt: "2027-01-01T01:00:00+01:00" });
    const { id, state } = await definition.create(inputs, context);
    const hubName = `mine [${OWNER}-0f0f]`;
    assert.equal(id, `user/${OWNER}`);
    assert.deepEqual(sent, [
      ["issue", { name: hubName, role: "write", expiresAt: "2027-01-01T00:00:00.000Z" }],
    ]);
    assert.deepEqual(kept(state), {
      ...inputs,
      token: "hf_value_new2",
      tokenId: hubName,
      hubName,
      last4: "new2",
      createdAt: NOW.toISOString(),
      expiryEnforced: true,
      status: "active",
      user: "alice",
      userId: "a1",
      born: NOW.toISOString(),
      applied: { name: "mine", role: "write", expiresAt: inputs.expiresAt },
      predecessors: [],
    });
  });
  it("asks for the expiry that the Hub set only if the rotation depends on it", async () => {
    const end = "2026-05-01T00:00:00.000Z";
    for (const rotateBeforeDays of [undefined, 5]) {
      let asked = 0;
      const hub = accountWith([{ _id: "other", expiration: daysAgo(-9) }], {
        methods: {
          getServiceAccount() {
            asked++;
            const accessTokens = hub.held.map((each) => ({ ...each }));
            for (const each of accessTokens) if (each._id === "new") each.expiration = end;
            return Promise.resolve({ accessTokens });
          },
        },
      });
      const { state } = await definition.create(inputsWith({ rotateBeforeDays }), hub.context);
      const told = rotateBeforeDays !== undefined;
      assert.equal(asked, told ? 1 : 0);
      assert.deepEqual([state.expiresAt, state.expiryEnforced], [told ? end : undefined, told]);
      assert.equal(state.rotateAt, told ? "2026-04-26T00:00:00.000Z" : undefined);
    }
  });
  it("keeps the new token if its expiry cannot be read", async () => {
    const methods = { getServiceAccount: () => Promise.reject(hubError({ what: "down", status: 500 })) };
    const { context } = accountWith([], { methods });
    const { state } = await definition.create(inputsWith({ rotateBeforeDays: 5 }), context);
    assert.deepEqual([state.token, state.expiryEnforced], ["hf_value_new2", false]);
  });
  it("does not ask for an expiry that the answer contains", async () => {
    const expiresAt = "2027-01-01T00:00:00.000Z";
    const { context } = userWith([], { methods: { listTokens: () => assert.fail() } });
    const { state } = await definition.create(ownInputs({ expiresAt, rotateBeforeDays: 5 }), context);
    assert.deepEqual([state.expiresAt, state.expiryEnforced], [expiresAt, true]);
  });
  it("sends nothing without the owner's mark", async () => {
    const { context, sent } = accountWith([]);
    await assert.rejects(definition.create(inputsWith({ owner: undefined }), context), {
      message: "The HubToken has no owner's mark. Declare it with the class HubToken, which sets it.",
    });
    assert.deepEqual(sent, []);
  });
});

describe("the refresh of a HubToken", () => {
  const read = async (tokens: Listed[] | undefined, state: State, now = NOW) => {
    const { context, said } = accountWith(tokens, { now });
    const found = await definition.read("x", state, context);
    assert.ok(found);
    return { inputs: kept(found.inputs), state: kept(found.state) as State, said, claims: context.claims };
  };

  it("leaves the state unchanged if nothing changed on the Hub", async () => {
    const state = stateWith({ predecessors: [{ tokenId: "old", supersededAt: CREATED }] });
    const old = { _id: "old", displayName: "by hand", permissions: [] };
    const found = await read([old, { _id: "current" }], state);
    assert.deepEqual(found.inputs, inputsWith());
    assert.deepEqual(found.state, state);
    assert.deepEqual([found.said, [...found.claims]], [[], ["current", "old"]]);
  });
  it("finds another name, with or without the mark", async () => {
    for (const [displayName, name] of [
      [`other [${OWNER}-0002]`, "other"],
      ["by hand", "by hand"],
    ] as const) {
      const { state } = await read([{ _id: "current", displayName }], stateWith());
      assert.deepEqual([state.name, state.hubName], [name, displayName]);
    }
  });
  it("describes permissions in the program's own words if they mean the same", async () => {
    const declared: Former = {
      permissions: ["org.write", "org.read"],
      repos: ["acme/b", "acme/a"],
      repoIds: [repoId("b"), repoId("a")],
      repoPermissions: ["repo.write", "repo.content.read"],
      endpointPatterns: ["b", "a"],
      skipNetworkSecurity: false,
    };
    const same = {
      _id: "current",
      permissions: ["org.read", "org.write"],
      repoIds: [repoId("a"), repoId("b")],
      repoPermissions: ["repo.content.read", "repo.write"],
      endpointPatterns: ["a", "b"],
    };
    const state = stateWith(declared);
    assert.deepEqual((await read([same], state)).state, state);
    const other = {
      _id: "current",
      permissions: ["org.write", "job.write"],
      repoIds: [repoId("c"), repoId("b")],
      repoPermissions: ["repo.write"],
      endpointPatterns: ["d", "c"],
      skipNetworkSecurity: true,
    };
    const found = await read([other], state);
    assert.deepEqual(found.state, {
      ...state,
      permissions: ["job.write", "org.write"],
      repos: ["acme/b", repoId("c")],
      repoPermissions: ["repo.write"],
      endpointPatterns: ["c", "d"],
      skipNetworkSecurity: true,
    });
  });
  it("shows undeclared settings only if the Hub has them", async () => {
    assert.deepEqual((await read([{ _id: "current" }], stateWith())).state, stateWith());
    const found = await read(
      [{ _id: "current", repoIds: [repoId("a")], skipNetworkSecurity: true }],
      stateWith(),
    );
    assert.deepEqual(found.state.repos, [repoId("a")]);
    assert.equal(found.state.skipNetworkSecurity, true);
    const bypassed = stateWith({ skipNetworkSecurity: true });
    assert.equal((await read([{ _id: "current" }], bypassed)).state.skipNetworkSecurity, false);
    const short = stateWith({ repoIds: [repoId("a"), repoId("b")], repos: ["acme/a"] });
    const named = await read([{ _id: "current", repoIds: [repoId("b")] }], short);
    assert.deepEqual(named.state.repos, [repoId("b")], "by its id, because no name is known");
    const unnamed = stateWith({ repoIds: [repoId("a"), repoId("b")] });
    const left = await read([{ _id: "current", repoIds: [repoId("b")] }], unnamed);
    assert.deepEqual(left.state.repos, [repoId("b")]);
  });
  it("finds an expiry that the Hub set, and when a successor is due", async () => {
    const expiration = "2026-05-01T00:00:00Z";
    const state = stateWith({ rotateBeforeDays: 5 });
    const found = await read([{ _id: "current", expiration }], state);
    assert.deepEqual(found.state, {
      ...state,
      expiresAt: expiration,
      expiryEnforced: true,
      rotateAt: "2026-04-26T00:00:00.000Z",
    });
    assert.deepEqual(found.inputs, inputsWith({ rotateBeforeDays: 5 }), "it was not declared");
    const gone = await read([{ _id: "current" }], stateWith({ expiresAt: expiration, expiryEnforced: true }));
    assert.deepEqual([gone.state.expiresAt, gone.state.expiryEnforced], [undefined, false]);
  });
  it("finds whether the Hub accepts the token, and warns if it does not", async () => {
    const ended = { expiresAt: daysAgo(1), expiryEnforced: true };
    for (const [tokens, changes, status] of [
      [undefined, {}, "missing"],
      [[], {}, "revoked"],
      [[], ended, "expired"],
      [[], { ...ended, status: "revoked" }, "revoked"],
      [[{ _id: "current", last4: "xxxx" }], {}, "revoked"],
      [[{ _id: "current", last4: "xxxx", expiration: daysAgo(1) }], {}, "revoked"],
      [[{ _id: "current", expiration: NOW.toISOString() }], {}, "expired"],
      [[{ _id: "current", expiration: NOW.toISOString() }], { status: "revoked" }, "expired"],
    ] as [Listed[] | undefined, Former, string][]) {
      const found = await read(tokens, stateWith(changes));
      assert.equal(found.state.status, status);
      assert.deepEqual(found.said, [`warn the token ${MARKED} is ${status} on the Hub.`]);
      assert.equal(found.state.token, "hf_value_old1");
    }
    for (const [tokens, changes] of [
      [[{ _id: "current", expiration: daysAgo(-1) }], ended],
      [[{ _id: "current" }], { status: "revoked" }],
      [[{ _id: "current" }], { last4: undefined }],
      [[{ _id: "current", last4: undefined }], {}],
    ] as [Listed[], Former][]) {
      const found = await read(tokens, stateWith(changes));
      assert.deepEqual([found.state.status, found.said], ["active", []]);
    }
  });
  it("shows only what goes beyond the program for a token that is not accepted", async () => {
    const displayName = `other [${OWNER}-0002]`;
    const [narrow, wide] = [["org.read"], ["org.read", "org.write"]];
    const seen = reachWith({ permissions: [] });
    for (const [declared, permissions, shown] of [
      [wide, narrow, wide],
      [narrow, wide, wide],
    ]) {
      const state = stateWith({ permissions: declared, seen });
      const { state: found } = await read(
        [{ _id: "current", last4: "xxxx", displayName, permissions }],
        state,
      );
      const now = { status: "revoked", hubName: displayName, seen: { reach: reachWith({ permissions }) } };
      assert.deepEqual(found, { ...state, ...now, permissions: shown });
    }
    const back = await read([{ _id: "current" }], stateWith({ status: "revoked", seen }));
    assert.deepEqual(
      back.state,
      stateWith(),
      "what was last seen no longer counts once the token is valid again",
    );
  });
  it("finds the expiry of a user's own token, and the role if it is declared", async () => {
    const expiresAt = "2027-01-01T01:00:00+01:00";
    const onHub = { name: ownState().hubName, role: "write", expiresAt: "2027-01-01T00:00:00.000Z" };
    const run = async (state: State, token = onHub) =>
      kept((await definition.read("x", state, userWith([token]).context))?.state) as State;
    const declared = ownState({ role: "read", expiresAt, expiryEnforced: true, applied: { expiresAt } });
    assert.deepEqual(await run(declared), { ...declared, role: "write" });
    const ended = await run(declared, { ...onHub, expiresAt: daysAgo(1) });
    assert.deepEqual([ended.status, ended.role], ["expired", "write"]);
    const plain = await run(ownState());
    assert.equal(plain.role, undefined);
    assert.deepEqual([plain.expiresAt, plain.expiryEnforced], [onHub.expiresAt, true]);
    const { inputs } = (await definition.read("x", declared, userWith([onHub]).context)) ?? {};
    assert.equal(inputs?.expiresAt, expiresAt);
  });
});

describe("the look-up of a HubToken", () => {
  const own = { name: `mine [${OWNER}-0001]`, role: "write", expiresAt: "2027-01-01T00:00:00.000Z" };

  it("finds the newest token with the mark, with everything that the Hub shows", async () => {
    const { context } = accountWith([
      { _id: "older", createdAt: daysAgo(50) },
      {
        _id: "newer",
        displayName: `ci [${OWNER}-0002]`,
        permissions: ["org.write", "org.read"],
        repoIds: [repoId("b"), repoId("a")],
        repoPermissions: ["repo.write", "repo.content.read"],
        endpointPatterns: ["b", "a"],
        skipNetworkSecurity: true,
        expiration: "2026-05-01T00:00:00Z",
      },
    ]);
    const found = await definition.read(`acme/${ACCOUNT}/${OWNER}`, undefined, context);
    const reach = {
      permissions: ["org.read", "org.write"],
      repoPermissions: ["repo.content.read", "repo.write"],
      endpointPatterns: ["a", "b"],
      skipNetworkSecurity: true,
    };
    const repoIds = [repoId("a"), repoId("b")];
    assert.deepEqual(kept(found?.inputs), { ...inputsWith(), ...reach, repos: repoIds });
    assert.deepEqual(kept(found?.state), {
      ...inputsWith(),
      ...reach,
      repos: repoIds,
      tokenId: "newer",
      hubName: `ci [${OWNER}-0002]`,
      last4: "old1",
      createdAt: CREATED,
      expiresAt: "2026-05-01T00:00:00Z",
      expiryEnforced: true,
      status: "active",
      applied: { reach: { ...reach, repoIds } },
      predecessors: [],
    });
  });
  it("finds a token by the Hub's id or by its name, and by nothing else", async () => {
    const tokens = [
      { _id: "one", displayName: "by hand" },
      { _id: "two", displayName: "other" },
    ];
    const idOf = async (slot: string, hub = accountWith(tokens)) =>
      (await definition.read(`acme/${ACCOUNT}/${slot}`, undefined, hub.context))?.state.tokenId;
    assert.equal(await idOf("one"), "one");
    assert.equal(await idOf("other"), "two");
    assert.equal(await idOf("a name/with a slash", accountWith([])), undefined);
    assert.equal(await idOf("one", accountWith(undefined)), undefined);
  });
  it("finds a user's own token with its role and its expiry", async () => {
    const found = await definition.read(`user/${OWNER}`, undefined, userWith([own]).context);
    const inputs = ownInputs({ role: "write", expiresAt: own.expiresAt });
    assert.deepEqual(kept(found?.inputs), inputs);
    assert.deepEqual(kept(found?.state), {
      ...inputs,
      tokenId: own.name,
      hubName: own.name,
      createdAt: CREATED,
      expiryEnforced: true,
      status: "active",
      user: "alice",
      userId: "a1",
      born: CREATED,
      applied: { name: "mine", role: "write", expiresAt: own.expiresAt },
      predecessors: [],
    });
  });
  it("finds that a token has expired", async () => {
    const ended = { ...own, expiresAt: daysAgo(1) };
    const found = await definition.read(`user/${OWNER}`, undefined, userWith([ended]).context);
    assert.equal(found?.state.status, "expired");
  });
  it("refuses an id of another form", async () => {
    for (const id of [
      "acme/ci",
      "user/",
      "x user/y",
      `acme/${ACCOUNT}`,
      `acme/${ACCOUNT}/`,
      `acme/${ACCOUNT}0/x`,
      `x/acme/${ACCOUNT}/y`,
      `/${ACCOUNT}/y`,
    ]) {
      await assert.rejects(async () => definition.read(id, undefined, accountWith([]).context), {
        message: `"${id}" is not the id of a token. It has the form organization/accountId/slot, or user/slot.`,
      });
    }
    const slot = "two\nlines";
    const { context } = userWith([{ name: slot }]);
    assert.equal((await definition.read(`user/${slot}`, undefined, context))?.state.tokenId, slot);
    const ofAccount = accountWith([{ _id: slot }]);
    const found = await definition.read(`acme/${ACCOUNT}/${slot}`, undefined, ofAccount.context);
    assert.equal(found?.state.tokenId, slot);
  });
});

describe("an update of a HubToken without a successor", () => {
  const refusedWith = async (tokens: Listed[], state: State, inputs: Inputs) => {
    const { context, said, sent } = accountWith(tokens);
    let message = "";
    await definition.update("x", state, inputs, context).catch((error: unknown) => {
      message = (error as Error).message;
    });
    return { message, said, sent };
  };

  it("sends nothing for settings that the Hub does not have", async () => {
    const { next, said, sent, claims } = await update(
      [current()],
      stateWith(),
      inputsWith({ idleMinutes: 5 }),
    );
    assert.deepEqual([said, sent, claims], [[], [], ["current"]]);
    assert.deepEqual(kept(next), stateWith({ idleMinutes: 5 }));
  });
  it("changes each setting of the token, and its name", async () => {
    const patterns = ["a"];
    for (const [inputs, changes, displayName] of [
      [{ permissions: ["org.write"] }, { permissions: ["org.write"] }, MARKED],
      [{ endpointPatterns: patterns }, { endpointPatterns: patterns }, MARKED],
      [{ skipNetworkSecurity: true }, { skipNetworkSecurity: true }, MARKED],
      [
        { repos: [repoId("a")], repoPermissions: ["repo.write"] },
        { repoIds: [repoId("a")], repoPermissions: ["repo.write"] },
        MARKED,
      ],
      [{ repos: [repoId("a")] }, { repoIds: [repoId("a")] }, MARKED],
      [{ repoPermissions: ["repo.write"] }, { repoPermissions: ["repo.write"] }, MARKED],
      [{ name: "other" }, {}, `other [${OWNER}-0001]`],
    ] as [Partial<Inputs>, Partial<TokenReach>, string][]) {
      const { sent, next } = await update([current()], stateWith(), inputsWith(inputs));
      assert.deepEqual(sent, [["change", "current", changeTo(changes, displayName)]]);
      assert.equal(next.hubName, displayName);
      assert.deepEqual(next.applied.reach, reachWith(changes));
      assert.deepEqual([next.token, next.last4, next.createdAt], ["hf_value_old1", "old1", CREATED]);
    }
  });
  it("narrows a token with patterns that the Hub would not accept today", async () => {
    const old = { endpointPatterns: ["acme/v1.2"], permissions: ["org.read", "org.write"] };
    const state = stateWith({ ...old, applied: { reach: reachWith(old) } });
    const { sent } = await update([current(old)], state, inputsWith({ ...old, permissions: ["org.read"] }));
    assert.deepEqual(sent, [["change", "current", changeTo({ permissions: ["org.read"] }, MARKED)]]);
  });
  it("assumes that an exemption from network rules is as it was sent if the Hub does not show it", async () => {
    const exempt = { skipNetworkSecurity: true };
    const state = stateWith({ ...exempt, applied: { reach: reachWith(exempt) } });
    const untold = current({ skipNetworkSecurity: undefined });
    const same = await update([untold], state, inputsWith({ ...exempt, idleMinutes: 5 }));
    assert.deepEqual(same.sent, []);
    const rotated = await update([untold], state, inputsWith({ ...exempt, rotationTriggers: { now: "1" } }));
    assert.equal((rotated.sent[0]?.[1] as TokenReach).skipNetworkSecurity, true);
    const { context } = accountWith([untold]);
    assert.equal((await definition.read("x", state, context))?.inputs.skipNetworkSecurity, true);
  });
  it("keeps the mark, and restores it if it was lost", async () => {
    for (const [displayName, hubName, wanted] of [
      [`ci [${OWNER}-0002]`, MARKED, undefined],
      ["by hand", MARKED, MARKED],
      ["by hand", "by hand", NEW_NAME],
    ] as const) {
      const { sent, next } = await update([current({ displayName })], stateWith({ hubName }), inputsWith());
      assert.deepEqual(sent, wanted === undefined ? [] : [["change", "current", changeTo({}, wanted)]]);
      assert.equal(next.hubName, wanted ?? displayName);
    }
  });
  it("only warns about a token that is not accepted, and does not change it", async () => {
    const ends = { expiresAt: daysAgo(1), expiryEnforced: true };
    for (const [tokens, changes, status] of [
      [undefined, {}, "missing"],
      [[], {}, "revoked"],
      [[], ends, "expired"],
    ] as [Listed[] | undefined, Former, string][]) {
      const { next, said, sent } = await update(
        tokens,
        stateWith(changes),
        inputsWith({ permissions: ["org.write"] }),
      );
      assert.deepEqual(sent, []);
      assert.deepEqual(said, [
        `warn the token ${MARKED} is ${status} on the Hub, so nothing was sent. It is not issued again automatically: set recreateIfInvalid to true, or ` +
          "give rotationTriggers a new value.",
      ]);
      assert.deepEqual([next.status, next.hubName], [status, MARKED]);
      const { expiresAt, expiryEnforced } = next;
      assert.deepEqual(
        { expiresAt, expiryEnforced },
        { expiresAt: undefined, expiryEnforced: false, ...changes },
      );
    }
    const unenforced = stateWith({ expiresAt: daysAgo(-1) });
    assert.equal((await update([], unenforced, inputsWith())).next.expiresAt, undefined);
  });
  it("only narrows a token that was rotated by hand, and remembers what an ended token could do", async () => {
    const [read, write, job] = ["org.read", "org.write", "job.write"];
    const [byHand, ended] = [{ last4: "xxxx" }, { expiration: daysAgo(1) }];
    const reachOf = (permissions: string[]) => reachWith({ permissions });
    for (const [token, asked, narrows, seen, applied] of [
      [{ ...byHand, permissions: [read, job] }, [read, write], true, [read], [read, write]],
      [{ ...byHand, permissions: [read, write] }, [read, job], true, [read], [read]],
      [{ ...byHand, permissions: [read] }, [read, write], false, [read], [read, write]],
      [{ ...ended, permissions: [read, job] }, [read], false, [read, job], [read]],
      [undefined, [write, job], false, [read, write], [write]],
    ] as [Partial<Listed> | undefined, string[], boolean, string[], string[]][]) {
      const wide = {
        permissions: [read, write],
        applied: { reach: reachOf([read, write]) },
      } as Former;
      const inputs = inputsWith({ permissions: asked, name: "other" });
      const { next, said, sent } = await update(token ? [current(token)] : [], stateWith(wide), inputs);
      const what = JSON.stringify([token, asked]);
      assert.deepEqual(
        sent,
        narrows ? [["change", "current", changeTo({ permissions: seen }, MARKED)]] : [],
        what,
      );
      const done = narrows ? "it was only narrowed to what the program still declares" : "nothing was sent";
      assert.ok(said.join().includes(`on the Hub, so ${done}. It is not issued again automatically`), what);
      assert.deepEqual(
        [next.seen?.reach, next.applied.reach, next.hubName],
        [reachOf(seen), reachOf(applied), MARKED],
        what,
      );
      const again = await update([], next, inputs);
      assert.deepEqual([again.next.seen, again.next.applied], [next.seen, next.applied], what);
    }
  });
  it("forgets predecessors that the Hub does not list", async () => {
    const [a, b] = ["a", "b"].map((tokenId) => ({ tokenId, supersededAt: CREATED }));
    assert.ok(a && b);
    const state = stateWith({ predecessors: [a, b] });
    const left = { _id: "b", permissions: [] };
    const { next, sent } = await update([left, current()], state, inputsWith({ idleMinutes: 5 }));
    assert.deepEqual([next.predecessors, sent], [[b], []]);
    assert.deepEqual((await update(undefined, state, inputsWith())).next.predecessors, []);
  });
  it("does not widen what someone narrowed, but first removes what the program does not ask for", async () => {
    const wide = { permissions: ["org.read", "org.write"] };
    const state = stateWith({ ...wide, applied: { reach: reachWith(wide) } });
    assert.deepEqual(await refusedWith([current()], state, inputsWith(wide)), {
      message: refusal("permissions"),
      said: [],
      sent: [],
    });
    const looser = current({ skipNetworkSecurity: true });
    assert.deepEqual(await refusedWith([looser], state, inputsWith({ ...wide, name: "other" })), {
      message: refusal("permissions"),
      said: ["info narrowed the token to what the program still declares."],
      sent: [["change", "current", changeTo({}, MARKED)]],
    });
    const parts = reachWith({ permissions: ["a"], endpointPatterns: ["x"], skipNetworkSecurity: true });
    const several = await refusedWith(
      [current({ permissions: [], endpointPatterns: ["y"] })],
      stateWith({ applied: { reach: parts } }),
      inputsWith({ permissions: ["a"], endpointPatterns: ["x"], skipNetworkSecurity: true }),
    );
    assert.match(several.message, /\(permissions, endpointPatterns, skipNetworkSecurity\)/);
  });
  it("does not refuse a token that someone narrowed and then revoked", async () => {
    const wide = { permissions: ["org.read", "org.write"] };
    const state = stateWith({ applied: { reach: reachWith(wide) } });
    const { said, next } = await update([], state, inputsWith(wide));
    assert.match(said.join(), /is revoked on the Hub, so nothing was sent/);
    assert.equal(next.status, "revoked");
  });
  it("looks up only repositories that are not known yet, but all of them for a successor", async () => {
    const state = stateWith({ repos: ["acme/a", "acme/b"], repoIds: [repoId("a"), repoId("b")] });
    const repos = ["acme/b", "acme/c"];
    const known = await update([current()], state, inputsWith({ repos }));
    assert.deepEqual(known.next.resolved, { "acme/b": repoId("b"), "acme/c": "id of model acme/c" });
    const again = await update([current()], state, inputsWith({ repos, rotationTriggers: { a: "1" } }));
    assert.deepEqual(again.next.resolved, {
      "acme/b": "id of model acme/b",
      "acme/c": "id of model acme/c",
    });
    const none = await update([current()], state, inputsWith());
    assert.equal(none.next.resolved, undefined);
    const withoutIds = stateWith({ repos: ["acme/a"] });
    const asked = await update([current()], withoutIds, inputsWith({ repos: ["acme/a"] }));
    assert.deepEqual(asked.next.resolved, { "acme/a": "id of model acme/a" });
  });
  it("fails if the Hub does not show the id of a repository, and explains what to declare", async () => {
    const methods = { getRepo: (repo: string) => Promise.resolve({ id: repo }) };
    const inputs = inputsWith({ repos: ["acme/m"], repoPermissions: ["repo.write"] });
    await assert.rejects(async () => definition.create(inputs, accountWith([], { methods }).context), {
      message: /^The Hub did not return the id of acme\/m, which a token needs\. Use the id in repos/,
    });
  });
  it("keeps the known id of a repository that is gone, and fails with any other error", async () => {
    const state = stateWith({ repos: ["acme/a"], repoIds: [repoId("a")] });
    const failing = (error: Error) => ({ methods: { getRepo: () => Promise.reject(error) } });
    const gone = failing(hubError({ what: "gone", status: 404 }));
    const down = failing(hubError({ what: "down", status: 503 }));
    const triggers = { rotationTriggers: { a: "1" } };
    const inputs = inputsWith({ repos: ["acme/a"], ...triggers });
    assert.deepEqual((await update([current()], state, inputs, gone)).next.resolved, {
      "acme/a": repoId("a"),
    });
    await assert.rejects(update([current()], state, inputs, down), /down/);
    const other = inputsWith({ repos: ["acme/b"], ...triggers });
    await assert.rejects(update([current()], state, other, gone), /gone/);
  });
});

describe("a successor of a service account's token", () => {
  const triggers = { rotationTriggers: { incident: "1" } };
  const ISSUED = (reason: string, name = MARKED) =>
    `info issued a successor (${reason}). The predecessor ${name} stays valid; a later \`pulumi up\` revokes it, in 24 h at the ` +
    "earliest, once it is idle.";

  it("has a new value, and its predecessor is remembered", async () => {
    const before = { tokenId: "old", supersededAt: CREATED };
    const { next, said, sent, claims } = await update(
      [current(), { _id: "old" }],
      stateWith({ predecessors: [before] }),
      inputsWith({ ...triggers, rotateEveryDays: 30 }),
    );
    assert.deepEqual(sent, [["issue", request()]]);
    assert.deepEqual(said, [ISSUED("a rotation trigger changed")]);
    assert.deepEqual(claims, ["current", "old", "new"]);
    assert.deepEqual(kept(next), {
      ...stateWith({ ...triggers, rotateEveryDays: 30 }),
      token: "hf_value_new2",
      tokenId: "new",
      hubName: NEW_NAME,
      last4: "new2",
      createdAt: NOW.toISOString(),
      rotateAt: "2026-03-31T00:00:00.000Z",
      predecessors: [before, { tokenId: "current", supersededAt: NOW.toISOString() }],
    });
  });
  it("is issued when it is due", async () => {
    const { said } = await update([current()], stateWith(), inputsWith({ rotateEveryDays: 40 }));
    assert.deepEqual(said, [ISSUED(`due since ${NOW.toISOString()}`)]);
  });
  it("is issued for a token that is gone if recreateIfInvalid is set, without a predecessor", async () => {
    const { next, said, sent } = await update([], stateWith(), inputsWith({ recreateIfInvalid: true }));
    assert.deepEqual(sent, [["issue", request()]]);
    assert.deepEqual([said, next.predecessors, next.status], [[], [], "active"]);
    const byHand = await update(
      [current({ last4: "xxxx" })],
      stateWith(),
      inputsWith({ recreateIfInvalid: true }),
    );
    assert.deepEqual(byHand.said, [ISSUED("the token is revoked and recreateIfInvalid is set")]);
  });
  it("has the expiry that the Hub set for it", async () => {
    const expiration = "2026-05-01T00:00:00.000Z";
    const hub = accountWith([current()]);
    Object.assign(hub.context.client, {
      createServiceAccountToken() {
        hub.held.push({ ...hub.held[0], _id: "new", expiration } as (typeof hub.held)[0]);
        return Promise.resolve({ token: "hf_x", tokenInfo: { _id: "new", createdAt: NOW.toISOString() } });
      },
    });
    const inputs = inputsWith({ ...triggers, rotateBeforeDays: 5 });
    const next = await definition.update("x", stateWith(), inputs, hub.context);
    assert.deepEqual([next.expiresAt, next.expiryEnforced], [expiration, true]);
  });
  it("comes after its predecessor was narrowed, and never widens that one", async () => {
    const { sent, said } = await update(
      [current({ permissions: ["org.read", "org.write"] })],
      stateWith(),
      inputsWith({ permissions: ["job.write", "org.read"], ...triggers }),
    );
    assert.deepEqual(sent, [
      ["change", "current", changeTo({ permissions: ["org.read"] }, MARKED)],
      ["issue", request({ permissions: ["job.write", "org.read"] })],
    ]);
    assert.equal(said.length, 1);
  });
  it("by the clock can do no more than a predecessor that someone narrowed, and logs that", async () => {
    const wide = { permissions: ["org.read", "org.write"], skipNetworkSecurity: true };
    const state = stateWith({ ...wide, applied: { reach: reachWith(wide) } });
    const { next, said, sent } = await update(
      [current()],
      state,
      inputsWith({ ...wide, rotateEveryDays: 40 }),
    );
    assert.deepEqual(sent, [["issue", request()]]);
    assert.deepEqual(said, [
      ISSUED(`due since ${NOW.toISOString()}`),
      `warn the successor has no more access than its predecessor, which was narrowed on the Hub (permissions, skipNetworkSecurity). ${HOW_TO_WIDEN}`,
    ]);
    assert.deepEqual([next.permissions, next.skipNetworkSecurity], [["org.read"], false]);
    assert.deepEqual(next.applied.reach, reachWith(wide), "the difference stays visible");
  });
  it("can do no more than was last seen of a token that is no longer listed", async () => {
    const wide = { permissions: ["org.read", "org.write"] };
    const state = stateWith({ applied: { reach: reachWith(wide) } });
    const inputs = inputsWith({ ...wide, recreateIfInvalid: true });
    const { sent, said } = await update([], state, inputs);
    assert.deepEqual(sent, [["issue", request()]]);
    assert.match(said.join(), /^warn the successor has no more access/);
  });
  it("may do everything that is declared if a trigger was just changed", async () => {
    const wide = { permissions: ["org.read", "org.write"] };
    const state = stateWith({ ...wide, applied: { reach: reachWith(wide) } });
    const { sent } = await update([current()], state, inputsWith({ ...wide, ...triggers }));
    assert.deepEqual(sent, [["issue", request(wide)]]);
  });
  it("may do what the program has just added, even by the clock", async () => {
    const { sent, said } = await update(
      [current()],
      stateWith(),
      inputsWith({ permissions: ["org.read", "org.write"], rotateEveryDays: 40 }),
    );
    assert.deepEqual(sent, [["issue", request({ permissions: ["org.read", "org.write"] })]]);
    assert.equal(said.length, 1);
  });
});

describe("a successor of a user's own token", () => {
  const onHub = { name: ownState().hubName };
  async function updated(state: State, inputs: Inputs, tokens = [onHub]) {
    const { context, said, sent } = userWith(tokens);
    const next = await definition.update("x", state, inputs, context);
    return { next, said, sent };
  }

  it("is issued for another name, role or expiry, and the reason is logged", async () => {
    const expiresAt = "2027-01-01T00:00:00.000Z";
    for (const [inputs, reason, sent] of [
      [{ name: "other" }, "name changed", { name: `other [${OWNER}-0f0f]`, role: "read" }],
      [{ role: "write" }, "role changed", { name: `mine [${OWNER}-0f0f]`, role: "write" }],
      [
        { role: "admin", expiresAt },
        "role and expiresAt changed",
        { name: `mine [${OWNER}-0f0f]`, role: "admin", expiresAt },
      ],
    ] as const) {
      const changed = await updated(ownState(), ownInputs(inputs));
      assert.deepEqual(kept(changed.sent), [["issue", sent]]);
      assert.match(
        changed.said.join(),
        new RegExp(`^info issued a successor \\(${reason}\\)\\. The predecessor mine `),
      );
      assert.deepEqual(changed.next.predecessors, [{ tokenId: onHub.name, supersededAt: NOW.toISOString() }]);
      assert.equal(changed.next.user, "alice");
    }
  });
  it("is not issued if none of these changed", async () => {
    const { next, said, sent } = await updated(ownState(), ownInputs({ idleMinutes: 5 }));
    assert.deepEqual([said, sent], [[], []]);
    assert.deepEqual(kept(next), ownState({ idleMinutes: 5 }));
  });
  it("is not issued with an expiry in the past", async () => {
    const expiresAt = daysAgo(1);
    const state = ownState({ expiresAt, expiryEnforced: true, applied: { expiresAt } });
    const due = await updated(state, ownInputs({ expiresAt, rotateEveryDays: 30 }), []);
    assert.deepEqual(due.sent, []);
    const { context, sent } = userWith([]);
    const inputs = ownInputs({ expiresAt, recreateIfInvalid: true });
    await assert.rejects(definition.update("x", state, inputs, context), {
      message: `A new token is needed (the token is expired and recreateIfInvalid is set), but expiresAt (${expiresAt}) is in the past. Declare a later time.`,
    });
    assert.deepEqual(sent, []);
  });
  it("is not issued to another user", async () => {
    const state = ownState({ user: "bob", userId: "b2" });
    await assert.rejects(updated(state, ownInputs({ role: "write" })), /This is a token of the user bob/);
  });
});

describe("the destroy of a HubToken", () => {
  it("revokes the token and its predecessors if the Hub lists them", async () => {
    const predecessors = ["a", "b"].map((tokenId) => ({ tokenId, supersededAt: CREATED }));
    const state = stateWith({ predecessors });
    const run = async (tokens: Listed[] | undefined) => {
      const { context, said, sent } = accountWith(tokens);
      await definition.delete("x", state, context);
      return { said, sent };
    };
    assert.deepEqual(await run([{ _id: "b" }, { _id: "current" }, { _id: "foreign" }]), {
      said: [],
      sent: [
        ["revoke", "current"],
        ["revoke", "b"],
      ],
    });
    const gone = [`info the token ${MARKED} was already gone.`];
    assert.deepEqual(await run([{ _id: "a" }]), { said: gone, sent: [["revoke", "a"]] });
    assert.deepEqual(await run(undefined), { said: gone, sent: [] });
  });
  it("revokes the token although the Hub does not show which tokens the account has", async () => {
    const state = stateWith({ predecessors: [{ tokenId: "a", supersededAt: CREATED }] });
    const methods = {
      getServiceAccount: () => Promise.resolve({}),
      whoami: () => Promise.resolve({ name: "ada", orgs: [] }),
    };
    const { context, sent } = accountWith([{ _id: "current" }, { _id: "a" }], { methods });
    await definition.delete("x", state, context);
    assert.deepEqual(sent, [
      ["revoke", "current"],
      ["revoke", "a"],
    ]);
  });
});

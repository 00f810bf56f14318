import assert from "node:assert/strict";
import { type HubClient } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { LifecycleError } from "../../provider/src/model/definition";
import { reachOf, settingsOf } from "../../provider/src/hub/accountTokens";
import { isPredecessor, type LiveToken, type TokenPlace, tokensOf } from "../../provider/src/hub/token";
import { tokenPlace } from "../../provider/src/hub/tokenPlace";
import { issueMarked, saneMoment } from "../../provider/src/resources/hubToken/issuing";

const ACCOUNT = "0123456789abcdef01234567";
const TIME = "2026-01-02T03:04:05.000Z";

const failed = (status: number, outcomeUnknown = false) =>
  hubError({ what: `answered ${status}.`, status, outcomeUnknown });
const answers = (value?: unknown) => () => Promise.resolve(value);
const fails = (error: Error) => () => Promise.reject(error);

/** Records the arguments of each call. */
function noting(calls: unknown[][], value?: unknown) {
  return (...args: unknown[]) => {
    calls.push(args);
    return Promise.resolve(value);
  };
}

/** The place of a service account's tokens, with a client that has only these methods. */
const accountPlace = (methods: object): TokenPlace =>
  tokenPlace(methods as HubClient, { organization: "acme", serviceAccount: ACCOUNT });

/** The place of a user's tokens, with the credentials of alice. */
const userPlace = (methods: object, address = {}): TokenPlace =>
  tokenPlace({ whoami: answers({ id: "a1", name: "alice" }), ...methods } as unknown as HubClient, address);

const live = (tokenId: string, hubName: string, createdAt = TIME): LiveToken => ({
  tokenId,
  hubName,
  createdAt,
});

describe("issuing a token with a mark", () => {
  const named = (number: number): string => `ci [0123abcd-000${number}]`;
  const issued = { tokenId: "new", value: "v", createdAt: TIME, last4: "v" };

  /** Issues a token at a place that fails with `failures` in turn, and then succeeds. */
  function start(failures: Error[], list: TokenPlace["list"] = () => Promise.resolve([])) {
    const asked: string[] = [];
    const place = {
      list() {
        asked.push("list");
        return list();
      },
      issue(hubName: string) {
        asked.push(`issue ${hubName}`);
        const failure = failures.shift();
        return failure ? Promise.reject(failure) : Promise.resolve({ hubName, ...issued });
      },
      revoke(tokenId: string) {
        asked.push(`revoke ${tokenId}`);
        return Promise.resolve(true);
      },
    } as unknown as TokenPlace;
    let drawn = 0;
    return { asked, result: issueMarked(place, "ci", "0123abcd", {}, () => `000${++drawn}`) };
  }
  const listing = (...tokens: LiveToken[]) => answers(tokens) as TokenPlace["list"];

  it("uses the first free name", async () => {
    const { asked, result } = start([failed(409)]);
    assert.equal((await result).hubName, named(2));
    assert.deepEqual(asked, [`issue ${named(1)}`, `issue ${named(2)}`]);
  });
  it("gives up after three taken names", async () => {
    const { asked, result } = start([failed(409), failed(409), failed(409)]);
    await assert.rejects(result, { status: 409 });
    assert.equal(asked.length, 3);
  });
  it("does not try again after a refusal", async () => {
    const { asked, result } = start([failed(403)]);
    await assert.rejects(result, { status: 403 });
    assert.deepEqual(asked, [`issue ${named(1)}`]);
  });
  it("revokes a token whose answer was lost, by its exact name, before it issues another", async () => {
    const list = listing(live("other", named(2)), live("lost", named(1)), live("third", "ci"));
    const { asked, result } = start([failed(500, true)], list);
    await result;
    assert.deepEqual(asked, [`issue ${named(1)}`, "list", "revoke lost", `issue ${named(2)}`]);
  });
  it("revokes nothing if the lost token was never created, or its service account is gone", async () => {
    const usedBefore = { ...live("drawn before", named(1)), lastUsedAt: "2026-01-02T00:00:00Z" };
    const gone = () => Promise.resolve(undefined);
    for (const list of [listing(live("other", "ci [0123abcd-9999]"), usedBefore), gone]) {
      const { asked, result } = start([failed(500, true)], list);
      await result;
      assert.deepEqual(asked, [`issue ${named(1)}`, "list", `issue ${named(2)}`]);
    }
  });
  it("gives up after three lost answers, and revokes the last token too", async () => {
    const lost = failed(500, true);
    const { asked, result } = start([lost, lost, lost], listing(live("third", named(3))));
    await assert.rejects(result, { status: 500 });
    assert.deepEqual(asked.slice(-2), ["list", "revoke third"]);
    assert.equal(asked.filter((each) => each.startsWith("issue")).length, 3);
  });
  it("reports the name of a lost token if the Hub cannot be asked about it", async () => {
    const { result } = start([failed(500, true)], fails(failed(503)));
    await assert.rejects(result, (error: Error) => {
      assert.ok(error instanceof LifecycleError);
      assert.match(
        error.message,
        /answered 500\..*may have been created.*answered 503\..*"ci \[0123abcd-0001\]".*the next `pulumi up` reports it\./,
      );
      return true;
    });
  });
});

describe("tokens with a mark", () => {
  it("are found by their owner, newest first", () => {
    const tokens = [
      live("a", "x [0123abcd-0001]", "2026-01-01T00:00:00Z"),
      live("b", "x [99999999-0001]", "2026-01-09T00:00:00Z"),
      live("c", "x [0123abcd-0002]", "2026-01-03T00:00:00Z"),
      live("d", "x", "2026-01-09T00:00:00Z"),
      live("e", "[0123abcd-0003]", "2026-01-02T00:00:00Z"),
    ];
    const found = tokensOf("0123abcd", tokens).map(({ tokenId }) => tokenId);
    assert.deepEqual(found, ["c", "e", "a"]);
  });
});

describe("permissions of a token", () => {
  it("are empty if the Hub names none, but the exemption from network rules stays unknown", () =>
    assert.deepEqual(reachOf({}), {
      permissions: [],
      repoPermissions: [],
      repoIds: [],
      endpointPatterns: [],
      skipNetworkSecurity: undefined,
    }));
  it("are sent as they were read", () => {
    const skipNetworkSecurity = true;
    const reach = {
      permissions: ["org.read"],
      repoPermissions: ["repo.write"],
      repoIds: [ACCOUNT],
      endpointPatterns: ["a/*"],
      skipNetworkSecurity,
    };
    assert.deepEqual(settingsOf({ ...reachOf(reach), skipNetworkSecurity }), reach);
    assert.deepEqual(settingsOf(undefined), {});
  });
});

describe("tokens of a service account", () => {
  const token = { displayName: "ci", createdAt: TIME, lastUsedAt: TIME, last4: "abcd" };
  const listing = (...ids: string[]) => ({
    getServiceAccount: answers({
      accessTokens: ids.map((_id) => ({ ...token, _id, expiration: _id === "t2" ? TIME : null })),
    }),
  });

  it("belong to no user", async () => assert.deepEqual(await accountPlace({}).user(), {}));

  it("are listed without their values", async () => {
    const expected = {
      hubName: "ci",
      createdAt: TIME,
      lastUsedAt: TIME,
      last4: "abcd",
      reach: reachOf({}),
    };
    assert.deepEqual(await accountPlace(listing("t1", "t2")).list(), [
      { tokenId: "t1", ...expected, expiresAt: undefined },
      { tokenId: "t2", ...expected, expiresAt: TIME },
    ]);
  });
  it("are gone with their account only if the list of accounts confirms it", async () => {
    const among = (...ids: string[]) =>
      accountPlace({
        getServiceAccount: fails(failed(404)),
        listServiceAccounts: answers(ids.map((_id) => ({ _id }))),
      }).list();
    assert.equal(await among("another"), undefined);
    await assert.rejects(among("another", ACCOUNT), { status: 404 });
    await assert.rejects(accountPlace({ getServiceAccount: fails(failed(403)) }).list(), { status: 403 });
  });
  it("are issued, changed and revoked in that account", async () => {
    const calls: unknown[][] = [];
    const place = accountPlace({
      createServiceAccountToken: noting(calls, {
        token: "hf_wxyz",
        tokenInfo: { _id: "t3", createdAt: TIME },
      }),
      updateServiceAccountToken: noting(calls, { _id: "t3", displayName: "m", permissions: [] }),
      deleteServiceAccountToken: noting(calls),
      getServiceAccount: answers({ accessTokens: [] }),
    });
    const skipNetworkSecurity = false;
    const reach = { ...reachOf({}), skipNetworkSecurity };
    const parts = { permissions: ["a"], repoPermissions: ["b"], repoIds: ["c"], endpointPatterns: ["d"] };
    assert.deepEqual(await place.issue("n", {}), {
      tokenId: "t3",
      hubName: "n",
      value: "hf_wxyz",
      createdAt: TIME,
      last4: "wxyz",
    });
    for (const [part, value] of Object.entries(parts)) {
      await place.change("t3", "m", { ...reach, [part]: value }, reach);
    }
    assert.equal(await place.change("t3", "m", reach, reachOf({})), undefined, "the answer is incomplete");
    assert.equal(await place.revoke("t3"), true);
    assert.deepEqual(calls, [
      ["acme", ACCOUNT, { displayName: "n" }],
      ...Object.entries(parts).map(([part, value]) => [
        ...["acme", ACCOUNT, "t3"],
        { displayName: "m", skipNetworkSecurity, [part]: value },
      ]),
      ["acme", ACCOUNT, "t3", { displayName: "m", skipNetworkSecurity }],
      ["acme", ACCOUNT, "t3"],
    ]);
  });
  it("do not get the exemption from the network rules again by another change, because the Hub may not show that it has ended", async () => {
    const calls: unknown[][] = [];
    const place = accountPlace({ updateServiceAccountToken: noting(calls, { _id: "t3", displayName: "m" }) });
    const exempt = { ...reachOf({ permissions: ["a"] }), skipNetworkSecurity: true };
    await place.change("t3", "m", { ...exempt, permissions: [] }, exempt);
    await place.change("t3", "m", exempt, { ...exempt, skipNetworkSecurity: false });
    assert.deepEqual(
      calls.map(([, , , settings]) => settings),
      [
        { displayName: "m", permissions: [] },
        { displayName: "m", skipNetworkSecurity: true },
      ],
    );
  });
  it("are returned with their permissions when they are issued and changed, if the answer is complete", async () => {
    const told = { permissions: ["org.read"], repoIds: [], repoPermissions: [], endpointPatterns: ["a"] };
    const place = accountPlace({
      createServiceAccountToken: answers({
        token: "hf_wxyz",
        tokenInfo: { _id: "t3", createdAt: TIME, ...told },
      }),
      updateServiceAccountToken: answers({ _id: "t3", displayName: "held", ...told }),
    });
    const reach = { ...reachOf({}), skipNetworkSecurity: false };
    assert.deepEqual((await place.issue("n", {})).reach, reachOf(told));
    const changed = await place.change("t3", "m", reach, reachOf({}));
    assert.deepEqual(changed, { hubName: "held", reach: reachOf(told) });
  });
  it("are revoked once they are no longer in the list, which is requested once", async () => {
    for (const left of [[], ["t2"]]) {
      const calls: unknown[][] = [];
      const place = accountPlace({
        deleteServiceAccountToken: (...[, , id]: string[]) =>
          id === "gone" ? Promise.reject(failed(404)) : noting(calls)("revoke", id),
        getServiceAccount: noting(calls, {
          accessTokens: left.map((_id) => ({ ...token, _id })),
        }),
      });
      const revoked = place.revokeAll(["t1", "gone", "t2"]);
      if (left.length === 0) assert.deepEqual([...(await revoked)], ["t1", "t2"]);
      else await assert.rejects(revoked, /The Hub accepted the revocation of the token ci /);
      assert.deepEqual(calls, [
        ["revoke", "t1"],
        ["revoke", "t2"],
        ["acme", ACCOUNT],
      ]);
    }
    assert.deepEqual([...(await accountPlace({}).revokeAll([]))], [], "no request for an empty list");
  });
  it("count as revoked after an error only if a list confirms it", async () => {
    const revoke = (error: Error, methods: object) =>
      accountPlace({
        deleteServiceAccountToken: fails(error),
        listServiceAccounts: answers([]),
        ...methods,
      }).revoke("t1");
    assert.equal(await revoke(failed(404), listing()), false);
    assert.equal(await revoke(failed(404), listing("t2")), false);
    assert.equal(await revoke(failed(404), { getServiceAccount: fails(failed(404)) }), false);
    await assert.rejects(revoke(failed(404), listing("t2", "t1")), { status: 404 });
    await assert.rejects(revoke(failed(403), listing()), { status: 403 });
  });

  describe("that the Hub does not list", () => {
    const unlisted = (auth: object | undefined, roleInOrg = "admin", methods = {}) =>
      accountPlace({
        getServiceAccount: answers({ _id: ACCOUNT }),
        whoami: answers({ name: "ada", auth, orgs: [{ name: "acme", roleInOrg }] }),
        ...methods,
      });

    it("do not exist if the credentials could see them", async () => {
      for (const role of ["read", "write", "god"]) {
        const place = unlisted({ type: "access_token", accessToken: { role } });
        assert.deepEqual(await place.list(), []);
      }
      const hidden = /It is unclear whether it has none or they are only hidden/;
      for (const [auth, message] of [
        [undefined, hidden],
        [{ type: "oauth" }, hidden],
        [{ accessToken: {} }, hidden],
        [{ accessToken: { role: "newer" } }, hidden],
        [{ accessToken: { role: "fineGrained" } }, /the token is fine-grained/],
      ] as const) {
        await assert.rejects(unlisted(auth).list(), message);
      }
    });
    it("may exist if the credentials could not see them, so no token counts as revoked", async () => {
      const place = unlisted(undefined, "write", { deleteServiceAccountToken: fails(failed(404)) });
      const message =
        /^The Hub does not list the tokens of the service account .* owner in acme is write, not admin/;
      await assert.rejects(place.list(), { message });
      await assert.rejects(place.revoke("t1"), { message });
    });
    it("count as revoked if the Hub confirms it, because nothing else can be checked", async () => {
      const place = unlisted(undefined, "write", { deleteServiceAccountToken: answers() });
      assert.equal(await place.revoke("t1"), true);
    });
    it("can be issued, even with an invalid creation time", async () => {
      const answer = { token: "hf_wxyz", tokenInfo: { _id: "t3", createdAt: "yesterday" } };
      const place = unlisted(undefined, "write", { createServiceAccountToken: answers(answer) });
      const expected = { tokenId: "t3", hubName: "n", value: "hf_wxyz", last4: "wxyz" };
      assert.deepEqual(await place.issue("n", {}), expected);
    });
  });
});

describe("tokens of a user", () => {
  it("belong to the user of the credentials unless both an organization and an account are given", async () => {
    for (const address of [{}, { organization: "acme" }, { serviceAccount: ACCOUNT }, { user: "alice" }]) {
      assert.deepEqual(await userPlace({}, address).user(), { user: "alice", userId: "a1" });
    }
  });
  it("stay with a user who was renamed, and do not move to another user who took the name", async () => {
    const renamed = userPlace({}, { user: "alice-before", userId: "a1" });
    assert.deepEqual(await renamed.user(), { user: "alice", userId: "a1" });
    const taken = userPlace({}, { user: "alice", userId: "b2" });
    await assert.rejects(taken.user(), { message: /token of the user alice, but.*Use a token of alice\.$/ });
  });
  it("from a state without an id belong to the user name, and the error explains how to correct it", async () => {
    await assert.rejects(userPlace({}, { user: "alice-before" }).user(), {
      message: /Use a token of alice-before\. If that user was renamed, correct `user` in the state/,
    });
  });
  it("are neither listed, issued nor revoked with another user's credentials", async () => {
    const place = userPlace({}, { user: "bob" });
    for (const step of [() => place.list(), () => place.issue("n", {}), () => place.revoke("n")]) {
      await assert.rejects(
        step(),
        /token of the user bob, but the provider uses a token of alice.*Use a token of bob\./,
      );
    }
  });
  it("are listed by their names", async () => {
    const token = { name: "n", role: "read", createdAt: TIME, lastUsed: null, expiresAt: TIME };
    assert.deepEqual(await userPlace({ listTokens: answers([token]) }).list(), [
      { tokenId: "n", hubName: "n", createdAt: TIME, lastUsedAt: null, expiresAt: TIME, role: "read" },
    ]);
  });
  it("are issued with a role, and with an expiry in UTC", async () => {
    const calls: unknown[][] = [];
    const place = userPlace({
      createToken: noting(calls, { token: "hf_wxyz", role: "write", createdAt: TIME, expiresAt: TIME }),
    });
    assert.deepEqual(await place.issue("n", { role: "write", expiresAt: "2027-01-01T01:00:00+01:00" }), {
      tokenId: "n",
      hubName: "n",
      value: "hf_wxyz",
      createdAt: TIME,
      expiresAt: TIME,
      last4: "wxyz",
      role: "write",
    });
    await place.issue("n", {});
    assert.deepEqual(calls, [
      [{ name: "n", role: "write", expiresAt: "2027-01-01T00:00:00.000Z" }],
      [{ name: "n", role: "read", expiresAt: undefined }],
    ]);
  });
  it("cannot be changed", () => {
    const reach = { ...reachOf({}), skipNetworkSecurity: false };
    assert.throws(
      () => userPlace({}).change("n", "m", reach, reach),
      /cannot be changed, only replaced by a successor/,
    );
  });
});

describe("predecessor", () => {
  const superseded = { tokenId: "n", supersededAt: TIME };
  const later = (minutes: number) => new Date(Date.parse(TIME) + minutes * 60_000).toISOString();

  it("is found by the Hub's id, or by its name if it was created before it was superseded", () => {
    const isMeant = (token: Partial<LiveToken>) =>
      isPredecessor({ ...live("n", "n [0123abcd-0001]"), ...token }, superseded);
    assert.equal(isMeant({}), true);
    assert.equal(isMeant({ createdAt: later(-9) }), true);
    assert.equal(isMeant({ createdAt: later(5) }), true, "clocks may differ a little");
    assert.equal(isMeant({ createdAt: later(6) }), false);
    assert.equal(isMeant({ createdAt: later(6), reach: reachOf({}) }), true);
    assert.equal(isMeant({ tokenId: "other" }), false);
  });
});

describe("creation time", () => {
  const [requested, answered] = [new Date("2026-03-01T00:00:00.000Z"), new Date("2026-03-01T00:01:00.000Z")];

  it("is the Hub's, unless it is implausible", () => {
    for (const [told, taken] of [
      ["2026-03-01T00:00:30.000Z", "2026-03-01T00:00:30.000Z"],
      ["2026-02-28T23:55:00.000Z", "2026-02-28T23:55:00.000Z"],
      ["2026-02-28T23:54:59.999Z", answered.toISOString()],
      ["2026-03-01T00:06:00.000Z", "2026-03-01T00:06:00.000Z"],
      ["2026-03-01T00:06:00.001Z", answered.toISOString()],
      ["1970-01-01T00:00:00.000Z", answered.toISOString()],
      [undefined, answered.toISOString()],
    ] as const) {
      assert.equal(saneMoment(told, requested, answered), taken, told);
    }
  });
});

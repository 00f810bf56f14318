import assert from "node:assert/strict";
import { type HubClient } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { LifecycleError } from "../../provider/src/model/definition";
import {
  type IssuedToken,
  issueMarked,
  type LiveToken,
  reachOf,
  settingsOf,
  tokenPlace,
  type TokenPlace,
  tokensOf,
} from "../../provider/src/hub/tokenPlace";

const ACCOUNT = "0123456789abcdef01234567";
const TIME = "2026-01-02T03:04:05.000Z";

const failed = (status: number, outcomeUnknown = false) =>
  hubError({ what: `answered ${status}.`, status, outcomeUnknown });

function live(tokenId: string, hubName: string, createdAt = TIME): LiveToken {
  return { tokenId, hubName, createdAt };
}

/** A place that does what `results` say, in turn, and notes what it is asked. */
function place(results: (Error | "issued")[], listed: LiveToken[] | undefined | Error = []) {
  const asked: string[] = [];
  const fake: TokenPlace = {
    user: () => Promise.resolve(undefined),
    list() {
      asked.push("list");
      return listed instanceof Error ? Promise.reject(listed) : Promise.resolve(listed);
    },
    issue(hubName): Promise<IssuedToken> {
      asked.push(`issue ${hubName}`);
      const result = results.shift() ?? "issued";
      return result === "issued"
        ? Promise.resolve({ tokenId: "new", hubName, value: "v", createdAt: TIME, last4: "v" })
        : Promise.reject(result);
    },
    change: () => Promise.resolve(),
    revoke(tokenId) {
      asked.push(`revoke ${tokenId}`);
      return Promise.resolve(true);
    },
  };
  let drawn = 0;
  const issue = () => issueMarked(fake, "ci", "0123abcd", {}, () => `000${++drawn}`);
  return { asked, issue };
}

const NO_REACH = { ...reachOf({}), skipNetworkSecurity: false };
const address = { organization: "acme", serviceAccount: ACCOUNT };

describe("issuing a token under a mark", () => {
  const named = (number: number): string => `ci [0123abcd-000${number}]`;

  it("draws the mark and takes the first that is free", async () => {
    const { asked, issue } = place([failed(409), "issued"]);
    assert.equal((await issue()).hubName, named(2));
    assert.deepEqual(asked, [`issue ${named(1)}`, `issue ${named(2)}`]);
  });
  it("gives up after three names that are taken", async () => {
    const { asked, issue } = place([failed(409), failed(409), failed(409), "issued"]);
    await assert.rejects(issue(), { status: 409 });
    assert.equal(asked.length, 3);
  });
  it("does not try again after a refusal", async () => {
    const { asked, issue } = place([failed(403), "issued"]);
    await assert.rejects(issue(), { status: 403 });
    assert.deepEqual(asked, [`issue ${named(1)}`]);
  });
  it("ends the token whose answer was lost, by its exact name, before it makes another", async () => {
    const { asked, issue } = place(
      [failed(500, true), "issued"],
      [live("other", named(2)), live("lost", named(1)), live("third", "ci")],
    );
    await issue();
    assert.deepEqual(asked, [`issue ${named(1)}`, "list", "revoke lost", `issue ${named(2)}`]);
  });
  it("ends nothing where the lost one was never made, or its place is gone", async () => {
    for (const listed of [[live("other", "ci [0123abcd-9999]")], undefined]) {
      const { asked, issue } = place([failed(500, true), "issued"], listed);
      await issue();
      assert.deepEqual(asked, [`issue ${named(1)}`, "list", `issue ${named(2)}`]);
    }
  });
  it("gives up after three lost answers, and leaves none of them", async () => {
    const lost = () => failed(500, true);
    const { asked, issue } = place([lost(), lost(), lost(), "issued"], [live("third", named(3))]);
    await assert.rejects(issue(), { status: 500 });
    assert.deepEqual(asked.slice(-2), ["list", "revoke third"]);
    assert.equal(asked.filter((each) => each.startsWith("issue")).length, 3);
  });
  it("tells the name where it cannot be asked whether the token was made", async () => {
    const { issue } = place([failed(500, true)], failed(503));
    await assert.rejects(issue(), (error: Error) => {
      assert.ok(error instanceof LifecycleError);
      for (const part of [
        "answered 500.",
        "answered 503.",
        "is not known",
        `"${named(1)}"`,
        "the one after revokes it",
      ]) {
        assert.ok(error.message.includes(part), part);
      }
      return true;
    });
  });
});

describe("tokens with a mark", () => {
  it("are those of the owner, newest first", () => {
    const tokens = [
      live("a", "x [0123abcd-0001]", "2026-01-01T00:00:00Z"),
      live("b", "x [99999999-0001]", "2026-01-09T00:00:00Z"),
      live("c", "x [0123abcd-0002]", "2026-01-03T00:00:00Z"),
      live("d", "x", "2026-01-09T00:00:00Z"),
      live("e", "[0123abcd-0003]", "2026-01-02T00:00:00Z"),
    ];
    assert.deepEqual(
      tokensOf("0123abcd", tokens).map(({ tokenId }) => tokenId),
      ["c", "e", "a"],
    );
  });
});

describe("what a token can do", () => {
  it("is nothing where the Hub names nothing", () =>
    assert.deepEqual(reachOf({}), {
      permissions: [],
      repoPermissions: [],
      repoIds: [],
      endpointPatterns: [],
      // Not told is not the same as false.
      skipNetworkSecurity: undefined,
    }));
  it("is sent as it was read", () => {
    const reach = {
      permissions: ["org.read"],
      repoPermissions: ["repo.write"],
      repoIds: [ACCOUNT],
      endpointPatterns: ["a/*"],
      skipNetworkSecurity: true,
    };
    assert.deepEqual(
      settingsOf({ ...reachOf(reach), skipNetworkSecurity: reach.skipNetworkSecurity }),
      reach,
    );
    assert.deepEqual(settingsOf(undefined), {});
  });
});

/** A client of which only these methods may be called. */
const client = (methods: object): HubClient => methods as HubClient;

describe("the tokens of a service account", () => {
  const token = {
    _id: "t1",
    displayName: "ci",
    createdAt: TIME,
    lastUsedAt: TIME,
    expiration: null,
    last4: "abcd",
  };

  it("belong to no user", async () => assert.equal(await tokenPlace(client({}), address).user(), undefined));

  it("are listed with what is known of them", async () => {
    const place = tokenPlace(
      client({
        getServiceAccount: () =>
          Promise.resolve({ accessTokens: [token, { ...token, _id: "t2", expiration: TIME }] }),
      }),
      address,
    );
    const [first, second] = (await place.list()) ?? [];
    assert.deepEqual(first, {
      tokenId: "t1",
      hubName: "ci",
      createdAt: TIME,
      lastUsedAt: TIME,
      expiresAt: undefined,
      last4: "abcd",
      reach: reachOf({}),
    });
    assert.equal(second?.expiresAt, TIME);
  });
  it("are gone with the account only where a listing proves it", async () => {
    const listing = (accounts: object[]) => ({
      getServiceAccount: () => Promise.reject(failed(404)),
      listServiceAccounts: () => Promise.resolve(accounts),
    });
    assert.equal(await tokenPlace(client(listing([{ _id: "another" }])), address).list(), undefined);
    await assert.rejects(
      tokenPlace(client(listing([{ _id: "another" }, { _id: ACCOUNT }])), address).list(),
      { status: 404 },
    );
    await assert.rejects(
      tokenPlace(client({ getServiceAccount: () => Promise.reject(failed(403)) }), address).list(),
      { status: 403 },
    );
  });
  it("are issued, changed and ended in that account", async () => {
    const calls: unknown[][] = [];
    const place = tokenPlace(
      client({
        createServiceAccountToken(...args: unknown[]) {
          calls.push(args);
          return Promise.resolve({ token: "hf_wxyz", tokenInfo: { _id: "t3", createdAt: TIME } });
        },
        updateServiceAccountToken(...args: unknown[]) {
          calls.push(args);
          return Promise.resolve();
        },
        deleteServiceAccountToken(...args: unknown[]) {
          calls.push(args);
          return Promise.resolve();
        },
      }),
      address,
    );
    assert.deepEqual(await place.issue("n", {}), {
      tokenId: "t3",
      hubName: "n",
      value: "hf_wxyz",
      createdAt: TIME,
      last4: "wxyz",
    });
    await place.change("t3", "m", NO_REACH, reachOf({ endpointPatterns: ["a"] }));
    const { endpointPatterns: _same, ...settings } = settingsOf(NO_REACH);
    await place.change("t3", "m", NO_REACH, reachOf({}));
    assert.equal(await place.revoke("t3"), true);
    assert.deepEqual(calls, [
      ["acme", ACCOUNT, { displayName: "n" }],
      ["acme", ACCOUNT, "t3", { displayName: "m", ...settingsOf(NO_REACH) }],
      ["acme", ACCOUNT, "t3", { displayName: "m", ...settings }],
      ["acme", ACCOUNT, "t3"],
    ]);
  });

  const ending = (error: Error, tokens: object[] | Error) =>
    tokenPlace(
      client({
        deleteServiceAccountToken: () => Promise.reject(error),
        getServiceAccount: () =>
          tokens instanceof Error ? Promise.reject(tokens) : Promise.resolve({ accessTokens: tokens }),
        listServiceAccounts: () => Promise.resolve([]),
      }),
      address,
    ).revoke("t1");
  it("count as ended where the Hub knows none and lists none", async () => {
    assert.equal(await ending(failed(404), []), false, "gone already");
    assert.equal(await ending(failed(404), [{ ...token, _id: "t2" }]), false);
    assert.equal(await ending(failed(404), failed(404)), false);
  });
  it("do not where the Hub still lists it, or answers otherwise", async () => {
    await assert.rejects(ending(failed(404), [{ ...token, _id: "t2" }, token]), { status: 404 });
    await assert.rejects(ending(failed(403), []), { status: 403 });
  });
});

describe("a service account of which the Hub does not say what tokens it has", () => {
  const untold = {
    getServiceAccount: () => Promise.resolve({ _id: ACCOUNT }),
    whoami: () => Promise.resolve({ name: "ada", orgs: [{ name: "acme", roleInOrg: "write" }] }),
  };

  it("has none where the credentials would see them", async () => {
    const listed = (auth: object | undefined) => {
      const orgs = [{ name: "acme", roleInOrg: "admin" }];
      const whoami = () => Promise.resolve({ name: "ada", auth, orgs });
      return tokenPlace(client({ ...untold, whoami }), address).list();
    };
    for (const role of ["read", "write", "god"]) {
      assert.deepEqual(await listed({ type: "access_token", accessToken: { role } }), []);
    }
    for (const auth of [
      undefined,
      { type: "oauth" },
      { accessToken: {} },
      { accessToken: { role: "newer" } },
    ]) {
      await assert.rejects(listed(auth), /Whether it has none or they are only hidden cannot be told/);
    }
    await assert.rejects(listed({ accessToken: { role: "fineGrained" } }), /the token is fine-grained/);
  });
  it("may have some otherwise: no token is taken for revoked, and no end for made", async () => {
    const place = tokenPlace(
      client({ ...untold, deleteServiceAccountToken: () => Promise.reject(failed(404)) }),
      address,
    );
    const message =
      /^The Hub shows no list of the tokens of the service account .* role in acme is write, not admin/;
    await assert.rejects(place.list(), { message });
    await assert.rejects(place.revoke("t1"), { message });
  });
  it("can be given one, whatever form its time has", async () => {
    const tokenInfo = { _id: "t3", createdAt: "yesterday" };
    const issued = { token: "hf_wxyz", tokenInfo };
    const place = tokenPlace(
      client({ ...untold, createServiceAccountToken: () => Promise.resolve(issued) }),
      address,
    );
    assert.deepEqual(await place.issue("n", {}), {
      tokenId: "t3",
      hubName: "n",
      value: "hf_wxyz",
      last4: "wxyz",
    });
  });
});

describe("a user's own tokens", () => {
  const me = { whoami: () => Promise.resolve({ name: "alice" }) };

  it("are those of the credentials' user, also where only the organization is given", async () => {
    assert.equal(await tokenPlace(client(me), {}).user(), "alice");
    assert.equal(await tokenPlace(client(me), { organization: "acme" }).user(), "alice");
    assert.equal(await tokenPlace(client(me), { serviceAccount: ACCOUNT }).user(), "alice");
    assert.equal(await tokenPlace(client(me), { user: "alice" }).user(), "alice");
  });
  it("are neither listed, issued nor ended with somebody else's credentials", async () => {
    const place = tokenPlace(client(me), { user: "bob" });
    for (const step of [() => place.list(), () => place.issue("n", {}), () => place.revoke("n")]) {
      await assert.rejects(
        step(),
        /token of the user bob, but the credentials are those of alice.*use a token of bob\./,
      );
    }
  });
  it("are listed with what is known of them", async () => {
    const token = { name: "n", role: "read", createdAt: TIME, lastUsed: null, expiresAt: TIME };
    const place = tokenPlace(client({ ...me, listTokens: () => Promise.resolve([token]) }), {});
    assert.deepEqual(await place.list(), [
      { tokenId: "n", hubName: "n", createdAt: TIME, lastUsedAt: null, expiresAt: TIME, role: "read" },
    ]);
  });
  it("are issued with a role and an end in UTC", async () => {
    const asked: unknown[] = [];
    const place = tokenPlace(
      client({
        ...me,
        createToken(options: unknown) {
          asked.push(options);
          return Promise.resolve({ token: "hf_wxyz", createdAt: TIME, expiresAt: TIME });
        },
      }),
      {},
    );
    assert.deepEqual(await place.issue("n", { role: "write", expiresAt: "2027-01-01T01:00:00+01:00" }), {
      tokenId: "n",
      hubName: "n",
      value: "hf_wxyz",
      createdAt: TIME,
      expiresAt: TIME,
      last4: "wxyz",
    });
    await place.issue("n", {});
    assert.deepEqual(asked, [
      { name: "n", role: "write", expiresAt: "2027-01-01T00:00:00.000Z" },
      { name: "n", role: "read", expiresAt: undefined },
    ]);
  });
  it("cannot be changed", () =>
    assert.throws(
      () => tokenPlace(client(me), {}).change("n", "m", NO_REACH, NO_REACH),
      /cannot be changed; a successor/,
    ));
});

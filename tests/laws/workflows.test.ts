// What a team does every week. Each workflow needs at most one act of a person, and no run fails without one.
import { strict as assert } from "node:assert";
import { type Run } from "./history";
import { Team } from "./team";
import { type LawHubHolder, replaceTransport } from "./transport";
import { type Forecast } from "./weather";

const MODEL = "model/acme/alpha";
const night = { refresh: true };
const failing = (accident: Forecast["accident"]): Partial<Run> => ({
  forecast: { accident, nth: 0, writes: true, view: "whole" },
});

describe("Everyday workflows that need at most one act of a person", () => {
  const holder: LawHubHolder = {};
  let restore: () => void;
  let team: Team;
  before(() => (restore = replaceTransport(holder)));
  after(() => restore());
  afterEach(() => team.close());

  const visibility = (): string | undefined => team.store.repositories.get(MODEL)?.visibility;
  const repository = async (declared: "public" | "private"): Promise<void> => {
    team = new Team(holder, "RepoVisibility", MODEL);
    await team.program(`declares ${MODEL} ${declared}`);
    await team.succeeds();
  };

  it("keeps a repository that an incident closed, and opens it again for a new reason", async () => {
    await repository("public");
    await team.hand(`makes ${MODEL} private`);
    assert.equal(await team.fails(night), true);
    assert.equal(await team.fails(night), true);
    assert.equal(visibility(), "private");
    await team.newReason();
    await team.succeeds(night);
    assert.equal(visibility(), "public");
    await team.succeeds(night);
  });

  it("keeps a repository that an incident closed, once the program declares it private", async () => {
    await repository("public");
    await team.hand(`makes ${MODEL} private`);
    assert.equal(await team.fails(night), true);
    await team.program(`declares ${MODEL} private`);
    await team.succeeds(night);
    await team.succeeds(night);
  });

  for (const accident of ["503 before", "503 after", "no answer after"] as const) {
    it(`opens a repository in the next run after a failed PUT (${accident})`, async () => {
      await repository("private");
      await team.program(`declares ${MODEL} public`);
      assert.equal(await team.fails(failing(accident)), true);
      await team.succeeds();
      assert.equal(visibility(), "public");
      await team.program(`declares ${MODEL} private`);
      await team.succeeds(night);
      assert.equal(visibility(), "private");
    });

    it(`reopens a repository in the next run after the PUT for a new reason failed (${accident})`, async () => {
      await repository("public");
      await team.hand(`makes ${MODEL} private`);
      assert.equal(await team.fails(night), true);
      await team.newReason();
      assert.equal(await team.fails({ ...night, ...failing(accident) }), true);
      await team.succeeds(night);
      assert.equal(visibility(), "public");
    });
  }

  it("accepts a private repository that was deleted and created again as private", async () => {
    await repository("private");
    await team.hand(`deletes ${MODEL}`);
    await team.succeeds(night);
    await team.hand(`deletes ${MODEL} if it exists, and creates it again as private`);
    await team.succeeds(night);
    await team.succeeds();
  });

  it("reports a public repository that was created again as private, and opens it for a new reason", async () => {
    await repository("public");
    await team.hand(`deletes ${MODEL} if it exists, and creates it again as private`);
    assert.equal(await team.fails(night), true);
    await team.newReason();
    await team.succeeds(night);
    assert.equal(visibility(), "public");
  });

  it("keeps managing a resource that is renamed with an alias", async () => {
    await repository("public");
    await team.rename();
    await team.succeeds();
    await team.succeeds(night);
    assert.equal(visibility(), "public");
  });

  it("accepts a change by hand that the program makes too", async () => {
    await repository("public");
    await team.hand(`makes ${MODEL} private`);
    await team.program(`declares ${MODEL} private`);
    await team.succeeds(night);
    await team.program(`declares ${MODEL} internal`);
    await team.succeeds(night);
    assert.equal(visibility(), "internal");
  });

  it("closes a repository and opens it again for the same reason", async () => {
    await repository("public");
    await team.program(`declares ${MODEL} private`);
    await team.succeeds(night);
    await team.program(`declares ${MODEL} public`);
    await team.succeeds(night);
    assert.equal(visibility(), "public");
  });

  it("refuses a certificate set by hand until the program declares it", async () => {
    team = new Team(holder, "SsoConfig", "sso of acme");
    await team.succeeds();
    await team.hand("sets the second certificate");
    assert.equal(await team.fails(night), true);
    await team.program("declares the second certificate");
    await team.succeeds(night);
    await team.succeeds(night);
  });

  it("refuses a certificate set by hand, and reverts it for a new reason", async () => {
    team = new Team(holder, "SsoConfig", "sso of acme");
    await team.succeeds();
    await team.hand("sets the second certificate");
    assert.equal(await team.fails(night), true);
    await team.newReason();
    await team.succeeds(night);
  });

  it("turns on single sign-on that was turned off by hand", async () => {
    team = new Team(holder, "SsoConfig", "sso of acme");
    await team.succeeds();
    await team.hand("turns single sign-on off");
    await team.succeeds(night);
    assert.equal(team.store.sso.get("acme")?.enabled, true);
  });

  const tokens = () => [...team.store.serviceAccountTokens.values()].filter(({ deletedAt }) => !deletedAt);

  it("does not replace a token revoked by hand until the trigger changes", async () => {
    team = new Team(holder, "HubToken", "token of an account");
    await team.succeeds();
    await team.hand("revokes the token");
    await team.succeeds(night);
    assert.equal(tokens().length, 0);
    await team.newReason();
    await team.succeeds(night);
    assert.equal(tokens().length, 1);
  });

  it("refuses to widen a token narrowed by hand until the trigger changes", async () => {
    team = new Team(holder, "HubToken", "token of an account");
    await team.succeeds();
    await team.hand("removes repo.write from the token");
    assert.equal(await team.fails(night), true);
    await team.newReason();
    await team.succeeds(night);
    assert.deepEqual(tokens().at(-1)?.permissions, ["org.read", "repo.write"]);
  });

  it("rotates a token by the clock, and revokes its predecessor after the overlap", async () => {
    team = new Team(holder, "HubToken", "token of an account");
    await team.succeeds();
    await team.wait(24 * 40);
    await team.succeeds(night);
    assert.equal(tokens().length, 2);
    await team.wait(30);
    await team.succeeds(night);
    assert.equal(tokens().length, 1);
  });

  it("does not replace an account deleted by hand until recreateIfMissing is set", async () => {
    team = new Team(holder, "ServiceAccount", "account robot");
    await team.succeeds();
    await team.hand("deletes the account");
    await team.succeeds(night);
    assert.equal(team.store.serviceAccounts.size, 0);
    await team.program("declares recreateIfMissing: true");
    await team.succeeds(night);
    assert.equal(team.store.serviceAccounts.size, 1);
  });
});

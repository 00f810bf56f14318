// What a team does every week. Each needs one act of a person at most, and no run that fails without one.
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

describe("Everyday workflows need one act of a person at most", () => {
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

  it("an incident closes a repository, and a new reason opens it again", async () => {
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

  it("an incident closes a repository, and the program says so too", async () => {
    await repository("public");
    await team.hand(`makes ${MODEL} private`);
    assert.equal(await team.fails(night), true);
    await team.program(`declares ${MODEL} private`);
    await team.succeeds(night);
    await team.succeeds(night);
  });

  for (const accident of ["503 before", "503 after", "no answer after"] as const) {
    it(`a PUT fails (${accident}), and the next run goes through`, async () => {
      await repository("private");
      await team.program(`declares ${MODEL} public`);
      assert.equal(await team.fails(failing(accident)), true);
      await team.succeeds();
      assert.equal(visibility(), "public");
      await team.program(`declares ${MODEL} private`);
      await team.succeeds(night);
      assert.equal(visibility(), "private");
    });

    it(`a new reason meets a failing PUT (${accident}), and the next run goes through`, async () => {
      await repository("public");
      await team.hand(`makes ${MODEL} private`);
      assert.equal(await team.fails(night), true);
      await team.newReason();
      assert.equal(await team.fails({ ...night, ...failing(accident) }), true);
      await team.succeeds(night);
      assert.equal(visibility(), "public");
    });
  }

  it("a deleted repository is made again private while it is declared private", async () => {
    await repository("private");
    await team.hand(`deletes ${MODEL}`);
    await team.succeeds(night);
    await team.hand(`deletes ${MODEL}, if it is there, and makes it again as private`);
    await team.succeeds(night);
    await team.succeeds();
  });

  it("a deleted public repository is made again private, and a reason after the report opens it", async () => {
    await repository("public");
    await team.hand(`deletes ${MODEL}, if it is there, and makes it again as private`);
    assert.equal(await team.fails(night), true);
    await team.newReason();
    await team.succeeds(night);
    assert.equal(visibility(), "public");
  });

  it("a resource is renamed with an alias", async () => {
    await repository("public");
    await team.rename();
    await team.succeeds();
    await team.succeeds(night);
    assert.equal(visibility(), "public");
  });

  it("the program and the Hub change to the same value", async () => {
    await repository("public");
    await team.hand(`makes ${MODEL} private`);
    await team.program(`declares ${MODEL} private`);
    await team.succeeds(night);
    await team.program(`declares ${MODEL} internal`);
    await team.succeeds(night);
    assert.equal(visibility(), "internal");
  });

  it("the program closes a repository and opens it again for the same reason", async () => {
    await repository("public");
    await team.program(`declares ${MODEL} private`);
    await team.succeeds(night);
    await team.program(`declares ${MODEL} public`);
    await team.succeeds(night);
    assert.equal(visibility(), "public");
  });

  it("a certificate is set by hand, and the program follows", async () => {
    team = new Team(holder, "SsoConfig", "sso of acme");
    await team.succeeds();
    await team.hand("sets the second certificate");
    assert.equal(await team.fails(night), true);
    await team.program("declares the second certificate");
    await team.succeeds(night);
    await team.succeeds(night);
  });

  it("a certificate is set by hand, and a new reason reverts it", async () => {
    team = new Team(holder, "SsoConfig", "sso of acme");
    await team.succeeds();
    await team.hand("sets the second certificate");
    assert.equal(await team.fails(night), true);
    await team.newReason();
    await team.succeeds(night);
  });

  it("single sign-on is turned off by hand, and the night turns it on", async () => {
    team = new Team(holder, "SsoConfig", "sso of acme");
    await team.succeeds();
    await team.hand("turns single sign-on off");
    await team.succeeds(night);
    assert.equal(team.store.sso.get("acme")?.enabled, true);
  });

  const tokens = () => [...team.store.serviceAccountTokens.values()].filter(({ deletedAt }) => !deletedAt);

  it("a token is revoked by hand, and a new trigger issues another", async () => {
    team = new Team(holder, "HubToken", "token of an account");
    await team.succeeds();
    await team.hand("revokes the token");
    await team.succeeds(night);
    assert.equal(tokens().length, 0);
    await team.newReason();
    await team.succeeds(night);
    assert.equal(tokens().length, 1);
  });

  it("a token is narrowed by hand, and a new trigger gives it back", async () => {
    team = new Team(holder, "HubToken", "token of an account");
    await team.succeeds();
    await team.hand("takes repo.write from the token");
    assert.equal(await team.fails(night), true);
    await team.newReason();
    await team.succeeds(night);
    assert.deepEqual(tokens().at(-1)?.permissions, ["org.read", "repo.write"]);
  });

  it("a token rotates by the clock, and its predecessor ends after the overlap", async () => {
    team = new Team(holder, "HubToken", "token of an account");
    await team.succeeds();
    await team.wait(24 * 40);
    await team.succeeds(night);
    assert.equal(tokens().length, 2);
    await team.wait(30);
    await team.succeeds(night);
    assert.equal(tokens().length, 1);
  });

  it("an account is deleted by hand, and recreateIfMissing makes another", async () => {
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

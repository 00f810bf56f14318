// What a team does every week. Each needs one act of a person at most, and no run that fails without one.
import { strict as assert } from "node:assert";
import { Counters } from "./counters";
import { type Act, type Run } from "./history";
import { slots } from "./slots";
import { type LawHubHolder, replaceTransport } from "./transport";
import { type Forecast } from "./weather";
import { World } from "./world";

const RUN = {
  do: "run",
  kind: "up",
  stack: 0,
  refresh: false,
  previewFirst: false,
  othersGoOn: true,
} as const;

/** A team with one declared resource. */
class Team {
  readonly #world: World;
  readonly #index: number;

  constructor(
    holder: LawHubHolder,
    private readonly type: string,
    object: string,
  ) {
    const own = slots[type] ?? [];
    this.#world = new World(own, new Counters(), holder);
    this.#index = own.findIndex((slot) => slot.object === object);
    // The others are out of the way.
    for (const slot of own.keys()) if (slot !== this.#index) this.#world.entries[slot]!.isDeclared = false;
  }

  /** Someone does this by hand; the words are the slot's. */
  hand(words: string): Promise<void> {
    return this.#play({ do: "hand", slot: this.#index, change: this.#find("hand", words), who: 0 });
  }

  program(words: string): Promise<void> {
    return this.#play({ do: "program", slot: this.#index, change: this.#find("program", words) });
  }

  newReason(): Promise<void> {
    return this.#play({ do: "reason", slot: this.#index, old: -1 });
  }

  rename(): Promise<void> {
    return this.#play({ do: "rename", slot: this.#index, alias: true });
  }

  wait(hours: number): Promise<void> {
    return this.#play({ do: "wait", hours });
  }

  /** Runs, and gives whether that failed. */
  async fails(parts: Partial<Run> = {}): Promise<boolean> {
    await this.#play({ ...RUN, ...parts });
    return this.#world.oracle.operation.failed.size > 0;
  }

  async succeeds(parts: Partial<Run> = {}): Promise<void> {
    assert.equal(await this.fails(parts), false, this.#world.oracle.lastError);
  }

  get store() {
    return this.#world.hub.store;
  }

  close(): void {
    this.#world.close();
  }

  async #play(act: Act): Promise<void> {
    await this.#world.play(act);
    const [violation] = this.#world.violations;
    if (violation) throw violation;
  }

  #find(what: "hand" | "program", words: string): number {
    const found = slots[this.type]?.[this.#index]?.[what].findIndex((each) => each.words === words) ?? -1;
    assert.notEqual(found, -1, words);
    return found;
  }
}

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

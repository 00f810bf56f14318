// SIGKILL at named points: kills the handler, the program or the engine in each operation. A proxy in front of the
// local Hub holds the points. The Hub's state is kept in a file.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HubClient } from "../../provider/src/client";
import { type Visibility } from "../../provider/src/client/types";
import { splitMark } from "../../provider/src/rules/mark";
import { isWider } from "../../provider/src/rules/visibility";
import { createProject, type Project, type StateResource } from "../support/engine";
import { familyOf, kill, processesOf, type Victim } from "../support/family";
import { type Fault, type FaultProxy, pass, type Passing, startFaultProxy } from "../support/faultProxy";
import { type Hub, startHub } from "../support/hub";
import { request } from "./scenarios";

export type Point =
  "before sending" | "after the commit" | "after the answer" | "before the state is written";
export type Operation = "create" | "account" | "update" | "rotate" | "retire" | "refresh" | "delete";

const VICTIMS: readonly Victim[] = ["handler", "program", "engine"];
const POINTS: readonly Point[] = [
  "before sending",
  "after the commit",
  "after the answer",
  "before the state is written",
];

const FULL = process.env["RELIABILITY"] === "full";
/** How many kills each point of each operation gets, spread over the processes. */
const TIMES = Number(process.env["RELIABILITY_KILLS"] ?? (FULL ? 60 : 1));
/** How many tokens and repositories, or accounts, one kill interrupts at the same time. */
const WIDTH = Number(process.env["RELIABILITY_WIDTH"] ?? 2);

/** The requests and handler steps at which an operation is held. */
const TARGETS: Record<Operation, { request: RegExp; step: RegExp }> = {
  create: {
    request: /^POST .*\/tokens$|^PUT \/api\/models\/.*\/settings$/,
    step: /\/(HubToken|RepoVisibility)\.create$/,
  },
  account: { request: /^POST .*\/service-accounts$/, step: /\/ServiceAccount\.create$/ },
  update: {
    request: /^PATCH .*\/tokens\/\w+$|^PUT \/api\/models\/.*\/settings$/,
    step: /\/(HubToken|RepoVisibility)\.update$/,
  },
  rotate: { request: /^POST .*\/tokens$/, step: /\/HubToken\.update$/ },
  retire: { request: /^DELETE .*\/tokens\/\w+$/, step: /\/HubTokenPredecessors\.update$/ },
  refresh: { request: /^GET .*\/(service-accounts\/\w+|settings\/repositories)$/, step: /\.read$/ },
  delete: { request: /^DELETE .*\/tokens\/\w+$/, step: /\/HubToken\.delete$/ },
};

interface Params {
  /** The number of the accounts. A change makes new accounts and deletes the former ones. */
  account: number;
  accounts: number;
  generation: number;
  wave: number;
  permissions: string[];
  visibility: Visibility;
  width: number;
  /** Whether the program may create again what an interrupted destroy has deleted. It does not do so automatically. */
  again: boolean;
}

const PROGRAM = `
const { readFileSync } = require("node:fs");
const { HubToken, RepoVisibility, ServiceAccount } = require("pulumi-huggingface");
const p = JSON.parse(readFileSync("params.json", "utf8"));
const accounts = Array.from({ length: p.accounts }, (_, i) =>
  new ServiceAccount("account-" + p.account + "-" + i, { organization: "acme", name: "ci", forceDestroy: true, recreateIfMissing: p.again }));
for (let i = 0; i < p.width; i++) {
  new HubToken("t" + p.generation + "-" + i, {
    organization: "acme", serviceAccount: accounts[i % p.accounts].accountId, name: "t" + i, permissions: p.permissions,
    rotationTriggers: { wave: String(p.wave) }, overlapHours: 0, idleMinutes: 0, recreateIfInvalid: p.again,
  });
  new RepoVisibility("r" + p.generation + "-" + i, { repo: "acme/cut-" + i, visibility: p.visibility });
}
`;

/** A stack, its Hub and the proxy between them, for the kills of one operation. */
class Rig {
  private params: Params = {
    account: 1,
    accounts: 1,
    generation: 1,
    wave: 1,
    permissions: ["org.read"],
    visibility: "private",
    width: WIDTH,
    again: false,
  };
  /** The number of events in the Hub's log before the current round. */
  private seenEvents = 0;
  /** How many files the engine left half-written. */
  restored = 0;
  /** How many tokens of interrupted creations were reported. */
  reported = 0;

  private constructor(
    private readonly dir: string,
    readonly hub: Hub,
    private readonly proxy: FaultProxy,
    private readonly project: Project,
    private readonly byHand: HubClient,
  ) {}

  static async start(name: Operation): Promise<Rig> {
    const dir = await mkdtemp(join(tmpdir(), "kills-"));
    const hub = await startHub({ stateFile: join(dir, "hub.json") });
    const proxy = await startFaultProxy(hub.endpoint);
    proxy.rule = released;
    const project = await createProject({
      name: `kill-${name}`,
      program: { "index.js": PROGRAM },
      config: { "huggingface:maxRetries": "2" },
      env: {
        HF_ENDPOINT: proxy.endpoint,
        HF_TOKEN: hub.tokens.admin,
        HOLD_RETURN: proxy.endpoint,
        NODE_OPTIONS: `--require ${join(__dirname, "holdReturn.cjs")}`,
      },
    });
    const byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    for (let i = 0; i < WIDTH; i++) {
      await request(hub, "POST", "/api/repos/create", {
        name: `cut-${i}`,
        organization: "acme",
        type: "model",
        private: true,
      });
    }
    const rig = new Rig(dir, hub, proxy, project, byHand);
    await rig.declare({ again: name === "delete", accounts: name === "account" ? WIDTH : 1 });
    await project.up({ parallel: 32 });
    return rig;
  }

  private async declare(changes: Partial<Params>): Promise<void> {
    this.params = { ...this.params, ...changes };
    await this.project.write("params.json", JSON.stringify(this.params));
  }

  /**
   * One kill and the recovery. Returns how many requests or steps were interrupted: 0 if the process finished first.
   */
  async round(operation: Operation, point: Point, victim: Victim): Promise<number> {
    const command = await this.prepare(operation);
    this.seenEvents = this.hub.store.auditEvents.length;

    const cut = new Cut(operation, point, WIDTH);
    this.proxy.rule = (passing) => cut.meet(passing) ?? released(passing);
    let killed: boolean;
    const started = this.project.start(command, { parallel: 32, timeout: 180_000 });
    const ended = started.result.then(() => "ended");
    try {
      const first = await Promise.race([cut.reached(), ended]);
      if (first === "ended") assert.fail(`the point was not reached:\n${(await started.result).text}`);
      // Other resources that run at the same time get to the point too.
      await cut.settled();
      const family = familyOf(started);
      const pids = processesOf(family, victim);
      // After the answer nothing is held, so the process may have finished.
      assert.ok(pids.length > 0 || point === "after the answer", `no ${victim} process to kill`);
      if (point === "after the answer") await sleep(Math.random() * 40);
      killed = pids.map(kill).includes(true);
      await sleep(20);
      cut.letGo(victim === "handler");
      this.proxy.rule = released;
      await started.result;
      await sleep(100);
      for (const { pid: left } of family) kill(left);
    } finally {
      cut.letGo(true);
      this.proxy.rule = released;
      started.kill();
    }
    await this.recover(operation);
    if (operation === "account") await this.endReportedAccounts();
    await this.endReportedTokens();
    await this.agree(`${operation}, ${point}, ${victim}`);
    if (operation === "delete") {
      await this.project.destroy({ parallel: 32 });
      const left = [...this.hub.store.serviceAccounts.values()].filter(
        ({ description }) => splitMark(description ?? "").mark,
      );
      assert.deepEqual(left, [], "the final destroy leaves something behind");
      await this.project.up({ parallel: 32 });
    }
    return killed ? cut.count : 0;
  }

  private async prepare(operation: Operation): Promise<"up" | "refresh" | "destroy"> {
    const { account, generation, wave, permissions, visibility } = this.params;
    switch (operation) {
      case "account":
        await this.declare({ account: account + 1, generation: generation + 1 });
        return "up";
      case "create":
        // Gives the creation something to send for the repositories too.
        for (let i = 0; i < WIDTH; i++) {
          await this.byHand.updateRepoSettings(`acme/cut-${i}`, { visibility: "public" });
        }
        await this.declare({ generation: generation + 1 });
        return "up";
      case "update":
        await this.declare({
          permissions: permissions.length > 1 ? ["org.read"] : ["org.read", "collection.read"],
          visibility: visibility === "private" ? "internal" : "private",
        });
        return "up";
      case "rotate":
        await this.declare({ wave: wave + 1 });
        return "up";
      case "retire":
        await this.declare({ wave: wave + 1 });
        await this.project.up({ parallel: 32 });
        return "up";
      case "refresh": {
        for (const { organization, accountId, tokenId, hubName } of await this.tokens()) {
          await this.byHand.updateServiceAccountToken(organization, accountId, tokenId, {
            displayName: `by hand ${hubName.slice(hubName.indexOf("["))}`,
          });
        }
        return "refresh";
      }
      case "delete":
        return "destroy";
    }
  }

  /** What a pipeline does after a crash, and one more run. */
  private async recover(operation: Operation): Promise<void> {
    // This comes first: with a damaged file, not even the lock can be removed.
    await this.restoreState();
    await this.project.pulumi(["cancel", "--yes"]);
    const { deployment } = await this.project.state({ showSecrets: true });
    // The tokens are used until the next run, which may be tomorrow. A destroy ends them on purpose.
    if (operation !== "delete") this.work(deployment.resources ?? [], "after the kill");
    if (deployment.pending_operations?.length) {
      // The engine's warning asks for this.
      await this.project.refresh({ args: ["--clear-pending-creates"], parallel: 32 });
    }
    await this.project.up({ refresh: true, parallel: 32, timeout: 180_000 });
    await this.project.up({ parallel: 32 });
  }

  /**
   * The file backend keeps an attributes file next to each state file. If one is interrupted, the state cannot be
   * read.
   */
  private async restoreState(): Promise<void> {
    const { dir, name } = this.project;
    const folder = join(dir, ".pulumi", "backend", ".pulumi", "stacks", name);
    for (const file of (await readdir(folder)).filter((each) => each.endsWith(".attrs"))) {
      try {
        JSON.parse(await readFile(join(folder, file), "utf8"));
      } catch {
        await rm(join(folder, file));
        this.restored += 1;
      }
    }
  }

  /** A lost account is reported and left to a person. Without tokens it gives no access. */
  private async endReportedAccounts(): Promise<void> {
    const { diagnostics } = await this.project.preview({ refresh: true });
    const told = diagnostics.map(({ message }) => message).join("\n");
    const { deployment } = await this.project.state();
    const held = (deployment.resources ?? []).map(({ outputs }) => outputs?.["accountId"]);
    for (const { id, description } of [...this.hub.store.serviceAccounts.values()]) {
      if (!splitMark(description ?? "").mark || held.includes(id)) continue;
      assert.deepEqual(this.hub.store.tokensOf(id), [], "a lost account has tokens");
      assert.ok(told.includes(id), `no message reports the lost account ${id}:\n${told}`);
      await this.byHand.deleteServiceAccount("acme", id);
    }
  }

  /** A token of an interrupted creation is reported in each run and left to a person. */
  private async endReportedTokens(): Promise<void> {
    const { deployment } = await this.project.state();
    const resources = deployment.resources ?? [];
    const held = resources.flatMap(({ outputs }) => [
      outputs?.["tokenId"],
      ...((outputs?.["pending"] ?? []) as { tokenId: string }[]).map(({ tokenId }) => tokenId),
    ]);
    const accounts = new Set(resources.map(({ outputs }) => outputs?.["accountId"] as string | undefined));
    const left = [...accounts]
      .flatMap((id) =>
        id === undefined ? [] : this.hub.store.tokensOf(id).map((token) => ({ ...token, account: id })),
      )
      .filter(({ id }) => !held.includes(id));
    if (left.length === 0) return;
    const { diagnostics } = await this.project.preview();
    const told = diagnostics.map(({ message }) => message).join("\n");
    for (const { id, account, displayName } of left) {
      assert.ok(told.includes(displayName), `no message reports the token ${displayName}:\n${told}`);
      await this.byHand.deleteServiceAccountToken("acme", account, id);
      this.reported += 1;
    }
    // The refresh removes them from the state.
    await this.project.refresh({ parallel: 32 });
  }

  /** Checks that the Hub and the state agree, nothing is left over, and nothing was ever wider than declared. */
  private async agree(what: string): Promise<void> {
    const { deployment } = await this.project.state({ showSecrets: true });
    assert.deepEqual(deployment.pending_operations ?? [], [], `${what}: pending operations`);
    const resources = deployment.resources ?? [];
    const of = (type: string) => resources.filter((each) => each.type.endsWith(`huggingface:${type}`));
    const { store } = this.hub;

    const accounts = of("ServiceAccount").map(({ outputs }) => outputs?.["accountId"] as string);
    const marked = [...store.serviceAccounts.values()].filter(
      ({ description }) => splitMark(description ?? "").mark,
    );
    assert.deepEqual(marked.map(({ id }) => id).sort(), accounts.sort(), `${what}: accounts`);
    assert.equal(accounts.length, this.params.accounts);

    const known = of("HubToken").map(({ outputs }) => outputs?.["tokenId"] as string);
    assert.equal(known.length, WIDTH);
    const pending = of("HubTokenPredecessors").flatMap(({ outputs }) =>
      (outputs?.["pending"] as { tokenId: string }[]).map(({ tokenId }) => tokenId),
    );
    const live = accounts.flatMap((id) => store.tokensOf(id)).map(({ id }) => id);
    assert.deepEqual(live.sort(), [...known, ...pending].sort(), `${what}: tokens`);
    this.work(resources, what);

    for (let i = 0; i < WIDTH; i++) {
      assert.equal(
        store.repository(`acme/cut-${i}`)?.visibility,
        this.params.visibility,
        `${what}: visibility`,
      );
    }
    for (const event of store.auditEvents.slice(this.seenEvents)) {
      const { visibility } = (event.data ?? {}) as { visibility?: Visibility };
      if (visibility === undefined) continue;
      assert.ok(!isWider(visibility, this.params.visibility), `${what}: a repository was made ${visibility}`);
    }
  }

  /** Checks that the values in the state belong to live tokens. */
  private work(resources: readonly StateResource[], what: string): void {
    for (const resource of resources.filter(({ type }) => type.endsWith("huggingface:HubToken"))) {
      assert.equal(
        this.hub.store.findToken(secretOf(resource))?.token.id,
        resource.outputs?.["tokenId"],
        `${what}: value`,
      );
    }
  }

  private async tokens() {
    const { deployment } = await this.project.state();
    return (deployment.resources ?? [])
      .filter(({ type }) => type.endsWith("huggingface:HubToken"))
      .map(({ outputs }) => ({
        organization: outputs?.["organization"] as string,
        accountId: outputs?.["serviceAccount"] as string,
        tokenId: outputs?.["tokenId"] as string,
        hubName: outputs?.["hubName"] as string,
      }));
  }

  async stop(): Promise<void> {
    await this.proxy.close();
    const before = truthOf(this.hub);
    await this.hub.close();
    const again = await startHub({ stateFile: join(this.dir, "hub.json") });
    const after = truthOf(again);
    await again.close();
    await this.project.dispose();
    await rm(this.dir, { recursive: true, force: true });
    assert.deepEqual(after, before, "the Hub's state file differs from the Hub's contents");
  }
}

function truthOf({ store }: Hub): unknown {
  return {
    accounts: [...store.serviceAccounts.keys()],
    tokens: [...store.serviceAccounts.keys()].flatMap((id) => store.tokensOf(id).map((token) => token.id)),
    repositories: [...store.repositories.values()].map(({ name, visibility }) => [name, visibility]),
  };
}

/** A secret output of an export with plain-text secrets. */
function secretOf({ outputs }: StateResource): string {
  const { plaintext } = (outputs?.["token"] ?? {}) as { plaintext?: string };
  return JSON.parse(plaintext ?? '""') as string;
}

// --- The point ---------------------------------------------------------------------------------------------------

/** Releases handler steps that are not held. Everything else goes to the Hub. */
function released({ path }: Passing): Fault | undefined {
  if (!path.startsWith("/returned/")) return undefined;
  return { name: "returned", committed: true, act: ({ response }) => void response.writeHead(204).end() };
}

/** Holds everything that gets to the point, until it is released. */
class Cut {
  count = 0;
  private readonly held: { goOn: () => void; drop: () => void }[] = [];
  private open = true;
  private arrived: () => void = () => undefined;
  private readonly firstArrival = new Promise<void>((resolve) => (this.arrived = resolve));

  constructor(
    private readonly operation: Operation,
    private readonly point: Point,
    private readonly wanted: number,
  ) {}

  /** Resolves once something is held. */
  reached(): Promise<void> {
    return this.firstArrival;
  }

  /** Resolves once everything wanted is held, or nothing more has come for a while. */
  async settled(): Promise<void> {
    for (let last = 0, quiet = 0; this.count < this.wanted && quiet < 4;) {
      await sleep(50);
      quiet = this.count === last ? quiet + 1 : 0;
      last = this.count;
    }
  }

  meet(passing: Passing): Fault | undefined {
    if (!this.open) return undefined;
    const { request: requests, step } = TARGETS[this.operation];
    const isStep = passing.path.startsWith("/returned/");
    if (this.point === "before the state is written") {
      if (!isStep || !step.test(passing.path)) return undefined;
      return this.fault(() => this.hold(() => void passing.response.writeHead(204).end(), passing));
    }
    if (isStep || !requests.test(`${passing.method} ${passing.path}`)) return undefined;
    if (this.point === "before sending") return this.fault(() => this.hold(() => pass(passing), passing));
    if (this.point === "after the commit") {
      return this.fault(async () => {
        const answer = await passing.forward();
        this.hold(() => {
          passing.response.writeHead(answer.status, answer.headers);
          passing.response.end(answer.status === 204 ? undefined : answer.body);
        }, passing);
      });
    }
    return this.fault(async () => {
      passing.response.on("finish", () => this.note());
      await pass(passing);
    });
  }

  letGo(drop: boolean): void {
    this.open = false;
    for (const each of this.held.splice(0)) {
      if (drop) each.drop();
      else each.goOn();
    }
  }

  private fault(act: () => void | Promise<void>): Fault {
    return { name: this.point, committed: true, act };
  }

  private hold(goOn: () => unknown, { response }: Passing): void {
    this.held.push({
      goOn: () => void Promise.resolve(goOn()).catch(() => response.destroy()),
      drop: () => void response.socket?.destroy(),
    });
    this.note();
  }

  private note(): void {
    this.count += 1;
    this.arrived();
  }
}

// --- Tests -------------------------------------------------------------------------------------------------------

/** Registers the kills of some operations. */
export function killsOf(operations: readonly Operation[]): void {
  for (const operation of operations) {
    it(`recovers from a kill during ${operation}`, async function () {
      this.timeout(36_000_000);
      const rig = await Rig.start(operation);
      const tally = new Map<string, { kills: number; cut: number }>();
      try {
        for (const [point, victim] of plan(operation)) {
          let cut = 0;
          // After the answer, a process may finish before it is killed. Such a round does not count and is repeated.
          while (cut === 0) cut = await rig.round(operation, point, victim);
          for (const what of [point, victim]) {
            const sum = tally.get(what) ?? { kills: 0, cut: 0 };
            tally.set(what, { kills: sum.kills + 1, cut: sum.cut + cut });
          }
        }
      } finally {
        for (const [what, { kills, cut }] of tally) {
          console.log(
            `      ${operation}, ${what}: ${kills} kills, which interrupted ${cut} requests or steps`,
          );
        }
        if (rig.restored > 0)
          console.log(`      the engine left ${rig.restored} half-written attributes files`);
        if (rig.reported > 0) console.log(`      ${rig.reported} tokens were left and reported`);
        await rig.stop();
      }
    });
  }
}

function plan(operation: Operation): [Point, Victim][] {
  // A refresh and a destroy do not run the program.
  const victims = VICTIMS.filter(
    (each) => each !== "program" || (operation !== "refresh" && operation !== "delete"),
  );
  const once = (round: number) =>
    POINTS.map((point, index): [Point, Victim] => [
      point,
      victims[(round + index + operation.length) % victims.length]!,
    ]);
  return Array.from({ length: TIMES }, (_, round) => once(round)).flat();
}

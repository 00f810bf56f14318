// The command audit: filters, formats, and logs of any size.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditLogEntry, type AuditLogEvent } from "pulumi-huggingface/client";
import { entryOf } from "pulumi-huggingface/core";
import { Seen } from "../../cli/src/audit/follow";
import { auditEvent, eventsAnswer, manyEvents, startAuditServer } from "../support/auditServer";
import { endCommands, runCli, runInProcess, startCli } from "../support/cli";
import { type Hub, startHub } from "../support/hub";
import { type ScriptedServer, startScriptedServer } from "../support/scriptedServer";

/** The servers of a test. */
const servers: ScriptedServer[] = [];

async function open<Args extends unknown[]>(
  start: (...args: Args) => Promise<ScriptedServer>,
  ...args: Args
): Promise<ScriptedServer> {
  const server = await start(...args);
  servers.push(server);
  return server;
}

/** Ends what a test of this block has started, also if it failed. */
function endsAll(): void {
  afterEach(async () => {
    endCommands();
    for (const server of servers.splice(0)) await server.close();
  });
}

const linesOf = (text: string): string[] => text.trimEnd().split("\n");

describe("audit", () => {
  endsAll();
  let hub: Hub;
  before(async () => (hub = await startHub()));
  after(() => hub.close());

  const audit = (args: string[], options = {}) =>
    runInProcess(["audit", "acme", ...args], { endpoint: hub.endpoint, token: hub.tokens.admin }, options);
  const entries = async (...args: string[]): Promise<AuditLogEntry[]> => {
    const { code, stdout, stderr } = await audit([...args, "--format", "jsonl"]);
    assert.deepEqual([code, stderr], [0, ""]);
    return stdout === "" ? [] : linesOf(stdout).map((line) => JSON.parse(line) as AuditLogEntry);
  };

  it("prints each entry completely on a line of JSON", async () => {
    const all = await entries();
    const stored = hub.store.auditEventsOf("acme");
    assert.equal(all.length, stored.length);
    assert.deepEqual(all.map(({ id }) => id).sort(), stored.map(({ id }) => id).sort());
    for (const entry of all) assert.equal(entry.event._id, entry.id);
  });

  it("prints a table with a line for each entry in a pipe", async () => {
    const { stdout } = await audit(["--limit", "3"]);
    const [header, ...rows] = linesOf(stdout);
    assert.match(header ?? "", /^TIME \(UTC\) +USER +ACTION +RESOURCE +MESSAGE$/);
    assert.equal(rows.length, 3);
    for (const row of rows) assert.match(row, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\S+ +\S+ +\S+/);
    assert.match(stdout, /Lisbon, Portugal/);
  });

  it("prints a table that fits into 80 columns of a terminal", async () => {
    const { stdout } = await audit([], { columns: 80, env: { NO_COLOR: "1" } });
    const lines = linesOf(stdout);
    assert.ok(lines.length > hub.store.auditEventsOf("acme").length);
    assert.deepEqual(
      lines.filter((line) => line.length > 80),
      [],
    );
  });

  it("filters by user, action, kind and time", async () => {
    const all = await entries();
    const someUser = all.find(({ user }) => user === "wim-write");
    assert.ok(someUser);
    const expected = (keep: (entry: AuditLogEntry) => boolean) => all.filter(keep).map(({ id }) => id);
    const ids = async (...args: string[]) => (await entries(...args)).map(({ id }) => id);
    assert.deepEqual(
      await ids("--user", "WIM-write"),
      expected(({ user }) => user === "wim-write"),
    );
    assert.deepEqual(
      await ids("--action", "member.invite"),
      expected(({ action }) => action === "member.invite"),
    );
    assert.deepEqual(
      await ids("--resource-type", "dataset"),
      expected(({ resourceType }) => resourceType === "dataset"),
    );
    const [from, to] = ["2026-09-01T00:00:00Z", "2026-10-01T00:00:00Z"];
    const within = expected(({ timestamp }) => timestamp >= from && timestamp <= to);
    assert.ok(within.length > 5 && within.length < all.length);
    assert.deepEqual(await ids("--since", from, "--until", to), within);
  });

  it("accepts durations before now", async () => {
    const { store } = hub;
    const event = store.auditEventsOf("acme").at(-1)!;
    const at = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    for (const [index, hours] of [1, 20, 24 * 9].entries()) {
      const id = `d${index}`.padStart(24, "0");
      store.addEvent({ ...event, id, createdAt: at(hours), author: { ...event.author, user: "clock" } });
    }
    const count = async (...args: string[]) => (await entries("--user", "clock", ...args)).length;
    assert.equal(await count("--since", "90m"), 1);
    assert.equal(await count("--since", "24h"), 2);
    assert.equal(await count("--since", "7d"), 2);
    assert.equal(await count("--since", "2w"), 3);
    assert.equal(await count("--since", "2w", "--until", "2h"), 2);
  });

  it("prints the newest entries first with --limit", async () => {
    const times = hub.store.auditEventsOf("acme").map(({ createdAt }) => createdAt);
    const newest = [...times].sort().reverse().slice(0, 5);
    assert.deepEqual(
      (await entries("--limit", "5")).map(({ timestamp }) => timestamp),
      newest,
    );
  });

  it("explains a wrong value in one line, and sends nothing", async () => {
    const nowhere = { endpoint: "http://127.0.0.1:1", token: "hf_unused" };
    for (const [args, message] of [
      [["--since", "5x"], /'--since <time>' argument '5x' is invalid. Use a duration such as 30m/],
      [["--since", "2026-02-30"], /'2026-02-30' is invalid/],
      [["--limit", "0"], /Use a whole number from 1 to 100000/],
      [["--interval", "0s"], /Use a duration from 1s to 1d/],
      [["--format", "xml"], /Allowed choices are table, jsonl, csv/],
      [["--since", "1d", "--until", "2d"], /^error: --since must not be later than --until\.\n$/],
      [["--user", ""], /^error: --user must be a non-empty string/],
      [["--follow", "--until", "1d"], /'--follow' cannot be used with option '--until <time>'/],
    ] as const) {
      const { code, stdout, stderr } = await runInProcess(["audit", "acme", ...args], nowhere);
      assert.deepEqual([code, stdout], [1, ""], stderr);
      assert.match(stderr, message);
    }
  });

  it("prints only an error if the Hub refuses the token", async () => {
    for (const token of [hub.tokens.write, hub.tokens.outsider, "hf_wrong"]) {
      const { code, stdout, stderr } = await runInProcess(["audit", "acme"], {
        endpoint: hub.endpoint,
        token,
      });
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^error: The Hub at .* answered 40[13] .*\n$/);
    }
  });

  it("prints the header and succeeds if no entry matches", async () => {
    const { code, stdout } = await audit(["--user", "no-one-else", "--format", "csv"]);
    assert.deepEqual([code, linesOf(stdout).length], [0, 1]);
  });

  describe("with hostile names", () => {
    let server: ScriptedServer;
    const hostile = {
      message: '=HYPERLINK("http://evil.example")\u001b[31m\u202Ered\n##vso[task]x\u0085',
      author: { _id: "0".repeat(24), user: "@SUM(A1)", type: "user", avatarUrl: "" },
      data: { repo: { type: "model", name: "-1+cmd|' /C calc'!A0" } },
      token: { type: "access_token", id: "1", role: "write", last4: "hf_secretwxyz", deleted: false },
    };
    before(async () => (server = await startAuditServer([auditEvent(1, hostile)])));
    after(() => server.close());

    const run = (...args: string[]) =>
      runInProcess(["audit", "acme", ...args], { endpoint: server.endpoint, token: "hf_x" });
    // eslint-disable-next-line no-control-regex -- these characters must not be printed
    const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u202a-\u202e]|##\w*\[/;

    it("prints a table without control characters and commands of pipelines", async () => {
      const { stdout } = await run();
      assert.doesNotMatch(stdout, UNSAFE);
      assert.equal(linesOf(stdout).length, 2);
      assert.match(stdout, /token …wxyz$/m);
      assert.doesNotMatch(stdout, /secret/);
    });

    it("prints CSV that a spreadsheet does not run", async () => {
      const { stdout } = await run("--format", "csv");
      const [header, row, ...others] = linesOf(stdout);
      assert.equal(header, "id,time,user,action,resourceType,resource,message,location,token");
      assert.deepEqual(others, []);
      assert.match(row ?? "", /,'@SUM\(A1\),/);
      assert.match(row ?? "", /,'-1\+cmd\|' \/C calc'!A0,/);
      assert.match(row ?? "", /,"'=HYPERLINK\(""http:\/\/evil\.example""\)/);
      assert.doesNotMatch(stdout, UNSAFE);
    });

    it("prints JSON that is safe to print and has the same content", async () => {
      const { stdout } = await run("--format", "jsonl");
      assert.doesNotMatch(stdout, UNSAFE);
      const [line, ...others] = linesOf(stdout);
      assert.deepEqual(others, []);
      assert.equal((JSON.parse(line ?? "") as AuditLogEntry).message, hostile.message);
    });
  });

  describe("with a large log", function () {
    this.timeout(60_000);
    let folder: string;
    before(async () => (folder = await mkdtemp(join(tmpdir(), "audit-"))));
    after(() => rm(folder, { recursive: true, force: true }));

    it("prints the first rows before the last entry arrives", async () => {
      let finish = (): void => undefined;
      const server = await open(startScriptedServer, (_request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write(`[${JSON.stringify(auditEvent(1))},`);
        finish = () => response.end(`${JSON.stringify(auditEvent(2))}]`);
      });
      const running = startCli(["audit", "acme"], { endpoint: server.endpoint, token: "hf_x" });
      await running.sees(/acme\/m1:/);
      assert.doesNotMatch(running.stdout(), /acme\/m2:/);
      finish();
      assert.match((await running.ended).stdout, /acme\/m2:/);
    });

    it("needs the same memory for 100 000 entries as for 1000", async () => {
      const heapFor = async (count: number): Promise<number> => {
        const server = await open(startAuditServer, manyEvents(count));
        const file = join(folder, `heap-${count}`);
        const { code, stdout } = await runCli(
          ["audit", "acme", "--format", "csv"],
          { endpoint: server.endpoint, token: "hf_x" },
          { NODE_OPTIONS: `--require ${join(__dirname, "../support/heap.cjs")}`, HEAP_FILE: file },
        );
        assert.equal(code, 0);
        assert.equal(linesOf(stdout).length, count + 1);
        return Number(await readFile(file, "utf8"));
      };
      const [small, large] = await Promise.all([heapFor(1000), heapFor(100_000)]);
      assert.ok(small > 1e6 && large < small + 8e6, `${small} bytes, then ${large} bytes`);
    });

    (process.platform === "win32" ? it.skip : it)("ends quietly if the reader of the pipe ends", async () => {
      const server = await open(startAuditServer, manyEvents(20_000));
      const running = startCli(["audit", "acme"], { endpoint: server.endpoint, token: "hf_x" });
      await running.sees(/acme\/m1:/);
      running.process.stdout?.destroy();
      const { code, stderr } = await running.ended;
      assert.deepEqual([code, stderr], [0, ""]);
    });

    it("shows on a terminal how many entries were read, and nothing in a pipe", async () => {
      const server = await open(startAuditServer, manyEvents(3000));
      const run = (options: object) =>
        runInProcess(
          ["audit", "acme", "--user", "no-one"],
          { endpoint: server.endpoint, token: "hf_x" },
          options,
        );
      assert.match((await run({ columns: 80 })).stderr, /\d+ entries read/);
      assert.equal((await run({})).stderr, "");
    });
  });
});

describe("new entries", () => {
  const entry = (number: number, second: number) => ({
    ...entryOf(auditEvent(number) as AuditLogEvent),
    timestamp: time(second),
  });
  const time = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

  it("are those that no earlier poll has shown, in the same second too", () => {
    const seen = new Seen();
    seen.add(entry(1, 100));
    seen.endPoll();
    assert.equal(seen.isNew(entry(1, 100)), false);
    assert.equal(seen.isNew(entry(2, 100)), true);
    assert.equal(seen.isNew(entry(3, 99)), true);
    assert.equal(seen.isNew(entry(4, 100 - 301)), false);
    assert.equal(seen.isNew(entry(5, 9999)), true);
  });

  it("are all found if the log was empty", () => {
    const seen = new Seen();
    seen.endPoll();
    assert.equal(seen.isNew(entry(1, 0)), true);
  });

  it("are found after an entry with a time in the future", () => {
    const seen = new Seen(() => Date.parse(time(100)));
    seen.add(entry(1, 100));
    seen.add(entry(2, 999_999));
    seen.endPoll();
    assert.equal(seen.isNew(entry(3, 101)), true);
    assert.equal(seen.isNew(entry(2, 999_999)), false);
  });

  it("are recognized with little memory, whatever the size of the log", () => {
    const seen = new Seen();
    let largest = 0;
    for (let number = 0; number < 50_000; number++) {
      seen.add(entry(number, (number * 617) % 50_000));
      largest = Math.max(largest, seen.size);
    }
    seen.endPoll();
    assert.ok(largest <= 1001, `${largest} ids`);
    assert.equal(seen.size, 301);
  });
});

// On Windows there are no signals, and a closed pipe has another error.
(process.platform === "win32" ? describe.skip : describe)("audit --follow", function () {
  this.timeout(10_000);
  endsAll();

  const start = (server: ScriptedServer, ...args: string[]) =>
    startCli(["audit", "acme", "--follow", "--interval", "1s", "--format", "jsonl", ...args], {
      endpoint: server.endpoint,
      token: "hf_x",
    });
  const numbers = (stdout: string) =>
    linesOf(stdout).map((line) => Number.parseInt((JSON.parse(line) as AuditLogEntry).id, 16));

  it("prints each new entry once, and ends with 1 if the Hub refuses and with 130 after Ctrl-C", async () => {
    const at = (number: number, second: number) =>
      auditEvent(number, { createdAt: new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString() });
    const first = [at(2, 10), at(1, 9)];
    // The next entries have the second of the newest one, or are a bit late.
    const second = [at(4, 10), ...first, at(3, 8)];
    const third = [at(5, 11), ...second, at(6, 400)];
    const server = await open(
      startScriptedServer,
      eventsAnswer(first),
      eventsAnswer(second),
      (_request, response) => void response.writeHead(404).end("gone"),
      eventsAnswer(third),
    );
    // A refusal ends the command; only an outage does not.
    const refused = start(server);
    await refused.sees(/answered 404/);
    const result = await refused.ended;
    assert.equal(result.code, 1);
    assert.deepEqual(numbers(result.stdout), [2, 1, 3, 4]);

    const resumed = start(server);
    await resumed.sees(/m6:/);
    resumed.process.kill("SIGINT");
    const { code, stdout, stderr } = await resumed.ended;
    assert.deepEqual([code, stderr], [130, ""]);
    assert.deepEqual(numbers(stdout), [5, 4, 2, 1, 3, 6]);
  });

  it("continues after an outage of the Hub, with a note", async () => {
    const broken = (_request: unknown, response: import("node:http").ServerResponse): void => {
      // The connection breaks in the middle of the list, so nothing of this download counts.
      response.writeHead(200, { "content-type": "application/json" });
      response.write(`[${JSON.stringify(auditEvent(2))},`);
      setTimeout(() => response.destroy(), 20);
    };
    const server = await open(
      startScriptedServer,
      eventsAnswer([auditEvent(1)]),
      broken,
      eventsAnswer([auditEvent(3), auditEvent(2), auditEvent(1)]),
    );
    const running = start(server);
    await running.sees(/m3:/);
    running.process.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    assert.equal(code, 130);
    assert.deepEqual(numbers(stdout), [1, 2, 3]);
    assert.match(stderr, /^The .* Trying again every 1 s\.\nThe Hub answers again\.\n$/);
  });
});

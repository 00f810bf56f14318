import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ask, expectStatus } from "./ask";
import { startHub, startHubProcess } from "../support/hub";

const ACCOUNTS = "/api/organizations/acme/service-accounts";

describe("local Hub: state file", () => {
  let folder: string;
  let state: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "local-hub-"));
    state = join(folder, "state.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("keeps everything between runs, including tokens", async () => {
    const first = await startHub({ stateFile: state });
    const { body: account } = await expectStatus<{ _id: string }>(201, first, "POST", ACCOUNTS, {
      body: { name: "x" },
    });
    const made = await ask<{ token: string }>(first, "POST", `${ACCOUNTS}/${account._id}/tokens`, {
      body: { permissions: ["org.read"] },
    });
    const events = first.store.auditEventsOf("acme").length;
    await first.close();
    const second = await startHub({ stateFile: state });
    try {
      assert.deepEqual(second.tokens, first.tokens);
      assert.deepEqual(second.store.serviceAccountsOf("acme"), first.store.serviceAccountsOf("acme"));
      assert.equal(second.store.auditEventsOf("acme").length, events);
      await expectStatus(200, second, "GET", "/api/whoami-v2", { token: made.body.token });
    } finally {
      await second.close();
    }
  });

  it("stores only hashes of tokens, except the initial ones, in a file that only its owner can read", async () => {
    const hub = await startHub({ stateFile: state });
    const { body: account } = await expectStatus<{ _id: string }>(201, hub, "POST", ACCOUNTS, {
      body: { name: "x" },
    });
    const made = await ask<{ token: string }>(hub, "POST", `${ACCOUNTS}/${account._id}/tokens`, { body: {} });
    await hub.close();
    const text = readFileSync(state, "utf8");
    assert.ok(text.includes(hub.tokens.admin));
    assert.ok(!text.includes(made.body.token));
    // Windows has no such file modes: the folder's permissions count.
    if (process.platform !== "win32") assert.equal(statSync(state).mode & 0o777, 0o600);
  });

  it("keeps every confirmed change if the process is killed at any moment", async function () {
    this.timeout(60_000);
    const confirmed = new Map<string, string>();
    for (let round = 0; round < 4; round++) {
      const hub = await startHubProcess({ state });
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let i = 0; ; i++) {
          const name = `r${round}-w${writer}-${i}`;
          // The kill ends this loop. A change without an answer may be stored or not.
          const reply = await ask<{ id: string }>(hub, "POST", "/api/repos/create", {
            body: { name, organization: "acme" },
          });
          assert.equal(reply.status, 200);
          confirmed.set(name, reply.body.id);
        }
      });
      const ended = Promise.allSettled(writers);
      await sleep(150 + 90 * round);
      // A busy machine may need longer to confirm as many changes as the test needs.
      while (confirmed.size <= 6 * (round + 1)) await sleep(10);
      await hub.stop("SIGKILL");
      await ended;
    }
    assert.ok(confirmed.size > 20, `${confirmed.size} confirmed`);
    const hub = await startHub({ stateFile: state });
    try {
      for (const [name, id] of confirmed) assert.equal(hub.store.repository(`acme/${name}`)?.id, id, name);
      // Each stored repository has its event, and each event its repository: a change is stored completely or not at
      // all.
      const created = hub.store
        .auditEventsOf("acme")
        .filter((event) => / acme\/r\d-w\d-/.test(event.message));
      const there = hub.store.repositoriesOf.all("acme").filter((repo) => /^r\d-w\d-/.test(repo.name));
      assert.equal(created.length, there.length);
    } finally {
      await hub.close();
    }
  });

  it("loads a file from an older version, and drops unknown event types", async () => {
    const first = await startHub({ stateFile: state });
    const groups = "/api/organizations/acme/resource-groups";
    const { body: group } = await expectStatus<{ id: string }>(200, first, "POST", groups, {
      body: { name: "g" },
    });
    const event = first.store.auditEventsOf("acme").at(-1) ?? assert.fail();
    const events = first.store.auditEvents.length;
    await first.close();
    const old = [
      ["auditEvents", "e1", { ...event, id: "e1", type: "token.create" }],
      ["auditEvents", "e2", { ...event, id: "e2", type: "org.audit_log.export" }],
      ["auditEvents", "e2", { ...event, id: "e2", type: "token.revoke" }],
      [
        "auditEvents",
        "f".repeat(24),
        { ...event, id: "f".repeat(24), type: "org.settings.network_security" },
      ],
      [
        "auditEvents",
        "e".repeat(24),
        { ...event, id: "e".repeat(24), token: { ...event.token, role: "admin" } },
      ],
      [
        "resourceGroups",
        group.id,
        { id: group.id, organization: "acme", name: "g", users: [], spendLimits: { total: null, jobs: 5 } },
      ],
      [
        "networkSecurity",
        "acme",
        {
          organization: "acme",
          enforceAuth: false,
          enforceIpRestriction: false,
          highRateLimits: false,
          ipRanges: [],
          keepReposMetadataVisible: false,
        },
      ],
    ];
    appendFileSync(state, `${JSON.stringify(old)}\n`);
    const second = await startHub({ stateFile: state });
    try {
      second.store.setPlan("acme", "plus");
      assert.deepEqual(
        second.store.auditEvents.slice(events).map(({ type, token }) => [type, token?.role]),
        [
          ["org.settings.network", "write"],
          ["resource_group.create", "write"],
        ],
      );
      await expectStatus(200, second, "GET", "/api/organizations/acme/audit-log/export");
      await expectStatus(200, second, "GET", "/api/organizations/acme/settings/network-security");
      const { body } = await expectStatus(200, second, "GET", `${groups}/${group.id}`);
      assert.deepEqual(body.spendLimits, { jobs: 5 });
      await expectStatus(200, second, "GET", "/api/buckets/acme/checkpoints");
    } finally {
      await second.close();
    }
  });

  it("drops only an incomplete last line", async () => {
    const first = await startHub({ stateFile: state });
    await expectStatus(201, first, "POST", ACCOUNTS, { body: { name: "whole" } });
    await first.close();
    appendFileSync(state, '[["serviceAccounts","0000');
    const second = await startHub({ stateFile: state });
    assert.equal(second.store.serviceAccountsOf("acme")[0]?.name, "whole");
    await second.close();
  });

  it("refuses a damaged file and a file of another program", async () => {
    const first = await startHub({ stateFile: state });
    await first.close();
    const lines = readFileSync(state, "utf8").split("\n");
    lines.splice(1, 0, "{broken");
    writeFileSync(state, lines.join("\n"));
    await assert.rejects(startHub({ stateFile: state }), /state\.jsonl is damaged: line 2 is not JSON/);
    writeFileSync(state, '{"some":"thing"}\n');
    await assert.rejects(startHub({ stateFile: state }), /is not a state file of the local Hub/);
    assert.equal(readFileSync(state, "utf8"), '{"some":"thing"}\n');
    assert.ok(!existsSync(`${state}.lock`));
  });

  it("locks the file for one Hub at a time, and frees it after a kill", async () => {
    const first = await startHubProcess({ state });
    await assert.rejects(startHub({ stateFile: state }), /is in use by process \d+/);
    await first.stop("SIGKILL");
    const second = await startHub({ stateFile: state });
    await assert.rejects(startHub({ stateFile: state }), /is in use/);
    await second.close();
  });
});

describe("local Hub: seed", () => {
  let folder: string;
  let seed: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "local-hub-"));
    seed = join(folder, "seed.json");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("adds to the initial contents, and changes the entries that it names", async () => {
    writeFileSync(
      seed,
      JSON.stringify({
        organizations: [
          { name: "acme", plan: "team" },
          { name: "initech", members: [{ user: "peter", role: "admin" }] },
        ],
        repositories: [
          { repo: "acme/llm-private", visibility: "public" },
          { repo: "initech/reports", type: "dataset", visibility: "private" },
        ],
        serviceAccounts: [{ organization: "initech", name: "printer" }],
        sso: [{ organization: "initech", provider: "oidc", clientSecret: "x" }],
      }),
    );
    const hub = await startHub({ seedFile: seed });
    try {
      assert.equal(hub.store.organizations.get("acme")?.plan, "team");
      assert.equal(hub.store.memberships.get("initech/peter")?.role, "admin");
      assert.equal(hub.store.repository("acme/llm-private")?.visibility, "public");
      assert.equal(hub.store.repository("initech/reports", "dataset")?.author, "peter");
      assert.equal(hub.store.serviceAccountsOf("initech")[0]?.name, "printer");
      assert.ok(hub.store.hasClientSecret("initech", "x"));
    } finally {
      await hub.close();
    }
  });

  it("uses the existing names of organizations and users, whatever their case in the seed", async () => {
    const organization = "ACME";
    writeFileSync(
      seed,
      JSON.stringify({
        organizations: [{ name: organization, plan: "team", members: [{ user: "REX-read", role: "write" }] }],
        repositories: [{ repo: "Acme/new", author: "Wim-Write" }],
        serviceAccounts: [{ organization, name: "printer" }],
        sso: [{ organization, provider: "oidc", clientSecret: "x" }],
        generate: [{ organization, repositories: 1 }],
      }),
    );
    const hub = await startHub({ seedFile: seed });
    try {
      const { store } = hub;
      assert.ok(!store.organizations.has("ACME") && !store.users.has("REX-read"));
      assert.equal(store.organizations.get("acme")?.plan, "team");
      assert.equal(store.memberships.get("acme/rex-read")?.role, "write");
      assert.equal(store.repositories.get("model/acme/new")?.author, "wim-write");
      assert.equal(store.serviceAccountsOf("acme")[0]?.name, "printer");
      assert.ok(store.hasClientSecret("acme", "x"));
      assert.ok(store.repositories.has("model/acme/bulk-00000"));
    } finally {
      await hub.close();
    }
  });

  for (const [what, text, message] of [
    ["is not JSON", "{", /seed\.json is not JSON/],
    ["has an unknown field", '{"orgs":[]}', /orgs: unknown field/],
    [
      "has a wrong value",
      '{"organizations":[{"name":"x","plan":"gold"}]}',
      /organizations\.0\.plan: must be one of/,
    ],
    ["names an unknown namespace", '{"repositories":[{"repo":"unknown/x"}]}', /unknown\/x/],
    [
      "has an unknown SDK",
      '{"repositories":[{"repo":"acme/x","type":"space","sdk":"abacus"}]}',
      /sdk: must be/,
    ],
    ["protects a model", '{"repositories":[{"repo":"acme/x","visibility":"protected"}]}', /only Spaces/],
  ] as const) {
    it(`refuses a seed that ${what}, with the reason`, async () => {
      writeFileSync(seed, text);
      await assert.rejects(startHub({ seedFile: seed }), message);
    });
  }

  it("creates the same contents each time, with new tokens", async () => {
    const first = await startHub();
    const second = await startHub();
    try {
      assert.deepEqual([...first.store.repositories], [...second.store.repositories]);
      assert.deepEqual(first.store.auditEvents, second.store.auditEvents);
      assert.notEqual(first.tokens.admin, second.tokens.admin);
    } finally {
      await first.close();
      await second.close();
    }
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const SPACE = "/api/spaces/acme/demo-space";
const SECRET = "s3cret-value";
const START = "2026-11-20T10:00:00.000Z";

type Settings = Record<string, { key: string; value?: string; description?: string; updatedAt: string }>;

describe("local Hub: secrets and variables of a Space", () => {
  let hub: Hub;
  let now = new Date(START);
  beforeEach(async () => {
    now = new Date(START);
    hub = await startHub({ now: () => now });
  });
  afterEach(() => hub.close());

  const put = async (kind: string, body: object, path = SPACE): Promise<Settings> =>
    (await expectStatus<Settings>(200, hub, "POST", `${path}/${kind}`, { body })).body;
  const read = async (kind: string, path = SPACE): Promise<Settings> =>
    (await expectStatus<Settings>(200, hub, "GET", `${path}/${kind}`)).body;
  const remove = async (kind: string, key: string): Promise<Settings> =>
    (await expectStatus<Settings>(200, hub, "DELETE", `${SPACE}/${kind}`, { body: { key } })).body;

  it("adds, replaces and deletes a variable", async () => {
    assert.deepEqual(await read("variables"), {});
    const added = { key: "MODE", value: "fast", description: "d", updatedAt: START };
    assert.deepEqual(await put("variables", { key: "MODE", value: "fast", description: "d" }), {
      MODE: added,
    });
    now = new Date("2026-11-20T11:00:00.000Z");
    const changed = { MODE: { key: "MODE", value: "slow", updatedAt: now.toISOString() } };
    assert.deepEqual(await put("variables", { key: "MODE", value: "slow" }), changed);
    assert.deepEqual(await read("variables"), changed);
    assert.deepEqual(Object.keys(await put("variables", { key: "A" })), ["A", "MODE"]);
    assert.equal((await read("variables"))["A"]?.value, "");
    assert.deepEqual(await remove("variables", "A"), changed);
    assert.deepEqual(await remove("variables", "MODE"), {});
    assert.deepEqual(await remove("variables", "MODE"), {});
  });

  it("shows a secret without its value, with the time of the last change", async () => {
    const shown = { TOKEN: { key: "TOKEN", description: "d", updatedAt: START } };
    assert.deepEqual(await put("secrets", { key: "TOKEN", value: SECRET, description: "d" }), shown);
    assert.deepEqual(await read("secrets"), shown);
    assert.deepEqual(await read("variables"), {});
    assert.ok(hub.store.hasSpaceSecret("acme/demo-space", "TOKEN", SECRET));
    assert.ok(!hub.store.hasSpaceSecret("acme/demo-space", "TOKEN", "other"));
    now = new Date("2026-11-20T11:00:00.000Z");
    await put("secrets", { key: "TOKEN", value: SECRET });
    assert.deepEqual(await read("secrets"), { TOKEN: { key: "TOKEN", updatedAt: now.toISOString() } });
    assert.deepEqual(await remove("secrets", "TOKEN"), {});
    assert.ok(!hub.store.hasSpaceSecret("acme/demo-space", "TOKEN", SECRET));
  });

  it("distinguishes keys by case, and refuses a key that exists as the other kind", async () => {
    await put("secrets", { key: "TOKEN", value: SECRET });
    await put("variables", { key: "Token", value: "v" });
    for (const [kind, key] of [
      ["variables", "TOKEN"],
      ["secrets", "Token"],
    ] as const) {
      const body = { key, value: "x" };
      const { body: answer } = await expectStatus(400, hub, "POST", `${SPACE}/${kind}`, { body });
      assert.match(String(answer["error"]), /already has a (secret|variable) with this key/);
      await remove(kind, key);
    }
    assert.deepEqual(Object.keys(await read("secrets")), ["TOKEN"]);
    assert.deepEqual(Object.keys(await read("variables")), ["Token"]);
  });

  for (const key of ["1A", "_A", "A-B", "A B", ""]) {
    it(`refuses the key ${JSON.stringify(key)}`, async () => {
      await expectStatus(400, hub, "POST", `${SPACE}/secrets`, { body: { key, value: "x" } });
      await expectStatus(400, hub, "POST", `${SPACE}/variables`, { body: { key, value: "x" } });
    });
  }

  it("lets everyone who sees the Space read its variables, and only writers its secrets", async () => {
    await put("variables", { key: "MODE", value: "v" });
    const status = async (method: string, kind: string, token: string | null): Promise<number> => {
      const body = method === "GET" ? undefined : { key: "MORE", value: "v" };
      return (await ask(hub, method, `${SPACE}/${kind}`, { token, body })).status;
    };
    for (const [token, variables, secrets, change] of [
      [null, 200, 401, 401],
      [hub.tokens.outsider, 200, 403, 403],
      [hub.tokens.read, 200, 403, 403],
      [hub.tokens.contributor, 200, 403, 403],
      [hub.tokens.write, 200, 200, 200],
    ] as const) {
      assert.equal(await status("GET", "variables", token), variables);
      assert.equal(await status("GET", "secrets", token), secrets);
      assert.equal(await status("POST", "variables", token), change);
      assert.equal(await status("DELETE", "secrets", token), change);
    }
    const hidden = "/api/spaces/acme/internal-dashboard/variables";
    await expectStatus(404, hub, "GET", hidden, { token: hub.tokens.outsider });
    await expectStatus(404, hub, "GET", "/api/spaces/acme/llm-private/variables");
  });

  it("accepts a service account's token with the permission repo.write for the Space", async () => {
    const accounts = "/api/organizations/acme/service-accounts";
    const { body: account } = await expectStatus<{ _id: string }>(201, hub, "POST", accounts, {
      body: { name: "ci" },
    });
    const tokenFor = async (settings: object): Promise<string> => {
      const body = { displayName: "t", permissions: [], ...settings };
      const path = `${accounts}/${account._id}/tokens`;
      return (await expectStatus<{ token: string }>(201, hub, "POST", path, { body })).body.token;
    };
    const repoIds = [hub.store.repository("acme/demo-space", "space")?.id];
    const [writer, reader, wide] = [
      await tokenFor({ repoIds, repoPermissions: ["repo.write"] }),
      await tokenFor({ repoIds, repoPermissions: ["repo.content.read"] }),
      await tokenFor({ permissions: ["repo.write"] }),
    ];
    const body = { key: "TOKEN", value: SECRET };
    await expectStatus(200, hub, "POST", `${SPACE}/secrets`, { body, token: writer });
    await expectStatus(403, hub, "POST", `${SPACE}/secrets`, { body, token: reader });
    const other = "/api/spaces/acme/internal-dashboard/secrets";
    await expectStatus(404, hub, "POST", other, { body, token: writer });
    await expectStatus(200, hub, "POST", other, { body, token: wide });
  });

  it("logs each change with its author and key, and never with a value", async () => {
    const before = hub.store.auditEvents.length;
    for (const kind of ["secrets", "variables"]) {
      const key = kind === "secrets" ? "TOKEN" : "MODE";
      await put(kind, { key, value: SECRET, description: "d" });
      await put(kind, { key, value: SECRET });
      await remove(kind, key);
      await remove(kind, key);
    }
    const events = hub.store.auditEvents.slice(before);
    const { id: _id } = hub.store.repository("acme/demo-space", "space") ?? assert.fail();
    const repo = { type: "space", name: "acme/demo-space", _id };
    assert.deepEqual(
      events.map(({ type, author, data }) => [type, author.user, data]),
      ["secret", "variable"].flatMap((kind) =>
        ["add", "update", "remove"].map((action) => [
          `repo.${action}_${kind}`,
          "ada-admin",
          { repo, key: kind === "secret" ? "TOKEN" : "MODE" },
        ]),
      ),
    );
    assert.ok(!JSON.stringify(events).includes(SECRET));
  });

  it("stores the settings of a new Space", async () => {
    const body = {
      name: "fresh",
      organization: "acme",
      type: "space",
      sdk: "static",
      secrets: [{ key: "TOKEN", value: SECRET }],
      variables: [{ key: "MODE", value: "v", description: "d" }],
    };
    const variables = [{ key: "TOKEN", value: "v" }];
    await expectStatus(400, hub, "POST", "/api/repos/create", { body: { ...body, variables } });
    await expectStatus(200, hub, "POST", "/api/repos/create", { body });
    assert.deepEqual(Object.keys(await read("secrets", "/api/spaces/acme/fresh")), ["TOKEN"]);
    assert.equal((await read("variables", "/api/spaces/acme/fresh"))["MODE"]?.value, "v");
    assert.ok(hub.store.hasSpaceSecret("acme/fresh", "TOKEN", SECRET));
    assert.deepEqual(
      hub.store.auditEvents.slice(-3).map(({ type, data }) => [type, data?.["keys"]]),
      [
        ["repo.create", undefined],
        ["repo.add_secrets", ["TOKEN"]],
        ["repo.add_variables", ["MODE"]],
      ],
    );
  });

  it("moves the settings with a Space, and removes them with a deleted Space", async () => {
    await put("secrets", { key: "TOKEN", value: SECRET });
    await put("variables", { key: "MODE", value: "v" });
    const move = { fromRepo: "acme/demo-space", toRepo: "acme/moved", type: "space" };
    await expectStatus(200, hub, "POST", "/api/repos/move", { body: move });
    assert.deepEqual(Object.keys(await read("secrets", "/api/spaces/acme/moved")), ["TOKEN"]);
    const gone = { name: "moved", organization: "acme", type: "space" };
    await expectStatus(200, hub, "DELETE", "/api/repos/delete", { body: gone });
    assert.equal(hub.store.spaceSettings.size, 0);
    const again = { ...gone, sdk: "static" };
    await expectStatus(200, hub, "POST", "/api/repos/create", { body: again });
    assert.deepEqual(await read("variables", "/api/spaces/acme/moved"), {});
  });

  it("shows no value of a secret on its page, in its log and in its state file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "space-settings-"));
    const stateFile = join(folder, "state.jsonl");
    const lines: string[] = [];
    let own = await startHub({ stateFile, log: (line) => lines.push(line) });
    try {
      const body = { key: "TOKEN", value: SECRET };
      await expectStatus(200, own, "POST", `${SPACE}/secrets`, { body });
      const wrong = { key: "1", value: SECRET };
      const refused = await expectStatus(400, own, "POST", `${SPACE}/secrets`, { body: wrong });
      const page = await (await fetch(own.endpoint)).text();
      await own.close();
      const shown = [page, readFileSync(stateFile, "utf8"), lines.join("\n"), JSON.stringify(refused.body)];
      assert.ok(shown.every((text) => !text.includes(SECRET)));
      own = await startHub({ stateFile });
      assert.ok(own.store.hasSpaceSecret("acme/demo-space", "TOKEN", SECRET));
    } finally {
      await own.close();
      rmSync(folder, { recursive: true });
    }
  });
});

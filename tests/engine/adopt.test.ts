// Brings an organization under code on the real engine: the first preview shows no change, and the Hub stays unchanged.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { HubClient } from "../../provider/src/client";
import { createProject, isSecretInState, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";
import { fillOrganization, largeSeed, type Size } from "../support/largeOrganization";

const run = promisify(execFile);
const ROOT = join(__dirname, "..", "..");
const CLI = join(ROOT, "cli", "bin", "pulumi-huggingface.js");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");

describe("the command adopt", function () {
  this.timeout(120_000);
  let hub: Hub;
  let project: Project;

  const start = async (size: Size): Promise<void> => {
    hub = await startHub({ seed: await largeSeed(size) });
    await fillOrganization(hub, size);
    project = await createProject({
      name: "initech",
      program: {},
      main: "index.ts",
      env: {
        HF_ENDPOINT: hub.endpoint,
        HF_TOKEN: hub.createToken("ada", { name: "admin", role: "admin" }).value,
        // One save at the end of the import instead of one for each resource.
        PULUMI_EXPERIMENTAL: "true",
        PULUMI_SKIP_CHECKPOINTS: "true",
      },
    });
  };
  afterEach(async () => {
    await project.dispose();
    await hub.close();
  });

  const adopt = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, ...project.env };
    const { stdout } = await run(process.execPath, [CLI, "adopt", "INITECH", "--out", project.dir, ...args], {
      env,
    });
    return stdout;
  };

  const importAll = () =>
    project.pulumi([
      ...["import", "--file", "import.json", "--yes", "--protect=false", "--generate-code=false"],
      "--skip-preview",
    ]);

  /** Everything that the Hub has. The times at which tokens were used change with each request. */
  const contents = (): string =>
    JSON.stringify(
      [
        ...Object.entries(hub.store.tables).map(([name, { records }]) => [name, [...records]]),
        hub.store.auditEvents,
      ],
      (key, value: unknown) => (key === "lastUsedAt" ? undefined : value),
    );

  it("brings a large organization under code without a change on the Hub or in the first preview", async () => {
    await start({ repositories: 500, groups: 40, tokens: 60 });
    const before = contents();
    const asked = hub.store.requests.length;

    const printed = await adopt("--all");
    const paths = hub.store.requests.slice(asked).map(({ path }) => path);
    const ofSpaces = paths.filter((path) => /^\/api\/spaces\/.*\/(?:secrets|variables)/.test(path)).length;
    const ofAccounts = paths.filter((path) => /\/service-accounts\/[0-9a-f]{24}$/.test(path)).length;
    assert.deepEqual([ofSpaces, ofAccounts], [200, 20], "two for each Space, one for each service account");
    assert.ok(paths.length - ofSpaces - ofAccounts <= 12, "the rest, with 500 repositories");
    assert.match(printed, /60 tokens: the output `token` has no value until the next rotation/);
    assert.match(
      printed,
      /secret API_KEY of initech\/Repo-103: a comment in spaces\.ts says how to manage it/,
    );
    assert.doesNotMatch(printed, /Not adopted|did not show/);

    const { resources } = JSON.parse(await readFile(join(project.dir, "import.json"), "utf8")) as {
      resources: object[];
    };
    assert.equal(resources.length, 500 + 40 + 5 + 20 + 2 * 60 + 1 + 3);
    await Promise.all([run(process.execPath, [TSC, "-p", project.dir]), importAll()]);
    await project.preview({ expectNoChanges: true });
    await project.preview({ refresh: true, expectNoChanges: true });

    assert.equal(contents(), before);
    const methods = hub.store.requests.slice(asked).map(({ method }) => method);
    assert.deepEqual([...new Set(methods)], ["GET"]);
  });

  it("treats later changes by hand as if the program had created everything", async () => {
    await start({ repositories: 8, groups: 2, tokens: 3 });
    const client = new HubClient({
      endpoint: hub.endpoint,
      token: hub.createToken("ada", { name: "by hand", role: "admin" }).value,
    });
    await adopt("--all");
    await importAll();

    const [group] = await client.listResourceGroups("initech");
    const [account] = await client.listServiceAccounts("initech");
    assert.ok(group && account);
    const tokens = async () => (await client.getServiceAccount("initech", account._id)).accessTokens ?? [];
    const [token] = (await tokens()).filter(({ displayName }) => displayName === "token 2");
    const groupsOfBen = (await client.listResourceGroups("initech")).flatMap(({ id, users }) =>
      users.filter(({ name }) => name === "ben").map(({ role }) => ({ id, role: role as "write" })),
    );
    await client.updateRepoSettings("initech/Repo-1", { visibility: "public" });
    await client.updateRepoSettings("initech/Repo-7", { repoType: "dataset", gated: false });
    await client.updateMemberRole("initech", "ben", { role: "admin", resourceGroups: groupsOfBen });
    await client.addResourceGroupUsers("initech", group.id, [{ user: "cleo", role: "admin" }]);
    await client.updateServiceAccountToken("initech", account._id, token?._id ?? "", {
      permissions: ["org.write", "repo.content.read"],
    });
    // What is looser is reverted. `pulumi refresh` stores it in the state before.
    await project.refresh();
    await project.up({ refresh: true });
    const roles = new Map((await client.listMembers("initech")).map(({ user, role }) => [user, role]));
    assert.equal(roles.get("ben"), "write");
    const [repository] = await client.listRepositories("initech", { search: "Repo-1" });
    assert.equal(repository?.visibility, "private");
    assert.equal((await client.getRepo("initech/Repo-7", "dataset")).gated, "manual");
    const { users } = await client.getResourceGroup("initech", group.id);
    assert.deepEqual(
      users.map(({ name }) => name),
      ["ben"],
    );
    assert.ok(!(await tokens()).some(({ permissions }) => permissions?.includes("org.write")));

    // What is stricter, or may be on purpose, is refused.
    await client.updateRepoSettings("initech/Repo-0", { visibility: "private" });
    await client.updateMemberRole("initech", "ben", { role: "read", resourceGroups: groupsOfBen });
    await client.setSpaceVariable("initech/Repo-3", { key: "MODEL", value: "by hand" });
    const sso = hub.store.tables.sso.get("initech");
    assert.ok(sso);
    hub.store.tables.sso.put("initech", { ...sso, ssoUrl: "https://other.example/saml" });
    const asked = hub.store.requests.length;
    const { diagnostics } = await project.preview({ refresh: true });
    assert.notEqual((await project.up({ refresh: true, allowFailure: true })).code, 0);
    for (const what of [/Repo-0/, /ben/, /MODEL/, /single sign-on/]) {
      assert.ok(
        diagnostics.some(({ message }) => what.test(message) && /will refuse/.test(message)),
        String(what),
      );
    }
    assert.ok(hub.store.requests.slice(asked).every(({ method }) => method === "GET"));

    // A destroy deletes only what the documents say.
    await project.destroy();
    assert.equal((await client.listRepositories("initech")).length, 8);
    assert.equal((await client.listMembers("initech")).length, 5);
    assert.equal(hub.store.tables.sso.get("initech")?.ssoUrl, "https://other.example/saml");
    assert.deepEqual(await client.listServiceAccounts("initech"), []);
  });

  it("with secrets from the configuration, the first preview creates only what cannot be imported", async () => {
    await start({ repositories: 5, groups: 0, tokens: 3 });
    hub.store.tables.sso.put("initech", {
      ...{
        organization: "initech",
        provider: "oidc",
        enabled: true,
        ssoUrl: "https://login.initech.example",
      },
      ...{ clientId: "hub", clientSecretHash: "0".repeat(64), updatedAt: hub.store.timestamp() },
    });
    hub.createToken("ada", { name: "laptop", role: "read" });
    const before = contents();
    const asked = hub.store.requests.length;

    const kinds = "own-tokens,organization-visibility";
    const printed = await adopt(
      "--all",
      "--kinds",
      kinds,
      "--secrets-from-config",
      "--reason",
      "Public since 2024",
    );
    assert.match(printed, /OpenID Connect \(on\): run `pulumi config set --secret ssoClientSecret`/);
    assert.match(printed, /admin \(own-tokens\): this run uses it/);
    await importAll();
    await project.pulumi(["config", "set", "--secret", "ssoClientSecret", "client-secret"]);
    await project.pulumi(["config", "set", "--secret", "Repo-3-API_KEY-secret", "api-key"]);
    const { steps } = await project.preview({ refresh: true });
    assert.deepEqual(
      steps
        .filter(({ op }) => op === "create")
        .map(({ type }) => type.split(":").at(-1))
        .sort(),
      ["OrganizationVisibility", "SpaceSecret", "SsoConfig"],
    );
    assert.deepEqual(
      steps
        .filter(({ op }) => op !== "same" && op !== "refresh" && op !== "create")
        .map(({ name, op }) => `${name} ${op}`),
      [],
    );
    const token = await project.resource("user-laptop");
    assert.ok(isSecretInState(token?.outputs?.["applied"]), "as a creation would have stored it");
    assert.ok((await readdir(project.dir)).includes("organizationVisibility.ts"));
    assert.equal(contents(), before);
    assert.ok(hub.store.requests.slice(asked).every(({ method }) => method === "GET"));
  });
});

// The commands tokens, members, role and whoami: each format, and refused tokens.
import assert from "node:assert/strict";
import { HubClient } from "pulumi-huggingface/client";
import { csvLine } from "../../cli/src/output/csv";
import { runInProcess } from "../support/cli";
import { type Hub, startHub } from "../support/hub";

type Who = keyof Hub["tokens"];

describe("lists of an organization", () => {
  let hub: Hub;
  let values: string[];

  before(async () => {
    hub = await startHub();
    const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    const account = await client.createServiceAccount("acme", { name: "nightly builds" });
    const { token } = await client.createServiceAccountToken("acme", account._id, {
      displayName: "=ci",
      permissions: ["repo.content.read", "org.read"],
    });
    values = [token, ...Object.values(hub.tokens)];
    const { id } = await client.createResourceGroup("acme", { name: "Research" });
    await client.addResourceGroupUsers("acme", id, [{ user: "wim-write", role: "admin" }]);
  });
  after(() => hub.close());

  const run = (args: string[], who: Who = "admin", options = {}) =>
    runInProcess(args, { endpoint: hub.endpoint, token: hub.tokens[who] }, options);
  const json = async <T>(args: string[], who?: Who): Promise<T[]> => {
    const { code, stdout, stderr } = await run([...args, "--format", "json"], who);
    assert.deepEqual([code, stderr], [0, ""]);
    return JSON.parse(stdout) as T[];
  };

  describe("tokens", () => {
    it("has the tokens of service accounts and members, without their values", async () => {
      const tokens = await json<Record<string, unknown>>(["tokens", "acme"]);
      assert.deepEqual(
        tokens.map(({ kind, name, owner }) => [kind, name, owner]),
        [
          ["service account", "=ci", "nightly builds"],
          ["member", "local hub admin", "ada-admin"],
          ["member", "local hub contributor", "cora-contributor"],
          ["member", "local hub read", "rex-read"],
          ["member", "local hub write", "wim-write"],
        ],
      );
      const [first] = tokens;
      assert.ok(first);
      assert.equal(first["last4"], values[0]?.slice(-4));
      assert.deepEqual(first["permissions"], ["repo.content.read", "org.read"]);
      assert.equal(first["lastUsedAt"], null);
    });

    it("prints each format without a value of a token", async () => {
      for (const format of ["table", "json", "csv"]) {
        for (const columns of [undefined, 80, 160]) {
          const { code, stdout } = await run(["tokens", "acme", "--format", format], "admin", { columns });
          assert.equal(code, 0);
          assert.match(stdout, /nightly builds/);
          for (const value of values) assert.ok(!stdout.includes(value.slice(3)));
        }
      }
    });

    it("prints no token that is the name of another token", async () => {
      const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
      const account = await client.createServiceAccount("acme", { name: "careless" });
      const name = `hf_${"a1b2c3d4".repeat(4)}`;
      const permissions = ["org.read"] as const;
      await client.createServiceAccountToken("acme", account._id, {
        displayName: name,
        permissions: [...permissions],
      });
      for (const format of ["table", "json", "csv"]) {
        const { stdout } = await run(["tokens", "acme", "--format", format]);
        assert.match(stdout, /hf_\[secret\]/);
        assert.ok(!stdout.includes(name));
      }
      await client.deleteServiceAccount("acme", account._id);
    });

    it("prints CSV with a header that a spreadsheet does not run", async () => {
      const { stdout } = await run(["tokens", "acme", "--format", "csv"]);
      const [header, row] = stdout.split("\n");
      assert.equal(header, "kind,name,owner,last4,role,permissions,createdAt,lastUsedAt,expiresAt,status");
      assert.match(
        row ?? "",
        /^service account,'=ci,nightly builds,\w{4},\w+,"repo.content.read, org.read",/,
      );
    });

    it("prints CSV that runs nothing in a spreadsheet that separates cells with semicolons", () => {
      assert.equal(csvLine(["a;=1+1", " =2", "x; @y", "a=b;c"]), "a;'=1+1, '=2,x; '@y,a=b;c");
    });

    it("prints a table that fits into 80 columns, with the permissions below each row", async () => {
      const { stdout } = await run(["tokens", "acme"], "admin", { columns: 80, env: { NO_COLOR: "1" } });
      assert.deepEqual(
        stdout.split("\n").filter((line) => line.length > 80),
        [],
      );
      assert.match(stdout, /^ {4}may: repo\.content\.read, org\.read$/m);
      assert.match(stdout, /never/);
    });

    it("prints one list with a note if the Hub refuses the other one", async () => {
      hub.store.tables.organizations.put("acme", { ...hub.store.organizations.get("acme")!, plan: "team" });
      const { code, stdout, stderr } = await run(["tokens", "acme"]);
      hub.store.tables.organizations.put("acme", {
        ...hub.store.organizations.get("acme")!,
        plan: "enterprise",
      });
      assert.equal(code, 0);
      assert.match(stdout, /local hub admin/);
      assert.match(stderr, /^note: the list does not contain the tokens of service accounts\. .*402.*\n$/);
    });

    it("fails with one line if the Hub refuses both lists", async () => {
      const { code, stdout, stderr } = await run(["tokens", "acme"], "read");
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^error: The Hub at .* answered 403 .*\n$/);
    });
  });

  describe("members", () => {
    it("has each member with role, two-factor authentication and resource groups", async () => {
      const members = await json<Record<string, unknown>>(["members", "acme"]);
      assert.equal(members.length, 5);
      assert.deepEqual(
        members.find(({ name }) => name === "wim-write"),
        {
          name: "wim-write",
          fullname: hub.store.users.get("wim-write")?.fullname,
          role: "write",
          twoFactor: true,
          external: false,
          resourceGroups: ["Research (admin)"],
        },
      );
    });

    it("leaves out what the Hub does not show", async () => {
      const [first] = await json<Record<string, unknown>>(["members", "acme"], "outsider");
      assert.deepEqual(Object.keys(first ?? {}), ["name", "fullname"]);
      const { stdout } = await run(["members", "acme"], "outsider");
      assert.match(stdout, /^ada-admin +- +- +- +-$/m);
    });

    it("prints a table and CSV", async () => {
      const { stdout } = await run(["members", "acme"]);
      assert.match(stdout, /^NAME +ROLE +TWO-FACTOR +EXTERNAL +RESOURCE GROUPS$/m);
      assert.match(stdout, /^wim-write +write +yes +no +Research \(admin\)$/m);
      const csv = (await run(["members", "acme", "--format", "csv"])).stdout;
      assert.match(csv, /^name,fullname,role,twoFactor,external,resourceGroups$/m);
      assert.match(csv, /^wim-write,[^,]+,write,true,false,Research \(admin\)$/m);
    });

    it("fails for an organization that does not exist", async () => {
      const { code, stderr } = await run(["members", "no-such-organization"]);
      assert.equal(code, 1);
      assert.match(stderr, /^error: .*404.*\n$/);
    });
  });

  describe("role", () => {
    it("prints the role, or none", async () => {
      assert.equal((await run(["role", "ACME"])).stdout, "admin\n");
      assert.equal((await run(["role", "acme"], "contributor")).stdout, "contributor\n");
      const { code, stdout } = await run(["role", "acme"], "outsider");
      assert.deepEqual([code, stdout], [0, "none\n"]);
    });

    it("compares the role with --at-least in its exit code", async () => {
      for (const [who, role, expected] of [
        ["admin", "admin", 0],
        ["write", "admin", 1],
        ["write", "contributor", 0],
        ["read", "read", 0],
        ["outsider", "no_access", 1],
      ] as const) {
        const { code, stderr } = await run(["role", "acme", "--at-least", role], who);
        assert.deepEqual([code, stderr], [expected, ""], `${who} ${role}`);
      }
      const { code, stderr } = await run(["role", "acme", "--at-least", "owner"]);
      assert.equal(code, 1);
      assert.match(stderr, /Allowed choices are no_access, read, contributor, write, admin/);
    });
  });

  describe("whoami", () => {
    it("prints the owner, the token without its value, and the organizations", async () => {
      const { code, stdout } = await run(["whoami"]);
      assert.equal(code, 0);
      assert.match(stdout, /^User +ada-admin \(Ada Adler\)$/m);
      assert.match(stdout, /^Credential +from the environment variable HF_TOKEN$/m);
      assert.match(stdout, /^Token +name "local hub admin", role admin, created /m);
      assert.match(stdout, /^Expires +never$/m);
      assert.match(stdout, /^Organizations +acme \(admin\)$/m);
      assert.ok(!stdout.includes(hub.tokens.admin.slice(3)));
    });

    it("uses the variable that --token-env names, and never prints the name of a variable that is not set", async () => {
      const named = await run(["whoami", "--token-env", "OTHER"], "admin", {
        env: { OTHER: hub.tokens.read },
      });
      assert.match(named.stdout, /^User +rex-read/m);
      assert.match(named.stdout, /from the environment variable OTHER$/m);
      const { code, stderr } = await run(["whoami", "--token-env", "hf_pasted"]);
      assert.equal(code, 1);
      assert.doesNotMatch(stderr, /hf_pasted/);
    });

    it("says what to do without a token, and with a wrong one", async () => {
      const none = await runInProcess(["whoami"], { endpoint: hub.endpoint });
      assert.equal(none.code, 1);
      assert.match(none.stderr, /^error: No access token is set.*HF_TOKEN.*\n$/);
      const wrong = await runInProcess(["whoami"], { endpoint: hub.endpoint, token: "hf_wrong" });
      assert.equal(wrong.code, 1);
      assert.match(wrong.stderr, /^error: .*401.*Replace it with a valid token\.\n$/);
    });
  });
});

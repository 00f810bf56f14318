// With NODE_DEBUG Node.js prints details of requests, and with DEBUG libraries do. Neither may print the token. They
// do print a proxy's password: it is in the options of the proxy's agent, which is not ours.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startForwardProxy } from "../support/forwardProxy";
import { type Hub, startHub } from "../support/hub";
import { SecretSearch } from "../support/secretSearch";
import { startTlsFront } from "../support/tlsFront";

const CLIENT = join(__dirname, "../../provider/dist/client");
const CALLS = `const { HubClient } = require(${JSON.stringify(CLIENT)});
(async () => {
  const client = new HubClient({ maxRetries: 0 });
  const { name } = await client.whoami();
  await client.createToken({ name: "new" + process.pid, role: "read" });
  await client.updateSsoCredential("acme", { clientSecret: process.env.CLIENT_SECRET }).catch(({ status }) => console.log(status));
  client.close();
  console.log("done for", name);
})();`;

const secret = (): string => randomBytes(12).toString("hex");

describe("process that prints its requests for debugging", function () {
  this.timeout(60_000);
  let hub: Hub;
  let folder: string;
  const clientSecret = secret();

  before(async () => {
    hub = await startHub();
    folder = await mkdtemp(join(tmpdir(), "node-debug-"));
    await writeFile(join(folder, "calls.cjs"), CALLS);
  });
  after(async () => {
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });

  const printed = async (env: NodeJS.ProcessEnv): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(folder, "calls.cjs")], {
      env: { PATH: process.env["PATH"], HF_TOKEN: hub.tokens.admin, CLIENT_SECRET: clientSecret, ...env },
      maxBuffer: 50_000_000,
    });
    assert.match(stdout, /done for ada-admin/);
    return stdout + stderr;
  };
  const search = new SecretSearch();
  const assertClean = (text: string, mark: RegExp): void => {
    assert.match(text, mark, "nothing matching was printed");
    assert.deepEqual(search.in("what was printed", text), []);
  };

  before(() => {
    search.plant("token", hub.tokens.admin);
    search.plant("client secret", clientSecret);
  });

  for (const [what, mark] of [
    ["http", /HTTP \d+:/],
    ["http,https,net", /NET \d+:/],
    ["*", /STREAM \d+:/],
  ] as const) {
    it(`prints no token with NODE_DEBUG=${what}`, async () => {
      assertClean(await printed({ HF_ENDPOINT: hub.endpoint, NODE_DEBUG: what }), mark);
    });
  }

  it("prints no token over https and through a proxy", async () => {
    const password = secret();
    const front = await startTlsFront("hub.example", hub.endpoint);
    const proxy = await startForwardProxy(front.port, `user:${password}`);
    try {
      await writeFile(join(folder, "ca.pem"), front.certificate);
      const env = {
        HF_ENDPOINT: "https://hub.example",
        NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
        HTTPS_PROXY: `http://user:${password}@127.0.0.1:${proxy.port}`,
      };
      assertClean(await printed({ ...env, NODE_DEBUG: "http,https,net,tls" }), /TLS \d+:/);
      assertClean(await printed({ ...env, NODE_DEBUG: "*", DEBUG: "*" }), /STREAM \d+:/);
      assert.ok(proxy.heads.length > 0);
    } finally {
      await proxy.close();
      await front.close();
    }
  });
});

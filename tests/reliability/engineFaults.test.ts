// The same faults on the real engine: one token per fault, whose creation and deletion each meet the fault once.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { createProject, type EngineResult, type Project } from "../support/engine";
import { type Fault, type FaultProxy, FAULTS, startDeadEnds, startFaultProxy } from "../support/faultProxy";
import { type Hub, startHub } from "../support/hub";

const PROGRAM = `
const { readFileSync } = require("node:fs");
const { HubToken } = require("pulumi-huggingface");
const { account, count } = JSON.parse(readFileSync("params.json", "utf8"));
for (let i = 0; i < count; i++) {
  new HubToken("f" + i, {
    organization: "acme", serviceAccount: account, name: "f" + i, permissions: ["org.read"], overlapHours: 0, idleMinutes: 0,
    revokeStrays: true,
  });
}
`;

// A wait until tomorrow delays all requests of the process, so it comes alone and last.
const ALONE = "429 until tomorrow";
const onTheWire = FAULTS.filter((fault) => fault.act !== undefined && fault.name !== ALONE);
const faults = [...onTheWire, ...FAULTS.filter(({ name }) => name === ALONE)];

describe("faults of the Hub, on the real engine", function () {
  this.timeout(1_200_000);
  let hub: Hub;
  let proxy: FaultProxy;
  let project: Project;
  let account: string;
  const left = new Set<Fault>();
  const options = { parallel: 16, allowFailure: true, timeout: 240_000 };

  before(async () => {
    hub = await startHub();
    proxy = await startFaultProxy(hub.endpoint);
    const byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    account = (await byHand.createServiceAccount("acme", { name: "ci" }))._id;
    project = await createProject({
      name: "faults",
      program: { "index.js": PROGRAM },
      config: { "huggingface:timeoutSeconds": "4", "huggingface:maxRetries": "0" },
      env: { HF_ENDPOINT: proxy.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    await declare(onTheWire.length);
  });
  after(async () => {
    await project.dispose();
    await proxy.close();
    await hub.close();
  });

  const declare = (count: number) => project.write("params.json", JSON.stringify({ account, count }));
  const live = () => hub.store.tokensOf(account);
  /** The pending fault for the token with this name. */
  const due = (name: string | undefined): Fault | undefined => {
    const fault = faults[Number(/^f(\d+) \[/.exec(name ?? "")?.[1])];
    return fault && left.delete(fault) ? fault : undefined;
  };
  const complains = (result: EngineResult) => {
    for (const { severity, message } of result.diagnostics) {
      if (severity !== "error") continue;
      assert.doesNotMatch(message, /undefined|\[object|hf_[A-Za-z0-9]{10}|TypeError/, message);
    }
  };

  it(`leaves one token per resource after each of ${faults.length} faults in a creation`, async () => {
    for (const fault of faults) left.add(fault);
    proxy.rule = ({ method, path, body }) =>
      method === "POST" && path.endsWith("/tokens")
        ? due((body as { displayName?: string } | undefined)?.displayName)
        : undefined;
    let failed = 0;
    for (const count of [onTheWire.length, faults.length]) {
      await declare(count);
      const result = await project.up({ ...options, args: ["--continue-on-error"] });
      complains(result);
      failed += result.steps.filter(({ outcome }) => outcome === "failed").length;
    }
    assert.deepEqual(
      [...left].map(({ name }) => name),
      [],
      "these faults did not occur",
    );
    // The other faults are handled within the creation: the lost token is revoked and another one is issued.
    assert.ok(failed > 10, `${failed} steps failed`);

    await project.up({ refresh: true, parallel: 16, timeout: 240_000 });
    await project.up({ refresh: true, parallel: 16, timeout: 240_000 });
    const { deployment } = await project.state();
    const known = (deployment.resources ?? [])
      .filter(({ type }) => type.endsWith("huggingface:HubToken"))
      .map(({ outputs }) => outputs?.["tokenId"]);
    assert.equal(known.length, faults.length);
    assert.deepEqual(
      live()
        .map(({ id }) => id)
        .sort(),
      known.sort(),
    );
    await project.up({ expectNoChanges: true, parallel: 16 });
  });

  it("fails in time and loses nothing if the address is closed or does not answer", async () => {
    const ends = await startDeadEnds();
    const before = (await project.state()).deployment.resources?.length;
    try {
      for (const endpoint of [`http://127.0.0.1:${ends.closed}`, `https://127.0.0.1:${ends.mute}`]) {
        const result = await project.refresh({ ...options, env: { HF_ENDPOINT: endpoint } });
        assert.notEqual(result.code, 0);
        assert.match(result.text, /refused the connection|could not be reached within 4 s/);
        assert.ok(result.milliseconds < 120_000, `${result.milliseconds} ms`);
      }
    } finally {
      await ends.close();
    }
    assert.equal((await project.state()).deployment.resources?.length, before);
  });

  it("leaves no token after each fault in a deletion and another destroy", async () => {
    for (const fault of onTheWire) left.add(fault);
    proxy.rule = ({ method, path }) =>
      method === "DELETE"
        ? due(live().find(({ id }) => path.endsWith(`/tokens/${id}`))?.displayName)
        : undefined;
    complains(await project.destroy({ ...options, args: ["--continue-on-error"] }));
    complains(await project.destroy({ ...options, args: ["--continue-on-error"] }));
    assert.deepEqual(
      [...left].map(({ name }) => name),
      [],
      "these faults did not occur",
    );
    await project.destroy({ parallel: 16, timeout: 240_000 });
    assert.deepEqual(live(), []);
    assert.deepEqual((await project.state()).deployment.resources ?? [], []);
  });
});

// The author of a change from outside: what a warning says about it, and how many requests that takes.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { repoVisibilityDefinition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { makeCertificate } from "../support/certificate";
import { lifecycleContext } from "../support/context";
import { type Hub, startHub } from "../support/hub";
import { anyDefinition, type Declaration, Stack } from "../support/stack";

describe("author of a change from outside", () => {
  let hub: Hub;
  /** An administrator other than the pipeline's. */
  let otto: HubClient;
  let pipeline: HubClient;

  beforeEach(async () => {
    hub = await startHub({
      seed: { organizations: [{ name: "acme", members: [{ user: "otto-outsider", role: "admin" }] }] },
    });
    otto = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.outsider });
    pipeline = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin, maxRetries: 0 });
  });
  afterEach(() => hub.close());

  const stackOf = (program: Declaration[], client: () => HubClient = () => pipeline) =>
    new Stack(program, () => lifecycleContext(client(), { now: new Date() }));
  const repo = "acme/llm-private";
  const visibility = (name: string): Declaration => ({
    name,
    definition: anyDefinition(repoVisibilityDefinition),
    args: () => ({ repo: name, visibility: "private" }),
  });
  const exports = () => hub.store.requests.filter(({ path }) => path.endsWith("/audit-log/export")).length;
  const warnings = (stack: Stack) =>
    stack.said.filter(({ severity }) => severity === "warning").map(({ message }) => message);

  it("names the author and the time of a visibility change, and reverts the change first", async () => {
    const stack = stackOf([visibility(repo)]);
    await stack.up();
    await otto.updateRepoSettings(repo, { visibility: "public" });
    const { errors } = await stack.up({ refresh: true });
    assert.deepEqual(errors, []);
    assert.match(
      warnings(stack).join("\n"),
      /someone made it public on the Hub after this program set it to .* \(by otto-outsider at \d{4}-\d\d-\d\dT[\d:.]+Z, according to the audit log\)/,
    );
    const order = hub.store.requests.map(({ method, path }) => `${method} ${path}`);
    assert.ok(
      order.lastIndexOf(`PUT /api/models/${repo}/settings`) <
        order.lastIndexOf("GET /api/organizations/acme/audit-log/export"),
      "the change was reverted only after the request for the log",
    );
    assert.equal(hub.store.repository(repo)?.visibility, "private");
  });

  it("names the author of a single sign-on change, and not the run itself", async () => {
    const { certificate } = await makeCertificate();
    const fresh: { acknowledgeOverwrite?: string } = {};
    const stack = stackOf([
      {
        name: "sso",
        definition: anyDefinition(ssoConfigDefinition),
        args: () => ({
          organization: "acme",
          provider: "saml",
          ssoUrl: "https://idp.acme.example/sso",
          certificate,
          ...fresh,
        }),
      },
    ]);
    assert.deepEqual((await stack.up()).errors, []);
    // The events of the runs themselves must not be mistaken for this change.
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await otto.updateSsoConfig("acme", { ssoUrl: "https://elsewhere.example/sso" });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    fresh.acknowledgeOverwrite = "checked with otto";
    assert.deepEqual((await stack.up({ refresh: true })).errors, []);
    assert.match(warnings(stack).join("\n"), /someone changed ssoUrl .* \(by otto-outsider at /);
  });

  it("exports the log once for all changes that a run reverts", async () => {
    const names = [...hub.store.repositories.values()]
      .filter(({ type, namespace }) => type === "model" && namespace === "acme")
      .map(({ name }) => `acme/${name}`);
    assert.ok(names.length >= 2);
    const stack = stackOf(names.map(visibility));
    assert.deepEqual((await stack.up()).errors, []);
    assert.equal(exports(), 0, "the log was exported without need");
    for (const name of names) await otto.updateRepoSettings(name, { visibility: "public" });
    assert.deepEqual((await stack.up({ refresh: true })).errors, []);
    assert.equal(warnings(stack).filter((text) => text.includes("by otto-outsider")).length, names.length);
    assert.equal(exports(), 1);
  });

  for (const [what, effect] of [
    ["refused", { status: 403, body: { error: "This needs the permission org.auditLog.write" } }],
    ["not part of the plan", { status: 402, body: { error: "Payment required" } }],
    ["broken", { status: 200, body: [{ no: "event" }] }],
    ["interrupted", "lose-answer"],
  ] as const) {
    it(`leaves out the author without an error if the log is ${what}`, async () => {
      const stack = stackOf([visibility(repo)]);
      await stack.up();
      await otto.updateRepoSettings(repo, { visibility: "public" });
      hub.inject({ path: /audit-log\/export$/, effect: effect, times: 100 });
      assert.deepEqual((await stack.up({ refresh: true })).errors, []);
      assert.match(
        warnings(stack).join("\n"),
        /someone made it public on the Hub after this program set it to private\.$/m,
      );
      assert.equal(exports(), 1);
      assert.equal(hub.store.repository(repo)?.visibility, "private");
    });
  }
});

// The Output forms of the functions without an engine: a result is unknown or secret if an argument is.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { resetOptions } from "@pulumi/pulumi/runtime";
import { type HubClient, HubError } from "../../provider/src/client";
import { auditQuery } from "../../provider/src/client/auditLog";
import * as functions from "../../provider/src/functions";
import { forms } from "./forms";

/** The properties that the SDK reports for an output. */
interface Inner {
  promise(): Promise<unknown>;
  isSecret: Promise<boolean>;
  isKnown: Promise<boolean>;
}
const inner = (output: pulumi.Output<unknown>): Inner => output as unknown as Inner;
const promised = <T>(output: pulumi.Output<T>): Promise<unknown> => inner(output).promise();

describe("Output form", () => {
  const asked: unknown[][] = [];
  /** Answers every call with the same text. */
  const client = new Proxy({} as HubClient, {
    get:
      (_target, name) =>
      (...args: unknown[]) => {
        asked.push([name, ...args]);
        return Promise.resolve("answer");
      },
  });

  beforeEach(async () => {
    asked.length = 0;
    await pulumi.runtime.setMocks(
      { newResource: ({ id, inputs }) => ({ id: id ?? "1", state: inputs as object }), call: () => ({}) },
      "project",
      "stack",
      true,
    );
  });
  afterEach(() => resetOptions("", "", -1, "", "", false, ""));

  const unknown = (): pulumi.Output<string> =>
    new (pulumi.Output as unknown as new (...args: unknown[]) => pulumi.Output<string>)(
      new Set(),
      Promise.resolve(undefined),
      Promise.resolve(false),
      Promise.resolve(false),
      Promise.resolve(new Set()),
    );

  const cases: [string, (text: pulumi.Input<string>) => pulumi.Output<unknown>][] = [
    ["getResourceGroup with its id", (id) => functions.getResourceGroupOutput("acme", id, { client })],
    ["getRepositoryScan", (repo) => functions.getRepositoryScanOutput(repo, "model", { client })],
    ["hasOrgRole with its role", (role) => functions.hasOrgRoleOutput("acme", role as "admin", { client })],
  ];
  for (const [name, { args, output }] of Object.entries(forms)) {
    if (output && "organization" in args) cases.push([name, (from) => output({ client }, from)]);
  }

  for (const [name, form] of cases) {
    it(`of ${name} is secret if its argument is, and makes no request while it is unknown`, async () => {
      const plain = form("acme");
      assert.equal(await promised(plain), "answer");
      assert.equal(await inner(plain).isSecret, false);
      const secret = form(pulumi.secret("acme"));
      assert.equal(await promised(secret), "answer");
      assert.equal(await inner(secret).isSecret, true);
      asked.length = 0;
      const later = form(unknown());
      await promised(later);
      assert.equal(await inner(later).isKnown, false);
      assert.deepEqual(asked, []);
    });
  }

  it("sends a date as text, including one inside a promise or an output", async () => {
    const startDate = new Date("2026-01-31T12:00:00.000Z");
    for (const query of [
      { startDate },
      Promise.resolve({ startDate }),
      pulumi.output("x").apply(() => ({ startDate })),
      pulumi.secret("x").apply(() => ({ startDate })),
    ]) {
      asked.length = 0;
      await promised(functions.getAuditLogsOutput("acme", query, { client }));
      assert.deepEqual(asked, [["auditLogs", "acme", { startDate: startDate.toISOString() }]]);
    }
  });
  it("refuses an invalid date and names its argument", async () => {
    const strict = {
      auditLogs: (_organization: string, query: object) =>
        Promise.resolve(auditQuery(query, { limit: 1, mostLimit: 1, mostOffset: 1 })),
    } as unknown as HubClient;
    const startDate = new Date("never");
    await assert.rejects(
      promised(functions.getAuditLogsOutput("acme", { startDate }, { client: strict })),
      (error) => error instanceof HubError && /startDate must be a date/.test(error.message),
    );
  });
});

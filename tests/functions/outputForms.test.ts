// The Output forms of the functions: what is unknown or secret on the way in is so on the way out. Without an engine.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { resetOptions } from "@pulumi/pulumi/runtime";
import { type HubClient, HubError } from "../../provider/src/client";
import * as functions from "../../provider/src/functions";
import { auditQuery } from "../../provider/src/client/auditLog";

/** What the SDK knows of an output. */
interface Inner {
  promise(): Promise<unknown>;
  isSecret: Promise<boolean>;
  isKnown: Promise<boolean>;
}
const inner = (output: pulumi.Output<unknown>): Inner => output as unknown as Inner;
const promised = <T>(output: pulumi.Output<T>): Promise<unknown> => inner(output).promise();

describe("Output forms", () => {
  const asked: unknown[][] = [];
  const note =
    (name: string) =>
    (...args: unknown[]): Promise<unknown> => {
      asked.push([name, ...args]);
      return Promise.resolve("answer");
    };
  const names =
    "whoami myOrgRole hasOrgRole auditLogs listTokens listMemberTokens listServiceAccounts listRepositories getSsoConfig";
  const client = Object.fromEntries(
    names.split(" ").map((name) => [name, note(name)]),
  ) as unknown as HubClient;

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

  const forms: [string, (text: pulumi.Input<string>) => pulumi.Output<unknown>][] = [
    ["getAuditLogs", (text) => functions.getAuditLogsOutput(text, {}, { client })],
    ["getMemberTokens", (text) => functions.getMemberTokensOutput(text, {}, { client })],
    ["getMyOrgRole", (text) => functions.getMyOrgRoleOutput(text, { client })],
    ["getRepositories", (text) => functions.getRepositoriesOutput(text, {}, { client })],
    ["getServiceAccounts", (text) => functions.getServiceAccountsOutput(text, { client })],
    ["getSsoConfig", (text) => functions.getSsoConfigOutput(text, { client })],
    ["hasOrgRole", (text) => functions.hasOrgRoleOutput(text, "admin", { client })],
    ["hasOrgRole, by its role", (text) => functions.hasOrgRoleOutput("acme", text as "admin", { client })],
  ];
  const unknown = (): pulumi.Output<string> =>
    new (pulumi.Output as unknown as new (...args: unknown[]) => pulumi.Output<string>)(
      new Set(),
      Promise.resolve(undefined),
      Promise.resolve(false),
      Promise.resolve(false),
      Promise.resolve(new Set()),
    );

  for (const [name, form] of forms) {
    it(`${name}: plain, secret and unknown`, async () => {
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
      assert.deepEqual(asked, [], "nothing is asked about what is not known");
    });
  }

  it("a date of a query arrives as its text, however the query comes", async () => {
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
  it("a date that is none is refused by name, as without an Output", async () => {
    const strict = {
      auditLogs: (_organization: string, query: object) =>
        Promise.resolve(auditQuery(query, { limit: 1, mostLimit: 1, mostOffset: 1 })),
    } as unknown as HubClient;
    const refused = functions.getAuditLogsOutput(
      "acme",
      { startDate: new Date("never") },
      { client: strict },
    );
    await assert.rejects(
      promised(refused),
      (error) => error instanceof HubError && /startDate must be a date/.test(error.message),
    );
  });
});

// How the option `import` compares a token of the Hub with a declared HubToken, on a Hub in memory.
import assert from "node:assert/strict";
import { type ImportRules } from "../../provider/src/model/definition";
import { hubTokenDefinition as definition } from "../../provider/src/resources/hubToken/lifecycle";
import {
  type HubTokenInputs as Inputs,
  type HubTokenState as State,
} from "../../provider/src/resources/hubToken/model";
import {
  ACCOUNT,
  accountWith,
  current,
  inputsWith,
  MARKED,
  ownInputs,
  OWNER,
  userWith,
} from "../support/tokensInMemory";

describe("the option import of a HubToken", () => {
  const OWN = `mine [${OWNER}-0001]`;
  const END = "2027-01-01T00:00:00.000Z";
  const rules = definition.imports as ImportRules<Inputs, State>;
  const ofAccount = async (inputs: Inputs, tokens = [current()], slot = "current", owner = OWNER) =>
    (await rules.compare(`acme/${ACCOUNT}/${slot}`, { ...inputs, owner }, accountWith(tokens).context))
      ?.differing;
  const own = async (inputs: Inputs, token: { role?: string; expiresAt?: string } = {}) =>
    (await rules.compare(`user/${OWN}`, inputs, userWith([{ name: OWN, ...token }]).context))?.differing;

  for (const [title, token, declared, differing] of [
    ["a role that the program leaves out", {}, {}, {}],
    ["a role that neither side states", { role: undefined }, {}, {}],
    ["another role", { role: "write" }, {}, { role: "write" }],
    ["a role that only the program states", { role: undefined }, { role: "write" }, { role: "read" }],
    [
      "the same expiry in another notation",
      { expiresAt: END },
      { expiresAt: "2027-01-01T01:00:00+01:00" },
      {},
    ],
    ["an expiry that only the Hub has", { expiresAt: END }, {}, { expiresAt: END }],
    ["an expiry that only the program has", {}, { expiresAt: END }, { expiresAt: "none" }],
  ] as const) {
    it(`of a user's own token compares ${title}`, async () =>
      assert.deepEqual(await own(ownInputs(declared), token), differing));
  }

  it("ignores an expiry that the Hub set for a service account's token", async () =>
    assert.deepEqual(await ofAccount(inputsWith(), [current({ expiration: END })]), {}));

  it("reports a service account's token that is declared as a user's own, without comparing the role", async () =>
    assert.deepEqual(await ofAccount(ownInputs({ name: "ci", role: "write" })), {
      organization: "acme",
      serviceAccount: ACCOUNT,
    }));

  it("reports a user's own token that is declared as a service account's", async () =>
    assert.deepEqual(Object.keys((await own(inputsWith({ name: "mine" }))) ?? {}), [
      "organization",
      "serviceAccount",
    ]));

  it("explains what to do about a predecessor and about a token of another resource", async () => {
    const older = { _id: "older", displayName: `ci [${OWNER}-0000]`, createdAt: "2025-01-01T00:00:00.000Z" };
    await assert.rejects(ofAccount(inputsWith(), [current(), older], "older"), {
      message:
        `This resource has already issued another token, ${MARKED}. The option import would switch it to ${older.displayName}. ` +
        "Nothing was changed. Remove the option import; if the resource is not in the state, import the other token.",
    });
    await assert.rejects(ofAccount(inputsWith(), [current()], "current", "89abcdef"), (error: Error) =>
      error.message.startsWith(`The token ${MARKED} has the mark of another resource`),
    );
  });

  it("fails if a repository cannot be found", async () => {
    const methods = { getRepo: () => Promise.reject(new Error("no such repository")) };
    await assert.rejects(
      rules.compare(
        `acme/${ACCOUNT}/current`,
        inputsWith({ repos: ["acme/a"] }),
        accountWith([current()], { methods }).context,
      ),
      /no such repository/,
    );
  });

  it("finds no token if the account is gone", async () => {
    const { context } = accountWith(undefined);
    assert.equal(await rules.compare(`acme/${ACCOUNT}/current`, inputsWith(), context), undefined);
  });
});

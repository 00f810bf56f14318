// What a ServiceAccount decides in edge cases of the Hub or the state, on a Hub in memory.
import assert from "node:assert/strict";
import { hubError } from "../../provider/src/client/errors";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { serviceAccountDefinition as definition } from "../../provider/src/resources/serviceAccount/lifecycle";
import { inMemory } from "../support/inMemory";

const OWNER = "0123abcd";
const CREATED = "2026-01-01T00:00:00.000Z";
const id = (digit: string): string => digit.repeat(24);

type State = Parameters<typeof definition.update>[1];
type Inputs = Parameters<typeof definition.create>[0];

const inputsWith = (changes: Partial<Inputs> = {}): Inputs => ({
  owner: OWNER,
  organization: "acme",
  name: "ci",
  description: "builds",
  allowReplace: false,
  forceDestroy: false,
  recreateIfMissing: false,
  ...changes,
});
const stateWith = (changes: Partial<State> = {}): State => ({
  ...inputsWith(),
  accountId: id("a"),
  user: "acme-ci",
  createdAt: CREATED,
  status: "active",
  ...changes,
});

interface Account {
  _id: string;
  name?: string;
  description?: string;
  /** `untold`: the Hub does not show them. */
  tokens?: string[] | "untold";
}

const MARKED = `builds [${OWNER}-0f0f]`;
const LOST = hubError({ what: "the answer was lost", outcomeUnknown: true });
const NOT_FOUND = hubError({ what: "no such account", status: 404 });

/** A Hub with these accounts that records what was asked of it. */
function hubWith(
  accounts: Account[],
  {
    claims = [],
    ...methods
  }: { claims?: string[]; createServiceAccount?: () => unknown; deleteServiceAccount?: () => unknown } = {},
) {
  const held = accounts.map(({ _id, name = "ci", description = MARKED }) => ({
    _id,
    name,
    description,
    user: "acme-ci",
    createdAt: CREATED,
  }));
  const calls: unknown[][] = [];
  const surroundings = inMemory(
    {
      listServiceAccounts: () => Promise.resolve([...held]),
      whoami: () => Promise.resolve({ name: "ada", orgs: [{ name: "acme", roleInOrg: "write" }] }),
      getServiceAccount(_organization: string, accountId: string) {
        const found = held.find(({ _id }) => _id === accountId);
        const names = accounts.find(({ _id }) => _id === accountId)?.tokens ?? [];
        const accessTokens = names === "untold" ? undefined : names.map((displayName) => ({ displayName }));
        return found ? Promise.resolve({ ...found, accessTokens }) : Promise.reject(NOT_FOUND);
      },
      createServiceAccount(organization: string, request: object) {
        calls.push(["create", organization, request]);
        const created = {
          _id: id("f"),
          user: "acme-new",
          createdAt: CREATED,
          ...request,
        } as (typeof held)[0];
        held.push(created);
        return Promise.resolve(created);
      },
      deleteServiceAccount(organization: string, accountId: string) {
        calls.push(["delete", organization, accountId]);
        held.splice(0, held.length, ...held.filter(({ _id }) => _id !== accountId));
        return Promise.resolve();
      },
      ...methods,
    },
    { claims: new Set(claims) },
  );
  return { ...surroundings, calls, held };
}

const STRAYS = (...ids: string[]) =>
  `warn found account(s) with this resource's mark that are not in the state: ${ids.join(", ")}. They were not changed. An interrupted creation ` +
  "may have left them, a replacement may be in progress, or another stack with the same names may manage them (see huggingface:owner). If no one " +
  "needs them, delete them on the Hub.";

describe("a service account, in a check of its arguments,", () => {
  const refused = (changes: Partial<Inputs>, previous?: Inputs) =>
    (definition.check?.(inputsWith(changes), previous, inMemory({}).context) ?? []).map(
      ({ property }) => property,
    );

  it("refuses each change that the Hub cannot make, with an explanation", () => {
    const other = { organization: "globex", name: "other", description: "other" };
    assert.deepEqual(refused(other, inputsWith()), ["organization", "name", "description"]);
    assert.deepEqual(refused({ ...other, allowReplace: true }, inputsWith()), []);
    assert.deepEqual(refused(other), [], "a new account");
    assert.deepEqual(definition.check?.(inputsWith({ name: "other" }), inputsWith(), inMemory({}).context), [
      {
        property: "name",
        reason:
          "cannot be changed on the Hub. A new value replaces the account and revokes all its tokens: set allowReplace to true to " +
          "allow that",
      },
    ]);
  });
  it("accepts the organization's name in another case, which is the same to the Hub", () => {
    assert.deepEqual(refused({ organization: "ACME" }, inputsWith({ organization: "acme" })), []);
  });
  it("needs to know whether a replacement is allowed, but not the new value", () => {
    assert.deepEqual(refused({ name: "other", allowReplace: UNKNOWN as never }, inputsWith()), ["name"]);
    assert.deepEqual(refused({ name: UNKNOWN }, inputsWith()), []);
  });
  it("treats no description and an empty one as equal", () => {
    assert.deepEqual(refused({ description: "" }, inputsWith({ description: undefined })), []);
    assert.deepEqual(refused({ description: undefined }, inputsWith({ description: "" })), []);
    assert.deepEqual(refused({ description: undefined }, inputsWith()), ["description"]);
  });
});

describe("a service account, in a preview,", () => {
  const diff = (state: State, changes: Partial<Inputs>, changed: string[] = []) => {
    const { context, said } = inMemory({});
    const result = definition.diff?.(state, inputsWith(changes), changed, context);
    return { ...result, said, claims: [...context.claims] };
  };
  const nothing = { changes: false, changed: [], replaces: [], renews: [], said: [], claims: [id("a")] };

  it("has nothing to do if nothing changed or an empty description stands for none", () => {
    assert.deepEqual(diff(stateWith(), {}), nothing);
    const none = { description: undefined };
    const empty = { description: "" };
    assert.deepEqual(diff(stateWith(none), empty, ["description"]), nothing);
    assert.deepEqual(diff(stateWith(empty), none, ["description"]), nothing);
  });
  it("shows a replacement for another description, and an update for a setting", () => {
    const other = diff(stateWith(), { description: "other" }, ["description"]);
    assert.deepEqual([other.changes, other.replaces], [true, ["description"]]);
    const setting = diff(stateWith(), { forceDestroy: true }, ["forceDestroy"]);
    assert.deepEqual([setting.changes, setting.replaces], [true, []]);
  });
  it("only reports an account that is gone, unless it is to be created again", () => {
    const gone = stateWith({ status: "missing" });
    assert.deepEqual(diff(gone, {}), {
      ...nothing,
      said: [
        "warn the account no longer exists on the Hub. It is not created again automatically: set recreateIfMissing to true, or remove it from the program.",
      ],
    });
    assert.deepEqual(diff(gone, { recreateIfMissing: true }), {
      ...nothing,
      changes: true,
      replaces: ["status"],
    });
    const both = diff(gone, { recreateIfMissing: true, name: "other" }, ["name"]);
    assert.deepEqual(both.replaces, ["name", "status"]);
    assert.deepEqual(diff(stateWith(), { recreateIfMissing: true }), nothing);
  });
});

describe("a service account, in its creation,", () => {
  it("creates one account with the mark, and claims it", async () => {
    const { context, calls, said } = hubWith([]);
    const { id: made, state } = await definition.create(inputsWith(), context);
    assert.equal(made, `acme/${id("f")}`);
    assert.deepEqual(calls, [["create", "acme", { name: "ci", description: MARKED }]]);
    assert.deepEqual(state, stateWith({ accountId: id("f"), user: "acme-new" }));
    assert.deepEqual([...context.claims], [id("f")]);
    assert.deepEqual(said, []);
  });
  it("reports what another creation left: same mark, name and description, and not claimed", async () => {
    const { context, said } = hubWith(
      [
        { _id: id("1") },
        { _id: id("2"), description: `builds [${OWNER}-1234]` },
        { _id: id("3"), description: "builds" },
        { _id: id("4"), description: "builds [99999999-0f0f]" },
        { _id: id("5"), name: "other" },
        { _id: id("6"), description: `other [${OWNER}-0f0f]` },
        { _id: id("7") },
      ],
      { claims: [id("7")] },
    );
    await definition.create(inputsWith(), context);
    assert.deepEqual(said, [STRAYS(id("1"), id("2"))]);
  });
  it("reports such accounts without a description too", async () => {
    const { context, said } = hubWith([{ _id: id("1"), description: `[${OWNER}-0f0f]` }]);
    await definition.create(inputsWith({ description: undefined }), context);
    assert.deepEqual(said, [STRAYS(id("1"))]);
  });
  it("reports at most ten such accounts", async () => {
    const ids = [..."123456789bc"].map(id);
    const { context, said } = hubWith(ids.map((_id) => ({ _id })));
    await definition.create(inputsWith(), context);
    assert.deepEqual(said, [STRAYS(...ids.slice(0, 10), "…")]);
  });
  it("does not report an account without any description", async () => {
    const { context, said, held } = hubWith([{ _id: id("1") }]);
    delete (held[0] as { description?: string }).description;
    await definition.create(inputsWith({ description: undefined }), context);
    assert.deepEqual(said, []);
  });
  it("finds by its mark the account that it created if the answer was lost", async () => {
    const accounts = [{ _id: id("1"), description: `builds [${OWNER}-1234]` }, { _id: id("2") }];
    const { context } = hubWith(accounts, { createServiceAccount: () => Promise.reject(LOST) });
    const { state } = await definition.create(inputsWith(), context);
    assert.equal(state.accountId, id("2"));
  });
  for (const [what, changes, told] of [
    ["another name", { name: "other" }, `name "other" and the description "${MARKED}"`],
    [
      "another name, and no description",
      { name: "x", description: undefined },
      'name "x" and the description ""',
    ],
    [
      "another mark",
      { description: "builds [99999999-0f0f]" },
      'name "ci" and the description "builds [99999999-0f0f]"',
    ],
    ["no mark", { description: "builds" }, 'name "ci" and the description "builds"'],
  ] as const) {
    it(`fails if the Hub answers with an account that has ${what}`, async () => {
      const made = { _id: id("f"), user: "acme-new", createdAt: CREATED, name: "ci", description: MARKED };
      const { context } = hubWith([], {
        createServiceAccount: () => Promise.resolve({ ...made, ...changes }),
      });
      await assert.rejects(async () => definition.create(inputsWith(), context), {
        message:
          `The Hub created the service account ${id("f")} with other values than requested: the ${told}. This stack does not manage it; ` +
          "delete it on the Hub.",
      });
    });
  }
  it("accepts an answer without a description, or with one that the Hub has tidied up", async () => {
    for (const description of [undefined, `builds  [${OWNER}-0f0f]`]) {
      const made = { _id: id("f"), user: "acme-new", createdAt: CREATED, name: "ci", description };
      const { context } = hubWith([], { createServiceAccount: () => Promise.resolve(made) });
      assert.equal((await definition.create(inputsWith(), context)).state.accountId, id("f"));
    }
  });
  it("fails if the answer was lost and nothing was created, or if the creation was refused", async () => {
    for (const [error, accounts] of [
      [LOST, [{ _id: id("1"), description: "other" }]],
      [hubError({ what: "not in this plan", status: 402 }), [{ _id: id("1") }]],
    ] as const) {
      const { context } = hubWith([...accounts], { createServiceAccount: () => Promise.reject(error) });
      await assert.rejects(async () => definition.create(inputsWith(), context), error);
    }
  });
});

describe("a service account, in a refresh,", () => {
  const read = async (accounts: Account[], state?: State) => {
    const { context, said } = hubWith(accounts);
    return { found: await definition.read(`acme/${id("a")}`, state, context), said, claims: context.claims };
  };

  it("finds the account, without the mark", async () => {
    const state = stateWith();
    const { found, said, claims } = await read([{ _id: id("a") }], state);
    assert.deepEqual(found, { inputs: inputsWith(), state });
    assert.deepEqual(said, []);
    assert.deepEqual([...claims], [id("a")]);
  });
  it("finds another name or description that someone set", async () => {
    const account = { _id: id("a"), name: "other", description: `for tests [${OWNER}-0f0f]` };
    const { found } = await read([account], stateWith());
    assert.deepEqual([found?.inputs.name, found?.inputs.description], ["other", "for tests"]);
    assert.deepEqual([found?.state.name, found?.state.description], ["other", "for tests"]);
  });
  it("finds an empty description as it is declared: missing or empty", async () => {
    for (const description of [undefined, ""]) {
      const account = { _id: id("a"), description: `[${OWNER}-0f0f]` };
      const { found } = await read([account], stateWith({ description }));
      assert.equal(found?.inputs.description, description);
    }
  });
  it("keeps the known description if the Hub shows none", async () => {
    const { context, held, said } = hubWith([{ _id: id("a") }, { _id: id("b") }]);
    for (const account of held) delete (account as { description?: string }).description;
    const none = await definition.read(`acme/${id("a")}`, undefined, context);
    assert.equal(none?.inputs.description, undefined);
    for (const description of [undefined, "builds"]) {
      const found = await definition.read(`acme/${id("a")}`, stateWith({ description }), context);
      assert.equal(found?.inputs.description, description, "another description would replace the account");
    }
    assert.deepEqual(said, []);
  });
  it("reports what an interrupted creation left", async () => {
    const { said } = await read([{ _id: id("a") }, { _id: id("b") }], stateWith());
    assert.deepEqual(said, [STRAYS(id("b"))]);
  });
  it("keeps an account that is gone as missing, with a warning", async () => {
    const { found, said } = await read([{ _id: id("b") }], stateWith());
    assert.deepEqual(found, { inputs: inputsWith(), state: stateWith({ status: "missing" }) });
    assert.deepEqual(said, ["warn the account and all its tokens no longer exist on the Hub."]);
  });
  it("finds the account gone even if another one has the same name, description and mark", async () => {
    const { found, claims } = await read([{ _id: id("b") }], stateWith());
    assert.equal(found?.state.status, "missing");
    assert.deepEqual([...claims], [id("a")]);
  });
  it("finds the account by its id alone, with the mark's owner and the defaults, and claims and logs nothing", async () => {
    const { found, said, claims } = await read([{ _id: id("a") }, { _id: id("b") }]);
    assert.deepEqual(found?.inputs, inputsWith());
    assert.equal(found.state.status, "active");
    assert.deepEqual([said, [...claims]], [[], []]);
    const unmarked = await read([{ _id: id("a"), description: "by hand" }]);
    assert.deepEqual([unmarked.found?.inputs.owner, unmarked.found?.inputs.description], ["", "by hand"]);
    const gone = await read([]);
    assert.deepEqual([gone.found, gone.said], [undefined, []]);
  });
  it("refuses an id of another form", async () => {
    for (const wrong of [
      "acme",
      `acme/${"a".repeat(23)}`,
      `acme/${"a".repeat(25)}`,
      `x/acme/${id("a")}`,
      `/${id("a")}`,
      `acme/${"g".repeat(24)}`,
    ]) {
      await assert.rejects(async () => definition.read(wrong, undefined, hubWith([]).context), {
        message: `"${wrong}" is not the id of a service account. It has the form organization/accountId, with 24 hexadecimal digits.`,
      });
    }
  });
});

describe("a service account, in an update or a destroy,", () => {
  it("sends nothing in an update, and keeps what is declared", async () => {
    const { context } = inMemory({});
    const next = await definition.update("x", stateWith(), inputsWith({ forceDestroy: true }), context);
    assert.deepEqual(next, stateWith({ forceDestroy: true }));
    assert.deepEqual([...context.claims], [id("a")]);
  });
  it("is deleted in a destroy, but with tokens only by force", async () => {
    for (const [tokens, forceDestroy] of [
      [[], false],
      [["one"], true],
    ] as const) {
      const { context, calls, said } = hubWith([{ _id: id("a"), tokens: [...tokens] }]);
      await definition.delete("x", stateWith({ forceDestroy }), context);
      assert.deepEqual(calls, [["delete", "acme", id("a")]]);
      assert.deepEqual(said, []);
    }
  });
  it("names the first ten tokens in a refusal", async () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);
    const list = (count: number) =>
      names(count)
        .map((name) => `"${name}"`)
        .join(", ");
    for (const [count, words] of [
      [1, `1 token(s) that this stack does not manage: "t0". Deleting`],
      [10, `10 token(s) that this stack does not manage: ${list(10)}. Deleting`],
      [11, `11 token(s) that this stack does not manage: ${list(10)}, …. Deleting`],
    ] as const) {
      const { context, calls } = hubWith([{ _id: id("a"), tokens: names(count) }]);
      await assert.rejects(async () => definition.delete("x", stateWith(), context), {
        message:
          `The service account ci still has ${words} it would revoke them. Revoke them on the Hub first. To delete the account with all its tokens, set ` +
          "forceDestroy to true and run `pulumi up` before the destroy.",
      });
      assert.deepEqual(calls, []);
    }
  });
  it("refuses a destroy if the Hub does not show what would end with it, unless it is forced", async () => {
    const hub = hubWith([{ _id: id("a"), tokens: "untold" }]);
    await assert.rejects(async () => definition.delete("x", stateWith(), hub.context), {
      message:
        /^The Hub does not list the tokens .* Use an administrator's token\. To delete the account with all its tokens, set forceDestroy/,
    });
    assert.deepEqual(hub.calls, []);
    await definition.delete("x", stateWith({ forceDestroy: true }), hub.context);
    assert.deepEqual(hub.calls, [["delete", "acme", id("a")]]);
  });
  it("fails a destroy while the Hub still lists the account", async () => {
    const { context } = hubWith([{ _id: id("a") }], { deleteServiceAccount: () => Promise.resolve() });
    await assert.rejects(async () => definition.delete("x", stateWith(), context), {
      message:
        "The Hub accepted the deletion of the service account ci but still lists it, so its tokens may still be valid. Run the same command " +
        "again; if that does not help, delete the account on the Hub.",
    });
  });
  it("succeeds if the account is already gone, and logs that", async () => {
    const { context, said, calls } = hubWith([{ _id: id("b") }]);
    await definition.delete("x", stateWith(), context);
    assert.deepEqual([said, calls], [["info the account was already gone."], []]);
  });
  it("succeeds if the account disappears in between; if it is hidden, or for any other failure, it fails", async () => {
    const down = hubError({ what: "down", status: 503 });
    const run = async (error: Error, before: Account[], after: Account[]) => {
      const hub = hubWith(before, {
        deleteServiceAccount() {
          hub.held.splice(
            0,
            hub.held.length,
            ...hub.held.filter(({ _id }) => after.some((a) => a._id === _id)),
          );
          return Promise.reject(error);
        },
      });
      await definition.delete("x", stateWith(), hub.context);
    };
    const [it, other] = [{ _id: id("a") }, { _id: id("b") }];
    await run(NOT_FOUND, [it, other], [other]);
    await assert.rejects(run(NOT_FOUND, [it, other], [it, other]), NOT_FOUND);
    await assert.rejects(run(down, [it], []), down);
  });
});

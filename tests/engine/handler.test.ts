// The adapter between a resource's plain functions and the engine, tested without an engine.
import assert from "node:assert/strict";
import sinon from "sinon";
import { engineHandler } from "../../provider/src/dynamic/handler";
import { type Say } from "../../provider/src/hub/clientOf";
import { Run } from "../../provider/src/hub/run";
import {
  type LifecycleContext,
  LifecycleError,
  type ResourceDefinition,
  UnfinishedError,
} from "../../provider/src/model/definition";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { assertNoCommand, assertPresentable, COMMANDS } from "../badInput/hostile";

interface Inputs {
  owner?: string;
  name: string;
  size?: number;
}
interface State extends Inputs {
  note?: string;
}

function definition(
  changes: Partial<ResourceDefinition<Inputs, State>> = {},
): ResourceDefinition<Inputs, State> {
  return {
    type: "Thing",
    schema: {
      type: "object",
      required: ["name"],
      additionalProperties: false,
      properties: {
        owner: { type: "string" },
        name: { type: "string", description: "a name" },
        size: { type: "number", default: 1, description: "a number" },
      },
    },
    secrets: [],
    replaceOn: ["name"],
    stateVersion: 2,
    label: ({ name }) => name ?? "",
    create: (inputs) => Promise.resolve({ id: "1", state: { ...inputs, note: undefined } }),
    read: (_id, state) => Promise.resolve(state && { inputs: state, state }),
    update: (_id, _state, inputs) => Promise.resolve(inputs),
    delete: () => Promise.resolve(),
    imports: "Thing cannot be imported.",
    ...changes,
  };
}

const silent: Say = () => undefined;

function configured(
  changes: Partial<ResourceDefinition<Inputs, State>> = {},
  config: Record<string, string | undefined> = {},
  run = new Run(silent),
) {
  const handler = engineHandler(definition(changes), run, () => Promise.resolve());
  handler.configure({
    config: {
      get: (key) =>
        ({ "huggingface:token": "hf_x", "huggingface:endpoint": "http://127.0.0.1:1", ...config })[key],
    },
  });
  return handler;
}

/** The entries of each state besides the resource's own. */
const KEPT = { stateVersion: 2, __endpoint: "http://127.0.0.1:1" };
const UNFINISHED = { ...KEPT, __unfinished: true };
const CODE = { __provider: "code" };

describe("handler", () => {
  it("stores all checked arguments and the version of the state, and no undefined value", async () => {
    const { outs } = await configured().create({ name: "a", size: 1, ...CODE });
    assert.deepEqual(outs, { name: "a", size: 1, ...KEPT });
    assert.ok(!("note" in outs), "an undefined value would crash the engine's process");
  });

  it("sets defaults first", async () => {
    const { inputs, failures } = await configured().check({}, { name: "a", ...CODE });
    assert.deepEqual(inputs, { name: "a", size: 1 });
    assert.deepEqual(failures, []);
  });

  it("keeps the owner of an existing object, so that a resource can be renamed", async () => {
    const { inputs } = await configured().check({ name: "a", owner: "old" }, { name: "a", owner: "new" });
    assert.equal(inputs["owner"], "old");
    const created = await configured().check({}, { name: "a", owner: "new" });
    assert.equal(created.inputs["owner"], "new");
    const child = configured({ followsOwner: true });
    const followed = await child.check({ name: "a", owner: "old" }, { name: "a", owner: "new" });
    assert.equal(followed.inputs["owner"], "new", "a child follows the mark of its parent");
  });

  it("lets a resource rewrite its arguments based on the previous ones", async () => {
    const prepare = sinon.fake((inputs: object, _context: unknown, previous?: Record<string, unknown>) => ({
      ...inputs,
      size: previous?.["size"] ?? 5,
    }));
    const handler = configured({ prepare });
    assert.equal((await handler.check({}, { name: "a", ...CODE })).inputs["size"], 5);
    assert.equal((await handler.check({ name: "a", size: 3, ...CODE }, { name: "a" })).inputs["size"], 3);
    assert.deepEqual(prepare.secondCall.args[2], { name: "a", size: 3 });
  });

  it("applies a resource's own rules only if the schema accepts the arguments", async () => {
    const check = sinon.fake.returns([]);
    await configured({ check }).check({}, { name: 1 });
    assert.equal(check.callCount, 0);
    await configured({ check }).check({}, { name: "a" });
    assert.equal(check.callCount, 1);
    assert.equal(check.firstCall.args[1], undefined, "a creation has no previous arguments");
  });

  describe("diff", () => {
    const diff = (olds: object, news: object) =>
      configured().diff("1", { stateVersion: 2, ...olds }, { ...news, ...CODE });
    it("shows no change for equal arguments, and ignores another handler or owner", async () => {
      assert.deepEqual(
        await diff({ name: "a", size: 1, owner: "x", ...CODE }, { name: "a", size: 1, owner: "y" }),
        {
          changes: false,
          replaces: [],
        },
      );
    });
    it("shows no change for a property with its default value that an older release did not store", async () => {
      assert.equal((await diff({ name: "a" }, { name: "a", size: 1 })).changes, false);
    });
    it("shows a change, and a replacement if the field declares it", async () => {
      assert.deepEqual(await diff({ name: "a", size: 1 }, { name: "a", size: 2 }), {
        changes: true,
        replaces: [],
      });
      assert.deepEqual(await diff({ name: "a", size: 1 }, { name: "b", size: 1 }), {
        changes: true,
        replaces: ["name"],
      });
    });
    it("shows a change if the new value is unknown", async () => {
      assert.deepEqual(await diff({ name: "a", size: 1 }, { name: UNKNOWN, size: 1 }), {
        changes: true,
        replaces: ["name"],
      });
    });
  });

  describe("log message of a comparison", () => {
    const heard: string[] = [];
    const saying = () =>
      configured(
        {
          diff(_state, inputs, _changed, { log }) {
            log.warn(`size ${inputs.size}`);
            return { changes: false, changed: [], replaces: [], renews: [] };
          },
        },
        {},
        new Run((severity, message) => void heard.push(`${severity}: ${message}`)),
      );
    const olds = { name: "a", size: 1, stateVersion: 2 };
    beforeEach(() => heard.splice(0));

    it("appears for the program's arguments, including unknown ones, with the name of the resource", async () => {
      const handler = saying();
      for (const news of [
        { name: "a", size: 3 },
        { name: UNKNOWN, size: 4 },
      ]) {
        const { inputs } = await handler.check(olds, { ...news, ...CODE });
        await handler.diff("1", olds, { ...inputs, ...CODE });
      }
      assert.deepEqual(heard, ["warning: Thing a: size 3", "warning: Thing: size 4"]);
    });
    it("does not appear in a refresh, which compares with the program of the last `up`", async () => {
      const handler = saying();
      await handler.diff("1", olds, { name: "a", size: 5, ...CODE });
      await handler.check(olds, { name: "a", size: 6, ...CODE });
      await handler.diff("1", olds, { name: "a", size: 5, ...CODE });
      assert.deepEqual(heard, []);
      await handler.diff("1", olds, { name: "a", size: 6, ...CODE });
      assert.equal(heard.length, 1);
    });
  });

  describe("state version", () => {
    it("of a newer release is refused with a clear error", async () => {
      await assert.rejects(
        configured().update("1", { name: "a", stateVersion: 3 }, { name: "b" }),
        /newer release of pulumi-huggingface \(state version 3, this release supports 2\).*Nothing was changed/,
      );
    });
    it("of an older release is migrated once", async () => {
      const migrate = sinon.fake((outputs: Record<string, unknown>) => ({ ...outputs, size: 7 }));
      const update = sinon.fake.resolves({ name: "b" });
      await configured({ migrate, update }).update("1", { name: "a", stateVersion: 1 }, { name: "b" });
      assert.deepEqual(migrate.firstCall.args, [{ name: "a", stateVersion: 1 }, 1]);
      assert.deepEqual(update.firstCall.args[1], { name: "a", size: 7 });
      assert.equal(migrate.callCount, 1);
    });
    it("of this release is not migrated", async () => {
      const migrate = sinon.fake();
      await configured({ migrate }).update("1", { name: "a", stateVersion: 2 }, { name: "b" });
      assert.equal(migrate.callCount, 0);
    });
  });

  describe("read", () => {
    it("also returns the arguments, so that drift is shown for each property", async () => {
      const answer = await configured().read("1", { name: "a", stateVersion: 2, ...CODE });
      assert.deepEqual(answer, {
        id: "1",
        props: { name: "a", ...KEPT },
        inputs: { name: "a", ...CODE },
      });
    });
    it("returns an empty id for a missing object in a refresh", async () => {
      const handler = configured({ read: () => Promise.resolve(undefined) });
      assert.deepEqual(await handler.read("1", { name: "a", stateVersion: 2, ...CODE }), { id: "" });
    });
    it("fails if `get` finds nothing, because an empty id would lead to empty outputs", async () => {
      const read = sinon.fake.resolves(undefined);
      await assert.rejects(configured({ read }).read("42", CODE), /There is no Thing with the id "42"/);
      assert.equal(read.firstCall.args[1], undefined, "`get` passes only the id");
    });
  });

  describe("deletion of an object that several resources can declare", () => {
    const shared = (
      type = "Thing",
      run = new Run(silent),
      declaredObject?: (inputs: Inputs) => string | undefined,
    ) => {
      const destroy = sinon.fake.resolves(undefined);
      const changes = { type, sharedObject: (id: string) => id, declaredObject, delete: destroy };
      return { destroy, run, handler: configured(changes, {}, run) };
    };
    const state = { name: "a", stateVersion: 2 };

    it("under a former name is skipped if this run has created or updated the object, whatever the case", async () => {
      const created = shared();
      await created.handler.create({ name: "a" });
      await created.handler.delete("1", state);
      const updated = shared();
      await updated.handler.update("Acme/LLM", state, { name: "a", size: 3 });
      await updated.handler.delete("acme/llm", state);
      assert.equal(created.destroy.callCount + updated.destroy.callCount, 0);
    });
    it("is skipped if the program declares the object, whatever the comparison finds or even without one", async () => {
      const { destroy, handler } = shared("Thing", new Run(silent), ({ name }) => name);
      await handler.check(CODE, { name: "Acme/LLM", ...CODE });
      await handler.delete("acme/llm", state);
      assert.equal(destroy.callCount, 0);
    });
    it("is carried out if the other arguments are refused, or if their object is still unknown", async () => {
      const { destroy, handler } = shared("Thing", new Run(silent), ({ name }) =>
        name === UNKNOWN ? undefined : name,
      );
      await handler.check(CODE, { name: "a", more: 1, ...CODE });
      await handler.check(CODE, { name: UNKNOWN, ...CODE });
      await handler.delete("a", state);
      assert.equal(destroy.callCount, 1);
    });
    it("is carried out if the object was only compared, because a refresh also compares dropped resources", async () => {
      const { destroy, handler } = shared("Thing", new Run(silent), ({ name }) => name);
      await handler.check(CODE, { name: "b", ...CODE });
      await handler.diff("a", state, { name: "b", size: 1 });
      await handler.delete("a", state);
      assert.equal(destroy.callCount, 1);
    });
    it("is skipped even if only the comparison shows that the program declares the object", async () => {
      const { destroy, handler } = shared();
      const { inputs } = await handler.check(CODE, { name: "a", ...CODE });
      await handler.diff("1", state, inputs);
      await handler.delete("1", state);
      assert.equal(destroy.callCount, 0);
    });
    it("is carried out if this run replaces the object", async () => {
      for (const declaredObject of [undefined, () => "2"]) {
        const { destroy, handler } = shared("Thing", new Run(silent), declaredObject);
        const { inputs } = await handler.check(CODE, { name: "b", ...CODE });
        const { replaces } = await handler.diff("1", state, inputs);
        await handler.delete("1", state);
        assert.deepEqual([replaces, destroy.callCount], [["name"], 1]);
      }
    });
    it("is carried out if this run has changed only other types or other objects", async () => {
      const { destroy, handler, run } = shared();
      await handler.delete("1", state);
      await shared("Other", run).handler.create({ name: "a" });
      await handler.update("2", state, { name: "b" });
      await handler.delete("1", state);
      assert.equal(destroy.callCount, 2);
    });
    it("is refused if the creation under another name has failed, because the next run would not know the object", async () => {
      const { destroy, handler, run } = shared("Thing", undefined, ({ name }) => name);
      const create = () => Promise.reject(new LifecycleError("refused"));
      const failing = configured({ declaredObject: ({ name }) => name, create }, {}, run);
      await failing.check({}, { name: "Acme/LLM" });
      await assert.rejects(failing.create({ name: "Acme/LLM" }), /refused/);
      await assert.rejects(
        handler.delete("acme/llm", state),
        /^LifecycleError: kept in the state and left unchanged/,
      );
      assert.equal(destroy.callCount, 0);
      await handler.delete("acme/other", state);
      assert.equal(destroy.callCount, 1);
    });
    it("is refused until the run has created another resource that may replace it, of any type", async () => {
      const replacedAmong = ({ size, owner = "former" }: Inputs) => ({ group: `Size ${size ?? 0}`, owner });
      const run = new Run(silent);
      const create = sinon.stub().rejects(new LifecycleError("refused"));
      const next = configured({ type: "Other", replacedAmong, create }, {}, run);
      const destroy = sinon.fake.resolves(undefined);
      const handler = configured({ replacedAmong, delete: destroy }, {}, run);
      const refused = () =>
        assert.rejects(
          handler.delete("a", { ...state, size: 1 }),
          /^LifecycleError: kept in the state and left unchanged on the Hub: its replacement may be another token or service account/,
        );
      const unchanged = { name: "kept", size: 1, owner: "unchanged" };
      await next.check(unchanged, unchanged);
      // As before a replacement.
      await next.check({}, unchanged);
      await handler.check({}, { name: "a", size: 1, owner: "former" });
      await handler.delete("a", { ...state, size: 1 });
      assert.equal(destroy.callCount, 1, "no other resource is to be created");
      const { inputs } = await next.check({}, { name: "b", size: 1, owner: "next" });
      await refused();
      await assert.rejects(next.create(inputs), /refused/);
      await refused();
      assert.equal(destroy.callCount, 1);
      await handler.delete("a", { ...state, size: 2 });
      create.resolves({ id: "b", state: inputs });
      await next.create(inputs);
      await handler.delete("a", { ...state, size: 1 });
      assert.equal(destroy.callCount, 3);
    });
    it("is carried out if each resource has its own object", async () => {
      const destroy = sinon.fake.resolves(undefined);
      const handler = configured({ delete: destroy });
      await handler.create({ name: "a" });
      await handler.delete("1", state);
      assert.equal(destroy.callCount, 1);
    });
  });

  describe("state of the object's former resource, for a creation", () => {
    const create = sinon.fake((inputs: Inputs) => Promise.resolve({ id: "1", state: inputs }));
    const told = (run: Run) =>
      configured(
        { create, sharedObject: (_id, { name }) => name, declaredObject: ({ name }) => name },
        {},
        run,
      );
    const formerIn = async (before: (handler: ReturnType<typeof told>) => Promise<unknown>) => {
      const handler = told(new Run(silent));
      await before(handler).catch(() => undefined);
      await handler.create({ name: "a" });
      return (create.lastCall.args as unknown as [Inputs, { former?: object }])[1].former;
    };
    const state = { name: "A", size: 3, stateVersion: 2 };
    const met = { name: "A", size: 3 };

    it("is the state that this run has compared, read or deleted, whatever the case", async () => {
      assert.deepEqual(await formerIn((handler) => handler.diff("1", state, { name: "b" })), met);
      assert.deepEqual(await formerIn((handler) => handler.delete("1", state)), met);
      assert.deepEqual(await formerIn((handler) => handler.read("1", state)), met);
    });
    it("is the state that a refresh has found, or else the stored one", async () => {
      const run = new Run(silent);
      const reading = configured(
        {
          sharedObject: (_id, { name }) => name,
          read: () => Promise.resolve({ inputs: met, state: { ...met, note: "found" } }),
        },
        {},
        run,
      );
      await reading.read("1", state);
      await told(run).create({ name: "a" });
      const [, context] = create.lastCall.args as unknown as [Inputs, { former?: object }];
      assert.deepEqual(context.former, { ...met, note: "found" });
    });
    it("does not come from a look-up, which has not changed the object", async () => {
      const found = { inputs: met, state: { ...met, note: "looked up" } };
      const looking = configured({
        sharedObject: (_id, { name }) => name,
        read: () => Promise.resolve(found),
      });
      const { props } = await looking.read("1", CODE);
      assert.equal(props?.["__lookup"], true);
      const again = await looking.read("1", props ?? {});
      assert.deepEqual(again.props, props, "a refresh keeps the mark");
      for (const outputs of [props, again.props]) {
        const former = await formerIn(async (handler) => {
          await handler.diff("1", state, { name: "b" });
          await handler.diff("1", outputs ?? {}, { name: "b" });
          await handler.read("1", outputs ?? {});
        });
        assert.deepEqual(former, met);
      }
    });
    it("is also found by the Hub's own id, whatever the name", async () => {
      const run = new Run(silent);
      const known = configured({ identityOf: ({ size }) => `id ${size}` }, {}, run);
      await known.diff("1", state, { name: "b" });
      await told(run).create({ name: "b" });
      const [, context] = create.lastCall.args as unknown as [Inputs, LifecycleContext];
      assert.deepEqual([context.formerOf?.("id 3"), context.formerOf?.("id 4")], [met, undefined]);
    });
    it("is undefined for another object and for a look-up", async () => {
      assert.equal(await formerIn((handler) => handler.read("1", { ...state, name: "b" })), undefined);
      assert.equal(await formerIn((handler) => handler.read("a", CODE)), undefined);
    });
  });

  describe("option import", () => {
    const importing = (differing: Record<string, unknown> = {}) => {
      const create = sinon.fake.rejects(new Error("created"));
      const destroy = sinon.fake.resolves(undefined);
      const handler = configured({
        sharedObject: (id) => id,
        create,
        delete: destroy,
        imports: {
          parseId(id) {
            if (!id.startsWith("thing/")) throw new LifecycleError(`"${id}" is not the id of a thing.`);
          },
          compare: (id, inputs) =>
            Promise.resolve(
              id === "thing/none" ? undefined : { differing, state: { ...inputs, note: "found" } },
            ),
        },
      });
      return { handler, create, destroy };
    };
    const IMPORT = { __importId: "thing/a" };
    const reasons = async (news: object) =>
      (await importing().handler.check({}, { name: "a", ...news })).failures.map(({ reason }) => reason);

    it("takes over an object that matches the program: keeps its id, creates nothing, and does not store the option", async () => {
      const { handler, create } = importing();
      const { inputs, failures } = await handler.check({}, { name: "a", ...IMPORT });
      assert.deepEqual(failures, []);
      assert.deepEqual(inputs, { name: "a", size: 1, ...IMPORT });
      assert.deepEqual(await handler.create(inputs), {
        id: "thing/a",
        outs: { name: "a", size: 1, note: "found", ...KEPT },
      });
      assert.equal(create.callCount, 0);
    });
    it("names the differences, with the Hub's values unless they are secret", async () => {
      const { handler } = importing({ name: "b", size: undefined });
      await assert.rejects(
        handler.create({ name: "a", size: 1, ...IMPORT }),
        /Thing thing\/a was not imported, because the program differs from the Hub in name \(on the Hub: "b"\), size\. Nothing was changed\./,
      );
    });
    it("fails if there is no such object", async () => {
      await assert.rejects(
        importing().handler.create({ name: "a", __importId: "thing/none" }),
        /There is no Thing thing\/none on the Hub to import/,
      );
    });
    it("is refused in the check if the id is malformed or not text, and accepts an unknown id", async () => {
      assert.deepEqual(await reasons({ __importId: "a" }), ['option import: "a" is not the id of a thing.']);
      assert.deepEqual(await reasons({ __importId: "" }), ['option import: "" is not the id of a thing.']);
      const [leaked = ""] = await reasons({ __importId: `user/hf_${"a".repeat(34)}` });
      assert.match(leaked, /is a token instead of an id.*revoke it/);
      assert.doesNotMatch(leaked, /aaaa/);
      assert.match((await reasons({ __importId: 1 })).join(), /must be an id \(a string\), not number/);
      assert.deepEqual(await reasons({ __importId: UNKNOWN }), []);
      assert.deepEqual(await reasons({}), []);
    });
    it("is not an argument of programs", async () => {
      assert.match((await reasons({ importId: "thing/a" })).join(), /unknown property "importId"/);
    });
    it("is refused for a type without import, with the reason", async () => {
      const { failures } = await configured({ imports: "the Hub does not tell." }).check(
        {},
        { name: "a", ...IMPORT },
      );
      assert.deepEqual(
        failures.map(({ reason }) => reason),
        ["option import: the Hub does not tell."],
      );
    });
    it("causes no change for the object that it has imported, whatever the case, and refuses another object", async () => {
      const { handler } = importing();
      const state = { name: "a", size: 1, stateVersion: 2 };
      const diff = (importId?: string) => handler.diff("thing/a", state, { name: "a", __importId: importId });
      const none = { changes: false, replaces: [] };
      assert.deepEqual(await diff(), none);
      assert.deepEqual(await diff("Thing/A"), none);
      await assert.rejects(
        diff("thing/b"),
        /option import is thing\/b, but this Thing is thing\/a in the state\. Nothing was changed/,
      );
    });
    it("is refused for a change that needs a new object, before anything is deleted", async () => {
      const { handler } = importing();
      const { inputs } = await handler.check({}, { name: "b", ...IMPORT });
      await assert.rejects(
        handler.diff("thing/a", { name: "a", size: 1, stateVersion: 2 }, inputs),
        /needs a new Thing, but the option import names the existing one\. Nothing was changed\. Remove the option/,
      );
    });
    it("keeps the object if the import replaces a resource that had it", async () => {
      const { handler, destroy } = importing();
      await handler.create({ name: "a", ...IMPORT });
      await handler.delete("thing/a", { name: "a", stateVersion: 2 });
      assert.equal(destroy.callCount, 0);
    });
  });

  describe("errors", () => {
    it("carry nothing but text", async () => {
      const failing = configured({
        create: () =>
          Promise.reject(
            Object.assign(new Error("no"), { config: { headers: { authorization: "Bearer hf_x" } } }),
          ),
      });
      await assert.rejects(failing.create({ name: "a" }), (error: Error) => {
        assert.deepEqual(
          Object.keys(error).filter((key) => !["name", "stack", "message"].includes(key)),
          [],
        );
        return true;
      });
    });
    it("of an update that changed something carry the state to store, with the handler's code, and the text as the reason", async () => {
      const state = { name: "a", size: 2, note: undefined };
      const failing = configured({ update: () => Promise.reject(new UnfinishedError("half of it.", state)) });
      await assert.rejects(
        failing.update("1", { name: "a", size: 1 }, { name: "a", size: 2, ...CODE }),
        (error: object) => {
          assert.deepEqual(
            { ...error },
            {
              name: "UnfinishedError",
              id: "1",
              properties: { name: "a", size: 2, ...UNFINISHED, ...CODE },
              reasons: ["half of it."],
            },
          );
          return true;
        },
      );
    });
    it("store no argument whose value differs from the program's, because the program's may be secret", async () => {
      const update = () => Promise.reject(new UnfinishedError("no.", { name: "a", size: 2, note: "kept" }));
      const stored = async (news: object, secrets: string[] = []): Promise<object> => {
        const error: unknown = await configured({ update, secrets })
          .update("1", { name: "a", size: 1 }, { ...news })
          .catch((thrown: unknown) => thrown);
        return (error as { properties: object }).properties;
      };
      assert.deepEqual(await stored({ name: "b" }), { note: "kept", ...UNFINISHED });
      assert.deepEqual(await stored({ name: "a", size: 3 }), { name: "a", note: "kept", ...UNFINISHED });
      // The engine encrypts fields that the definition marks as secret, whatever their values.
      assert.deepEqual(await stored({ name: "b" }, ["name"]), { name: "a", note: "kept", ...UNFINISHED });
    });
    it("start no line with text from outside, neither in the message nor in the stack", async () => {
      const create = () => Promise.reject(new TypeError(`cannot read ${COMMANDS}`));
      const error: unknown = await configured({ create })
        .create({ name: "a" })
        .catch((thrown: unknown) => thrown);
      assert.ok(error instanceof Error);
      assertPresentable(error.message);
      assertNoCommand(error.stack ?? "");
      assert.match(error.stack ?? "", /^TypeError: cannot read a\?: ?:add-mask.*\n {4}at /);
    });
    it("of a check are one line without commands, whatever they repeat", async () => {
      const check = () => [{ property: "name", reason: `is ${COMMANDS}` }];
      const { failures } = await configured({ check }).check({}, { name: "a" });
      failures.forEach(({ reason }) => assertPresentable(reason));
    });
    it("explain what to do about a 401 if the engine has stored the token", async () => {
      const refused = () =>
        Promise.reject(Object.assign(new Error("401."), { name: "HubError", status: 401 }));
      await assert.rejects(
        configured({ delete: refused }).delete("1", { name: "a" }),
        /stored.*--run-program.*tokenEnv/s,
      );
      process.env["TEST_HUB_TOKEN"] = "hf_y";
      const byName = configured(
        { delete: refused },
        { "huggingface:token": undefined, "huggingface:tokenEnv": "TEST_HUB_TOKEN" },
      );
      await assert.rejects(byName.delete("1", { name: "a" }), (error: Error) => error.message === "401.");
      delete process.env["TEST_HUB_TOKEN"];
    });
    it("are not printed again by the SDK, and no other output is lost", async () => {
      const fail = () => Promise.reject(new LifecycleError("printed by the engine."));
      const error = await configured({ read: fail })
        .read("1", CODE)
        .catch((thrown: Error) => thrown);
      assert.ok(error instanceof Error);
      const printed = sinon.stub(process.stderr, "write");
      try {
        // Prints in the same way as the SDK.
        console.error(`${String(error)}: ${error.stack}`);
        console.error(String(error));
        console.error(`${String(error)}: ${error.stack}`, "more");
      } finally {
        printed.restore();
      }
      assert.deepEqual(
        printed.args.map(([text]) => text),
        ["LifecycleError: printed by the engine.\n", "LifecycleError: printed by the engine.:  more\n"],
      );
    });
    it("about a wrong setting of the provider fail each step, and not the configuration", async () => {
      const handler = configured({}, { "huggingface:maxRetries": "many" });
      const wrong = 'huggingface:maxRetries must be a whole number from 0 to 20, not "many".';
      await assert.rejects(handler.create({ name: "a" }), { message: wrong });
      // These two may have used the settings that the last `up` stored.
      const stored = { name: "a", stateVersion: 2 };
      const message =
        `${wrong} Refresh, destroy and the refresh step of --refresh use the settings of the last \`pulumi up\`. If the configuration ` +
        "has changed, add --run-program to this command, or run `pulumi up` once without --refresh.";
      await assert.rejects(handler.read("1", stored), { message });
      await assert.rejects(handler.delete("1", stored), { message });
    });
  });
});

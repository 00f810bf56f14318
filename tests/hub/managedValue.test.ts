// The lifecycle of a resource that manages one value, with a kind of value that exists only in this test.
import assert from "node:assert/strict";
import { optional, string } from "../../provider/src/client/shape";
import { type ManagedValue } from "../../provider/src/hub/managedValue/kind";
import { managing } from "../../provider/src/hub/managedValue/lifecycle";
import { SentError } from "../../provider/src/hub/managedValue/send";
import { LifecycleError, UnfinishedError } from "../../provider/src/model/definition";
import { type InputsOf, type StateOf } from "../../provider/src/model/fields";
import { acknowledgeOverwriteSchema, userSchema } from "../../provider/src/model/schemas";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { type HubValue, valueMemory, valueOutputs } from "../../provider/src/rules/managedValue";
import { MEMBERSHIP } from "../../provider/src/rules/roles";
import { inMemory } from "../support/inMemory";

const model = {
  type: "Lamp",
  fields: {
    user: { schema: userSchema, required: true, replaces: true, stored: string },
    role: { schema: { type: "string", description: "a role" }, required: true, stored: optional(string) },
    acknowledgeOverwrite: { schema: acknowledgeOverwriteSchema },
  },
  outputs: valueOutputs,
  memory: valueMemory,
} as const;
type Inputs = InputsOf<typeof model>;
type State = StateOf<typeof model>;

const LOST = Object.assign(new Error("The answer was lost."), { outcomeUnknown: true });
const AT = "2026-01-10T00:00:00.000Z";

/** The Hub has one value, of the object 1 at first. */
class Fixture {
  hub: HubValue | undefined = { value: "read", identity: "1" };
  readonly sent: string[] = [];
  /** What happens instead of a change. */
  onSend: ((role: string) => void) | undefined;
  onObserve: (() => void) | undefined;
  readonly memory = inMemory({});
  readonly kind: ManagedValue<Inputs, State> = {
    model,
    rule: { facet: MEMBERSHIP, declared: ({ role }) => role },
    words: {
      subject: ({ user }) => `the role of ${user}`,
      value: (role) => role ?? "none",
      keep: (role) => `Declare ${role}`,
      missing: ({ user }) => `${user} is gone. Remove the resource.`,
    },
    label: ({ user }) => `of ${user ?? ""}`,
    id: ({ user }) => user,
    scope: () => "Acme",
    parseId: (user) => ({ user }),
    observe: () => {
      this.onObserve?.();
      return Promise.resolve(this.hub && { ...this.hub });
    },
    send: ({ role }) => {
      this.sent.push(role);
      return Promise.resolve().then(() => {
        if (this.onSend) this.onSend(role);
        else this.set(role);
      });
    },
    shown: ({ value }) => ({ role: value ?? undefined }),
    author: () => Promise.resolve({ user: "ada", at: AT }),
    end: () => {
      this.set(null);
      return Promise.resolve();
    },
  };
  readonly lamp = managing(this.kind);

  set(value: string | null, identity = this.hub?.identity ?? "1"): void {
    this.hub = { value, identity };
  }
  get said(): string {
    return this.memory.said.join("\n");
  }
  async created(changes: Partial<Inputs> = {}): Promise<State> {
    const { state } = await this.lamp.create(inputs(changes), this.memory.context);
    this.sent.length = 0;
    return plain(state);
  }
  async update(state: State, changes: Partial<Inputs> = {}): Promise<State> {
    return plain(await this.lamp.update("ana", state, inputs(changes), this.memory.context));
  }
  /** An update that fails, and what it keeps. */
  async failed(state: State, changes: Partial<Inputs> = {}): Promise<{ message: string; state: State }> {
    const error: unknown = await this.update(state, changes).catch((reason: unknown) => reason);
    assert.ok(error instanceof UnfinishedError, String(error));
    return { message: error.message, state: plain(error.state as State) };
  }
  async refreshed(state: State): Promise<{ inputs: Inputs; state: State }> {
    const found = await this.lamp.read("ana", state, this.memory.context);
    assert.ok(found);
    return { inputs: plain(found.inputs), state: plain(found.state) };
  }
}

const inputs = (changes: Partial<Inputs> = {}): Inputs => ({ user: "ana", role: "write", ...changes });
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
/** What the engine keeps of the arguments after a failed update. */
const stored = (state: State): State => plain({ ...state, role: undefined }) as unknown as State;
const because = (acknowledgeOverwrite: string) => ({ acknowledgeOverwrite });

describe("a resource that manages one value", () => {
  let fixture: Fixture;
  beforeEach(() => (fixture = new Fixture()));

  it("sends the value, reads it again and keeps what it applied", async () => {
    const { id, state } = await fixture.lamp.create(inputs(), fixture.memory.context);
    assert.equal(id, "ana");
    assert.deepEqual(fixture.sent, ["write"]);
    assert.deepEqual(plain(state), {
      ...{ user: "ana", role: "write", status: "active" },
      ...{ applied: "write", appliedAt: AT, heard: { seen: [] }, identity: "1" },
    });
    assert.deepEqual(fixture.lamp.diff?.(state, inputs(), [], fixture.memory.context), {
      ...{ changes: false, changed: [], replaces: [], renews: [] },
    });
  });

  describe("whose answer is lost", () => {
    it("is done if the Hub has the value", async () => {
      fixture.onSend = (role) => {
        fixture.set(role);
        throw LOST;
      };
      assert.equal((await fixture.created()).applied, "write");
    });
    it("fails if the Hub has another value, and the reason stays open", async () => {
      const state = await fixture.created();
      fixture.set("read");
      fixture.onSend = () => {
        throw LOST;
      };
      const failed = await fixture.failed(state, because("back"));
      assert.equal(failed.message, LOST.message);
      assert.deepEqual([failed.state.applied, failed.state.tried], ["write", undefined]);
      fixture.onSend = undefined;
      assert.equal((await fixture.update(failed.state, because("back"))).applied, "write");
    });
    it("counts as applied if a later run finds it", async () => {
      const state = await fixture.created();
      fixture.onSend = (role) => {
        fixture.set(role);
        fixture.onObserve = () => {
          throw new Error("The Hub is down.");
        };
        throw LOST;
      };
      const failed = await fixture.failed(state, { role: "admin" });
      assert.equal(failed.state.tried, "admin");
      fixture.onSend = fixture.onObserve = undefined;
      const refreshed = await fixture.refreshed(failed.state);
      assert.deepEqual([refreshed.state.applied, refreshed.state.tried], ["admin", undefined]);
      // It is the program's own value, so no reason is necessary.
      fixture.set("read");
      const settled = { ...refreshed.state, applied: "read", tried: "read" };
      assert.equal((await fixture.update(settled)).applied, "write");
    });
    it("does not count as tried if the Hub refused it", async () => {
      const state = await fixture.created();
      fixture.onSend = () => {
        throw new LifecycleError("No.");
      };
      const failed = await fixture.failed(state, { role: "admin" });
      assert.deepEqual([failed.state.applied, failed.state.tried], ["write", undefined]);
    });
  });

  it("fails if the Hub accepts a change but does not make it", async () => {
    const state = await fixture.created();
    fixture.onSend = () => undefined;
    const failed = await fixture.failed(state, { role: "admin" });
    assert.match(
      failed.message,
      /^The Hub accepted a change of the role of ana but did not make it: it is write\./,
    );
    assert.deepEqual(
      [failed.state.applied, failed.state.tried, failed.state.seen],
      ["write", undefined, { value: "write" }],
    );
    await assert.rejects(fixture.created({ role: "admin" }), LifecycleError);
  });

  it("fails if its object disappears during the change", async () => {
    const state = await fixture.created();
    fixture.onSend = () => (fixture.hub = undefined);
    assert.equal(
      (await fixture.failed(state, { role: "admin" })).message,
      "ana is gone. Remove the resource.",
    );
  });

  it("keeps a value that was sent before a later step failed", async () => {
    const state = { ...(await fixture.created()), appliedAt: "2025-01-01T00:00:00.000Z" };
    fixture.onSend = (role) => {
      fixture.set(role);
      throw new SentError("A later step failed.", { value: role, identity: "1" });
    };
    const failed = await fixture.failed(state, { role: "admin" });
    assert.equal(failed.message, "A later step failed.");
    assert.deepEqual(
      [failed.state.applied, failed.state.appliedAt, failed.state.tried],
      ["admin", AT, undefined],
    );
  });

  describe("that someone changed on the Hub", () => {
    it("is shown by a refresh, and reverted with its author if it is looser", async () => {
      const state = await fixture.created();
      fixture.set("admin");
      const refreshed = await fixture.refreshed(state);
      assert.equal(refreshed.inputs.role, "admin");
      assert.deepEqual(refreshed.state.seen, { value: "admin" });
      assert.equal((await fixture.update(refreshed.state)).seen, undefined);
      assert.match(fixture.said, /warn someone changed the role of ana .* it was admin \(by ada at/);
      assert.equal(fixture.hub?.value, "write");
    });
    it("is refused if it is tighter, and a preview announces it", async () => {
      const state = await fixture.created();
      fixture.set("read");
      const { state: seen } = await fixture.refreshed(state);
      const result = fixture.lamp.diff?.(seen, inputs(), ["role"], fixture.memory.context);
      assert.deepEqual([result?.changes, result?.renews], [true, ["status"]]);
      assert.match(fixture.said, /`pulumi up` will refuse this\. The role of ana was changed/);
      const failed = await fixture.failed(seen);
      assert.match(failed.message, /Declare read to keep it, or give a new reason/);
      assert.deepEqual(fixture.sent, []);
      assert.deepEqual([failed.state.applied, failed.state.seen], ["write", { value: "read" }]);
      // A refresh after the failure does not make the value the program's own.
      const after = await fixture.refreshed(stored(failed.state));
      assert.equal(after.state.applied, "write");
      await fixture.failed(after.state);
    });
    it("is not overwritten with a reason that was given for another value", async () => {
      const state = await fixture.created();
      fixture.set("read");
      fixture.onSend = () => {
        throw new LifecycleError("Not now.");
      };
      const failed = await fixture.failed(state, because("back"));
      fixture.onSend = undefined;
      fixture.set("no_access");
      const { state: overtaken } = await fixture.refreshed(failed.state);
      fixture.set("read");
      await fixture.failed(overtaken, because("back"));
      assert.equal(fixture.hub?.value, "read");
    });
    it("was found as declared by a run that failed, so a later change is not the program's", async () => {
      const state = await fixture.created({ role: "read" });
      fixture.set("write");
      fixture.kind.differs = () => true;
      fixture.onSend = () => {
        throw new LifecycleError("The description is too long.");
      };
      const failed = await fixture.failed({ ...state, appliedAt: "2025-01-01T00:00:00.000Z" });
      assert.deepEqual([failed.state.applied, failed.state.appliedAt], ["write", AT]);
      fixture.set("read");
      assert.match(
        (await fixture.failed(failed.state)).message,
        /changed on the Hub after this program set it to write/,
      );
    });
  });

  describe("of another object with the same name", () => {
    const another = async (value: string) => {
      const state = await fixture.created();
      fixture.set(value, "2");
      return state;
    };
    it("is tightened, reported, and not loosened by a reason before the report", async () => {
      const { state } = await fixture.refreshed(await another("read"));
      assert.equal(state.unreported, true);
      fixture.lamp.diff?.(state, inputs(), [], fixture.memory.context);
      assert.match(fixture.said, /this is a different object/);
      const failed = await fixture.failed(state, because("early"));
      assert.equal(failed.state.unreported, undefined);
      await fixture.failed(failed.state, because("early"));
      assert.equal((await fixture.update(failed.state, because("later"))).identity, "2");
    });
    it("is left unchanged by a delete, also after the report", async () => {
      const state = await another("admin");
      await fixture.lamp.delete("ana", state, fixture.memory.context);
      fixture.set("read");
      const failed = await fixture.failed(state);
      await fixture.lamp.delete("ana", failed.state, fixture.memory.context);
      assert.equal(fixture.hub?.value, "read");
      assert.equal(fixture.said.match(/warn left unchanged on the Hub/g)?.length, 2);
    });
    it("is not given to a creation that another resource of the run was refused", async () => {
      const state = await another("read");
      const { context } = inMemory({}, { former: state });
      await assert.rejects(fixture.lamp.create(inputs(because("new")), context), (error: Error) => {
        assert.match(
          error.message,
          /this program did not set that.* Name that resource in the option `aliases`/,
        );
        return true;
      });
      assert.deepEqual(fixture.sent, []);
    });
  });

  it("finds the state of an object whose name has changed", async () => {
    const state = await fixture.created();
    fixture.set("read");
    const asked: string[] = [];
    const formerOf = (identity: string) => {
      asked.push(identity);
      return state;
    };
    const { context } = inMemory({}, { formerOf });
    await assert.rejects(fixture.lamp.create(inputs({ user: "ana-2" }), context), /was changed on the Hub/);
    assert.deepEqual(asked, ["acme 1"]);
    assert.equal(fixture.lamp.identityOf?.(state), "acme 1");
  });

  describe("whose object is missing", () => {
    it("cannot be created or looked up", async () => {
      fixture.hub = undefined;
      await assert.rejects(fixture.created(), { message: "ana is gone. Remove the resource." });
      assert.equal(await fixture.lamp.read("ana", undefined, fixture.memory.context), undefined);
    });
    it("is kept as missing, and is not loosened when it exists again", async () => {
      const state = await fixture.created();
      fixture.hub = undefined;
      const { state: missing } = await fixture.refreshed(state);
      assert.deepEqual([missing.status, missing.gone, missing.applied], ["missing", true, undefined]);
      assert.match(fixture.said, /warn ana is gone/);
      assert.equal(fixture.lamp.diff?.(missing, inputs(), [], fixture.memory.context).changes, false);
      const updated = await fixture.update(missing, because("early"));
      assert.equal(updated.status, "missing");
      await fixture.lamp.delete("ana", updated, fixture.memory.context);
      fixture.hub = { value: "read", identity: "1" };
      const failed = await fixture.failed(updated, because("early"));
      await fixture.failed(failed.state, because("early"));
      assert.equal((await fixture.update(failed.state, because("later"))).applied, "write");
    });
  });

  it("is imported if it is as declared, and names what differs", async () => {
    const { imports } = fixture.lamp;
    assert.ok(typeof imports !== "string");
    const differs = await imports.compare("ana", inputs(), fixture.memory.context);
    assert.deepEqual(differs?.differing, { role: "read" });
    const same = await imports.compare("ana", inputs({ role: "read" }), fixture.memory.context);
    assert.deepEqual([same?.differing, same?.state.applied, same?.state.identity], [{}, "read", "1"]);
    fixture.set(null);
    assert.equal(await imports.compare("ana", inputs(), fixture.memory.context), undefined);
    assert.deepEqual(fixture.sent, []);
  });

  it("is looked up with the value on the Hub", async () => {
    const found = await fixture.lamp.read("ana", undefined, fixture.memory.context);
    assert.deepEqual(plain(found?.state), { user: "ana", role: "read", identity: "1", status: "active" });
    fixture.set(null);
    assert.equal(await fixture.lamp.read("ana", undefined, fixture.memory.context), undefined);
  });

  it("predicts nothing from an unknown argument, and names its object without the other arguments", async () => {
    const state = await fixture.created();
    const unknown = inputs({ role: UNKNOWN });
    const result = fixture.lamp.diff?.(state, unknown, ["role"], fixture.memory.context);
    assert.deepEqual([result?.changes, result?.renews], [true, ["status"]]);
    assert.equal(fixture.lamp.declaredObject?.(unknown), "ana");
    assert.equal(fixture.lamp.declaredObject?.(inputs({ user: UNKNOWN })), undefined);
    const replaced = fixture.lamp.diff?.(state, inputs(), ["user"], fixture.memory.context);
    assert.deepEqual(replaced?.replaces, ["user"]);
  });

  it("is ended by a delete, unless it is already ended or retained", async () => {
    const state = await fixture.created();
    await fixture.lamp.delete("ana", state, fixture.memory.context);
    assert.equal(fixture.hub?.value, null);
    await fixture.lamp.delete("ana", state, fixture.memory.context);
    fixture.set("write");
    fixture.kind.retains = () => true;
    fixture.onObserve = () => assert.fail("nothing was to be read");
    await fixture.lamp.delete("ana", state, fixture.memory.context);
    assert.equal(fixture.hub?.value, "write");
  });
});

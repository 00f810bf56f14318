// The people, the program, two stacks, the network and the clocks. Plays a history and has each step judged.
import { createSandbox } from "sinon";
import { type Ended, type Engine, type Options, simulated, type Stack } from "./engine";
import { type Counters } from "./counters";
import { type Act, type Run } from "./history";
import { type Entry, moveState, programOf, Reasons } from "./entries";
import { LawHub } from "./hub";
import { Oracle, type Violation } from "./oracle";
import { type Slot } from "./slots/slot";
import { subjects } from "./subjects";
import { type Forecast, Weather } from "./weather";
import { type Store } from "../../local-hub/src/store/store";
import { type LawHubHolder } from "./transport";

const BEGIN = Date.parse("2027-03-01T08:00:00Z");
const HOUR = 3_600_000;

export class World {
  readonly hub: LawHub;
  readonly oracle: Oracle;
  readonly stacks: Stack[] = [
    { name: "dev", kept: [] },
    { name: "prod", kept: [] },
  ];
  readonly entries: Entry[];
  /** Names that the last `up` refused, as long as nothing has changed since. */
  #refused: { stack: number; names: Set<string>; unkept: Set<string>; refresh: boolean } | undefined;
  /** The number of entries at first. Resources declared again are added after them, and no later act is about those. */
  readonly #slots: number;
  #ahead = 0;
  #names = 0;
  readonly #reasons: Reasons;
  // Each world has its own sandbox: the default one never forgets a clock.
  readonly #sandbox = createSandbox();
  readonly #clock = this.#sandbox.useFakeTimers({ now: BEGIN, toFake: ["Date"] });

  constructor(
    slots: readonly Slot[],
    private readonly counters: Counters,
    holder: LawHubHolder,
    private readonly engine: Engine = simulated,
  ) {
    this.hub = new LawHub(() => new Date(Date.now() + this.#ahead));
    holder.hub = this.hub;
    this.#reasons = new Reasons(counters);
    this.oracle = new Oracle(this.hub, slots, counters, this.stacks);
    for (const slot of slots) slot.begin(this.#store, this.hub.actor(0));
    this.entries = slots.map((slot) => ({
      slot,
      name: slot.name,
      stack: 0,
      isDeclared: true,
      args: typeof slot.args === "function" ? slot.args(this.#store) : slot.args,
      aliases: [],
      retainOnDelete: false,
      provider: 0,
      reasons: [],
    }));
    this.#slots = slots.length;
  }

  close(): void {
    this.#sandbox.restore();
  }

  get violations(): readonly Violation[] {
    return this.oracle.violations;
  }

  async play(act: Act): Promise<void> {
    this.counters.act(act.do === "run" ? `${act.kind}${act.refresh ? " --refresh" : ""}` : act.do);
    // Each act takes longer than the seconds by which the Hub may report one moment in two ways, so that later events
    // have later times.
    this.#clock.tick(3000);
    if (act.do === "run") {
      await this.#run(act);
      if (act.resolve !== undefined && this.violations.length === 0) await this.#resolve(act.resolve);
      return;
    }
    if (act.do === "clock") {
      if (act.whose === "Hub") this.#ahead += act.hours * HOUR;
      else {
        // Only the runner's clock jumps, not the Hub's.
        this.#clock.setSystemTime(Date.now() + act.hours * HOUR);
        this.#ahead -= act.hours * HOUR;
      }
      return;
    }
    if (act.do === "wait") return void this.#clock.tick(act.hours * HOUR);
    const entry = this.entries[act.slot % this.#slots] as Entry;
    const { slot } = entry;
    switch (act.do) {
      case "hand": {
        const change = slot.hand[act.change % slot.hand.length];
        const current = this.#currentToken(entry);
        change?.apply(this.#store, this.hub.actor(act.who), current);
        if (change?.touchesAll) this.oracle.tokens.touch();
        if (current !== undefined) {
          this.oracle.tokens.touch(current);
          this.oracle.accounts.touch(current);
        }
        return this.oracle.facets.touch(slot.object);
      }
      case "program": {
        entry.args = slot.program[act.change % slot.program.length]?.apply(entry.args) ?? entry.args;
        this.#reasons.giveIfNeeded(entry);
        return;
      }
      case "reason":
        return this.#reasons.give(entry, act.old);
      case "declare":
        entry.isDeclared = act.on;
        return;
      case "rename": {
        entry.aliases = act.alias ? [...entry.aliases, entry.name] : [];
        entry.name = `${slot.name}-${++this.#names}`;
        return;
      }
      case "provider":
        entry.provider = slot.mayChangeProvider === true ? act.provider : 0;
        return;
      case "retain":
        entry.retainOnDelete = act.on;
        return;
      case "move": {
        const { name, args, stack } = entry;
        await moveState(this.engine, this.stacks, { entry, entries: this.entries });
        // The program declares another resource under the old name.
        if (act.again && slot.mayBeDeclaredAgain && entry.stack !== stack) {
          this.entries.push({ ...entry, name, args, stack, aliases: [], reasons: [] });
        }
        return;
      }
    }
  }

  /** The token or account that the program has, by the Hub's id. */
  #currentToken(entry: Entry): string | undefined {
    const kept = this.stacks[entry.stack]?.kept.find(
      ({ type, name }) => type === entry.slot.type && name === entry.name,
    );
    return this.oracle.tokens.currentOf(kept?.uid)?.current ?? this.oracle.accounts.currentOf(kept?.uid);
  }

  get #store(): Store {
    return this.hub.store;
  }

  async #run(run: Run): Promise<void> {
    this.#refused = undefined;
    if (run.replace !== undefined) this.counters.act("--replace");
    if (run.target !== undefined) this.counters.act("--target");
    const stack = this.stacks[run.stack % this.stacks.length] as Stack;
    const named = (slot: number | undefined): string[] | undefined =>
      slot === undefined ? undefined : [this.entries[slot % this.#slots]?.name ?? ""];
    const options: Options = {
      refresh: run.refresh,
      othersGoOn: run.othersGoOn,
      replace: named(run.replace),
      target: named(run.target),
    };
    if (run.kind === "up" && run.previewFirst && !run.forecast) return this.#previewAndUp(stack, options);
    await this.#operate(stack, run.kind, options, run.forecast);
  }

  /** A preview and a run that see the same Hub have to decide the same. */
  async #previewAndUp(stack: Stack, options: Options): Promise<void> {
    const shown = await this.#operate(stack, "preview", options);
    const { warned, foretold, failed: shownFailed } = this.oracle.operation;
    const done = await this.#operate(stack, "up", options);
    const { refused } = this.oracle.operation;
    this.oracle.compare({ shown, warned, foretold, shownFailed }, { done, refused });
  }

  async #operate(stack: Stack, kind: Run["kind"], options: Options, forecast?: Forecast): Promise<Ended> {
    const index = this.stacks.indexOf(stack);
    const weather = new Weather(forecast);
    const preview = kind === "preview";
    const all = { ...options, preview };
    this.oracle.start(all, weather);
    this.hub.weather = weather;
    this.hub.requests = [];
    const operation = this.engine.operation(
      stack,
      programOf(this.entries, index),
      all,
      this.oracle,
      this.hub,
    );
    const ended = await (kind === "refresh"
      ? operation.refresh()
      : kind === "destroy"
        ? operation.destroy()
        : operation.up());
    this.hub.weather = undefined;
    if (weather.happened || weather.bent) this.counters.act(forecast?.accident ?? forecast?.view ?? "");
    if (weather.hit?.accident === "200 without effect")
      this.counters.act(`${weather.hit.method} without effect`);
    if (kind === "up") {
      this.oracle.judgeEnd(ended.dead);
      const { failed, refused, unkept } = this.oracle.operation;
      const calm = !weather.happened && !weather.willBend && !options.target && !options.replace;
      this.#refused =
        calm && refused.size > 0 && refused.size === failed.size
          ? { stack: index, names: refused, unkept, refresh: options.refresh ?? false }
          : undefined;
    }
    return ended;
  }

  /** One new reason, or declaring what the Hub has, resolves a refusal in one run. */
  async #resolve(how: "reason" | "as on the Hub"): Promise<void> {
    const refused = this.#refused;
    if (!refused) return;
    // Undecidable: a refused creation stores nothing, so no run has reported the other object that it found.
    if (how === "reason" && refused.unkept.size > 0) return;
    const stack = this.stacks[refused.stack] as Stack;
    for (const entry of this.entries.filter(
      ({ name, stack: at }) => at === refused.stack && refused.names.has(name),
    )) {
      const { slot } = entry;
      const look = subjects[slot.type]?.look(this.hub.store, slot.object);
      const current = this.#currentToken(entry);
      const place = entry.args["serviceAccount"] as string | undefined;
      const isPlaceGone = place !== undefined && !this.#store.serviceAccounts.has(place);
      // A reason does not bring a deleted account back; only another account helps.
      const isThere = (look !== undefined || current !== undefined) && !(isPlaceGone && how === "reason");
      if (!isThere || (how === "reason" && slot.reason === undefined)) return;
      if (how === "reason") {
        entry.args = slot.adopting?.(entry.args) ?? entry.args;
        this.#reasons.give(entry, -1);
      } else {
        const asOnHub = slot.asOnHub(entry.args, look?.facets ?? {}, this.#store, current);
        if (!asOnHub) return;
        entry.args = asOnHub;
        this.#reasons.giveIfNeeded(entry);
      }
    }
    this.counters.act(`resolve by ${how}`);
    await this.#operate(stack, "up", { refresh: refused.refresh });
    const { failed } = this.oracle.operation;
    for (const name of failed) {
      if (!refused.names.has(name)) continue;
      this.oracle.break(
        10,
        `by ${how}`,
        `${name} is refused again after ${how === "reason" ? "a new reason" : "declaring what the Hub has"}: ${this.oracle.lastError}`,
      );
    }
  }
}

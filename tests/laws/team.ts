// A few people with one declared resource, for histories that are written act by act.
import { strict as assert } from "node:assert";
import { Counters } from "./counters";
import { type Act, type Run } from "./history";
import { slots } from "./slots";
import { type LawHubHolder } from "./transport";
import { World } from "./world";

const RUN = {
  do: "run",
  kind: "up",
  stack: 0,
  refresh: false,
  previewFirst: false,
  othersGoOn: true,
} as const;

/** A team with one declared resource. */
export class Team {
  readonly #world: World;
  readonly #index: number;

  constructor(
    holder: LawHubHolder,
    private readonly type: string,
    object: string,
  ) {
    const own = slots[type] ?? [];
    this.#world = new World(own, new Counters(), holder);
    this.#index = own.findIndex((slot) => slot.object === object);
    // The other slots are not declared, so they do not interfere.
    for (const slot of own.keys()) if (slot !== this.#index) this.#world.entries[slot]!.isDeclared = false;
  }

  /** Someone makes a change by hand; the words are those of the slot. */
  hand(words: string): Promise<void> {
    return this.#play({ do: "hand", slot: this.#index, change: this.#find("hand", words), who: 0 });
  }

  program(words: string): Promise<void> {
    return this.#play({ do: "program", slot: this.#index, change: this.#find("program", words) });
  }

  newReason(): Promise<void> {
    return this.#play({ do: "reason", slot: this.#index, old: -1 });
  }

  rename(): Promise<void> {
    return this.#play({ do: "rename", slot: this.#index, alias: true });
  }

  wait(hours: number): Promise<void> {
    return this.#play({ do: "wait", hours });
  }

  /** Runs `up`, and returns whether it failed. */
  async fails(parts: Partial<Run> = {}): Promise<boolean> {
    await this.#play({ ...RUN, ...parts });
    return this.#world.oracle.operation.failed.size > 0;
  }

  async succeeds(parts: Partial<Run> = {}): Promise<void> {
    assert.equal(await this.fails(parts), false, this.#world.oracle.lastError);
  }

  get store() {
    return this.#world.hub.store;
  }

  close(): void {
    this.#world.close();
  }

  async #play(act: Act): Promise<void> {
    await this.#world.play(act);
    const [violation] = this.#world.violations;
    if (violation) throw violation;
  }

  #find(what: "hand" | "program", words: string): number {
    const found = slots[this.type]?.[this.#index]?.[what].findIndex((each) => each.words === words) ?? -1;
    assert.notEqual(found, -1, words);
    return found;
  }
}

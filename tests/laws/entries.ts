// The declarations of a program, and the reasons that people give in it.
import { type Counters } from "./counters";
import { omit, type Slot } from "./slots/slot";
import { type Declared, type Engine, type Stack } from "./steps";

/** A declaration of the program. */
export interface Entry {
  slot: Slot;
  name: string;
  stack: number;
  isDeclared: boolean;
  args: Record<string, unknown>;
  aliases: string[];
  retainOnDelete: boolean;
  provider: number;
  reasons: string[];
}

/** What the program of a stack declares. */
export function programOf(entries: readonly Entry[], stack: number): Declared[] {
  return entries
    .filter((entry) => entry.isDeclared && entry.stack === stack)
    .flatMap(({ slot, name, args, aliases, retainOnDelete, provider }) => {
      const declared = { type: slot.type, name, args, aliases, retainOnDelete, provider };
      return [declared, ...(slot.children?.(declared) ?? [])];
    });
}

/** `pulumi state move`, followed by the same move in the program. */
export async function moveState(
  engine: Engine,
  stacks: readonly Stack[],
  { entry, entries }: { entry: Entry; entries: readonly Entry[] },
): Promise<void> {
  const [from, to] = [stacks[entry.stack], stacks[1 - entry.stack]] as [Stack, Stack];
  const kept = from.kept.find((each) => each.name === entry.name && !each.doomed);
  const isTaken =
    to.kept.some(({ type, name }) => type === kept?.type && name === kept.name) ||
    entries.some(
      (each) => each.stack !== entry.stack && each.slot === entry.slot && each.name === entry.name,
    );
  if (!kept || isTaken) return;
  await engine.move(from, to, kept);
  // Child declarations move too.
  const moved = from.kept.filter(({ name }) => name === kept.name || name.startsWith(`${kept.name} `));
  for (const each of moved) from.kept.splice(from.kept.indexOf(each), 1);
  to.kept.push(...moved);
  entry.stack = 1 - entry.stack;
}

export class Reasons {
  #count = 0;

  constructor(private readonly counters: Counters) {}

  giveIfNeeded(entry: Entry): void {
    const { slot, args } = entry;
    if (slot.reason !== undefined && slot.needsReason(args) && args[slot.reason] === undefined)
      this.give(entry, -1);
  }

  /** @param old - which of the earlier reasons; -1 for a new one, -2 for none */
  give(entry: Entry, old: number): void {
    const { slot, reasons } = entry;
    if (slot.reason === undefined) return;
    if (old === -2) {
      if (!slot.needsReason(entry.args)) entry.args = omit(entry.args, slot.reason);
      return;
    }
    const earlier = old < 0 ? undefined : reasons[old % Math.max(1, reasons.length)];
    const reason = earlier ?? `reason ${++this.#count}`;
    if (earlier !== undefined && earlier !== reasons.at(-1)) this.counters.act("an old reason returns");
    if (!reasons.includes(reason)) reasons.push(reason);
    entry.args = { ...entry.args, [slot.reason]: slot.asReason?.(reason) ?? reason };
  }
}

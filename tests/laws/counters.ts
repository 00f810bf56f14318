// Counts each kind of step and each row of the rule's table, to show what a checker never reaches.

export class Counters {
  readonly steps = new Map<string, number>();
  readonly rows = new Map<string, number>();
  readonly acts = new Map<string, number>();

  /** How long the steps took, without the time for shortening histories. */
  seconds = 0;

  step(kind: string): void {
    add(this.steps, kind);
  }

  row(name: string): void {
    add(this.rows, name);
  }

  act(kind: string): void {
    add(this.acts, kind);
  }

  get total(): number {
    return [...this.steps.values()].reduce((sum, count) => sum + count, 0);
  }

  lines(): string[] {
    const table = (title: string, counts: Map<string, number>): string[] => [
      title,
      ...[...counts].sort().map(([name, count]) => `  ${String(count).padStart(8)}  ${name}`),
    ];
    return [
      `${this.total} calls in ${this.seconds.toFixed(1)} s`,
      ...table("Calls of the handlers", this.steps),
      ...table("What people, the engine and the network did", this.acts),
      ...table("Rows of the table", this.rows),
    ];
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Repeated measurements of the same value. */
export interface Sample {
  median: number;
  least: number;
  most: number;
  runs: number;
}

/** The limit for a figure. */
export interface Goal {
  relation: "<=" | "<" | ">=" | "=";
  value: number;
}

/** One line of the table. */
export interface Figure {
  name: string;
  sample: Sample;
  unit: string;
  goal?: Goal;
}

/** The figure in the form that `--json` prints. */
export interface PlainFigure {
  name: string;
  value: number;
  unit: string;
  goal: string | null;
  holds: boolean | null;
}

/** Summarizes the values. */
export function sample(values: readonly number[]): Sample {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) throw new Error("Nothing was measured.");
  const middle = (sorted.length - 1) / 2;
  return {
    median: ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2,
    least: sorted[0] ?? 0,
    most: sorted.at(-1) ?? 0,
    runs: sorted.length,
  };
}

/** Divides run by run, because a disturbance affects both measurements of the same run. */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((value, index) => value / (theirs[index] ?? NaN));
}

/** Returns true if the median meets the goal, or null if there is no goal. */
export function holds({ sample: { median }, goal }: Figure): boolean | null {
  if (!goal) return null;
  switch (goal.relation) {
    case "<=":
      return median <= goal.value;
    case "<":
      return median < goal.value;
    case ">=":
      return median >= goal.value;
    case "=":
      return median === goal.value;
  }
}

/** The figures as JSON. */
export function plain(figures: readonly Figure[]): PlainFigure[] {
  return figures.map((figure) => ({
    name: figure.name,
    value: Number(figure.sample.median.toPrecision(4)),
    unit: figure.unit,
    goal: figure.goal ? `${figure.goal.relation} ${figure.goal.value}` : null,
    holds: holds(figure),
  }));
}

/** The figures as a table in Markdown, ready for the documentation. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { median, least, most, runs } = figure.sample;
    const held = holds(figure);
    return [
      figure.name,
      `${short(median)} ${figure.unit}`.trim(),
      runs > 1 ? `${short(least)} – ${short(most)} (${runs})` : "",
      figure.goal ? `${figure.goal.relation} ${figure.goal.value}` : "",
      held === null ? "" : held ? "yes" : "**no**",
    ];
  });
  const all = [["figure", "median", "spread (runs)", "goal", "holds"], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(all[0] ?? []), rule, ...rows.map(line)].join("\n");
}

function short(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const magnitude = Math.abs(value);
  return value.toFixed(magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 0.1 ? 2 : 3);
}

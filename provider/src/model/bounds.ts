/** The deepest nesting of data. Real data is much flatter, and a call stack allows much more. */
export const MAX_DEPTH = 32;

/** The most parts of one list or object. Real data has far fewer, and comparing this many is still fast. */
export const MAX_PARTS = 10_000;

/** Why data is too large to process, or `undefined`. */
export function boundProblem(value: unknown, deepest = MAX_DEPTH): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  // guard: depth
  if (deepest === 0) return `is nested more than ${MAX_DEPTH} levels deep`;
  const parts = Object.values(value);
  if (parts.length > MAX_PARTS) return `has more than ${MAX_PARTS} parts in one list or object`;
  for (const part of parts) {
    const problem = boundProblem(part, deepest - 1);
    if (problem) return problem;
  }
  return undefined;
}

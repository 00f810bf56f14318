/** How deep data may be nested: far beyond any use, and far below what a call stack holds. */
export const MAX_DEPTH = 32;

/** How many parts a list or an object may have: far beyond any use, and far below what takes long to compare. */
export const MAX_PARTS = 10_000;

/** Why data is too large to be looked at, or `undefined`. */
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

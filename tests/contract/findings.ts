// Collects the problems of many similar trials: equal problems count once, with the trials that showed them.

/** A problem of an operation, or of our use of it. */
export interface Violation {
  operation: string;
  problem: string;
}

interface Entry {
  operation: string;
  text: string;
  trials: Set<string>;
}

/** Collects problems, and notes that need no action. */
export class Findings {
  /** The number of trials. */
  tried = 0;
  readonly #violations = new Map<string, Entry>();
  readonly #notes = new Map<string, Entry>();

  violation(operation: string, trial: string, text: string): void {
    add(this.#violations, operation, trial, text);
  }

  note(operation: string, trial: string, text: string): void {
    add(this.#notes, operation, trial, text);
  }

  get violations(): Violation[] {
    return [...this.#violations.values()].map(line);
  }

  get notes(): Violation[] {
    return [...this.#notes.values()].map(line);
  }
}

function add(to: Map<string, Entry>, operation: string, trial: string, text: string): void {
  const key = `${operation} ${text}`;
  const entry = to.get(key) ?? { operation, text, trials: new Set() };
  entry.trials.add(trial);
  to.set(key, entry);
}

function line({ operation, text, trials }: Entry): Violation {
  const named = [...trials].slice(0, 3).join("; ");
  const others = trials.size > 3 ? `; ${trials.size - 3} more` : "";
  return { operation, problem: `${text} (${named}${others})` };
}

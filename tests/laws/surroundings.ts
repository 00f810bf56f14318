// What the judges of one kind of resource get from the oracle.
import { type Store } from "../../local-hub/src/store/store";
import { type Account } from "./account";
import { type Counters } from "./counters";
import { type Options, type Outcome, type Stack, type Step } from "./engine";
import { type Weather } from "./weather";

/** What has to be true of any history, from docs/rule.md. */
export const LAWS = {
  1: "a run does nothing that the program does not declare, and loosens nothing without fresh intent",
  2: "after `up --refresh` nothing is looser than declared",
  3: "on the same observation, preview and run decide alike",
  4: "another object of the same name is left alone, and nothing is deleted",
  5: "a deletion undoes nothing that the run declares",
  6: "a rename or a replacement is not a way around a refusal",
  7: "a success means that the Hub holds what is declared, or that someone is told what is missing",
  8: "only the author of a change since the last apply is named",
  9: "nothing fails that no one has touched",
  10: "after a refusal, a new reason or declaring what is there ends it in one run",
  11: "no token or account ends that may be in use",
} as const;

export type Law = keyof typeof LAWS;

/** What an operation has shown so far. */
export interface Current {
  options: Options;
  weather: Weather;
  /** Objects that a check, create or update of this run has met, with the provider before them, as in `known`. */
  declared: Map<string, string>;
  /** Accounts of objects that this run was told of. */
  known: Map<string, Set<Account>>;
  reached: Map<string, Step>;
  /** What the refresh has read, by the engine's own ids. */
  refreshed: Set<number>;
  warned: Set<string>;
  foretold: Set<string>;
  failed: Set<string>;
  /** Those that failed in a creation or an update. */
  refused: Set<string>;
  /** Those whose creation was refused over another object than the one that a resource of this run knows. */
  unkept: Set<string>;
  /** Those whose creation has failed. */
  uncreated: Set<string>;
  /** Objects that a deletion of this run has changed, and the provider that did it. */
  ended: Map<string, number>;
}

export interface Surroundings {
  store: Store;
  counters: Counters;
  stacks: readonly Stack[];
  operation(): Current;
  /** Whether an answer in this step was not the Hub's own. */
  metFault(): boolean;
  /** Whether the Hub's own answer to this path was read in this step. */
  saw(path: string): boolean;
  /** Whether the answer to a write of this operation was lost. */
  lostAnswer(): boolean;
  /** @param kind - in a few words, the same for all violations of one kind */
  break(law: Law, kind: string, message: string): void;
}

/** Judges one kind of resource: is told of each step and each write. */
export interface Judge {
  begin(step: Step): void;
  beforeWrite(): void;
  afterWrite(step: Step): void;
  end(step: Step, outcome: Outcome): void;
  /** After `up --refresh`, for each resource that it has reached. */
  judgeEnd(step: Step): void;
}

export const describe = ({ method, name, stack }: Step): string => `${method} of ${name} in ${stack}`;

/** What a run has met, as a key. Undecidable: what another provider of the same program does, in a process of its own. */
export const metIn = ({ provider }: Step, object: string): string => `${provider} ${object}`;

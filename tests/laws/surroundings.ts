// What the oracle gives to the judges of each kind of resource.
import { type Store } from "../../local-hub/src/store/store";
import { type Account } from "./account";
import { type Counters } from "./counters";
import { type Options, type Outcome, type Stack, type Step } from "./engine";
import { type Weather } from "./weather";

/** What has to be true in any history, from docs/rule.md. */
export const LAWS = {
  1: "a run does nothing that the program does not declare, and loosens nothing without fresh intent",
  2: "after `up --refresh` nothing is looser than declared",
  3: "a preview and a run that see the same Hub decide the same",
  4: "another object with the same name is not changed, and nothing is deleted",
  5: "a deletion reverts nothing that the run declares",
  6: "a rename or a replacement does not bypass a refusal",
  7: "a successful run leaves the Hub as declared, or warns about what is missing",
  8: "only the author of a change since the last apply is named",
  9: "a resource that no one has touched does not fail",
  10: "a new reason, or declaring what the Hub has, resolves a refusal in one run",
  11: "a token or account that may be in use is not ended",
} as const;

export type Law = keyof typeof LAWS;

/** What an operation has shown so far. */
export interface Current {
  options: Options;
  weather: Weather;
  /** Objects that a check, create or update of this run has met; the keys start with the provider, as in `known`. */
  declared: Map<string, string>;
  /** Accounts of objects that this run has read. */
  known: Map<string, Set<Account>>;
  reached: Map<string, Step>;
  /** What the refresh has read, by uid. */
  refreshed: Set<number>;
  warned: Set<string>;
  foretold: Set<string>;
  failed: Set<string>;
  /** Names of resources that failed in a creation or an update. */
  refused: Set<string>;
  /**
   * Names of resources whose creation was refused because the object is not the one that a resource of this run
   * knows.
   */
  unkept: Set<string>;
  /** Names of resources whose creation has failed. */
  uncreated: Set<string>;
  /** Objects that a deletion of this run has changed, with the provider that did it. */
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
  /** @param kind - a few words, the same for all violations of one kind */
  break(law: Law, kind: string, message: string): void;
}

/** Judges one kind of resource. It is called for each step and each write. */
export interface Judge {
  begin(step: Step): void;
  beforeWrite(): void;
  afterWrite(step: Step): void;
  end(step: Step, outcome: Outcome): void;
  /** Called after `up --refresh`, for each resource that the run has reached. */
  judgeEnd(step: Step): void;
}

export const describe = ({ method, name, stack }: Step): string => `${method} of ${name} in ${stack}`;

/** A key for what a run has met. Undecidable: what another provider of the same program does, in its own process. */
export const metIn = ({ provider }: Step, object: string): string => `${provider} ${object}`;

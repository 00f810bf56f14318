// What an engine has, does and reports.
import { type LawHub } from "./hub";

export type Properties = Record<string, unknown>;

/** A resource as a program declares it. */
export interface Declared {
  type: string;
  name: string;
  args: Properties;
  /** Earlier names of the resource. */
  aliases?: string[];
  retainOnDelete?: boolean;
  /**
   * The number of the program's provider that the resource uses. Each provider has its own process. Default: the
   * first.
   */
  provider?: number;
  /** Outputs of another resource that are arguments of this one, under the same names. */
  from?: { type: string; name: string; takes: readonly string[] };
}

/** A resource as a stack has it. */
export interface Kept {
  /** Stays the same as long as the stack has the resource, even under another name. */
  uid: number;
  type: string;
  name: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** Whether its last step failed and left something to store. */
  unfinished?: boolean;
  /** Whether its successor exists and only its deletion remains. */
  doomed?: boolean;
  retainOnDelete?: boolean;
  /** The provider that it was last declared with. */
  provider?: number;
}

/** A stack and its resources. */
export interface Stack {
  name: string;
  kept: Kept[];
}

/** The options of an operation. */
export interface Options {
  preview?: boolean;
  refresh?: boolean;
  /** Names of resources to replace. */
  replace?: readonly string[];
  /** Names given with `--target`. Default: all. */
  target?: readonly string[];
  /** Whether other resources continue after one has failed, like resources that run at the same time. */
  othersGoOn?: boolean;
}

export type Method = "check" | "diff" | "create" | "read" | "update" | "delete";

/** One call of the handler. */
export interface Step {
  method: Method;
  /** The provider whose process is called. */
  provider: number;
  stack: string;
  type: string;
  name: string;
  preview: boolean;
  /** Whether the call belongs to the refresh. */
  refreshing: boolean;
  /** The program's declaration; absent if it does not declare the resource. */
  declared?: Declared;
  /** What the stack had before. */
  old?: Kept;
  /** Whether it creates the successor in a replacement. */
  replaces?: boolean;
  /** The uid of the resource that a creation makes. */
  uid?: number;
}

/** The outcome of a call. */
export interface Outcome {
  /** Why the call failed. */
  error?: Error;
  /** Whether the error contains what to store. */
  stored: boolean;
  dead: boolean;
  result?: unknown;
}

/** Watches an engine. */
export interface Watcher {
  begin(step: Step): void;
  end(step: Step, outcome: Outcome): void;
  say(severity: "info" | "warning", message: string): void;
}

/** The outcome of an operation. */
export interface Ended {
  failed: boolean;
  dead: boolean;
  /** What a preview shows or a run did, by the name of the resource. */
  plan: Map<string, "same" | "create" | "update" | "replace" | "delete" | "refused">;
}

/** Plays the operations of a history. */
export interface Engine {
  operation(
    stack: Stack,
    program: readonly Declared[],
    options: Options,
    watcher: Watcher,
    hub: LawHub,
  ): EngineOperation;
  /** `pulumi state move`. The caller updates the two stacks. */
  move(from: Stack, to: Stack, kept: Kept): Promise<void>;
}

/** One operation, to be run in one of these ways. */
export interface EngineOperation {
  up(): Promise<Ended>;
  refresh(): Promise<Ended>;
  destroy(): Promise<Ended>;
}
